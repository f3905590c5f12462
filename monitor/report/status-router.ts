// The router's part of `/status`: what it was asked to do, and what its isolates told lately.
import type { RouterStanding } from "../model/steering.ts";
import { toIso } from "../time.ts";
import { routerHost, type Topology } from "../topology/topology.ts";
import type { StatusReport } from "./status-schema.ts";

type RouterRow = NonNullable<StatusReport["router"]>;

/** Without the row where the router is off. */
export function routerRow(topology: Topology, standing: RouterStanding | undefined): { readonly router?: RouterRow } {
  const { mode, steering } = topology.router;
  if (mode === "off" || standing === undefined) return {};
  const { failedOpenAt, isolates, requests, retries, vain } = standing;
  return {
    router: {
      mode,
      steering: steering.by,
      host: routerHost(topology),
      regions: topology.regions.map(({ id }) => regionRow(id, standing)),
      failOpen: failedOpenAt !== null,
      failedOpenAt: failedOpenAt === null ? null : toIso(failedOpenAt),
      isolates,
      requests,
      retries,
      vainRetries: vain,
    },
  };
}

function regionRow(
  id: string,
  { drains, suspectedBy, mismatches, served }: RouterStanding,
): RouterRow["regions"][number] {
  const drain = drains[id];
  const mismatch = mismatches[id];
  return {
    id,
    drain: drain === undefined ? null : { kind: drain.kind, since: toIso(drain.since), until: toIso(drain.until) },
    suspectedBy: suspectedBy[id] ?? 0,
    ...(served === undefined ? {} : { served: served[id] ?? 0 }),
    mismatch: mismatch === undefined ? null : { claimed: mismatch.claimed, at: toIso(mismatch.at) },
  };
}
