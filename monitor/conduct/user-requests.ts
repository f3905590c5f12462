// One user's request, as a browser would make it: by the service's own name, to the address that the user's cache holds, with
// the certificate validated and no second try. Who served it, the reply says itself.
import type { DrillEvent } from "../drill/record.ts";
import type { FailureCause } from "../model/observation.ts";
import type { Net, NetReply } from "../run/world.ts";
import type { Region, Topology } from "../topology/topology.ts";
import { splitUrl } from "../topology/url.ts";
import { parseClaim } from "../verify/claim.ts";

const BYTES_MAX = 65_536;

export type Served = Pick<Extract<DrillEvent, { readonly kind: "request" }>, "served" | "totalMs" | "cause">;

/** The service's name with scheme and port of the region behind `address`; of the first region where no region has it. */
export function userUrl(topology: Topology, address: string | null): string {
  const region = topology.regions.find((one) => one.endpoint.addresses.includes(address ?? "")) ?? topology.regions[0];
  const parts = splitUrl(region?.endpoint.url ?? "");
  const port = parts === null ? "" : `:${parts.port}`;
  return `${parts?.scheme ?? "https"}://${topology.service.host}${port}/`;
}

/** `deadlineMs` is a reading of the monotonic clock. `headers` beside those of every request. */
export async function runRequest(
  topology: Topology,
  request: {
    readonly url: string;
    readonly address: string | null;
    readonly headers?: Readonly<Record<string, string>>;
  },
  deadlineMs: number,
  net: Net,
): Promise<Served> {
  const headers = { accept: "application/json, */*", ...request.headers };
  const reply = await net.fetchOnce({ url: request.url, headers, bytesMax: BYTES_MAX, deadlineMs });
  return judgeReply(topology, request.address, reply);
}

/** `address` null: whoever serves is right, as behind the router. */
export function judgeReply(topology: Topology, address: string | null, reply: NetReply): Served {
  if (reply.kind === "failed") return lost(reply.failure.cause, null);
  if (reply.status >= 300 && reply.status < 400) return lost("redirected", reply.totalMs);
  if (reply.status < 200 || reply.status >= 300) return lost("http-status", reply.totalMs);
  const claim = parseClaim(reply.body);
  if (claim === null) return lost("claim-unreadable", reply.totalMs);
  const region = regionOf(topology, claim.region, claim.cluster);
  if (region === null) return lost("wrong-region", reply.totalMs);
  const meant = address === null || region.endpoint.addresses.includes(address);
  return meant ? { served: region.id, totalMs: reply.totalMs, cause: null } : lost("wrong-region", reply.totalMs);
}

function regionOf({ regions }: Topology, code: string, cluster: string | null): Region | null {
  const fitting = regions.filter((region) => region.region === code);
  return fitting.find((region) => region.cluster.context === cluster) ?? fitting[0] ?? null;
}

function lost(cause: FailureCause, totalMs: number | null): Served {
  return { served: null, totalMs, cause };
}
