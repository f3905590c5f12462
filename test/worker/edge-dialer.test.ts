// The contracts again with sockets in their own entrypoint, as a vantage has them: the same answers, and nothing stays open,
// not even a handshake that is never answered.
import { exports } from "cloudflare:workers";
import { beforeAll, describe, expect, inject, test } from "vitest";
import { edgeClock, makeEdgeWorld } from "../../worker/edge-world.ts";
import { makeCalledSockets } from "../../worker/edge-socket.ts";
import { dnsContract } from "../contract/dns.ts";
import { netContract } from "../contract/net.ts";
import { EDGE_DNS, EDGE_NET } from "./edge-expectations.ts";

const LOAD_MS_MAX = 30_000;

// The first call loads the whole Worker, which is Vite's time and not the dialer's.
beforeAll(async () => {
  await exports.EdgeDialer.dial({ host: "127.0.0.1", port: inject("faults").ports.ok, secure: "tcp" }, LOAD_MS_MAX);
}, LOAD_MS_MAX);

describe("through the dialer", () => {
  const world = makeEdgeWorld(exports.EdgeDialer);
  netContract(() => ({ net: world.net, clock: edgeClock() }), { ...EDGE_NET, unclosed: [] }, inject("faults"));
  dnsContract(() => ({ dns: world.dns, clock: edgeClock() }), EDGE_DNS, inject("dns"));
});

describe("a dialer", () => {
  const target = { host: "127.0.0.1", port: 1, secure: "tcp" } as const;

  test("that does not come back is given up shortly after the limit", async () => {
    const never = (): Promise<never> => new Promise(() => undefined);
    const sockets = makeCalledSockets({ dial: never, exchange: never }, edgeClock());
    const startedMs = edgeClock().monotonicMs();
    expect(await sockets.dial(target, 50)).toMatchObject({ kind: "failed", failure: { cause: "timeout" } });
    expect(edgeClock().monotonicMs() - startedMs).toBeLessThan(5000);
  });

  test("that cannot be called is a failure and no exception", async () => {
    const broken = async (): Promise<never> => {
      throw new Error("Too many subrequests.");
    };
    const sockets = makeCalledSockets({ dial: broken, exchange: broken }, edgeClock());
    expect(await sockets.exchange("127.0.0.1", 1, new Uint8Array(), 50)).toMatchObject({
      failure: { cause: "not-started" },
    });
  });
});
