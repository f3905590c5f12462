// Which health check is a region's, and whether a drill may touch it: not one that an AWS service made, not one that decides
// on anything else, not one that is changed already. Whether we may write is asked by a write that cannot succeed.
import type { LeverWish } from "../drill/lever-wish.ts";
import { type PullWish, pullZone } from "../node/zone-pull.ts";
import { normalName } from "../policy/record-set.ts";
import type { Topology } from "../topology/topology.ts";
import { splitUrl } from "../topology/url.ts";
import { regionOfSet } from "../topology/zone.ts";
import type { AwsRecordSet } from "../zone/aws-shapes.ts";
import type { Snapshot } from "../zone/snapshot.ts";
import { type LeverPlan, refused } from "./lever.ts";
import type { Reach, Route53Reach } from "./reach.ts";
import { plainConfig, readCheck, type Route53Undo, writeCheck } from "./route53-lever.ts";
import { recordUsesElsewhere } from "./route53-uses.ts";

export type Route53Wish = Extract<LeverWish, { readonly lever: "route53-health-check" }>;

/** A version that no check has. */
const NO_VERSION = 2_000_000_000;

export async function planRoute53(
  wish: Route53Wish,
  topology: Topology,
  zone: PullWish["zone"],
  reach: Reach,
): Promise<LeverPlan> {
  const route53 = await reach.openRoute53();
  const pull = { zone, observations: "skip" } as const;
  const pulled = await pullZone(route53.client, route53.caller, pull, null, reach.clock.now());
  if (pulled.kind === "failed") return refused(pulled.detail);
  const { snapshot } = pulled;
  const stranger = strangerZone(snapshot, topology);
  if (stranger !== null) return refused(stranger);
  const chosen = chooseCheck(snapshot, topology, wish.region);
  if ("why" in chosen) return refused(chosen.why);
  const read = await readCheck(chosen.id, route53);
  if (read.kind === "failed") return refused(read.failure.detail);
  const { HealthCheckConfig: config, HealthCheckVersion: version = 1, LinkedService: linked } = read.value;
  const undo: Route53Undo = {
    lever: "route53-health-check",
    region: wish.region,
    healthCheckId: chosen.id,
    version,
    config: { ...plainConfig(config) },
  };
  const why: readonly string[] = [
    ...(linked === undefined
      ? []
      : [`${chosen.id} belongs to ${linked.ServicePrincipal ?? "an AWS service"}, which alone changes it`]),
    ...(config?.Disabled === true ? [`${chosen.id} is disabled already: left by a drill?`] : []),
    ...(config?.Inverted === true ? [`${chosen.id} is inverted already: left by a drill?`] : []),
    ...parentsOf(snapshot, chosen.id),
  ];
  if (why.length > 0) return refused(...why);
  const elsewhere = await recordUsesElsewhere(snapshot, chosen.id, route53);
  if (elsewhere.kind === "used") return refused(...elsewhere.by.map((name) => sharedWith(chosen.id, name)));
  const trial = await triedWrite(undo, route53);
  if (trial.kind === "refused") return refused(trial.why);
  return {
    kind: "ready",
    steps: [
      `set Disabled and Inverted on the health check ${chosen.id} (version ${version}): Route 53 takes ${wish.region} for unhealthy, whatever it is`,
    ],
    warnings: [
      "Route 53 does not look at the region while its check is disabled: this shows what DNS does, not that anybody notices",
      ...elsewhere.notes,
      ...trial.notes,
    ],
    undo,
    expiresBy: null,
  };
}

/** Null: it is the zone that users ask. By an id it may be any. */
function strangerZone({ hostedZone: { Id, Name, Config } }: Snapshot, { dns }: Topology): string | null {
  if (Config?.PrivateZone === true)
    return `the hosted zone ${Id} is private: nobody outside its VPCs is answered by it, and so nothing of it would be seen`;
  const [found, wanted] = [normalName(Name), normalName(dns.zone)];
  return found === wanted ? null : `the hosted zone ${Id} is ${found}, and the topology's is ${wanted}`;
}

function chooseCheck(
  { resourceRecordSets, hostedZone }: Snapshot,
  topology: Topology,
  region: string,
): { readonly id: string } | { readonly why: string } {
  const isOwn = ownRecords(topology, region);
  const own = resourceRecordSets.filter(isOwn);
  const ids = [...new Set(own.flatMap(({ HealthCheckId: id }) => (id === undefined ? [] : [id])))].toSorted();
  const [id, ...others] = ids;
  if (id === undefined) return { why: `no record of ${region} in ${hostedZone.Name} has a health check` };
  if (others.length > 0) return { why: `the records of ${region} have several health checks: ${ids.join(", ")}` };
  const foreign = resourceRecordSets.find((record) => record.HealthCheckId === id && !isOwn(record));
  return foreign === undefined ? { id } : { why: sharedWith(id, recordName(foreign)) };
}

/** At the service's name by set identifier, or by what its check looks at in a zone that others wrote; and at the region's own name. */
function ownRecords({ service, regions, pulledZone }: Topology, id: string): (record: AwsRecordSet) => boolean {
  const region = regions.find((one) => one.id === id);
  const ownName = normalName(splitUrl(region?.endpoint.url ?? "")?.host ?? "");
  return ({ Name, SetIdentifier = null, HealthCheckId: check = "" }) => {
    const name = normalName(Name);
    const isRegions = regionOfSet(SetIdentifier) === id || pulledZone?.regionOfCheck[check] === id;
    return name === ownName || (name === normalName(service.host) && isRegions);
  };
}

function parentsOf({ healthChecks }: Snapshot, id: string): readonly string[] {
  return healthChecks
    .filter(({ HealthCheckConfig: { ChildHealthChecks = [] } }) => ChildHealthChecks.includes(id))
    .map((parent) => sharedWith(id, `the calculated check ${parent.Id}`));
}

function sharedWith(id: string, other: string): string {
  return `the health check ${id} is also used by ${other}, which the drill would hit too`;
}

export function recordName({ Name, Type, SetIdentifier }: AwsRecordSet): string {
  return `${Type} ${Name}${SetIdentifier === undefined ? "" : ` (${SetIdentifier})`}`;
}

type Trial =
  | { readonly kind: "allowed"; readonly notes: readonly string[] }
  | { readonly kind: "refused"; readonly why: string };

/** Who may write is told that the version is wrong, everybody else that he may not; nothing changes either way. */
async function triedWrite(undo: Route53Undo, route53: Route53Reach): Promise<Trial> {
  const reply = await writeCheck(undo, { Disabled: false, Inverted: false }, NO_VERSION, route53);
  if (reply.kind === "reply")
    return { kind: "allowed", notes: ["this server does not look at HealthCheckVersion, so it is not AWS's"] };
  if (reply.failure.cause === "conflict") return { kind: "allowed", notes: [] };
  return { kind: "refused", why: reply.failure.detail };
}
