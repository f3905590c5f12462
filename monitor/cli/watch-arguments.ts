// What `monitor watch` understands on its command line, with every bound in one place.
import { readFileSync } from "node:fs";
import { parseArgs } from "node:util";
import { TOKEN_CHARACTERS_MIN, usableToken } from "../http/write-routes.ts";
import { parseDuration } from "../local/duration.ts";
import { errorText } from "../local/listening.ts";
import { heardHere, ownName, seenFromHere } from "../node/here.ts";
import { readTopologyFile, textVariables } from "../node/topology-file.ts";
import { formatProblem, type Parsed } from "../problem.ts";
import type { Instant } from "../time.ts";
import { parseTopology } from "../topology/parse.ts";
import type { Topology } from "../topology/topology.ts";
import type { CheckerKeys } from "../wire/checker-desk.ts";
import { secretProblems, secretsOf, type SecretVariables, secretVariablesOf } from "../wire/vantage-secrets.ts";
import { withPulledZone } from "../zone/pulled-zone.ts";
import { MEMORY } from "../watch/database.ts";
import type { WatchPlan } from "../watch/run-watch.ts";
import { WatchedFile } from "../watch/watched-file.ts";
import type { Refusal } from "./refusal.ts";
import { TOPOLOGY_FILE } from "./topology-file.ts";

const PORT_DEFAULT = 8788;
const PORT_MAX = 65_535;
const HOST_DEFAULT = "127.0.0.1";
const ROUNDS_MAX = 1_000_000;
const NAME = /^[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?$/;

export const WATCH_USAGE = `monitor watch [--topology FILE] [--db FILE] [--host ${HOST_DEFAULT}] [--port ${PORT_DEFAULT}] [--name ID] [--as VANTAGE …]
  [--zone FILE] [--for TIME] [--rounds N]

A monitor of its own on this machine: rounds for ever from here, judged by the same rules as the Worker's, with every HTTP
face of the Worker but the router's. One place is one vote: what it cannot reach is down for its users, and when it
reaches nothing at all, it judges nothing.

  --topology FILE  default ${TOPOLOGY_FILE}. Read again when it changes, and on SIGHUP: a good one is watched from the next
                   round on, a broken one is told and the old one stays
  --db FILE        SQLite; one process at a time writes it. Default: memory, and nothing is kept
  --host HOST      where it listens, default ${HOST_DEFAULT}; 0.0.0.0 for others to reach it
  --port N         default ${PORT_DEFAULT}; 0: the system chooses
  --zone FILE      judge DNS by the hosted zone that \`monitor zone pull\` wrote; with AWS keys in the environment Route 53 is
                   asked what its checkers see. Read again with the topology: after another pull, send SIGHUP
  --name ID        of this vantage, default the host's name
  --as VANTAGE     ask DNS with this vantage's client subnet, and judge by its latency order; may be given several times
  --for TIME       stop by itself: 500ms, 60s, 2m
  --rounds N       stop after so many rounds

With ADMIN_TOKEN in the environment (at least ${TOKEN_CHARACTERS_MIN} characters) drills and maintenance can be told to it, with that bearer token.
With VANTAGE_SECRET_<ID> for a private vantage of the topology it takes what \`monitor vantage ID\` reports, beside its own looks.
Ctrl-C and SIGTERM end it when the round under way has ended and messages on their way have arrived or failed; a second one
ends it at once.

Exit code: 0 it was asked to stop, 2 wrong usage, topology, database or address, 3 a bug of ours.
`;

export interface WatchSettings {
  readonly plan: WatchPlan;
  /** Null: until a signal. */
  readonly forMs: number | null;
  /** What should be told before it begins. */
  readonly remarks: readonly string[];
}

export function parseWatch(
  argv: readonly string[],
  env: Readonly<Record<string, string | undefined>>,
  at: Instant,
): WatchSettings | Refusal {
  const one = { type: "string" } as const;
  const options = {
    topology: one,
    db: one,
    host: one,
    port: one,
    name: one,
    zone: one,
    as: { type: "string", multiple: true },
    for: one,
    rounds: one,
    help: { type: "boolean", short: "h" },
  } as const;
  try {
    const { values } = parseArgs({ args: [...argv], options });
    if (values.help === true) return { refusal: "help" };
    return settingsOf(values, env, at);
  } catch (thrown) {
    return { refusal: errorText(thrown) };
  }
}

interface Values {
  readonly topology?: string | undefined;
  readonly db?: string | undefined;
  readonly host?: string | undefined;
  readonly port?: string | undefined;
  readonly name?: string | undefined;
  readonly zone?: string | undefined;
  readonly as?: readonly string[] | undefined;
  readonly for?: string | undefined;
  readonly rounds?: string | undefined;
}

function settingsOf(
  values: Values,
  env: Readonly<Record<string, string | undefined>>,
  at: Instant,
): WatchSettings | Refusal {
  const problems: string[] = [];
  const wholeNumber = (option: "port" | "rounds", low: number, high: number): number | null => {
    const text = values[option];
    if (text === undefined) return null;
    const value = /^\d{1,7}$/.test(text) ? Number(text) : Number.NaN;
    if (value >= low && value <= high) return value;
    problems.push(`--${option}: expected a whole number from ${low} to ${high}, found "${text}"`);
    return null;
  };
  const port = wholeNumber("port", 0, PORT_MAX) ?? PORT_DEFAULT;
  const roundsMax = wholeNumber("rounds", 1, ROUNDS_MAX);
  const duration = values.for === undefined ? null : parseDuration(values.for);
  if (duration?.ok === false) problems.push(...duration.problems.map(({ message }) => `--for: ${message}`));
  const name = values.name ?? ownName();
  if (values.name !== undefined && !NAME.test(name))
    problems.push(`--name: expected small letters, digits and dashes, at most 63, found "${name}"`);
  const { db: database = MEMORY, host = HOST_DEFAULT } = values;
  // An unset variable: the system would listen everywhere, and SQLite keep nothing.
  if (host === "") problems.push('--host: expected an address or a name, found ""');
  if (database === "") problems.push('--db: expected a file, found ""');
  if (problems.length > 0) return { refusal: problems.join("\n") };
  const path = values.topology ?? TOPOLOGY_FILE;
  const secrets = secretVariablesOf(env);
  const place = { zone: values.zone ?? null, name, as: values.as ?? [], secrets };
  const file = WatchedFile.open(path, (text) => parseHere(text, place), at);
  if (!file.ok) {
    const lines = file.problems.map((problem) => formatProblem(problem, problem.file ?? path));
    return { refusal: "topology", lines };
  }
  const token = usableToken(env["ADMIN_TOKEN"]);
  return {
    plan: {
      file: file.value,
      host,
      port,
      database,
      token,
      keys: values.zone === undefined ? {} : keysOf(env),
      secrets,
      roundsMax,
    },
    forMs: duration?.ok === true ? duration.value : null,
    remarks: [...tokenRemarks(env["ADMIN_TOKEN"], token), ...secretRemarks(file.value, place)],
  };
}

interface Here {
  readonly zone: string | null;
  readonly name: string;
  readonly as: readonly string[];
  readonly secrets: SecretVariables;
}

/** Nothing is routed here, so nothing is said of a router. A private vantage that has no secret here cannot report, so it is none. */
function parseHere(text: string, { zone, name, as, secrets }: Here): Parsed<Topology> {
  const parsed = parseTopology(text, textVariables());
  const judged = parsed.ok && zone !== null ? judgedBy(parsed.value, zone) : parsed;
  if (!judged.ok) return judged;
  const { router } = judged.value;
  const here = seenFromHere({ ...judged.value, router: { ...router, mode: "off" } }, name, as);
  return here.ok ? heardHere(here.value, judged.value, (id) => secretsOf(id, secrets).length > 0) : here;
}

/** Of what is set and of no use, where the file is read once more. */
function secretRemarks({ path }: WatchedFile, { secrets }: Here): readonly string[] {
  const reading = readTopologyFile(path);
  const parsed = reading.kind === "text" ? parseTopology(reading.text, textVariables()) : null;
  return parsed?.ok === true ? secretProblems(parsed.value, secrets) : [];
}

/** The snapshot is read whenever the topology is judged: it may be long, and nobody changes it by hand. */
function judgedBy(topology: Topology, path: string): Parsed<Topology> {
  try {
    return withPulledZone(topology, readFileSync(path, "utf8"), path);
  } catch (thrown) {
    return { ok: false, problems: [{ file: path, message: `expected what zone pull wrote: ${errorText(thrown)}` }] };
  }
}

function keysOf(env: Readonly<Record<string, string | undefined>>): CheckerKeys {
  const names = ["AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY", "AWS_SESSION_TOKEN", "ROUTE53_ENDPOINT"] as const;
  return Object.fromEntries(names.flatMap((name) => (env[name] === undefined ? [] : [[name, env[name]]])));
}

function tokenRemarks(given: string | undefined, usable: string | null): readonly string[] {
  if (given === undefined || usable !== null) return [];
  return [`ADMIN_TOKEN: expected at least ${TOKEN_CHARACTERS_MIN} characters; nothing can be changed with it`];
}
