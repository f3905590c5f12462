import { beforeEach, describe, expect, onTestFinished, test } from "vitest";
import type { LeverWish } from "../../monitor/drill/lever-wish.ts";
import { done, failed, type Lever } from "../../monitor/lever/lever.ts";
import { makeLever } from "../../monitor/lever/make-lever.ts";
import { makeReach } from "../../monitor/lever/reach.ts";
import type { WorldSearch } from "../../monitor/local/world-client.ts";
import type { FoundWorld } from "../../monitor/local/world-file.ts";
import type { Topology } from "../../monitor/topology/topology.ts";
import { toIso } from "../../monitor/time.ts";
import { AWS, EXAMPLE } from "../support/example-topology.ts";
import { undoIn } from "./clusters.ts";
import { type DrainMonitor, openDrainMonitor } from "./drain-monitor.ts";
import { openPods, type Pods, TOKEN } from "./pods.ts";

const SECOND = 1000;
const LATER = Date.UTC(2100, 0, 1);
const SERVICE: LeverWish = { lever: "service-drain", region: AWS.id };
const ROUTER: LeverWish = { lever: "router-drain", region: AWS.id };

/** Whose clock goes on at will. */
function leverAt(
  wish: LeverWish,
  topology: Topology,
  env: Readonly<Record<string, string>>,
  holdMs: number,
  url = "",
): { lever: Lever; pass: (ms: number) => void; now: () => number } {
  let passed = 0;
  const reach = makeReach(env);
  const now = (): number => Date.now() + passed;
  const clock = { ...reach.clock, now };
  const place = url === "" ? {} : { monitorUrl: url };
  const lever = makeLever(wish, { topology, worldPort: null, holdMs, ...place }, { ...reach, clock });
  return { lever, pass: (ms) => void (passed += ms), now };
}

describe("the service's drain", () => {
  let pods: Pods;
  const open = async (count: number, token: string | null = TOKEN): Promise<void> => {
    pods = await openPods(count, token);
    onTestFinished(() => pods.close());
  };
  const at = (url: string, part: Partial<Topology> = {}): Topology => {
    const region = { ...AWS, endpoint: { ...AWS.endpoint, url }, cluster: { ...AWS.cluster, replicas: 3 } };
    return { ...EXAMPLE, ...part, regions: [region] };
  };
  const leverWith = (
    part: Partial<Topology> = {},
    holdMs = 600 * SECOND,
    env: Record<string, string> = { DRAIN_TOKEN: TOKEN },
  ) => leverAt(SERVICE, at(pods.url, part), env, holdMs);

  test("turns every Pod behind the balancer, and turns them back, as often as asked", async () => {
    await open(3);
    const { lever } = leverWith();
    const plan = await lever.plan();
    expect(plan).toMatchObject({
      kind: "ready",
      steps: [`at ${pods.url}, turn /healthz of 3 Pods to 503 (POST /drain); they go on serving users`],
      warnings: [],
      expiresBy: expect.stringMatching(/^the service itself at 20.*Z$/),
    });
    const undo = undoIn(plan);
    expect(JSON.stringify(undo)).not.toContain(TOKEN);
    expect(await lever.verify(undo)).toEqual({ kind: "restored" });
    for (let times = 0; times < 2; times += 1) {
      expect(await lever.apply(undo)).toEqual({ kind: "done", detail: `3 Pods in ${AWS.id} drained` });
      expect(await pods.healths()).toEqual([503, 503, 503]);
      expect(await lever.verify(undo)).toEqual({ kind: "applied" });
    }
    for (let times = 0; times < 2; times += 1) {
      expect(await lever.rollback(undo)).toMatchObject({ kind: "done" });
      expect(await pods.healths()).toEqual([200, 200, 200]);
      expect(await lever.verify(undo)).toEqual({ kind: "restored" });
    }
  });

  test("says so where the balancer hides Pods", async () => {
    await open(3);
    pods.only = 1;
    const { lever } = leverWith();
    const plan = await lever.plan();
    expect(plan).toMatchObject({ warnings: ["only 1 of 3 Pods were met in 44 looks"] });
    const undo = undoIn(plan);
    expect(await lever.apply(undo)).toMatchObject({ kind: "failed", detail: `only 1 of 3 Pods in ${AWS.id} were met` });
    expect(await lever.rollback(undo)).toMatchObject({
      kind: "failed",
      cause: "unavailable",
      detail: expect.stringMatching(/^only 1 of 3 Pods in \S+ were met; the others end by themselves at 20.*Z$/),
      byHand: [
        expect.stringMatching(
          /^curl -X DELETE -H "authorization: Bearer \$DRAIN_TOKEN" http:.*\/drain {3}# until each of 3 Pods/,
        ),
      ],
    });
    pods.only = null;
    expect(await lever.rollback(undo)).toMatchObject({ kind: "done" });
    expect(await pods.healths()).toEqual([200, 200, 200]);
  });

  test("tells where only some Pods are drained", async () => {
    await open(3);
    const { lever } = leverWith();
    const undo = undoIn(await lever.plan());
    await lever.apply(undo);
    await fetch(`${pods.url}/drain`, { method: "DELETE", headers: { authorization: `Bearer ${TOKEN}` } });
    expect(await lever.verify(undo)).toEqual({ kind: "other", detail: "of 3 Pods 2 drained and 1 not" });
  });

  test("is over by itself, and needs nobody for it", async () => {
    await open(3);
    const { lever, pass, now } = leverWith();
    pods.now = now;
    const undo = undoIn(await lever.plan());
    await lever.apply(undo);
    await pods.close();
    expect(await lever.rollback(undo)).toMatchObject({ kind: "failed", cause: "unavailable" });
    pass(600 * SECOND);
    expect(await lever.rollback(undo)).toMatchObject({
      kind: "done",
      detail: expect.stringContaining("ended by itself"),
    });
    expect(await lever.verify(undo)).toEqual({ kind: "restored" });
    expect(await lever.apply(undo)).toMatchObject({ kind: "failed", cause: "refused" });
    expect(await pods.healths()).toEqual([200, 200, 200]);
  });

  test.each([
    [
      "without its token here",
      {},
      {},
      undefined,
      "DRAIN_TOKEN is not set here: it is the token of the service's /drain",
    ],
    [
      "where health checks ask another path",
      { DRAIN_TOKEN: TOKEN },
      { dns: { ...EXAMPLE.dns, healthCheck: { ...EXAMPLE.dns.healthCheck, path: "/deep?full=1" } } },
      undefined,
      "health checks ask /deep, and the drain turns /healthz alone",
    ],
    [
      "for longer than the service drains",
      { DRAIN_TOKEN: TOKEN },
      {},
      3601 * SECOND,
      "the service drains for at most 3600 s, and the drill may last 3601 s",
    ],
  ])("is refused %s", async (_, env, part, holdMs, sentence) => {
    await open(1);
    expect(await leverWith(part, holdMs, env).lever.plan()).toEqual({ kind: "refused", why: [sentence] });
  });

  describe("in a local world", () => {
    const PORT = 8787;
    const DRAIN_TOKEN = "0123456789abcdef".repeat(4);
    const file = (part: object = {}): FoundWorld => {
      const urls = { statusUrl: "http://127.0.0.1:8787", controlUrl: "http://127.0.0.1:1" };
      return { pid: 7, port: PORT, ...urls, token: "f".repeat(64), drainToken: DRAIN_TOKEN, ...part };
    };
    const leverIn = (world: () => FoundWorld | null): Lever => {
      const findWorld = (): Promise<WorldSearch> => {
        const found = world();
        return Promise.resolve(found === null ? { kind: "none", running: [] } : { kind: "found", world: found });
      };
      const scene = { topology: at(pods.url), worldPort: PORT, holdMs: 600 * SECOND };
      return makeLever(SERVICE, scene, { ...makeReach({ DRAIN_TOKEN: TOKEN }), findWorld });
    };

    test("the token is that of its file, and stands in no undo", async () => {
      await open(3, DRAIN_TOKEN);
      const lever = leverIn(() => file());
      const undo = undoIn(await lever.plan());
      expect(undo).toMatchObject({ world: { port: PORT, pid: 7 } });
      expect(JSON.stringify(undo)).not.toContain(DRAIN_TOKEN);
      expect(await lever.apply(undo)).toMatchObject({ kind: "done" });
      expect(await pods.healths()).toEqual([503, 503, 503]);
      expect(await lever.rollback(undo)).toMatchObject({ kind: "done" });
      expect(await pods.healths()).toEqual([200, 200, 200]);
    });

    test.each<[string, FoundWorld | null]>([
      ["has ended", null],
      ["has another one on its port", file({ pid: 8 })],
    ])("nothing is left to put back where it %s", async (_, later) => {
      await open(3, DRAIN_TOKEN);
      let world: FoundWorld | null = file();
      const lever = leverIn(() => world);
      const undo = undoIn(await lever.plan());
      await lever.apply(undo);
      world = later;
      await pods.close();
      expect(await lever.rollback(undo)).toEqual({
        kind: "done",
        detail: "the local world has ended, and the drain with it",
      });
      expect(await lever.verify(undo)).toEqual({ kind: "restored" });
      expect(await lever.apply(undo)).toMatchObject({ kind: "failed", cause: "unavailable" });
    });

    test("a Pod that does not answer is waited for, and what a person can do is said without a token", async () => {
      await open(3, DRAIN_TOKEN);
      const lever = leverIn(() => file());
      const undo = undoIn(await lever.plan());
      await lever.apply(undo);
      await pods.close();
      expect(await lever.rollback(undo)).toMatchObject({
        kind: "failed",
        byHand: [expect.stringMatching(/^end the local world on port 8787, or wait: it ends by itself at 20.*Z$/)],
      });
    });

    test.each<[string, FoundWorld | null, string]>([
      ["that has ended", null, "the local world has ended"],
      [
        "of an earlier version",
        file({ drainToken: undefined }),
        "this local world was started by an earlier version, whose services cannot be drained: start it anew",
      ],
    ])("it is refused in one %s", async (_, world, sentence) => {
      await open(1);
      expect(await leverIn(() => world).plan()).toEqual({ kind: "refused", why: [sentence] });
    });
  });

  test.each([
    [
      "where its Pods have no token",
      null,
      /\/drain answers 404: not found: .*: DRAIN_TOKEN is not set in its Pods, or its version has no drain$/,
    ],
    [
      "with another token than theirs",
      "fedcba9876543210",
      /\/drain answers 401: a bearer token is needed: DRAIN_TOKEN here is not the one of its Pods$/,
    ],
  ])("is refused %s", async (_, token, sentence) => {
    await open(1, token);
    expect(await leverWith().lever.plan()).toMatchObject({ why: [expect.stringMatching(sentence)] });
  });

  test("is refused where it is drained already", async () => {
    await open(1);
    const init = { method: "POST", headers: { authorization: `Bearer ${TOKEN}` }, body: '{"seconds":60}' };
    await fetch(`${pods.url}/drain`, init);
    expect(await leverWith().lever.plan()).toMatchObject({
      why: [`the service in ${AWS.id} is drained already: left by a drill?`],
    });
  });

  test("is refused where another region answers", async () => {
    await open(1);
    const region = { ...AWS, region: "us-west-2", endpoint: { ...AWS.endpoint, url: pods.url } };
    const { lever } = leverAt(SERVICE, { ...EXAMPLE, regions: [region] }, { DRAIN_TOKEN: TOKEN }, SECOND);
    expect(await lever.plan()).toMatchObject({
      why: [`the service at ${pods.url} says that it is us-east-1, not us-west-2`],
    });
  });
});

describe("the router's drain", () => {
  let monitor: DrainMonitor;
  beforeEach(async () => {
    monitor = await openDrainMonitor();
    onTestFinished(() => monitor.close());
  });
  const leverWith = (env: Record<string, string> = { ADMIN_TOKEN: TOKEN }) =>
    leverAt(ROUTER, EXAMPLE, env, 600 * SECOND, monitor.url);

  test("is begun and ended, as often as asked", async () => {
    const { lever } = leverWith();
    const plan = await lever.plan();
    expect(plan).toMatchObject({ kind: "ready", expiresBy: expect.stringMatching(/^the monitor itself at 20.*Z$/) });
    const undo = undoIn(plan);
    expect(JSON.stringify(undo)).not.toContain(TOKEN);
    for (let times = 0; times < 2; times += 1) {
      expect(await lever.apply(undo)).toMatchObject({ kind: "done" });
      expect(await lever.verify(undo)).toEqual({ kind: "applied" });
      expect([...monitor.drains.keys()]).toEqual([AWS.id]);
    }
    for (let times = 0; times < 2; times += 1) {
      expect(await lever.rollback(undo)).toMatchObject({ kind: "done" });
      expect(await lever.verify(undo)).toEqual({ kind: "restored" });
      expect(monitor.drains.size).toBe(0);
    }
  });

  test.each([
    { name: "a maintenance that somebody made of it", kind: "maintenance" as const, afterMs: 0 },
    { name: "what somebody prolonged", kind: "drain" as const, afterMs: 61 * SECOND },
    { name: "what somebody cut short", kind: "drain" as const, afterMs: -61 * SECOND },
  ])("leaves $name", async ({ kind, afterMs }) => {
    const { lever } = leverWith();
    const undo = undoIn(await lever.plan());
    await lever.apply(undo);
    const until = (undo.lever === "router-drain" ? undo.until : 0) + afterMs;
    monitor.drains.set(AWS.id, { kind, since: 0, until });
    const words = `the router has it in ${kind} until ${toIso(until)}`;
    const left = failed("moved", `${AWS.id}: ${words}, which this drill did not set`, [
      expect.stringMatching(
        /^curl -X DELETE -H "authorization: Bearer \$ADMIN_TOKEN" .*\/v1\/drains\/aws-us-east-1 {3}# else it ends by itself/,
      ),
    ]);
    expect(await lever.rollback(undo)).toEqual(left);
    expect(await lever.apply(undo)).toEqual(left);
    expect(await lever.verify(undo)).toEqual({ kind: "other", detail: words });
    expect(monitor.drains.get(AWS.id)).toMatchObject({ kind, until });
  });

  test("takes its own for its own where the clocks are a little apart", async () => {
    const { lever } = leverWith();
    const undo = undoIn(await lever.plan());
    await lever.apply(undo);
    const own = monitor.drains.get(AWS.id);
    if (own !== undefined) monitor.drains.set(AWS.id, { ...own, until: own.until + 50 * SECOND });
    expect(await lever.rollback(undo)).toMatchObject({ kind: "done" });
    expect(monitor.drains.size).toBe(0);
  });

  test("is gone with its local world", async () => {
    const { lever } = leverWith();
    const undo = undoIn(await lever.plan());
    await lever.apply(undo);
    // No world runs there.
    const local = { ...undo, worldPort: 1 } as typeof undo;
    expect(await lever.rollback(local)).toEqual(done("the local world has ended, and the drain with it"));
    expect(await lever.verify(local)).toEqual({ kind: "restored" });
  });

  test("stays to be ended while the monitor is away, and is over by itself", async () => {
    const { lever, pass } = leverWith();
    const undo = undoIn(await lever.plan());
    await lever.apply(undo);
    await monitor.close();
    expect(await lever.rollback(undo)).toMatchObject({ kind: "failed", cause: "unavailable" });
    pass(600 * SECOND);
    expect(await lever.rollback(undo)).toMatchObject({
      kind: "done",
      detail: expect.stringContaining("ended by itself"),
    });
  });

  test.each([
    ["without the token here", {}, () => {}, /^ADMIN_TOKEN is not set here$/],
    [
      "with another token",
      { ADMIN_TOKEN: "fedcba9876543210" },
      () => {},
      /\/v1\/drains answers 401: a bearer token is needed$/,
    ],
    [
      "while the router is off",
      undefined,
      () => void (monitor.mode = "off"),
      /^the router of http\S+ is off, so nothing can be drained$/,
    ],
    [
      "where it is drained already",
      undefined,
      () => void monitor.drains.set(AWS.id, { kind: "drain", since: 0, until: LATER }),
      /^the router drains aws-us-east-1 already, until 2100-01-01T00:00:00.000Z$/,
    ],
  ])("is refused %s", async (_, env, spoil, sentence) => {
    spoil();
    expect(await leverWith(env).lever.plan()).toEqual({ kind: "refused", why: [expect.stringMatching(sentence)] });
  });

  test("is refused where nothing says which monitor it is", async () => {
    const { lever } = leverAt(ROUTER, EXAMPLE, { ADMIN_TOKEN: TOKEN }, SECOND);
    expect(await lever.plan()).toEqual({
      kind: "refused",
      why: ["which monitor the router belongs to is not said, and no local world runs"],
    });
  });
});
