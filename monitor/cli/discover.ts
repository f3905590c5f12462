// `monitor discover`: the entrance of every cluster against the addresses in the topology; shows which lines would change, and
// changes them when told to.
import { lookup } from "node:dns/promises";
import { readFileSync } from "node:fs";
import { parseArgs } from "node:util";
import { compared, discover, type DiscoveredRegion } from "../clusters/entrance.ts";
import type { VerdictKind } from "../model/verdict.ts";
import { makeNodeClock } from "../node/clock.ts";
import { formatProblem } from "../problem.ts";
import { ADDRESSES_MAX } from "../topology/schema.ts";
import type { Region, Topology } from "../topology/topology.ts";
import { type AddressesEdit, setAddresses } from "./addresses-edit.ts";
import { discoverText, discoveryWords } from "./discover-text.ts";
import { envelope, type ExitCode, exitCodeOf } from "./envelope.ts";
import { refuse, type Refusal } from "./refusal.ts";
import { checkEdited, writeEdited } from "./topology-edit.ts";
import { TOPOLOGY_FILE } from "./topology-file.ts";
import { loadRenderable, readTimeout, regionsOf, TIMEOUT_DEFAULT } from "./verify-arguments.ts";

export const DISCOVER_USAGE = `monitor discover [--topology FILE] [--context NAME…] [--service NAMESPACE/NAME] [--resolve]
                 [--timeout ${TIMEOUT_DEFAULT}] [--yes] [--json]

The addresses at which every cluster really takes users in, against endpoint.addresses in the topology: those that the cloud
gave to the Service of type LoadBalancer, of the Istio gateway (namespace istio-system, label istio=ingressgateway) or in the
service's own namespace. Shows which lines of the file would change; the rest of it stays as it is.

  --topology FILE   default ${TOPOLOGY_FILE}
  --context NAME    only the cluster of this context; may be given several times
  --service NS/NAME which load balancer counts, where a cluster has several
  --resolve         where a cloud gave a name (AWS), ask this machine's resolver for its addresses
  --timeout TIME    for what one cluster is asked (default ${TIMEOUT_DEFAULT})
  --yes             write the file
  --json            one JSON envelope on stdout

Exit code: 0 the topology has these addresses, or was given them by --yes; 1 it has others; 2 wrong usage, or a topology that
is wrong before or would be wrong after; 4 a cluster could not be read or has no address yet.
`;

interface DiscoverWish {
  readonly file: string;
  readonly topology: Topology;
  readonly regions: readonly Region[];
  readonly service: string | null;
  readonly names: "resolve" | "leave";
  readonly timeoutMs: number;
  readonly mode: "plan" | "write";
  readonly output: "json" | "text";
}

export async function runDiscover(argv: readonly string[]): Promise<ExitCode> {
  const wish = parseDiscover(argv);
  if ("refusal" in wish) return refuse(wish, DISCOVER_USAGE);
  const found = await readEntrances(wish);
  const plan = planEdits(wish, found, readFileSync(wish.file, "utf8"));
  if ("refusal" in plan) return refuse(plan, DISCOVER_USAGE);
  const isWritten = wish.mode === "write" && plan.edits.length > 0;
  const obstacle = isWritten ? writeEdited(wish.file, plan.text) : null;
  if (obstacle !== null) return refuse({ refusal: "topology", lines: [obstacle] }, DISCOVER_USAGE);
  const verdict = verdictOf(found, wish.mode);
  const regions = found.map(({ region, discovery }) => ({
    id: region.id,
    ...discovery,
    words: discoveryWords(discovery),
  }));
  const edits = plan.edits.map(({ line, before, after }) => ({ line, before, after }));
  process.stdout.write(
    wish.output === "json"
      ? envelope("discover", verdict, { file: wish.file, written: isWritten, regions, edits }, Date.now())
      : discoverText({ file: wish.file, regions: found, edits: plan.edits, mode: wish.mode }),
  );
  return exitCodeOf(verdict);
}

function parseDiscover(argv: readonly string[]): DiscoverWish | Refusal {
  const one = { type: "string" } as const;
  const flag = { type: "boolean" } as const;
  try {
    const { values } = parseArgs({
      args: [...argv],
      options: {
        topology: one,
        context: { ...one, multiple: true },
        service: one,
        resolve: flag,
        timeout: one,
        yes: flag,
        json: flag,
        help: { ...flag, short: "h" },
      },
    });
    if (values.help === true) return { refusal: "help" };
    const { service = null } = values;
    if (service !== null && !/^[^/]+\/[^/]+$/.test(service))
      return { refusal: `--service: expected NAMESPACE/NAME, found "${service}"` };
    const file = values.topology ?? TOPOLOGY_FILE;
    const loaded = loadRenderable(file);
    if ("refusal" in loaded) return loaded;
    return {
      file,
      topology: loaded.topology,
      regions: regionsOf(loaded.topology, values.context ?? []),
      service,
      names: values.resolve === true ? "resolve" : "leave",
      timeoutMs: readTimeout(values.timeout ?? TIMEOUT_DEFAULT),
      mode: values.yes === true ? "write" : "plan",
      output: values.json === true ? "json" : "text",
    };
  } catch (thrown) {
    return { refusal: thrown instanceof Error ? thrown.message : String(thrown) };
  }
}

/** In the topology's order. */
async function readEntrances(wish: DiscoverWish): Promise<readonly DiscoveredRegion[]> {
  const { topology, regions, service, timeoutMs } = wish;
  const { readEntranceLooks } = await import("../node/cluster-readings.ts");
  const readings = await readEntranceLooks(topology, regions, timeoutMs, makeNodeClock());
  const found = readings.map(({ region, reading }) => discover(region, reading, topology, service));
  return wish.names === "leave" ? found : Promise.all(found.map(resolveNames));
}

async function resolveNames(found: DiscoveredRegion): Promise<DiscoveredRegion> {
  const { region, discovery } = found;
  if (discovery.kind !== "named") return found;
  const answers = await Promise.allSettled(discovery.entrance.hostnames.map((name) => lookup(name, { all: true })));
  const addresses = answers.flatMap((answer) => (answer.status === "fulfilled" ? answer.value : []));
  const to = [...new Set(addresses.map(({ address }) => address))].toSorted().slice(0, ADDRESSES_MAX);
  return to.length === 0 ? found : { region, discovery: compared(discovery.entrance, to, region) };
}

interface Plan {
  readonly text: string;
  readonly edits: readonly AddressesEdit[];
}

function planEdits(
  { topology, file }: DiscoverWish,
  found: readonly DiscoveredRegion[],
  before: string,
): Plan | Refusal {
  const edits: AddressesEdit[] = [];
  let text = before;
  for (const { region, discovery } of found) {
    if (discovery.kind !== "differs") continue;
    const edit = setAddresses(text, topology.regions.indexOf(region), discovery.to);
    if (!edit.ok) return { refusal: "topology", lines: edit.problems.map((problem) => formatProblem(problem, file)) };
    edits.push(edit.value);
    text = edit.value.text;
  }
  const after = edits.length === 0 ? { topology } : checkEdited(text, file);
  if ("refusal" in after) return after;
  // The file is read again when the clusters have answered: somebody may have given its regions another order meanwhile.
  const isMeant = found.every(
    ({ region, discovery }) =>
      discovery.kind !== "differs" ||
      sameAddresses(
        after.topology.regions.find(({ id }) => id === region.id),
        discovery.to,
      ),
  );
  const lines = [`${file}: changed while the clusters were asked, so nothing was written: try again`];
  return isMeant ? { text, edits } : { refusal: "topology", lines };
}

function sameAddresses(region: Region | undefined, addresses: readonly string[]): boolean {
  return region?.endpoint.addresses.join() === addresses.join();
}

function verdictOf(found: readonly DiscoveredRegion[], mode: DiscoverWish["mode"]): VerdictKind {
  const kinds = found.map(({ discovery }) => discovery.kind);
  if (mode === "plan" && kinds.includes("differs")) return "deviates";
  return kinds.every((kind) => kind === "same" || kind === "differs") ? "conforms" : "undecided";
}
