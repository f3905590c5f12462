// What Route 53 asks of the regions under each routing policy (Developer Guide, "Choosing a routing policy"; API Reference,
// ResourceRecordSet): it would refuse these record sets, or answer otherwise than the topology's reader expects.
import { CHECKED_TTL_SECONDS_MAX } from "../policy/constants.ts";
import { repeated } from "./distinct.ts";
import type { Draft } from "./draft.ts";
import {
  geolocationBreaches,
  geoproximityBreaches,
  ipBasedBreaches,
  knownRegions,
  weightedBreaches,
} from "./region-map-rules.ts";
import { fieldOf } from "./region-rules.ts";
import type { DnsPolicy, Topology } from "./topology.ts";
import type { Breach } from "./wording.ts";

type Policy<R extends DnsPolicy["routing"]> = Draft<Extract<DnsPolicy, { readonly routing: R }>>;

export function policyBreaches(draft: Draft<Topology>): readonly Breach[] {
  const policy = draft.dns?.policy;
  switch (policy?.routing) {
    case "failover":
      return [...failoverBreaches(draft, policy), ...ttlBreaches(draft, policy.ttlSeconds)];
    case "latency":
      return [...latencyBreaches(draft), ...ttlBreaches(draft, policy.ttlSeconds)];
    case "weighted":
      return [...weightedBreaches(draft, policy), ...ttlBreaches(draft, policy.ttlSeconds)];
    case "geolocation":
      return [...geolocationBreaches(draft, policy), ...ttlBreaches(draft, policy.ttlSeconds)];
    case "geoproximity":
      return [...geoproximityBreaches(draft, policy), ...ttlBreaches(draft, policy.ttlSeconds)];
    case "multivalue":
      return ttlBreaches(draft, policy.ttlSeconds);
    case "ip-based":
      return [
        ...ipBasedBreaches(draft, policy),
        ...unknownRegion(draft, "default", policy.default),
        ...ttlBreaches(draft, policy.ttlSeconds),
      ];
    default:
      return [];
  }
}

function failoverBreaches(draft: Draft<Topology>, policy: Policy<"failover">): readonly Breach[] {
  const regions = draft.regions ?? [];
  const found: Breach[] = [];
  if (draft.regions !== undefined && regions.length < 2)
    found.push({ path: ["regions"], expected: "at least 2 regions, because the routing is failover" });
  found.push(
    ...unknownRegion(draft, "primary", policy.primary),
    ...unknownRegion(draft, "secondary", policy.secondary),
  );
  if (policy.secondary !== undefined && policy.secondary === policy.primary)
    found.push({ path: ["dns", "policy", "secondary"], expected: "another region than the primary" });
  regions.forEach((region, index) => {
    if (region?.id === undefined || region.id !== policy.primary || region.dnsHealthCheck !== false) return;
    const expected = "true, because Route 53 refuses a failover primary without a health check";
    found.push({ path: ["regions", index, "dnsHealthCheck"], expected });
  });
  return found;
}

/** Silent while any id is wrong by itself: it may be the one that is meant. */
function unknownRegion(
  draft: Draft<Topology>,
  role: "primary" | "secondary" | "default",
  id: string | undefined,
): readonly Breach[] {
  const known = knownRegions(draft);
  if (id === undefined || known === null || known.includes(id)) return [];
  return [{ path: ["dns", "policy", role], expected: `the id of a region (${known.join(", ")})`, among: known }];
}

function latencyBreaches(draft: Draft<Topology>): readonly Breach[] {
  const distinct = repeated(
    fieldOf(draft, "awsRegion", (region) => region.awsRegion),
    "an AWS region that no other region has, because Route 53 takes one latency record for each",
  );
  const others = (draft.regions ?? []).flatMap((region, index): Breach[] => {
    const missing =
      region?.awsRegion === null
        ? [
            {
              path: ["regions", index, "awsRegion"],
              expected: "the AWS region nearest to this one, because the routing is latency",
            },
          ]
        : [];
    return [...missing, ...secondAddresses(region?.endpoint?.addresses ?? [], index)];
  });
  return [...distinct, ...others];
}

/** "You can only specify one ResourceRecord per latency resource record set" (API Reference, ResourceRecordSet, Region). */
function secondAddresses(addresses: readonly (string | undefined)[], index: number): readonly Breach[] {
  const first = (isIpv6: boolean) => addresses.findIndex((address) => address?.includes(":") === isIpv6);
  return addresses.flatMap((address, at): Breach[] => {
    if (address === undefined || at === first(address.includes(":"))) return [];
    const expected = "one IPv4 and one IPv6 address at most, because a latency record of Route 53 holds one value";
    return [{ path: ["regions", index, "endpoint", "addresses", at], expected }];
  });
}

function ttlBreaches(draft: Draft<Topology>, ttlSeconds: number | undefined): readonly Breach[] {
  const checked = (draft.regions ?? []).some((region) => region?.dnsHealthCheck === true);
  if (!checked || ttlSeconds === undefined || ttlSeconds <= CHECKED_TTL_SECONDS_MAX) return [];
  const expected = `at most ${CHECKED_TTL_SECONDS_MAX} seconds, because users keep the answer of a region that failed for that long`;
  return [{ path: ["dns", "policy", "ttlSeconds"], expected }];
}
