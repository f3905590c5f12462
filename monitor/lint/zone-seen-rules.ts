// Rules about what a snapshot says of health at its instant: what Route 53's checkers saw, and what is answered for it.
import { expectedAnswer } from "../policy/evaluator.ts";
import { ANYONE } from "../policy/answer.ts";
import { HEALTHY_SHARE } from "../policy/constants.ts";
import type { HealthView } from "../policy/health-check.ts";
import { snapshotHealth } from "../verify/snapshot-health.ts";
import type { Snapshot } from "../zone/snapshot.ts";
import { type Rule, type Sighting, wordList } from "./rule.ts";
import type { Scene } from "./scene.ts";
import { type RecordGroup, type ZoneCheck, zoneSighting, type ZoneView } from "./zone-view.ts";

export const ZONE_SEEN_RULES: readonly Rule[] = [
  {
    id: "R53-FAIL-OPEN",
    severity: "error",
    wrong: "Everything behind a name is unhealthy, so Route 53 answers as if all of it were healthy.",
    evidence:
      "a snapshot with observations or CloudWatch's status, by which every record of a routed name is unhealthy",
    fix: "Mend an endpoint; which one answers now is the last resort, not a choice.",
    source: "Route 53 Developer Guide, How Amazon Route 53 chooses records when health checking is configured",
    sightings: (scene) => eachLastResort(scene, ({ routing }) => routing !== "failover"),
  },
  {
    id: "R53-BOTH-DOWN-PRIMARY",
    severity: "error",
    wrong: "The primary and the secondary are unhealthy, and the primary is answered.",
    evidence: "the same of a failover pair",
    fix: "Mend one of the two; the secondary is not answered while both are unhealthy.",
    source: "Route 53 API Reference, ResourceRecordSet Failover",
    sightings: (scene) => eachLastResort(scene, ({ routing }) => routing === "failover"),
  },
  {
    id: "R53-3XX-HEALTHY",
    severity: "warning",
    wrong: "The health path answers with a redirect, which is healthy wherever it leads.",
    evidence: "a snapshot with observations: a checker's success with a status of 3xx",
    fix: "Let the health path answer 200 itself.",
    source: "Route 53 Developer Guide, How Amazon Route 53 determines whether a health check is healthy",
    sightings: (scene) => eachSeen(scene, redirects),
  },
  {
    id: "R53-FW-PARTIAL",
    severity: "warning",
    wrong: "Checkers of some regions get through and those of others do not: a firewall, or a part of the internet.",
    evidence:
      "a snapshot with observations: no answer in one region, success in another; an error when one checker fewer makes it unhealthy",
    fix: "Allow all ranges of ROUTE53_HEALTHCHECKS in ip-ranges.json, those of every region and the global ones.",
    source: "Route 53 Developer Guide, Configuring router and firewall rules for Amazon Route 53 health checks",
    sightings: (scene) => eachSeen(scene, partlyBlocked),
  },
  {
    id: "R53-FW-BLOCKED",
    severity: "warning",
    wrong: "Every checker times out: the endpoint is gone, or its firewall admits none of them.",
    evidence: "a snapshot with observations: every checker timed out",
    fix: "Where users are served, allow the ranges of ROUTE53_HEALTHCHECKS in ip-ranges.json; `monitor probe` tells.",
    source: "Route 53 Developer Guide, Configuring router and firewall rules for Amazon Route 53 health checks",
    sightings: (scene) => eachSeen(scene, allBlocked),
  },
];

/** Groups that are worked out for one zone; docs/findings.md tells. */
const GROUPS_MAX = 5000;

function eachLastResort({ zones }: Scene, isMeant: (group: RecordGroup) => boolean): readonly Sighting[] {
  return zones.flatMap((view) => {
    const health = view.snapshot === null ? null : seenHealth(view.snapshot, view);
    if (health === null) return [];
    const groups = view.groups.filter(({ routing, type }) => routing !== "simple" && (type === "A" || type === "AAAA"));
    return groups
      .filter(isMeant)
      .slice(0, GROUPS_MAX)
      .flatMap((group) => lastResort(view, group, health));
  });
}

/** Null where nothing is unhealthy: then nothing can be a last resort. */
function seenHealth(snapshot: Snapshot, { zone, checks }: ZoneView): HealthView | null {
  const { view } = snapshotHealth(snapshot, zone.healthChecks);
  const pinned = checks.some(({ check }) => check.inverted);
  return pinned || Object.values(view).includes("unhealthy") ? view : null;
}

function lastResort(view: ZoneView, { name, type, first }: RecordGroup, health: HealthView): readonly Sighting[] {
  if (type !== "A" && type !== "AAAA") return [];
  const { acceptable } = expectedAnswer(view.zone, { name, type, asker: ANYONE }, health);
  if (acceptable.length === 0 || !acceptable.every(({ failOpen }) => failOpen)) return [];
  const named = [...new Set(acceptable.map(({ setIdentifier }) => setIdentifier ?? name))];
  const at = view.snapshot === null ? "" : ` at ${view.snapshot.pulledAt}`;
  return [
    zoneSighting(first, `all records of ${name} were unhealthy${at}, and ${wordList(named)} answered all the same`),
  ];
}

/** What one checker said last. */
interface Look {
  readonly region: string;
  readonly status: string;
}

function eachSeen(
  { zones }: Scene,
  see: (looks: readonly Look[]) => readonly [message: string, severity?: Sighting["severity"]] | null,
): readonly Sighting[] {
  return zones.flatMap((view) =>
    view.checks.flatMap((one) => {
      const looks = looksOf(view.snapshot, one);
      const told = looks.length === 0 ? null : see(looks);
      return told === null ? [] : [zoneSighting(one, ...told)];
    }),
  );
}

function looksOf(snapshot: Snapshot | null, { check }: ZoneCheck): readonly Look[] {
  return (snapshot?.observations[check.id] ?? []).flatMap(({ Region: region, StatusReport: report }) =>
    report?.Status === undefined ? [] : [{ region: region ?? "", status: report.Status }],
  );
}

function redirects(looks: readonly Look[]): readonly [string] | null {
  const codes = looks.flatMap(({ status }) => /^Success: HTTP Status Code (3\d\d)/.exec(status)?.[1] ?? []);
  return codes.length === 0 ? null : [`${codes.length} of ${looks.length} checkers were answered ${codes[0] ?? ""}`];
}

/** Only how the text begins is documented; an answer of the endpoint is nobody's firewall. */
function isSilent({ status }: Look): boolean {
  return status.startsWith("Failure") && !status.includes("HTTP Status Code");
}

function partlyBlocked(looks: readonly Look[]): readonly [string, Sighting["severity"]?] | null {
  const regions = [...new Set(looks.map(({ region }) => region))].toSorted((a, b) => (a < b ? -1 : 1));
  const blocked = regions.filter((region) => looks.every((look) => look.region !== region || isSilent(look)));
  const passing = looks.filter(({ status }) => status.startsWith("Success"));
  if (blocked.length === 0 || passing.length === 0) return null;
  const message = `no checker in ${wordList(blocked)} gets an answer, ${passing.length} of ${looks.length} do`;
  const last = passing.length - 1 <= HEALTHY_SHARE * looks.length;
  return last ? [`${message}: one fewer, and it is unhealthy`, "error"] : [message];
}

function allBlocked(looks: readonly Look[]): readonly [string] | null {
  const timedOut = looks.filter(({ status }) => isSilent({ region: "", status }) && /timed? ?out/i.test(status));
  return timedOut.length === looks.length ? [`all ${looks.length} checkers time out`] : null;
}
