// Where the zone of a policy command comes from: the topology, or files that hold a hosted zone (a snapshot, a change batch, what
// the AWS command line or Terraform prints), put together from as many as it takes.
import { readFileSync } from "node:fs";
import { type Asker, ANYONE } from "../policy/answer.ts";
import type { PolicyTiming } from "../policy/deadline.ts";
import { askedGroup } from "../policy/name-lookup.ts";
import type { AddressType, Zone } from "../policy/record-set.ts";
import { ENDPOINT_DEFAULTS, type HealthCheck } from "../policy/health-check.ts";
import { formatProblem } from "../problem.ts";
import { SECOND_MS } from "../time.ts";
import { recordTypes } from "../topology/topology.ts";
import { zoneOf } from "../topology/zone.ts";
import { askerOf, policyTimingOf } from "../verify/standing.ts";
import type { ZoneDocument } from "../zone/document.ts";
import { ownZoneId, plainId, zoneFromAws } from "../zone/from-aws.ts";
import { snapshotZone } from "../zone/snapshot-zone.ts";
import { parseZoneDocuments } from "../zone/zone-documents.ts";
import type { Snapshot } from "../zone/snapshot.ts";
import type { Refusal } from "./refusal.ts";
import { loadTopology } from "./topology-file.ts";

export interface LabelledAsker {
  readonly label: string;
  readonly asker: Asker;
}

export interface PolicySource {
  readonly kind: "topology" | "zone";
  readonly zone: Zone;
  /** What is asked for when nothing is named; null: there are several. */
  readonly name: string | null;
  /** The types that `name` has, by default. */
  readonly types: (name: string) => readonly AddressType[];
  readonly vantages: readonly LabelledAsker[];
  readonly timing: PolicyTiming;
  readonly snapshot: Snapshot | null;
  /** Ids of health checks whose settings are in no file. */
  readonly assumed: ReadonlySet<string>;
  /** What a reader should know about the zone, with file and line where there is one. */
  readonly notes: readonly string[];
}

export interface SourceWish {
  readonly topology: string;
  /** Empty: the topology. */
  readonly zones: readonly string[];
  readonly zoneId: string | null;
}

/** Undocumented by AWS; the topology's settings start here as well. */
const PROPAGATION_MS = 60 * SECOND_MS;
const SLACK_MS = 10 * SECOND_MS;

export function loadPolicySource(wish: SourceWish): PolicySource | Refusal {
  return wish.zones.length === 0 ? fromTopology(wish.topology) : fromFiles(wish);
}

function fromTopology(path: string): PolicySource | Refusal {
  const loaded = loadTopology(path);
  if (loaded.kind === "broken") return { refusal: "topology", lines: loaded.lines };
  const { topology } = loaded;
  return {
    kind: "topology",
    zone: zoneOf(topology),
    name: topology.service.host,
    types: () => recordTypes(topology),
    vantages: topology.probe.vantages.map((vantage) => ({ label: vantage.id, asker: askerOf(vantage) })),
    timing: policyTimingOf(topology),
    snapshot: null,
    assumed: new Set(),
    notes: [],
  };
}

function fromFiles({ zones, zoneId }: SourceWish): PolicySource | Refusal {
  const documents: ZoneDocument[] = [];
  const lines: string[] = [];
  for (const file of zones) {
    const read = readDocuments(file);
    if ("problems" in read) lines.push(...read.problems);
    else documents.push(...ofZone(read, zoneId));
  }
  const several = zoneNames(documents);
  if (several.length > 1)
    lines.push(`--zone: expected one hosted zone, found ${several.join(", ")}: choose by --zone-id`);
  const snapshots = documents.flatMap(({ snapshot }) => snapshot ?? []);
  if (snapshots.length > 1) lines.push(`--zone: expected one snapshot, found ${snapshots.length}`);
  if (lines.length === 0 && documents.every(({ recordSets }) => recordSets.length === 0))
    lines.push(`--zone: expected record sets in ${zones.join(", ")}, found none`);
  return lines.length > 0 ? { refusal: "zone", lines } : merged(documents, snapshots[0] ?? null, zoneId);
}

/** Terraform may describe several zones; a document that names none goes with any. */
function ofZone(documents: readonly ZoneDocument[], zoneId: string | null): readonly ZoneDocument[] {
  const id = zoneId === null ? null : plainId(zoneId);
  return documents.length < 2 || id === null ? documents : documents.filter((document) => document.zoneId === id);
}

/** Of the zones that Terraform describes. */
function zoneNames(documents: readonly ZoneDocument[]): readonly string[] {
  const zones = documents.filter(({ form, recordSets }) => form === "terraform" && recordSets.length > 0);
  return [...new Set(zones.map(({ zoneId, zoneName }) => [zoneId ?? "", zoneName ?? ""].join(" ").trim()))];
}

function readDocuments(file: string): readonly ZoneDocument[] | { readonly problems: readonly string[] } {
  let text: string;
  try {
    text = readFileSync(file, "utf8");
  } catch (thrown) {
    const detail = thrown instanceof Error ? thrown.message : String(thrown);
    return { problems: [`${file}: expected a hosted zone's file: ${detail}`] };
  }
  const parsed = parseZoneDocuments(file, text);
  return parsed.ok ? parsed.value : { problems: parsed.problems.map((problem) => formatProblem(problem, file)) };
}

function merged(documents: readonly ZoneDocument[], snapshot: Snapshot | null, zoneId: string | null): PolicySource {
  const recordSets = documents.flatMap((document) => document.recordSets);
  const healthChecks = documents.flatMap((document) => document.healthChecks);
  const said = documents.find((document) => document.zoneId !== null)?.zoneId;
  const id = zoneId ?? said ?? ownZoneId(recordSets.map(({ value }) => value));
  const { zone, oddities } = zoneFromAws({
    id,
    name: documents.find(({ zoneName }) => zoneName !== null)?.zoneName ?? null,
    recordSets: recordSets.map(({ value }) => value),
    healthChecks: healthChecks.map(({ value }) => value),
    cidrCollections: snapshot === null ? [] : snapshotZone(snapshot).cidrCollections,
  });
  const partial = documents.every(({ form }) => form !== "snapshot" && form !== "health-checks");
  const assumed = partial ? namedChecks(zone) : [];
  const odd = oddities.flatMap(({ of, index, message }) => {
    const from = (of === "record-set" ? recordSets : healthChecks)[index];
    if (from?.unknown !== undefined && from.unknown.size > 0) return [];
    return from === undefined ? [message] : [`${from.place.file}:${from.place.line}:${from.place.column}: ${message}`];
  });
  const whole = { ...zone, healthChecks: [...zone.healthChecks, ...assumed.map(assumedCheck)] };
  return {
    kind: "zone",
    zone: whole,
    name: onlyRoot(whole),
    types: (name) => typesAt(whole, name),
    vantages: [{ label: "anyone", asker: ANYONE }],
    timing: { propagationMs: PROPAGATION_MS, slackMs: SLACK_MS, lookMaxMs: null },
    snapshot,
    assumed: new Set(assumed),
    notes: [
      ...odd,
      ...(snapshot?.notes ?? []).map((note) => `not read into the snapshot: ${note}`),
      ...(assumed.length === 0 ? [] : [assumption(assumed, zone.healthChecks.length)]),
    ],
  };
}

/** Those that records name and no file holds. */
function namedChecks({ recordSets, healthChecks }: Zone): readonly string[] {
  const held = new Set(healthChecks.map(({ id }) => id));
  const named = new Set(recordSets.flatMap(({ healthCheckId }) => healthCheckId ?? []));
  return [...named].filter((id) => !held.has(id));
}

function assumption(assumed: readonly string[], held: number): string {
  return held === 0
    ? "no file holds health checks: each that a record names is taken to exist"
    : `no file holds these health checks, and they are taken to exist: ${assumed.join(", ")}`;
}

function assumedCheck(id: string): HealthCheck {
  const endpoint = { type: "HTTPS", host: null, port: 443, path: "/" } as const;
  return { ...ENDPOINT_DEFAULTS, id, ...endpoint, requestIntervalSeconds: 30, failureThreshold: 3 };
}

/** The one name that is routed and to which no other leads; null: there is none, or several. */
function onlyRoot(zone: Zone): string | null {
  const roots = routedRoots(zone);
  return roots.length === 1 ? (roots[0] ?? null) : null;
}

/** Names with a routing policy or an alias, to which nothing else of the zone leads. */
export function routedRoots({ recordSets }: Zone): readonly string[] {
  const led = new Set(recordSets.flatMap(({ target }) => (target.kind === "alias" ? [target.name] : [])));
  const routed = recordSets.filter(
    ({ type, routing, target }) =>
      (type === "A" || type === "AAAA") && (routing.routing !== "simple" || target.kind === "alias"),
  );
  return [...new Set(routed.map(({ name }) => name))].filter((name) => !led.has(name));
}

function typesAt(zone: Zone, name: string): readonly AddressType[] {
  const types = (["A", "AAAA"] as const).filter((type) => askedGroup(zone, name, type) !== null);
  return types.length === 0 ? ["A"] : types;
}
