// Every rule on more than one field, over whatever fields are right by themselves. Each gives all of its breaches.
import { REQUEST_INTERVALS_SECONDS } from "../policy/constants.ts";
import { alertBreaches } from "./alert-rules.ts";
import { maintenanceBreaches } from "./maintenance-rules.ts";
import { repeated, takenIds } from "./distinct.ts";
import type { Draft } from "./draft.ts";
import { objectiveBreaches } from "./objective-rules.ts";
import { policyBreaches } from "./policy-rules.ts";
import { regionBreaches, unreachableUrl } from "./region-rules.ts";
import { routerBreaches } from "./router-rules.ts";
import { HINT_WORDS } from "./schema.ts";
import { LOCATION_HINTS, type Topology } from "./topology.ts";
import { stateBreaches } from "./state-size.ts";
import { splitUrl } from "./url.ts";
import type { Breach } from "./wording.ts";

const INTERVALS: ReadonlySet<number> = new Set(REQUEST_INTERVALS_SECONDS);

/** In no particular order: the parser sorts by place. */
export function topologyBreaches(draft: Draft<Topology>): readonly Breach[] {
  const rules = [
    regionBreaches,
    policyBreaches,
    hostBreaches,
    checkBreaches,
    serverBreaches,
    probeBreaches,
    vantageBreaches,
    placeBreaches,
    objectiveBreaches,
    routerBreaches,
    alertBreaches,
    maintenanceBreaches,
    stateBreaches,
  ];
  return rules.flatMap((rule) => rule(draft));
}

function hostBreaches(draft: Draft<Topology>): readonly Breach[] {
  const host = draft.service?.host;
  const zone = draft.dns?.zone;
  if (host === undefined || zone === undefined || host === zone || host.endsWith(`.${zone}`)) return [];
  return [{ path: ["service", "host"], expected: `a name in the zone ${zone}` }];
}

function checkBreaches(draft: Draft<Topology>): readonly Breach[] {
  const seconds = draft.dns?.healthCheck?.intervalSeconds;
  if (draft.local !== false || seconds === undefined || INTERVALS.has(seconds)) return [];
  const expected = "10 or 30 seconds, the intervals that Route 53 has (others are allowed under `local: true`)";
  return [{ path: ["dns", "healthCheck", "intervalSeconds"], expected }];
}

function serverBreaches(draft: Draft<Topology>): readonly Breach[] {
  const resolvers = (draft.dns?.resolvers ?? []).map((value, index) => ({ path: ["dns", "resolvers", index], value }));
  const none = draft.dns?.resolvers?.length === 0 && draft.dns.nameServers?.length === 0;
  const expected = "at least one resolver, or name servers to ask";
  const unreachable = resolvers.flatMap(({ path, value }) => {
    const parts = value === undefined || draft.local !== false ? null : splitUrl(value);
    return parts === null ? [] : unreachableUrl(parts).map((reason) => ({ path, expected: reason }));
  });
  return [
    ...unreachable,
    ...repeated(resolvers, "each resolver once"),
    ...(none ? [{ path: ["dns", "resolvers"], expected }] : []),
  ];
}

function probeBreaches(draft: Draft<Topology>): readonly Breach[] {
  const { intervalSeconds, timeoutMs } = draft.probe ?? {};
  if (intervalSeconds === undefined) return [];
  const found: Breach[] = [];
  if (draft.local === false && (intervalSeconds < 10 || !Number.isInteger(intervalSeconds)))
    found.push({
      path: ["probe", "intervalSeconds"],
      expected: "a whole number from 10 to 3600 seconds (shorter ones and fractions are allowed under `local: true`)",
    });
  const mostMs = Math.floor((intervalSeconds * 1000) / 2);
  if (timeoutMs !== undefined && timeoutMs > mostMs)
    found.push({
      path: ["probe", "timeoutMs"],
      expected: `at most ${mostMs} milliseconds, half of probe.intervalSeconds, so that a round ends before the next one starts`,
      byDefault: timeoutMs,
    });
  return found;
}

function vantageBreaches(draft: Draft<Topology>): readonly Breach[] {
  const vantages = draft.probe?.vantages ?? [];
  const ids = vantages.map((vantage, index) => ({ path: ["probe", "vantages", index, "id"], value: vantage?.id }));
  const orders = vantages.flatMap((vantage, index) =>
    repeated(
      (vantage?.latencyOrder ?? []).map((value, at) => ({
        path: ["probe", "vantages", index, "latencyOrder", at],
        value,
      })),
      "each AWS region once",
    ),
  );
  return [...repeated(ids, "a vantage id that no other vantage has"), ...takenIds(ids), ...orders];
}

/** Either Cloudflare places a vantage, or somebody else runs it; and one at least looks when it is told to. */
function placeBreaches(draft: Draft<Topology>): readonly Breach[] {
  const vantages = draft.probe?.vantages ?? [];
  const places = vantages.flatMap((vantage, index): readonly Breach[] => {
    const path = ["probe", "vantages", index, "hint"];
    const { hint, private: own } = vantage ?? {};
    if (own === true && hint !== undefined && hint !== null)
      return [{ path, expected: "no hint beside `private: true`: nobody places that vantage" }];
    const expected = `${HINT_WORDS} (${LOCATION_HINTS.join(", ")}), or \`private: true\` where a process of yours looks`;
    return vantage !== undefined && own !== true && hint === null ? [{ path, expected }] : [];
  });
  const lonely = vantages.length > 0 && vantages.every((vantage) => vantage?.private === true);
  const expected = "at least one vantage with a hint: private ones report, and nobody would be sent to look";
  return [...places, ...(lonely ? [{ path: ["probe", "vantages"], expected }] : [])];
}
