// Rules about a hosted zone as a whole and as it was read: what could not be understood, who serves it, and who may change it.
import { normalName, valuesOf } from "../policy/record-set.ts";
import type { Place } from "../model/finding.ts";
import { type Rule, type Sighting, wordList } from "./rule.ts";
import type { Scene } from "./scene.ts";
import { groupOf, zoneSighting, type ZoneView } from "./zone-view.ts";

/** A sentence about a hosted zone's file, and where. */
export interface ZoneProblem {
  readonly place: Place;
  readonly message: string;
}

export const ZONE_SOURCE_RULES: readonly Rule[] = [
  {
    id: "R53-INVALID",
    severity: "error",
    wrong: "A file of a hosted zone is not valid, so nothing was looked at in it.",
    evidence: "a value that the API or Terraform's provider cannot have",
    fix: "Mend the file, or make it again with `monitor zone pull` or `terraform show -json`.",
    source: "Route 53 API Reference; docs/findings.md",
    sightings: ({ zoneProblems }) => zoneProblems.map((problem) => ({ subject: problem.place.file, ...problem })),
  },
  {
    id: "R53-NOT-UNDERSTOOD",
    severity: "warning",
    wrong: "A record or a health check says something that this version does not know or cannot make sense of.",
    evidence:
      "several routing policies in one record, none beside a SetIdentifier, neither or both of values and alias, or an unknown key",
    fix: "Mend it where it is a mistake; else take what is said here of its name with care.",
    source: "Route 53 API Reference, ResourceRecordSet and HealthCheckConfig",
    sightings: ({ zones }) =>
      zones.flatMap(({ oddities }) => oddities.map(({ at, message }) => zoneSighting(at, message))),
  },
  {
    id: "R53-READ-PARTLY",
    severity: "warning",
    wrong: "A part of the hosted zone could not be read, so nothing is said of it here.",
    evidence: "notes in a snapshot",
    fix: "Pull the zone again, with the rights that docs/findings.md lists.",
    source: "`monitor zone pull`, notes of the snapshot",
    sightings: (scene) => eachZone(scene, ({ snapshot }) => snapshot?.notes ?? []),
  },
  {
    id: "R53-DUP-ZONE",
    severity: "warning",
    wrong: "Several public hosted zones have this name, and only the one that the parent delegates to is asked.",
    evidence: "other public zones of the account with the same name, as the snapshot says",
    fix: "Delete the others, or make sure that this is the one: compare the name servers.",
    source: "Route 53 Developer Guide, Troubleshooting Amazon Route 53",
    sightings: (scene) => eachZone(scene, sameNames),
  },
  {
    id: "R53-NS-MISMATCH",
    severity: "error",
    wrong:
      "The name servers in NS records are not those of the zone's delegation set, so some or all askers do not reach it.",
    evidence:
      "NS records of the zone's name, in it or in a parent zone beside it, against the delegation set of the snapshot",
    fix: "Set the NS records, here and at the parent, to the name servers of the delegation set.",
    source: "AWS Trusted Advisor cF171Db240, Amazon Route 53 Name Server Delegations",
    sightings: (scene) => scene.zones.flatMap((view) => otherNameServers(view, scene)),
  },
  {
    id: "R53-PROTECTED",
    severity: "note",
    wrong:
      "A name is protected: every change of its records is refused, so no drill or runbook can fail over by editing them.",
    evidence: "a protection of a routed name, as the snapshot says",
    fix: "Drill through the health checks, which no protection holds; keep the protection.",
    source: "@aws-sdk/client-route-53, ListResourceRecordSetProtections",
    sightings: (scene) => scene.zones.flatMap(protectedNames),
  },
];

/** About the zone as such: where it is said, or at the file's beginning. */
function eachZone({ zones }: Scene, see: (view: ZoneView) => readonly string[]): readonly Sighting[] {
  return zones.flatMap((view) => see(view).map((message) => atZone(view, message)));
}

function atZone({ file, zone }: ZoneView, message: string): Sighting {
  return { place: { file, line: 1, column: 1 }, subject: `zone ${zone.name}`, message };
}

function sameNames({ snapshot }: ZoneView): readonly string[] {
  const others = snapshot?.sameName ?? [];
  return others.length === 0 ? [] : [`${wordList(others)} ${others.length === 1 ? "has" : "have"} the same name`];
}

function otherNameServers(view: ZoneView, { zones }: Scene): readonly Sighting[] {
  const delegated = new Set((view.snapshot?.nameServers ?? []).map(normalName));
  if (delegated.size === 0) return [];
  const { name } = view.zone;
  const own = groupOf(view, "NS", name);
  const parents = zones.filter((other) => other !== view && other.zone.name !== name);
  const groups = [own, ...parents.map((parent) => groupOf(parent, "NS", name))];
  return groups.flatMap((group) => {
    if (group === null || group.first.unknown.has("ResourceRecords")) return [];
    const said = new Set(valuesOf(group.first.record).map(normalName));
    const strangers = [...said].filter((server) => !delegated.has(server));
    if (strangers.length === 0 && said.size === delegated.size) return [];
    const expected = wordList([...delegated].toSorted((a, b) => (a < b ? -1 : 1)));
    return [zoneSighting(group.first, `expected the name servers ${expected}, found ${wordList([...said])}`)];
  });
}

function protectedNames(view: ZoneView): readonly Sighting[] {
  return (view.snapshot?.protections ?? []).flatMap(({ RecordName, RecordType }) => {
    const group = view.groups.find(({ name, type }) => name === normalName(RecordName) && type === RecordType);
    const routed = group !== undefined && group.routing !== "simple";
    return routed ? [zoneSighting(group.first, `${RecordType} ${group.name} is protected against changes`)] : [];
  });
}
