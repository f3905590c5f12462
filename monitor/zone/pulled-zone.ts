// A snapshot as the zone that a running monitor judges by: what the service's name leads to and nothing else of a zone that may
// hold thousands of names, and which region each of its health checks looks at.
import { type HealthCheck, isEndpointCheck } from "../policy/health-check.ts";
import { delegationOf } from "../policy/name-lookup.ts";
import { checksBehind, recordsBehind } from "../policy/reach.ts";
import { normalName, type RecordSet, type Zone } from "../policy/record-set.ts";
import type { Parsed, Problem } from "../problem.ts";
import type { JudgedZone } from "../topology/judged-zone.ts";
import { recordTypes, type Topology } from "../topology/topology.ts";
import { splitUrl } from "../topology/url.ts";
import { parseZoneDocument } from "./document.ts";
import { zoneFromAws } from "./from-aws.ts";
import { snapshotZone } from "./snapshot-zone.ts";

/** `text`: what `monitor zone pull` writes. Refuses what this topology cannot be judged by, with every problem. */
export function parsePulledZone(text: string, topology: Topology): Parsed<JudgedZone> {
  const parsed = parseZoneDocument("snapshot", text);
  if (!parsed.ok) return parsed;
  const { snapshot } = parsed.value;
  if (snapshot === null)
    return refused({ message: `expected a snapshot, found a part of a zone: ${parsed.value.form}` });
  const { zone, oddities } = zoneFromAws(snapshotZone(snapshot));
  const types = recordTypes(topology);
  const host = normalName(topology.service.host);
  const behind = new Set(types.flatMap((type) => recordsBehind(zone, host, type)));
  const problems: readonly Problem[] = [
    ...misfits(topology, zone, host),
    ...types
      .filter((type) => recordsBehind(zone, host, type).length === 0)
      .map((type) => ({ path: "resourceRecordSets", message: `expected an ${type} record ${host}, found none` })),
    ...oddities
      .filter(({ of, index }) => of === "record-set" && isBehind(behind, zone.recordSets[index]))
      .map(({ index, message }) => ({ path: `resourceRecordSets[${index}]`, message })),
  ];
  if (problems.length > 0) return { ok: false, problems };
  const checks = new Set(types.flatMap((type) => checksBehind(zone, host, type)));
  const healthChecks = zone.healthChecks.filter((check) => checks.has(check));
  const own = { ...zone, recordSets: zone.recordSets.filter((record) => behind.has(record)), healthChecks };
  return { ok: true, value: { zone: own, regionOfCheck: regionsOf(topology, healthChecks) } };
}

/** The topology as it is judged by that zone. `name`: what the snapshot is called where something is wrong with it. */
export function withPulledZone(topology: Topology, text: string, name: string): Parsed<Topology> {
  const zone = parsePulledZone(text, topology);
  if (zone.ok) return { ok: true, value: { ...topology, pulledZone: zone.value } };
  return { ok: false, problems: zone.problems.map((problem) => ({ ...problem, file: name })) };
}

function isBehind(behind: ReadonlySet<RecordSet>, record: RecordSet | undefined): boolean {
  return record !== undefined && behind.has(record);
}

function refused(problem: Problem): Parsed<never> {
  return { ok: false, problems: [problem] };
}

function misfits(topology: Topology, zone: Zone, host: string): readonly Problem[] {
  const wanted = normalName(topology.dns.zone);
  if (zone.name !== wanted)
    return [{ path: "hostedZone.Name", message: `expected ${wanted}, the topology's dns.zone, found ${zone.name}` }];
  const cut = delegationOf(zone, host);
  const message = `expected this zone to answer for ${host}, found ${cut} delegated to other name servers`;
  return cut === null ? [] : [{ path: "resourceRecordSets", message }];
}

/** By the address that the check looks at, else by the name that it resolves; both as the region's endpoint has them. */
function regionsOf(topology: Topology, checks: readonly HealthCheck[]): Readonly<Record<string, string>> {
  return Object.fromEntries(
    checks.flatMap((check) => {
      const region = topology.regions.find(({ endpoint }) => {
        if (!isEndpointCheck(check)) return false;
        if (check.ipAddress !== null) return endpoint.addresses.includes(check.ipAddress);
        return check.host !== null && splitUrl(endpoint.url)?.host === normalName(check.host);
      });
      return region === undefined ? [] : [[check.id, region.id] as const];
    }),
  );
}
