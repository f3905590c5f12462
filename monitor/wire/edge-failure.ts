// Where Node and workerd throw, Cloudflare's edge answers in the origin's name: 520 to 526, and 530. Such a reply is a failure
// of the network and not of the service.
import type { Failure, FailureCause } from "../model/observation.ts";

/** Every reply of the service carries it; a 52x without it was made by the edge and not by the service. */
export const REGION_HEADER = "x-region";

/** The code stands at the start of a page of a few bytes. */
const BODY_SEARCHED_MAX = 160;

/** What Cloudflare answers itself when it cannot reach the origin (Cloudflare docs, "Cloudflare 5xx errors"). */
const EDGE_STATUSES: Readonly<Record<number, readonly [FailureCause, string]>> = {
  520: ["connection-lost", "The edge got an empty or unreadable reply."],
  521: ["refused", "The edge's connection was refused."],
  522: ["timeout", "The edge got no connection in time."],
  523: ["unreachable", "The edge has no route to the address."],
  524: ["timeout", "The edge got no reply in time."],
  525: ["tls", "The edge's TLS handshake failed."],
  526: ["tls", "The edge did not accept the certificate."],
};

/** Null for a reply of the service itself: any other status, or one that carries `x-region`. */
export function edgeFailure(status: number, region: string | null, body: string): Failure | null {
  if (region !== null) return null;
  const [cause, sentence] = EDGE_STATUSES[status] ?? [];
  if (cause !== undefined) return { cause, detail: `${sentence?.replace(/\.$/, "")} (status ${status}).` };
  if (status !== 530) return null;
  const code = /error code: (\d{4})/.exec(body.slice(0, BODY_SEARCHED_MAX))?.[1] ?? "unknown";
  return code === "1016"
    ? { cause: "name-not-resolved", detail: "The edge could not resolve the name (status 530, error code 1016)." }
    : { cause: "unreachable", detail: `The edge could not reach the origin (status 530, error code ${code}).` };
}
