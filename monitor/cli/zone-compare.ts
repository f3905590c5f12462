// `monitor zone compare`: our observations, Route 53's own, and the answers of DNS, side by side, with the likely cause of what
// differs.
import { formOf } from "../topology/published-zone.ts";
import type { Topology } from "../topology/topology.ts";
import { sightsOf } from "../report/sights.ts";
import { type Agreement, compareSight } from "../verify/disagreement.ts";
import type { RegionSight } from "../verify/sight.ts";
import { worstVerdict } from "../verify/verdict.ts";
import { planChecks } from "../zone/check-plan.ts";
import { zoneFromAws } from "../zone/from-aws.ts";
import { snapshotZone } from "../zone/snapshot-zone.ts";
import type { Snapshot } from "../zone/snapshot.ts";
import { envelope, EXIT, type ExitCode, exitCodeOf, unreadEnvelope } from "./envelope.ts";
import { refuse } from "./refusal.ts";
import { fetchStatus, readStatusFile, type StatusRead } from "./status-source.ts";
import { TOPOLOGY_FILE } from "./topology-file.ts";
import { type CompareWish, parseCompare } from "./zone-compare-arguments.ts";
import { compareText } from "./zone-compare-text.ts";
import { knownChecks } from "./zone-diff.ts";
import { wantedZone } from "./zone-diff-arguments.ts";
import { readLive, readSnapshot } from "./zone-source.ts";

export const COMPARE_USAGE = `monitor zone compare [--url URL | --status FILE] [--snapshot FILE | --zone NAME | --zone-id ID]
                     [--topology FILE] [--check-id REGION=ID]… [--json] [--endpoint URL]

Puts side by side what our vantages see of each region, what Route 53's own checkers see, and what DNS answers; where they differ it
names the likely cause: certificate, 18 % rule, searched text, SNI, firewall, Host header, TTL, a check that was left disabled.

  --url URL         a running monitor, whose /status is read; default http://127.0.0.1:8787
  --status FILE     what GET /status gave
  --snapshot FILE   made by \`monitor zone pull --observations\` (and --cloudwatch, for Route 53's own verdicts)
  --zone NAME       the hosted zone by the API, with what each checker saw last (1.5 s a health check); default: dns.zone of the topology
  --zone-id ID      the same by its id
  --check-id REGION=ID
                    the health check of a region that no record names
  --topology FILE   default ${TOPOLOGY_FILE}
  --json            one JSON envelope on stdout
  --endpoint URL    another endpoint of the Route 53 API, for tests

Exit code: 0 all agree, 1 something differs and does not pass by itself, 2 wrong usage or topology, 4 what differs is still within its
time, too little is known, or one side could not be read.
`;

export async function runZoneCompare(argv: readonly string[]): Promise<ExitCode> {
  const wish = parseCompare(argv);
  if ("refusal" in wish) return refuse(wish, COMPARE_USAGE);
  const status = await readStatus(wish);
  if (status.kind === "usage") return refuse({ refusal: status.detail, lines: [status.detail] }, COMPARE_USAGE);
  const { zone } = wish;
  const snapshot = zone.kind === "snapshot" ? readSnapshot(zone.file) : await readLive(zone, "read");
  const unread = [...(status.kind === "failed" ? [status.detail] : []), ...("lines" in snapshot ? snapshot.lines : [])];
  if (status.kind === "failed" || "lines" in snapshot) {
    process.stderr.write(`${unread.join("\n")}\n`);
    if (wish.output === "json") process.stdout.write(unreadEnvelope("zone compare", unread.join("\n"), Date.now()));
    return EXIT.undecided;
  }
  for (const note of snapshot.notes) process.stderr.write(`not read: ${note}\n`);
  if (Object.keys(snapshot.observations).length === 0 && Object.keys(snapshot.cloudWatchStatus).length === 0)
    process.stderr.write(
      "note: the snapshot has no observations of Route 53's checkers: pull it with --observations\n",
    );
  const matched = checkIdsOf(wish.topology, snapshot);
  const ids = { ...matched.found, ...wish.checkIds };
  const unwanted = matched.unwanted.filter((region) => ids[region] === undefined);
  for (const region of unwanted)
    process.stderr.write(`note: ${region} has no health check under this policy: nothing to compare\n`);
  const seen = sightsOf(wish.topology, status.status, snapshot, ids);
  const sights = seen.filter(({ region }) => !unwanted.includes(region));
  return tell(wish, sights, sights.map(compareSight));
}

function tell(
  { topology, output }: CompareWish,
  sights: readonly RegionSight[],
  agreements: readonly Agreement[],
): ExitCode {
  const verdict = worstVerdict(agreements.map((agreement) => agreement.verdict));
  const regions = agreements.map((agreement, index) => ({ ...agreement, sight: sights[index] }));
  process.stdout.write(
    output === "json"
      ? envelope("zone compare", verdict, { name: topology.service.host, regions }, Date.now())
      : compareText(topology.service.host, sights, agreements),
  );
  return exitCodeOf(verdict);
}

interface Matched {
  /** By region: the health check that the zone's records name for it, matched as `zone diff` matches them. */
  readonly found: Readonly<Record<string, string>>;
  /** Regions for which the policy wants none. */
  readonly unwanted: readonly string[];
}

function checkIdsOf(topology: Topology, snapshot: Snapshot): Matched {
  const { zone } = zoneFromAws(snapshotZone(snapshot));
  const wanted = wantedZone(topology, null, formOf(zone.recordSets, topology));
  if (wanted.kind === "impossible") return { found: {}, unwanted: [] };
  const steps = planChecks(wanted.zone, zone, knownChecks(snapshot));
  const named = new Set(wanted.zone.recordSets.map(({ healthCheckId }) => healthCheckId));
  return {
    found: Object.fromEntries(steps.flatMap((step) => ("foundId" in step ? [[step.id, step.foundId]] : []))),
    unwanted: topology.regions.map(({ id }) => id).filter((id) => !named.has(id)),
  };
}

function readStatus({ status }: CompareWish): Promise<StatusRead> | StatusRead {
  return status.kind === "url" ? fetchStatus(status.url) : readStatusFile(status.file);
}
