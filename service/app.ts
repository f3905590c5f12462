// The service that is watched: four paths, and on every reply the region that sent it. Who it is, whether it is leaving and
// what time it is come in from outside, so the same inputs give the same reply.
import { type Handler, Hono } from "hono";
import { type Drain, makeDrain } from "./drain.ts";
import { addDrainRoutes } from "./drain-routes.ts";
import { type Health, replyHealth } from "./health-reply.ts";
import { type Identity, makeClaim } from "./identity.ts";

export type Readiness = "ready" | "draining";

export interface AppInputs {
  readonly identity: Identity;
  readonly readiness: () => Readiness;
  /** Milliseconds since 1970. */
  readonly now: () => number;
  /** Opens `/drain`; null: there is no such path. */
  readonly drainToken: string | null;
  /** Hears of every change that `/drain` made. */
  readonly tell: (sentence: string) => void;
  /** Hears what went wrong behind a 500; the client does not. */
  readonly report: (fault: Error) => void;
}

export function makeApp({ identity, readiness, now, drainToken, tell, report }: AppInputs): Hono {
  const drain = makeDrain();
  const claim = (): ReturnType<typeof makeClaim> => makeClaim(identity, now());
  const replies: Readonly<Record<string, Handler>> = {
    "/": (context) => context.json(claim()),
    "/healthz": (context) => replyHealth(context, healthOf(drain, now()), claim()),
    // Drained or not: who restarts what does not live must not restart this.
    "/livez": (context) => replyHealth(context, { status: "pass" }, claim()),
    "/readyz": (context) =>
      replyHealth(
        context,
        readiness() === "ready" ? { status: "pass" } : { status: "fail", reason: "draining" },
        claim(),
      ),
  };
  const app = new Hono();
  app.use(async (context, next) => {
    context.header("x-region", identity.region);
    context.header("cache-control", "no-store");
    // Clients that keep a connection would otherwise never look elsewhere before it is cut.
    if (readiness() === "draining" || drain.until(now()) !== null) context.header("connection", "close");
    await next();
  });
  for (const [path, reply] of Object.entries(replies)) {
    app.get(path, reply);
    app.all(path, (context) =>
      context.json({ error: "method not allowed: use GET or HEAD" }, 405, { allow: "GET, HEAD" }),
    );
  }
  if (drainToken !== null) addDrainRoutes(app, { drain, token: drainToken, claim, now, tell });
  app.notFound((context) => context.json({ error: `not found: use ${Object.keys(replies).join(", ")}` }, 404));
  app.onError((fault, context) => {
    report(fault);
    return context.json({ error: "internal error" }, 500);
  });
  return app;
}

/** `/readyz` goes on passing: whoever takes Pods that are not ready away would hurt users, and no request would end the drain. */
function healthOf(drain: Drain, at: number): Health {
  return drain.until(at) === null ? { status: "pass" } : { status: "fail", reason: "drained" };
}
