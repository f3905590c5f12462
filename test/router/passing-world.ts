// The same upstream twice: asked directly, as the reference of what must not change, and through the router in workerd. A
// second region stands by and must never be asked: a request that went there would have been repeated.
import { startPassingUpstream, type PassingUpstream } from "./passing-upstream.ts";
import { HOST, routerTopology, serveRouter, startUpstream, type Upstream } from "./router-world.ts";

/** By name, the port that a client asks. */
export type Way = "directly" | "through the router";
export const WAYS: readonly Way[] = ["directly", "through the router"];

export interface PassingWorld {
  readonly upstream: PassingUpstream;
  readonly standby: Upstream;
  readonly workerdPid: number;
  port(way: Way): number;
  end(): Promise<void>;
}

export async function startPassingWorld(): Promise<PassingWorld> {
  const [upstream, standby] = await Promise.all([startPassingUpstream(), startUpstream("us-west-2")]);
  // Patient, so that a busy machine moves nothing to the standby.
  const router = `mode: proxy, host: ${HOST}, retry: { waitMs: 30000 }`;
  const worker = await serveRouter(routerTopology(router, upstream.port, standby.port));
  return {
    upstream,
    standby,
    workerdPid: worker.pid,
    port: (way) => (way === "directly" ? upstream.port : worker.port),
    end: async () => {
      await worker.end();
      await Promise.all([upstream.close(), standby.close()]);
    },
  };
}
