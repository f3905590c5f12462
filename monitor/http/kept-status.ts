// Keeps the answer of `GET /status` for a moment, whole: many readers at once cost the coordinator one look and not as many,
// and writing it out once is most of what it costs. What is kept is bytes and never a promise, because a Worker may not
// wait for what another request began.
import type { Instant } from "../time.ts";

/** Far below any interval, and what is shown carries the instant at which it was true. */
export const KEPT_MS_MAX = 250;

const PATH = "/status";
/** After "https://". */
const HOST_FROM = 8;

interface Kept {
  readonly at: Instant;
  /** Written out once, as bytes. */
  readonly body: Uint8Array<ArrayBuffer>;
  readonly headers: Headers;
}

/** All other requests, and answers other than 200, go through untouched. A clock that was set back ends the keeping as well. */
export function keepStatus(
  answer: (request: Request) => Response | Promise<Response>,
  now: () => Instant,
): (request: Request) => Response | Promise<Response> {
  let kept: Kept | null = null;
  const renew = async (request: Request, at: Instant): Promise<Response> => {
    const response = await answer(request);
    if (response.status !== 200) return response;
    const body = new Uint8Array(await response.arrayBuffer());
    kept = { at, body, headers: new Headers(response.headers) };
    return new Response(body, { headers: kept.headers });
  };
  // Not async: what is kept needs no promise, and in workerd each costs.
  return (request) => {
    if (!isPlainStatus(request)) return answer(request);
    const at = now();
    if (kept !== null && at >= kept.at && at - kept.at < KEPT_MS_MAX)
      return new Response(kept.body, { headers: kept.headers });
    return renew(request, at);
  };
}

/** Without a query, whose parameters must be looked at. */
function isPlainStatus({ method, url }: Request): boolean {
  return method === "GET" && url.endsWith(PATH) && url.indexOf("/", HOST_FROM) === url.length - PATH.length;
}
