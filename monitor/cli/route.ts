// `monitor route`: which region the router would choose for a client, and why: asked of a running monitor, or worked out from
// the topology alone, as an isolate does that knows nothing yet.
import { parseArgs } from "node:util";
import { findWorld, worldlessWords } from "../local/world-client.ts";
import type { VerdictKind } from "../model/verdict.ts";
import { type ClientWords, explainRoute, parseClient, type RouteExplanation } from "../steering/explain.ts";
import { NOTHING_KNOWN } from "../steering/snapshot.ts";
import { EXIT, envelope, type ExitCode, exitCodeOf } from "./envelope.ts";
import { readPort } from "./local-port.ts";
import { refuse, type Refusal } from "./refusal.ts";
import { askRoute } from "./route-ask.ts";
import { monitorAt, TOKEN_VARIABLE } from "./running-monitor.ts";
import { clientWords } from "./route-client.ts";
import { routeText } from "./route-text.ts";
import { loadTopology, TOPOLOGY_FILE } from "./topology-file.ts";

/** What weights leave to chance is shown for this throw, so that two calls show the same. */
const CHANCE = 0.5;

export const ROUTE_USAGE = `monitor route [--from CLIENT] [--port N | --url URL | --topology FILE [--down REGION]…] [--json]

Which region the router would choose, in which order it would try the others, and why.

  --from CLIENT    a country (BE), an address (203.0.113.7, placed where a vantage has its subnet), a data centre (AMS) or
                   coordinates (50.85,4.35); default: nothing is known of the client
  --port N         the local world on this port; needed when several run
  --url URL        a running monitor; ${TOKEN_VARIABLE} in the environment opens it, a local world is open to whoever runs it
  --topology FILE  no monitor: what an isolate would do that has heard of no region yet
  --down REGION    with --topology: this region is unhealthy, and the others are healthy
  --json           one JSON envelope on stdout

Without --port, --url and --topology, the running local world is asked; without one, ${TOPOLOGY_FILE}.

Exit code: 0 the region is healthy, 1 all are down, 2 wrong usage or topology, 4 its health is not known, or the monitor
cannot be asked.
`;

interface RouteSettings {
  readonly from: ClientWords;
  readonly source:
    | { readonly kind: "monitor"; readonly url: URL; readonly token: string }
    | { readonly kind: "topology"; readonly file: string; readonly down: readonly string[] };
  readonly output: "json" | "text";
}

export async function runRoute(argv: readonly string[]): Promise<ExitCode> {
  const settings = await parseRoute(argv);
  if ("refusal" in settings) return refuse(settings, ROUTE_USAGE);
  const { source, from, output } = settings;
  const explained =
    source.kind === "monitor" ? await askRoute(source.url, source.token, from) : fromTopology(source, from);
  if ("refusal" in explained) return refuse(explained, ROUTE_USAGE);
  if ("failed" in explained) {
    process.stderr.write(`${explained.failed}\n`);
    return EXIT.undecided;
  }
  const verdict = verdictOn(explained);
  process.stdout.write(output === "json" ? envelope("route", verdict, explained, Date.now()) : routeText(explained));
  return exitCodeOf(verdict);
}

async function parseRoute(argv: readonly string[]): Promise<RouteSettings | Refusal> {
  const one = { type: "string" } as const;
  try {
    const { values } = parseArgs({
      args: [...argv],
      options: {
        from: one,
        port: one,
        url: one,
        topology: one,
        down: { type: "string", multiple: true },
        json: { type: "boolean" },
        help: { type: "boolean", short: "h" },
      },
    });
    if (values.help === true) return { refusal: "help" };
    const from = values.from === undefined ? {} : clientWords(values.from);
    if (from === null)
      return {
        refusal: `--from: expected a country, an address, a data centre or coordinates, found "${values.from}"`,
      };
    const source = await parseSource(values);
    return "refusal" in source ? source : { from, source, output: values.json === true ? "json" : "text" };
  } catch (thrown) {
    return { refusal: thrown instanceof Error ? thrown.message : String(thrown) };
  }
}

async function parseSource(values: {
  readonly port?: string | undefined;
  readonly url?: string | undefined;
  readonly topology?: string | undefined;
  readonly down?: readonly string[] | undefined;
}): Promise<RouteSettings["source"] | Refusal> {
  const { url, topology: file, down = [] } = values;
  const asksFile = file !== undefined || down.length > 0;
  const read = readPort(values.port);
  if (read.kind === "refused") return { refusal: read.why };
  if (read.port !== null && url !== undefined) return { refusal: "expected --port or --url, found both" };
  if (read.port !== null && asksFile) return { refusal: "--port: a local world has a topology and knows what is down" };
  if (url !== undefined && asksFile)
    return { refusal: "--url: a running monitor has a topology and knows what is down" };
  if (url !== undefined) {
    const monitor = await monitorAt(url);
    return "refusal" in monitor ? monitor : { kind: "monitor", ...monitor };
  }
  return asksFile ? { kind: "topology", file: file ?? TOPOLOGY_FILE, down } : await localSource(read.port);
}

/** Without a world and without a port that names one, the topology's file says how it would be. */
async function localSource(port: number | null): Promise<RouteSettings["source"] | Refusal> {
  const search = await findWorld(port);
  if (search.kind === "found")
    return { kind: "monitor", url: new URL(search.world.statusUrl), token: search.world.token };
  if (search.kind === "none" && port === null) return { kind: "topology", file: TOPOLOGY_FILE, down: [] };
  return { refusal: "world", lines: [worldlessWords(search, port)] };
}

function fromTopology(
  { file, down }: Extract<RouteSettings["source"], { kind: "topology" }>,
  from: ClientWords,
): RouteExplanation | Refusal {
  const loaded = loadTopology(file);
  if (loaded.kind === "broken") return { refusal: "topology", lines: loaded.lines };
  const { topology } = loaded;
  const ids = topology.regions.map(({ id }) => id);
  const stranger = down.find((id) => !ids.includes(id));
  if (stranger !== undefined) return { refusal: `--down: expected a region (${ids.join(", ")}), found "${stranger}"` };
  const known =
    down.length === 0
      ? {}
      : Object.fromEntries(ids.map((id) => [id, down.includes(id) ? "unhealthy" : "healthy"] as const));
  const client = parseClient(from, topology, {});
  if (!client.ok)
    return { refusal: client.problems.map(({ path, message }) => `--from: ${path ?? ""}: ${message}`).join("\n") };
  return explainRoute(topology, { ...NOTHING_KNOWN, health: known }, client.value, CHANCE);
}

function verdictOn({ candidates, failOpen }: RouteExplanation): VerdictKind {
  if (failOpen) return "deviates";
  return candidates[0]?.fitness === "healthy" ? "conforms" : "undecided";
}
