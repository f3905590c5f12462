// What `monitor vantage` understands on its command line: where it reports, with which secret, and by which topology it looks.
import { parseArgs } from "node:util";
import { parseDuration } from "../local/duration.ts";
import { errorText } from "../local/listening.ts";
import { askTopology, findWorld, worldlessWords } from "../local/world-client.ts";
import { textVariables } from "../node/topology-file.ts";
import { formatProblem } from "../problem.ts";
import { CLOCK_SKEW_MS_MAX } from "../run/batch-order.ts";
import { type Instant, SECOND_MS } from "../time.ts";
import { WEBHOOK_SECRET_FORM } from "../topology/alert-schema.ts";
import { DNS_LABEL } from "../topology/name.ts";
import { parseTopology } from "../topology/parse.ts";
import { privateVantages, type Topology } from "../topology/topology.ts";
import type { PrivatePlan, PrivateSource } from "../watch/run-private.ts";
import { secretsOf, secretVariable } from "../wire/vantage-secrets.ts";
import { WatchedFile } from "../watch/watched-file.ts";
import { readPort } from "./local-port.ts";
import type { Refusal } from "./refusal.ts";
import { TOPOLOGY_FILE } from "./topology-file.ts";

const ROUNDS_MAX = 1_000_000;

export const VANTAGE_USAGE = `monitor vantage ID --to URL [--topology FILE] [--for TIME] [--rounds N]
monitor vantage ID [--port N] [--for TIME] [--rounds N]

A private vantage: this machine looks at every region and asks DNS, slot by slot with the monitor at URL, and reports what it
saw, signed. Its looks stand beside those of the edge in the monitor's matrix, verdicts and metrics. It listens to nobody, and
needs no way in from outside.

  ID               a vantage with \`private: true\` in the topology, the same file as the monitor's
  --to URL         the monitor: a Worker, or \`monitor watch\`; without it the local world of \`monitor up --private ID\`
  --topology FILE  default ${TOPOLOGY_FILE}; read again when it changes
  --port N         of the local world; needed when several run
  --for TIME       stop by itself: 500ms, 60s, 2m
  --rounds N       stop after so many slots

The secret is in VANTAGE_SECRET_<ID>, here and at the monitor (\`wrangler secret put\`): ${secretVariable("office-berlin")} for
office-berlin. Its form: echo "whsec_$(openssl rand -base64 32)". The clock must be right to ${CLOCK_SKEW_MS_MAX / SECOND_MS} seconds.
Ctrl-C and SIGTERM end it when the looks under way have ended and were sent once.

Exit code: 0 it was asked to stop, or reported in all its slots; 2 wrong usage, topology or secret; 3 a bug of ours; 4 with
--rounds or --for: something that it saw did not arrive.
`;

export interface VantageSettings {
  readonly plan: PrivatePlan;
  /** Null: until a signal. */
  readonly forMs: number | null;
}

interface Values {
  readonly id: string;
  readonly to: string | null;
  readonly topology: string | null;
  readonly port: string | undefined;
  readonly forMs: number | null;
  readonly roundsMax: number | null;
}

export async function parseVantage(
  argv: readonly string[],
  env: Readonly<Record<string, string | undefined>>,
  at: Instant,
): Promise<VantageSettings | Refusal> {
  const values = readValues(argv);
  if ("refusal" in values) return values;
  const found = values.to === null ? await inLocalWorld(values) : atUrl(values, values.to, env, at);
  if ("refusal" in found) return found;
  const { id, forMs, roundsMax } = values;
  return { plan: { vantage: id, roundsMax, ...found }, forMs };
}

function readValues(argv: readonly string[]): Values | Refusal {
  const one = { type: "string" } as const;
  const options = {
    to: one,
    topology: one,
    port: one,
    for: one,
    rounds: one,
    help: { type: "boolean", short: "h" },
  } as const;
  try {
    const { values, positionals } = parseArgs({ args: [...argv], options, allowPositionals: true });
    if (values.help === true) return { refusal: "help" };
    return checkedValues(positionals, values);
  } catch (thrown) {
    return { refusal: errorText(thrown) };
  }
}

type Given = { readonly [name in "to" | "topology" | "port" | "for" | "rounds"]?: string | undefined };

function checkedValues(positionals: readonly string[], given: Given): Values | Refusal {
  const [id = "", ...rest] = positionals;
  const problems: string[] = [];
  if (!DNS_LABEL.test(id) || rest.length > 0)
    problems.push(`expected the id of one private vantage, found "${positionals.join(" ")}"`);
  if (given.to !== undefined && !isHttp(given.to))
    problems.push(`--to: expected an http or https URL without user and password, found "${given.to}"`);
  if (given.to === undefined && given.topology !== undefined) problems.push("--topology: expected --to beside it");
  if (given.to !== undefined && given.port !== undefined) problems.push("expected --port or --to, found both");
  const duration = given.for === undefined ? null : parseDuration(given.for);
  if (duration?.ok === false) problems.push(...duration.problems.map(({ message }) => `--for: ${message}`));
  const rounds = given.rounds === undefined ? null : /^\d{1,7}$/.test(given.rounds) ? Number(given.rounds) : 0;
  if (rounds !== null && (rounds < 1 || rounds > ROUNDS_MAX))
    problems.push(`--rounds: expected a whole number from 1 to ${ROUNDS_MAX}, found "${given.rounds}"`);
  if (problems.length > 0) return { refusal: problems.join("\n") };
  const forMs = duration?.ok === true ? duration.value : null;
  const { to = null, topology = null, port } = given;
  return { id, to, topology, port, forMs, roundsMax: rounds };
}

function isHttp(text: string): boolean {
  if (!URL.canParse(text)) return false;
  const { protocol, username, password } = new URL(text);
  return /^https?:$/.test(protocol) && username === "" && password === "";
}

type Found = Pick<PrivatePlan, "monitor" | "secret" | "source">;

function atUrl(
  { id, topology }: Values,
  to: string,
  env: Readonly<Record<string, string | undefined>>,
  at: Instant,
): Found | Refusal {
  const [secret] = secretsOf(id, env);
  if (secret === undefined) {
    const found = env[secretVariable(id)] === undefined ? "that it is not set" : "something else";
    return { refusal: `${secretVariable(id)}: expected ${WEBHOOK_SECRET_FORM}, found ${found}` };
  }
  const path = topology ?? TOPOLOGY_FILE;
  const file = WatchedFile.open(path, (text) => parseTopology(text, textVariables(), "unread"), at);
  if (!file.ok)
    return {
      refusal: "topology",
      lines: file.problems.map((problem) => formatProblem(problem, problem.file ?? path)),
    };
  const stranger = strangerWords(file.value.watched.topology, id, path);
  if (stranger !== null) return { refusal: "topology", lines: [stranger] };
  return { monitor: new URL(to), secret, source: fileSource(file.value) };
}

function fileSource(file: WatchedFile): PrivateSource {
  return {
    topology: () => file.watched.topology,
    look: (at) => {
      const news = file.look("settle", at);
      if (news === null) return [];
      if (news.kind === "taken") return [`${file.path}: read again`];
      const lines = news.problems.map((problem) => formatProblem(problem, problem.file ?? file.path));
      return [...lines, `${file.path}: refused; the one before still holds`];
    },
  };
}

async function inLocalWorld({ id, port }: Values): Promise<Found | Refusal> {
  const read = readPort(port);
  if (read.kind === "refused") return { refusal: read.why };
  const search = await findWorld(read.port);
  if (search.kind !== "found") return { refusal: `${worldlessWords(search, read.port)}; or say where with --to` };
  const text = await askTopology(search.world);
  const parsed = text === null ? null : parseTopology(text);
  if (parsed?.ok !== true) return { refusal: "topology", lines: ["the local world does not say what it watches"] };
  const stranger = strangerWords(parsed.value, id, `start it with \`npm start -- --private ${id}\``);
  const { vantageSecret, statusUrl } = search.world;
  if (stranger !== null || vantageSecret === undefined)
    return { refusal: "topology", lines: [stranger ?? "the local world has no private vantage"] };
  const topology = parsed.value;
  return { monitor: new URL(statusUrl), secret: vantageSecret, source: { topology: () => topology, look: () => [] } };
}

/** Null: it is a private vantage there. */
function strangerWords(topology: Topology, id: string, where: string): string | null {
  const own = privateVantages(topology).map((vantage) => vantage.id);
  if (own.includes(id)) return null;
  const among = own.length === 0 ? "there is none with `private: true`" : `there is ${own.join(", ")}`;
  return `expected a private vantage of the topology, found "${id}": ${among}: ${where}`;
}
