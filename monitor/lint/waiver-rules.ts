// Waivers: findings that somebody has looked at and takes for a while, with a reason. One that has expired, or that waives
// nothing, is told itself.
import type { Finding, Place } from "../model/finding.ts";
import { DAY_MS, type Instant, parseIso } from "../time.ts";
import { readWaivers, type Waiver } from "../topology/waivers.ts";
import type { SourceText } from "./manifest.ts";
import type { Rule } from "./rule.ts";

/** From the topology, `lint.waivers`. */
export interface PlacedWaiver extends Pick<Waiver, "id" | "subject" | "reason" | "until"> {
  readonly place: Place;
}

export function placedWaivers(
  { file, text }: SourceText,
  variables: Readonly<Record<string, string>>,
): readonly PlacedWaiver[] {
  return readWaivers(text, variables).map(({ line, column, ...waiver }) => ({
    ...waiver,
    place: { file, line, column },
  }));
}

/** Rules of `monitor verify` are broken in clusters, which lint does not look at: their waivers are its to judge. */
export function isOfCluster(id: string): boolean {
  return id.startsWith("CL-");
}

type WaiverRule = Omit<Rule, "sightings"> & { readonly sightings: () => readonly [] };

/** Found after all others, because they are about findings. */
const UNUSED: WaiverRule = {
  id: "TOPO-WAIVER-UNUSED",
  severity: "note",
  wrong: "A waiver matches no finding.",
  fix: "Take it away: what it was for is mended, or was in a source that was not looked at now.",
  source: "manifests/topology.yaml, lint.waivers",
  sightings: () => [],
};

const EXPIRED: WaiverRule = {
  id: "TOPO-WAIVER-EXPIRED",
  severity: "error",
  wrong: "A waiver has expired, and what it was for counts again.",
  fix: "Mend what it was for, or look at it again and set another day.",
  source: "manifests/topology.yaml, lint.waivers",
  sightings: () => [],
};

const UNKNOWN: WaiverRule = {
  id: "TOPO-WAIVER-UNKNOWN-RULE",
  severity: "error",
  wrong: "A waiver is for a rule that does not exist, so it waives nothing.",
  fix: "Use the id of a rule: `monitor lint --rules` lists its own, and docs/verify.md those of `monitor verify`.",
  source: "manifests/topology.yaml, lint.waivers",
  sightings: () => [],
};

export const WAIVER_RULES: readonly Rule[] = [EXPIRED, UNUSED, UNKNOWN];

/** What a waiver may be for: a rule's id, and what it was broken by, in every way in which that may be named. */
export interface Waivable {
  readonly id: string;
  readonly subjects: readonly string[];
}

/** Null: none holds. */
export function waiverOf(finding: Waivable, waivers: readonly PlacedWaiver[], at: Instant): Finding["waiver"] {
  const waiver = waivers.find((one) => !hasExpired(one, at) && matches(one, finding));
  return waiver === undefined ? null : { reason: waiver.reason, until: waiver.until };
}

/** What is wrong with the waivers themselves; `all` is what was found. */
export function waiverFindings(
  all: readonly Waivable[],
  waivers: readonly PlacedWaiver[],
  ruleIds: readonly string[],
  at: Instant,
): readonly Finding[] {
  return waivers.flatMap((waiver): readonly Finding[] => {
    if (!ruleIds.includes(waiver.id)) return [found(UNKNOWN, waiver, `${waiver.id} is no rule`)];
    if (hasExpired(waiver, at)) return [found(EXPIRED, waiver, `${waiver.id} was waived until ${waiver.until}`)];
    const used = all.some((finding) => matches(waiver, finding));
    return used ? [] : [found(UNUSED, waiver, `nothing breaks ${waiver.id}${ofSubject(waiver)}`)];
  });
}

/** Its last day is over everywhere that counts in UTC. */
function hasExpired({ until }: PlacedWaiver, at: Instant): boolean {
  const day = parseIso(`${until}T00:00:00Z`);
  return day === null || at >= day + DAY_MS;
}

function matches({ id, subject }: PlacedWaiver, finding: Waivable): boolean {
  return id === finding.id && (subject === null || finding.subjects.includes(subject));
}

function ofSubject({ subject }: PlacedWaiver): string {
  return subject === null ? "" : ` in ${subject}`;
}

function found({ id, severity, fix, source }: WaiverRule, waiver: PlacedWaiver, message: string): Finding {
  const subject = `waiver of ${waiver.id}${ofSubject(waiver)}`;
  return { id, severity, place: waiver.place, subject, message, fix, source, waiver: null };
}
