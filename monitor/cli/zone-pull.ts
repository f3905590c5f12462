// `monitor zone pull`: reads a hosted zone by the Route 53 API, and nothing but reads. A snapshot that cannot be made leaves an
// older file as it is: it may be all there is while the API is down.
import { renameSync, rmSync, writeFileSync } from "node:fs";
import { parseArgs } from "node:util";
import type { PullWish } from "../node/zone-pull.ts";
import { narrowSnapshot } from "../zone/narrow-snapshot.ts";
import { type Snapshot, snapshotText } from "../zone/snapshot.ts";
import { EXIT, type ExitCode } from "./envelope.ts";
import { refuse, type Refusal } from "./refusal.ts";
import { loadTopology, TOPOLOGY_FILE } from "./topology-file.ts";
import { type LiveWish, pullLive } from "./zone-live.ts";

export const PULL_USAGE = `monitor zone pull [--zone NAME | --zone-id ID] [--topology FILE] [--observations] [--cloudwatch]
                  [--only NAME] [--endpoint URL] [--out FILE]

Reads a hosted zone, its record sets and every health check that they name into a snapshot, as JSON in the API's own shapes.
It only reads, at most 4 requests a second. Credentials come by the AWS SDK's default chain: environment, profile, role.

  --zone NAME       the public hosted zone of that name; default: dns.zone of the topology
  --zone-id ID      the hosted zone with that id
  --topology FILE   default ${TOPOLOGY_FILE}
  --observations    also what each of Route 53's checkers saw last (1.5 s a health check)
  --cloudwatch      also Route 53's own verdicts: CloudWatch's metric HealthCheckStatus (us-east-1)
  --only NAME       keeps what this name's answer depends on, on one line: what the Worker takes as ZONE_SNAPSHOT
  --endpoint URL    another endpoint of the Route 53 API, for tests
  --out FILE        default: standard output; an older FILE stays until the new one is whole

Exit code: 0 pulled whole, 1 pulled with notes about what could not be read, 2 wrong usage, 4 not pulled.
`;

interface PullArguments extends LiveWish {
  readonly out: string | null;
  /** Null: the whole zone. */
  readonly only: string | null;
}

/** Cloudflare's limit of a variable is 5 kB (Workers docs, "Limits", 2026). */
const VARIABLE_BYTES_MAX = 5000;

export async function runZonePull(argv: readonly string[]): Promise<ExitCode> {
  const wish = parsePull(argv);
  if ("refusal" in wish) return refuse(wish, PULL_USAGE);
  const pulled = await pullLive(wish);
  if (pulled.kind === "failed") {
    process.stderr.write(`${pulled.detail}\n`);
    return EXIT.undecided;
  }
  const narrow = wish.only === null ? pulled.snapshot : narrowSnapshot(pulled.snapshot, wish.only);
  if (narrow === null) {
    process.stderr.write(
      `--only: expected a name with an address in ${pulled.snapshot.hostedZone.Name}, found ${wish.only}\n`,
    );
    return EXIT.undecided;
  }
  const text = wish.only === null ? snapshotText(narrow) : `${shortText(narrow)}\n`;
  write(text, wish.out);
  if (wish.only !== null) process.stderr.write(`${sizeWords(text.trimEnd())}\n`);
  for (const note of pulled.snapshot.notes) process.stderr.write(`not read: ${note}\n`);
  process.stderr.write(`${summaryOf(narrow)}\n`);
  return pulled.snapshot.notes.length === 0 ? EXIT.conforms : EXIT.deviates;
}

function parsePull(argv: readonly string[]): PullArguments | Refusal {
  const text = { type: "string" } as const;
  const flag = { type: "boolean" } as const;
  try {
    const { values } = parseArgs({
      args: [...argv],
      options: {
        zone: text,
        "zone-id": text,
        topology: text,
        observations: flag,
        cloudwatch: flag,
        only: text,
        endpoint: text,
        out: text,
        help: { ...flag, short: "h" },
      },
    });
    if (values.help === true) return { refusal: "help" };
    if (values.zone !== undefined && values["zone-id"] !== undefined)
      return { refusal: "expected --zone or --zone-id, found both" };
    if (values.endpoint !== undefined && !/^https?:\/\/[^/]/.test(values.endpoint))
      return { refusal: `--endpoint: expected a URL, found "${values.endpoint}"` };
    const zone = wishedZone(values.zone, values["zone-id"], values.topology ?? TOPOLOGY_FILE);
    if ("refusal" in zone) return zone;
    return {
      zone,
      observations: values.observations === true ? "read" : "skip",
      cloudWatch: values.cloudwatch === true ? "ask" : "skip",
      endpoint: values.endpoint ?? null,
      out: values.out ?? null,
      only: values.only ?? null,
    };
  } catch (thrown) {
    return { refusal: thrown instanceof Error ? thrown.message : String(thrown) };
  }
}

export function wishedZone(
  name: string | undefined,
  id: string | undefined,
  topologyFile: string,
): PullWish["zone"] | Refusal {
  if (id !== undefined) return { by: "id", id };
  if (name !== undefined) return { by: "name", name };
  const loaded = loadTopology(topologyFile);
  if (loaded.kind === "broken") return { refusal: "topology", lines: loaded.lines };
  return { by: "name", name: loaded.topology.dns.zone };
}

/** Without what is empty: a reader takes it for that all the same. */
function shortText(snapshot: Snapshot): string {
  const filled = Object.entries(snapshot).filter(
    ([key, value]) => key === "resourceRecordSets" || key === "healthChecks" || !isEmpty(value),
  );
  return JSON.stringify(Object.fromEntries(filled));
}

function isEmpty(value: unknown): boolean {
  return typeof value === "object" && value !== null && Object.keys(value).length === 0;
}

function sizeWords(text: string): string {
  const bytes = new TextEncoder().encode(text).length;
  const fits = bytes <= VARIABLE_BYTES_MAX ? "" : ": too long for one";
  return `${bytes} bytes of the ${VARIABLE_BYTES_MAX} that Cloudflare takes for a variable${fits}`;
}

function write(text: string, out: string | null): void {
  if (out === null) {
    process.stdout.write(text);
    return;
  }
  const half = `${out}.${process.pid}.part`;
  try {
    writeFileSync(half, text, { mode: 0o600 });
    renameSync(half, out);
  } finally {
    rmSync(half, { force: true });
  }
}

function summaryOf({ hostedZone, resourceRecordSets, healthChecks, missingHealthChecks }: Snapshot): string {
  const missing = missingHealthChecks.length === 0 ? "" : `, ${missingHealthChecks.length} of them deleted`;
  const checks = healthChecks.length + missingHealthChecks.length;
  return `${hostedZone.Name} (${hostedZone.Id}): ${resourceRecordSets.length} record sets, ${checks} health checks${missing}`;
}
