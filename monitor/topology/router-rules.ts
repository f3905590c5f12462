// What the router's settings ask of the regions: its own name must not be an endpoint's, or it would call itself; and whoever is
// named, or has a place, must be known.
import { repeated } from "./distinct.ts";
import type { Draft } from "./draft.ts";
import { knownRegions, placelessRegions, placesBreaches, unknownRegions } from "./region-map-rules.ts";
import type { RouterSettings, Steering, Topology } from "./topology.ts";
import { splitUrl } from "./url.ts";
import type { Breach } from "./wording.ts";

const STEERING = ["router", "steering"] as const;

export function routerBreaches(draft: Draft<Topology>): readonly Breach[] {
  const { router } = draft;
  if (router === undefined) return [];
  return [
    ...hostBreaches(draft, router),
    ...(router.steering === undefined ? [] : steeringBreaches(draft, router.steering)),
  ];
}

function hostBreaches(draft: Draft<Topology>, { host }: Draft<RouterSettings>): readonly Breach[] {
  const hosts = (draft.regions ?? []).map((region) => splitUrl(region?.endpoint?.url ?? "")?.host);
  if (host === undefined || host === null || !hosts.includes(host)) return [];
  return [
    { path: ["router", "host"], expected: "a name that is no region's endpoint, because the router would call itself" },
  ];
}

function steeringBreaches(draft: Draft<Topology>, steering: Draft<Steering>): readonly Breach[] {
  switch (steering.by) {
    case "failover":
      return orderBreaches(draft, steering.order ?? []);
    case "weighted":
      return [...unknownRegions(draft, [...STEERING, "weights"], steering.weights), ...weightless(steering.weights)];
    case "geo":
      return placesBreaches(draft, [...STEERING, "places"], steering.places, "a place that no other region has");
    case "proximity":
      return placelessRegions(draft, "because the router steers by proximity");
    default:
      return [];
  }
}

function orderBreaches(draft: Draft<Topology>, order: readonly (string | undefined)[]): readonly Breach[] {
  const standings = order.map((value, index) => ({ path: [...STEERING, "order", index], value }));
  const known = knownRegions(draft);
  const unknown = standings.flatMap(({ path, value }): Breach[] => {
    if (known === null || value === undefined || known.includes(value)) return [];
    return [{ path, expected: `the id of a region (${known.join(", ")})`, among: known }];
  });
  return [...unknown, ...repeated(standings, "each region once")];
}

function weightless(weights: Readonly<Record<string, number | undefined>> | undefined): readonly Breach[] {
  const given = Object.values(weights ?? {});
  if (given.length === 0 || given.some((weight) => weight !== 0)) return [];
  return [{ path: [...STEERING, "weights"], expected: "a weight above 0 for one region at least" }];
}
