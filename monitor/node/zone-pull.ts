// Reads one hosted zone by the Route 53 API into a snapshot: all pages, every health check that a record names and their
// children, and what checkers saw where it is asked for. What cannot be read is a note in the snapshot, not the end of it.
import {
  GetHealthCheckCommand,
  GetHealthCheckStatusCommand,
  GetHostedZoneCommand,
  ListCidrBlocksCommand,
  ListHostedZonesByNameCommand,
  ListResourceRecordSetProtectionsCommand,
  ListResourceRecordSetsCommand,
  type HealthCheck,
  type HostedZone,
  type ListResourceRecordSetsCommandInput,
  type ResourceRecordSet,
  type Route53Client,
} from "@aws-sdk/client-route-53";
import * as z from "zod/mini";
import { normalName } from "../policy/record-set.ts";
import { type Instant, toIso } from "../time.ts";
import { formatPath } from "../topology/path.ts";
import { HEALTH_CHECKS_MAX, RECORD_SETS_MAX } from "../zone/aws-shapes.ts";
import { plainId } from "../zone/from-aws.ts";
import { SNAPSHOT, SNAPSHOT_KIND, type Snapshot } from "../zone/snapshot.ts";
import { type AwsCaller, type AwsFailure, type AwsReply, ROUTE53_PACE, STATUS_PACE } from "./aws-call.ts";

export interface PullWish {
  readonly zone: { readonly by: "id"; readonly id: string } | { readonly by: "name"; readonly name: string };
  /** Whether each checker's latest look is read; it takes 1.5 s a health check. */
  readonly observations: "read" | "skip";
}

export type Pulled =
  | { readonly kind: "pulled"; readonly snapshot: Snapshot }
  | { readonly kind: "failed"; readonly detail: string };

/** CloudWatch's word on health checks by id: 1, 0, or null without data; a failure is one for all. */
export type StatusReader = (ids: readonly string[]) => Promise<AwsReply<Readonly<Record<string, 0 | 1 | null>>>>;

const PAGE_ITEMS = 300;
const PAGES_MAX = Math.ceil(RECORD_SETS_MAX / PAGE_ITEMS);

interface Reader {
  readonly client: Route53Client;
  readonly caller: AwsCaller;
  readonly notes: string[];
}

/** `cloudWatch` null: not asked. */
export async function pullZone(
  client: Route53Client,
  caller: AwsCaller,
  wish: PullWish,
  cloudWatch: StatusReader | null,
  at: Instant,
): Promise<Pulled> {
  const reader: Reader = { client, caller, notes: [] };
  const found = await findZone(reader, wish);
  if ("detail" in found) return { kind: "failed", detail: found.detail };
  const hosted = await caller.call("GetHostedZone", ROUTE53_PACE, () =>
    client.send(new GetHostedZoneCommand({ Id: found.id })),
  );
  if (hosted.kind === "failed") return { kind: "failed", detail: hosted.failure.detail };
  if (hosted.value.HostedZone === undefined) return { kind: "failed", detail: notUnderstood("GetHostedZone").detail };
  const records = await readRecordSets(reader, found.id);
  if ("detail" in records) return { kind: "failed", detail: records.detail };
  const checks = await readHealthChecks(reader, records.recordSets);
  const ids = checks.present.map(({ Id }) => Id ?? "");
  const raw = {
    schemaVersion: 1,
    kind: SNAPSHOT_KIND,
    pulledAt: toIso(at),
    hostedZone: { ...hosted.value.HostedZone, Id: plainId(hosted.value.HostedZone.Id ?? "") },
    nameServers: hosted.value.DelegationSet?.NameServers ?? [],
    // By name there is one, or nothing would have been read.
    sameName: wish.zone.by === "name" ? [] : await readSameNames(reader, hosted.value.HostedZone),
    resourceRecordSets: records.recordSets,
    healthChecks: checks.present,
    missingHealthChecks: checks.missing,
    observations: wish.observations === "read" ? await readObservations(reader, checks.present) : {},
    cloudWatchStatus: cloudWatch === null ? {} : await readCloudWatch(reader, cloudWatch, ids),
    cidrCollections: await readCidrCollections(reader, records.recordSets),
    protections: await readProtections(reader, found.id),
    notes: reader.notes,
  };
  return checked(raw);
}

/** Through JSON, as the file will be: dates become texts, and what is undefined goes. */
function checked(raw: object): Pulled {
  const parsed = z.safeParse(SNAPSHOT, JSON.parse(JSON.stringify(raw)));
  if (parsed.success) return { kind: "pulled", snapshot: parsed.data };
  const [issue] = parsed.error.issues;
  const path = formatPath((issue?.path ?? []).map((step) => (typeof step === "number" ? step : String(step))));
  return { kind: "failed", detail: `the API's answer is not as expected: ${path}: expected ${issue?.message ?? ""}` };
}

interface FoundZone {
  readonly id: string;
}

interface Stuck {
  readonly detail: string;
}

const CANDIDATES_MAX = 100;

/** By name the one public zone of that name; which of several is meant only a person knows. */
async function findZone({ client, caller }: Reader, { zone }: PullWish): Promise<FoundZone | Stuck> {
  if (zone.by === "id") return { id: plainId(zone.id) };
  const listed = await caller.call("ListHostedZonesByName", ROUTE53_PACE, () =>
    client.send(new ListHostedZonesByNameCommand({ DNSName: zone.name, MaxItems: CANDIDATES_MAX })),
  );
  if (listed.kind === "failed") return listed.failure;
  if (listed.value.HostedZones === undefined) return notUnderstood("ListHostedZonesByName");
  const named = listed.value.HostedZones.filter((one) => normalName(one.Name ?? "") === normalName(zone.name));
  const open = named.filter((one) => one.Config?.PrivateZone !== true).map((one) => plainId(one.Id ?? ""));
  const [id, ...others] = open;
  if (id === undefined) {
    const hidden = named.length > 0 ? ` (private: ${named.map((one) => plainId(one.Id ?? "")).join(", ")})` : "";
    return { detail: `expected a public hosted zone ${normalName(zone.name)} in this account, found none${hidden}` };
  }
  if (others.length === 0) return { id };
  return {
    detail: `expected one public hosted zone ${normalName(zone.name)}, found ${open.join(", ")}: choose by --zone-id`,
  };
}

/** Other public zones of the account that have the name of this public one. */
async function readSameNames({ client, caller, notes }: Reader, { Id: id, Name: name, Config: config }: HostedZone) {
  if (config?.PrivateZone === true || name === undefined) return [];
  const listed = await caller.call("ListHostedZonesByName", ROUTE53_PACE, () =>
    client.send(new ListHostedZonesByNameCommand({ DNSName: name, MaxItems: CANDIDATES_MAX })),
  );
  if (listed.kind === "failed") {
    notes.push(`other zones of that name: ${listed.failure.detail}`);
    return [];
  }
  return (listed.value.HostedZones ?? [])
    .filter((one) => one.Config?.PrivateZone !== true && normalName(one.Name ?? "") === normalName(name))
    .map((one) => plainId(one.Id ?? ""))
    .filter((other) => other !== plainId(id ?? ""));
}

function readPage({ client, caller }: Reader, input: ListResourceRecordSetsCommandInput) {
  return caller.call("ListResourceRecordSets", ROUTE53_PACE, () =>
    client.send(new ListResourceRecordSetsCommand(input)),
  );
}

/** Paged by hand, because three tokens page it and the SDK has no paginator; a cursor that comes again would never end. */
async function readRecordSets(
  reader: Reader,
  zoneId: string,
): Promise<{ readonly recordSets: readonly ResourceRecordSet[] } | Stuck> {
  const recordSets: ResourceRecordSet[] = [];
  const cursors = new Set<string>();
  let input: ListResourceRecordSetsCommandInput = { HostedZoneId: zoneId, MaxItems: PAGE_ITEMS };
  for (let page = 0; page < PAGES_MAX; page += 1) {
    const reply = await readPage(reader, input);
    if (reply.kind === "failed") return reply.failure;
    const { ResourceRecordSets: found, IsTruncated, ...next } = reply.value;
    if (found === undefined) return notUnderstood("ListResourceRecordSets");
    recordSets.push(...found);
    if (IsTruncated !== true) return { recordSets };
    input = {
      HostedZoneId: zoneId,
      MaxItems: PAGE_ITEMS,
      StartRecordName: next.NextRecordName,
      StartRecordType: next.NextRecordType,
      StartRecordIdentifier: next.NextRecordIdentifier,
    };
    const cursor = JSON.stringify([next.NextRecordName, next.NextRecordType, next.NextRecordIdentifier]);
    if (cursors.has(cursor))
      return {
        detail: `ListResourceRecordSets: page ${page + 1} points at ${cursor} again, so the list would never end`,
      };
    cursors.add(cursor);
  }
  return { detail: `expected at most ${RECORD_SETS_MAX} record sets, found more` };
}

async function readHealthChecks(reader: Reader, recordSets: readonly ResourceRecordSet[]) {
  const { client, caller, notes } = reader;
  const named = new Set(recordSets.flatMap(({ HealthCheckId: id }) => (id === undefined ? [] : [id])));
  const present: HealthCheck[] = [];
  const missing: string[] = [];
  // A calculated check's children join the set while it is walked; they have none of their own.
  for (const id of named) {
    if (present.length + missing.length >= HEALTH_CHECKS_MAX) {
      notes.push(`expected at most ${HEALTH_CHECKS_MAX} health checks, found more; the rest is not read`);
      break;
    }
    const reply = await caller.call("GetHealthCheck", ROUTE53_PACE, () =>
      client.send(new GetHealthCheckCommand({ HealthCheckId: id })),
    );
    if (reply.kind === "reply" && reply.value.HealthCheck !== undefined) {
      present.push(reply.value.HealthCheck);
      for (const child of reply.value.HealthCheck.HealthCheckConfig?.ChildHealthChecks ?? []) named.add(child);
    } else if (reply.kind === "failed" && reply.failure.cause === "not-found") missing.push(id);
    else notes.push(`health check ${id}: ${reply.kind === "failed" ? reply.failure.detail : "an empty answer"}`);
  }
  return { present, missing };
}

/** The API has none of calculated checks, alarms and routing controls (API Reference, GetHealthCheckStatus). */
const WATCHED_BY_CHECKERS = new Set<string | undefined>(["HTTP", "HTTPS", "HTTP_STR_MATCH", "HTTPS_STR_MATCH", "TCP"]);

async function readObservations({ client, caller, notes }: Reader, checks: readonly HealthCheck[]) {
  const seen: Record<string, unknown> = {};
  for (const { Id: id, HealthCheckConfig: config } of checks) {
    if (id === undefined || !WATCHED_BY_CHECKERS.has(config?.Type)) continue;
    const reply = await caller.call("GetHealthCheckStatus", STATUS_PACE, () =>
      client.send(new GetHealthCheckStatusCommand({ HealthCheckId: id })),
    );
    if (reply.kind === "reply") seen[id] = reply.value.HealthCheckObservations ?? [];
    else notes.push(`observations of ${id}: ${reply.failure.detail}`);
  }
  return seen;
}

async function readCloudWatch({ notes }: Reader, read: StatusReader, ids: readonly string[]) {
  const reply = await read(ids);
  if (reply.kind === "reply") return reply.value;
  notes.push(`CloudWatch: ${reply.failure.detail}`);
  return {};
}

async function readCidrCollections(reader: Reader, recordSets: readonly ResourceRecordSet[]) {
  const ids = new Set(recordSets.flatMap(({ CidrRoutingConfig: cidr }) => cidr?.CollectionId ?? []));
  const collections = [];
  for (const id of ids) {
    const blocks = await readBlocks(reader, id);
    if (blocks === null) continue;
    const names = [...new Set(blocks.map(({ location }) => location))];
    const Locations = names.map((LocationName) => ({
      LocationName,
      CidrBlocks: blocks.filter(({ location }) => location === LocationName).map(({ block }) => block),
    }));
    collections.push({ Id: id, Locations });
  }
  return collections;
}

async function readBlocks({ client, caller, notes }: Reader, id: string) {
  const blocks: { readonly location: string; readonly block: string }[] = [];
  const failure = await readTokens(async (NextToken) => {
    const reply = await caller.call("ListCidrBlocks", ROUTE53_PACE, () =>
      client.send(new ListCidrBlocksCommand({ CollectionId: id, NextToken })),
    );
    if (reply.kind === "failed") return reply;
    for (const { LocationName: location = "", CidrBlock: block = "" } of reply.value.CidrBlocks ?? [])
      blocks.push({ location, block });
    return { kind: "reply", value: reply.value.NextToken };
  });
  if (failure === null) return blocks;
  notes.push(`CIDR collection ${id}: ${failure.detail}`);
  return null;
}

async function readProtections({ client, caller, notes }: Reader, zoneId: string) {
  const protections: unknown[] = [];
  const failure = await readTokens(async (NextToken) => {
    const reply = await caller.call("ListResourceRecordSetProtections", ROUTE53_PACE, () =>
      client.send(new ListResourceRecordSetProtectionsCommand({ HostedZoneId: zoneId, NextToken })),
    );
    if (reply.kind === "failed") return reply;
    const { ResourceRecordSetProtections: found } = reply.value;
    if (found === undefined) return { kind: "failed", failure: notUnderstood("ListResourceRecordSetProtections") };
    protections.push(...found);
    return { kind: "reply", value: reply.value.NextToken };
  });
  if (failure !== null) notes.push(`protections: ${failure.detail}`);
  return protections;
}

/** Pages by one token, each token once; null: read to the end. */
async function readTokens(
  page: (token: string | undefined) => Promise<AwsReply<string | undefined>>,
): Promise<AwsFailure | null> {
  const tokens = new Set<string>();
  let token: string | undefined;
  for (let count = 0; count < PAGES_MAX; count += 1) {
    const reply = await page(token);
    if (reply.kind === "failed") return reply.failure;
    token = reply.value;
    if (token === undefined || token === "") return null;
    if (tokens.has(token)) break;
    tokens.add(token);
  }
  return { cause: "not-understood", detail: "the same page came twice, so the list would never end" };
}

/** To the SDK a page of HTML with status 200 is an answer with nothing in it. */
function notUnderstood(what: string): AwsFailure {
  return {
    cause: "not-understood",
    detail: `${what}: the answer is not one of AWS's: it has none of the fields that the API always gives`,
  };
}
