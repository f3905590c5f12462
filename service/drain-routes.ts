// `/drain`, for those who have the token: who could turn a region unhealthy without one could send all users elsewhere. Where
// no token is set the path does not exist.
import { createHash, timingSafeEqual } from "node:crypto";
import type { Context, Hono } from "hono";
import { bodyLimit } from "hono/body-limit";
import { type Drain, DRAIN_SECONDS_MAX } from "./drain.ts";
import type { Claim } from "./identity.ts";

export const DRAIN_PATH = "/drain";
const BODY_BYTES_MAX = 1024;

export interface DrainInputs {
  readonly drain: Drain;
  readonly token: string;
  readonly claim: () => Claim;
  /** Milliseconds since 1970. */
  readonly now: () => number;
  /** Hears of every change. */
  readonly tell: (sentence: string) => void;
}

export function addDrainRoutes(app: Hono, { drain, token, claim, now, tell }: DrainInputs): void {
  // The claim says which Pod this was: behind a load balancer it takes several requests to meet all of them.
  const reply = (context: Context): Response => {
    const until = drain.until(now());
    return context.json({ ...claim(), drainedUntil: until === null ? null : new Date(until).toISOString() });
  };
  app.use(DRAIN_PATH, async (context, next) => {
    if (isSame(context.req.header("authorization") ?? "", `Bearer ${token}`)) return next();
    return context.json({ error: "a bearer token is needed" }, 401, { "www-authenticate": "Bearer" });
  });
  app.get(DRAIN_PATH, reply);
  const limit = bodyLimit({
    maxSize: BODY_BYTES_MAX,
    onError: (context) => context.json({ error: `the body is longer than ${BODY_BYTES_MAX} bytes` }, 413),
  });
  app.post(DRAIN_PATH, limit, async (context) => {
    const seconds = secondsIn(await context.req.json().catch(() => null));
    if (seconds === null) {
      const expected = `expected {"seconds": a whole number from 1 to ${DRAIN_SECONDS_MAX}} and nothing else`;
      return context.json({ error: expected }, 400);
    }
    drain.begin(seconds, now());
    tell(`drained for ${seconds} s`);
    return reply(context);
  });
  app.delete(DRAIN_PATH, (context) => {
    drain.end();
    tell("no longer drained");
    return reply(context);
  });
  app.all(DRAIN_PATH, (context) =>
    context.json({ error: "method not allowed: use GET, POST or DELETE" }, 405, { allow: "GET, HEAD, POST, DELETE" }),
  );
}

function secondsIn(body: unknown): number | null {
  if (typeof body !== "object" || body === null || Object.keys(body).length !== 1) return null;
  const seconds: unknown = Reflect.get(body, "seconds");
  const isFit =
    typeof seconds === "number" && Number.isInteger(seconds) && seconds >= 1 && seconds <= DRAIN_SECONDS_MAX;
  return isFit ? seconds : null;
}

/** In constant time, whatever the lengths. */
function isSame(given: string, expected: string): boolean {
  const digest = (text: string): Buffer => createHash("sha256").update(text).digest();
  return timingSafeEqual(digest(given), digest(expected));
}
