// Who else decides by a health check: record sets of the account's other hosted zones, and calculated checks anywhere in it.
// An account may hold more than a plan should read, so the search is bounded, and what it did not see is told.
import {
  type HealthCheck,
  type HostedZone,
  ListHealthChecksCommand,
  ListHostedZonesCommand,
  ListResourceRecordSetsCommand,
  type ListResourceRecordSetsCommandInput,
} from "@aws-sdk/client-route-53";
import { type AwsReply, ROUTE53_PACE } from "../node/aws-call.ts";
import { plainId } from "../zone/from-aws.ts";
import type { Snapshot } from "../zone/snapshot.ts";
import type { Route53Reach } from "./reach.ts";

const ZONES_MAX = 50;
/** Of all other zones together: at 300 a page and 4 pages a second about ten seconds. */
const RECORD_PAGES_MAX = 40;
const PAGE_ITEMS = 300;
const CHECK_PAGES_MAX = 10;
const CHECK_PAGE_ITEMS = 100;

export type Uses =
  /** Sorted names of what uses it. */
  | { readonly kind: "used"; readonly by: readonly string[] }
  | { readonly kind: "unused"; readonly notes: readonly string[] };

export async function recordUsesElsewhere(snapshot: Snapshot, id: string, route53: Route53Reach): Promise<Uses> {
  const zones = await usesInZones(snapshot.hostedZone.Id, id, route53);
  const parents = await parentsInAccount(id, route53);
  const by = [...zones.by, ...parents.by].toSorted();
  return by.length > 0 ? { kind: "used", by } : { kind: "unused", notes: [...zones.notes, ...parents.notes] };
}

interface Found {
  readonly by: readonly string[];
  readonly notes: readonly string[];
}

async function usesInZones(ownId: string, id: string, route53: Route53Reach): Promise<Found> {
  const listed = await pageOfZones(route53);
  if (listed.kind === "failed") return unseen("other hosted zones", listed.failure.detail);
  const others = listed.value.zones.filter((zone) => plainId(zone.Id ?? "") !== ownId);
  const by: string[] = [];
  const notes: string[] = listed.value.isWhole ? [] : [`only the first ${ZONES_MAX} hosted zones were looked at`];
  let pagesLeft = RECORD_PAGES_MAX;
  for (const zone of others) {
    const pages = Math.max(1, Math.ceil((zone.ResourceRecordSetCount ?? 0) / PAGE_ITEMS));
    if (pages > pagesLeft) {
      notes.push(`the hosted zone ${zone.Name ?? ""} was not looked at for other uses of the check: it is large`);
      continue;
    }
    pagesLeft -= pages;
    const used = await usesInZone(zone, id, pages, route53);
    if (used.kind === "failed") return unseen(`the hosted zone ${zone.Name ?? ""}`, used.failure.detail);
    by.push(...used.value);
  }
  return { by, notes };
}

function unseen(what: string, detail: string): Found {
  return { by: [], notes: [`whether ${what} use the check is not known: ${detail}`] };
}

function pageOfZones({
  client,
  caller,
}: Route53Reach): Promise<AwsReply<{ readonly zones: readonly HostedZone[]; readonly isWhole: boolean }>> {
  return caller.call("ListHostedZones", ROUTE53_PACE, async () => {
    const { HostedZones: zones = [], IsTruncated } = await client.send(
      new ListHostedZonesCommand({ MaxItems: ZONES_MAX }),
    );
    return { zones, isWhole: IsTruncated !== true };
  });
}

async function usesInZone(
  zone: HostedZone,
  id: string,
  pagesMax: number,
  { client, caller }: Route53Reach,
): Promise<AwsReply<readonly string[]>> {
  const names: string[] = [];
  const fixed = { HostedZoneId: plainId(zone.Id ?? ""), MaxItems: PAGE_ITEMS };
  let input: ListResourceRecordSetsCommandInput = fixed;
  for (let page = 0; page < pagesMax; page += 1) {
    const reply = await caller.call("ListResourceRecordSets", ROUTE53_PACE, () =>
      client.send(new ListResourceRecordSetsCommand(input)),
    );
    if (reply.kind === "failed") return reply;
    const { ResourceRecordSets: records = [], IsTruncated, ...next } = reply.value;
    for (const { Name, Type, HealthCheckId } of records)
      if (HealthCheckId === id) names.push(`${Type ?? ""} ${Name ?? ""}`);
    if (IsTruncated !== true) break;
    input = {
      ...fixed,
      StartRecordName: next.NextRecordName,
      StartRecordType: next.NextRecordType,
      StartRecordIdentifier: next.NextRecordIdentifier,
    };
  }
  return { kind: "reply", value: names };
}

async function parentsInAccount(id: string, { client, caller }: Route53Reach): Promise<Found> {
  const by: string[] = [];
  let marker: string | undefined;
  for (let page = 0; page < CHECK_PAGES_MAX; page += 1) {
    const from = marker;
    const reply = await caller.call("ListHealthChecks", ROUTE53_PACE, () =>
      client.send(
        new ListHealthChecksCommand({ MaxItems: CHECK_PAGE_ITEMS, ...(from === undefined ? {} : { Marker: from }) }),
      ),
    );
    if (reply.kind === "failed") return unseen("calculated checks", reply.failure.detail);
    const { HealthChecks: checks = [], IsTruncated, NextMarker } = reply.value;
    by.push(
      ...checks.filter((check) => isParent(check, id)).map((parent) => `the calculated check ${parent.Id ?? ""}`),
    );
    if (IsTruncated !== true || NextMarker === undefined || NextMarker === marker) return { by, notes: [] };
    marker = NextMarker;
  }
  return { by, notes: [`only the first ${CHECK_PAGES_MAX * CHECK_PAGE_ITEMS} health checks were looked at`] };
}

function isParent(check: HealthCheck, id: string): boolean {
  return check.HealthCheckConfig?.ChildHealthChecks?.includes(id) === true;
}
