// `monitor zone diff`: what has to change in Route 53 so that the zone is what the topology asks for. It says so, as a plan or
// as a change batch, and changes nothing: who applies it reads it first.
import { formOf } from "../topology/published-zone.ts";
import { isSettled, planZone, type FoundZone, type ZonePlan } from "../zone/diff.ts";
import { zoneFromAws } from "../zone/from-aws.ts";
import type { Snapshot } from "../zone/snapshot.ts";
import { snapshotZone } from "../zone/snapshot-zone.ts";
import { envelope, EXIT, type ExitCode, exitCodeOf, unreadEnvelope } from "./envelope.ts";
import { refuse } from "./refusal.ts";
import { TOPOLOGY_FILE } from "./topology-file.ts";
import { PENDING_COLLECTION_ID } from "../zone/to-aws.ts";
import { type DiffWish, parseDiff, wantedZone } from "./zone-diff-arguments.ts";
import { batchText, planText } from "./zone-diff-text.ts";
import { readLive, readSnapshot } from "./zone-source.ts";

export const DIFF_USAGE = `monitor zone diff [--snapshot FILE | --zone NAME | --zone-id ID] [--topology FILE]
                  [--form addresses|tree] [--check-id REGION=ID]… [--collection-id ID]
                  [--batch | --json] [--endpoint URL]

Says what has to change in a hosted zone so that it is what the topology asks for. It never writes to AWS.

  --snapshot FILE   a snapshot made by \`monitor zone pull\`; no network is used
  --zone NAME       the public hosted zone of that name, by the API; default: dns.zone of the topology
  --zone-id ID      the hosted zone with that id, by the API
  --topology FILE   default ${TOPOLOGY_FILE}
  --form FORM       addresses at the service's name, or a tree of aliases to the regional names; default: as it is there
  --check-id REGION=ID
                    the id of a health check that was made for that region and that no record names yet
  --collection-id ID
                    the CIDR collection that was made for IP-based routing and that no record names yet
  --batch           prints the change batch alone, for \`aws route53 change-resource-record-sets --change-batch\`
  --json            one JSON envelope on stdout
  --endpoint URL    another endpoint of the Route 53 API, for tests

Exit code: 0 nothing to change, 1 something to change, 2 wrong usage or topology, 4 the zone could not be read, or a health
check that its records name could not.
`;

export async function runZoneDiff(argv: readonly string[]): Promise<ExitCode> {
  const wish = parseDiff(argv);
  if ("refusal" in wish) return refuse(wish, DIFF_USAGE);
  const read = wish.source.kind === "snapshot" ? readSnapshot(wish.source.file) : await readLive(wish.source, "skip");
  if ("lines" in read) {
    process.stderr.write(`${read.lines.join("\n")}\n`);
    if (wish.output === "json") process.stdout.write(unreadEnvelope("zone diff", read.lines.join("\n"), Date.now()));
    return EXIT.undecided;
  }
  for (const note of read.notes) process.stderr.write(`not read: ${note}\n`);
  const { zone } = zoneFromAws(snapshotZone(read));
  const found: FoundZone = { zone, recordSets: read.resourceRecordSets, checks: knownChecks(read) };
  const wanted = wantedZone(wish.topology, wish.form, formOf(zone.recordSets, wish.topology));
  if (wanted.kind === "impossible")
    return refuse({ refusal: "topology", lines: [`${wish.form ?? "the zone"}: ${wanted.why}`] }, DIFF_USAGE);
  return tell(wish, read, planZone(wanted.zone, found, wish.ids.checkId, wish.ids.collectionId));
}

export function knownChecks({ healthChecks, missingHealthChecks }: Snapshot): FoundZone["checks"] {
  const linked = healthChecks.filter((check) => check.LinkedService !== undefined).map(({ Id: id }) => id);
  return { missing: missingHealthChecks, linked };
}

function tell(wish: DiffWish, snapshot: Snapshot, plan: ZonePlan): ExitCode {
  const verdict = verdictOf(plan);
  if (wish.output === "batch") {
    process.stdout.write(batchText(plan));
    for (const line of batchWarnings(plan, snapshot)) process.stderr.write(`${line}\n`);
  } else if (wish.output === "json") {
    const { Id: id, Name: name } = snapshot.hostedZone;
    const payload = { zone: { id, name, pulledAt: snapshot.pulledAt }, ...plan };
    process.stdout.write(envelope("zone diff", verdict, payload, Date.now()));
  } else {
    process.stdout.write(planText(plan, snapshot, wish.topology));
  }
  return exitCodeOf(verdict);
}

function verdictOf(plan: ZonePlan): "conforms" | "deviates" | "undecided" {
  if (isSettled(plan)) return "conforms";
  const changes =
    plan.records.length > 0 ||
    plan.blocks.length > 0 ||
    plan.checks.some(({ kind }) => kind !== "same" && kind !== "unread");
  return changes ? "deviates" : "undecided";
}

/** What a reader of the batch alone would not see. */
function batchWarnings({ checks, changes }: ZonePlan, { protections }: Snapshot): readonly string[] {
  const text = JSON.stringify(changes);
  const made = checks.filter(({ kind }) => kind === "create" || kind === "replace").map(({ id }) => id);
  const updated = checks.filter(({ kind }) => kind === "update").map(({ id }) => id);
  return [
    ...(changes.length === 0
      ? ["no record set has to change: the batch is empty, and the API takes none that is"]
      : []),
    ...(text.includes(PENDING_COLLECTION_ID)
      ? ["the CIDR collection has to be made first; then give its id with --collection-id"]
      : []),
    ...(text.includes("ID-OF-THE-HEALTH-CHECK")
      ? [`health checks have to be made first: ${made.join(", ")}; then give their ids with --check-id REGION=ID`]
      : []),
    ...(updated.length === 0 ? [] : [`health checks have to be updated, which no batch does: ${updated.join(", ")}`]),
    ...protections.map(
      ({ RecordName, RecordType }) => `protected, a change of it is refused: ${RecordType} ${RecordName}`,
    ),
  ];
}
