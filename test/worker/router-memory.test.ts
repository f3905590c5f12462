// What an isolate of the router remembers, in workerd: whom it makes wait for the coordinator, and what it does without it.
import { afterEach, describe, expect, test, vi } from "vitest";
import type { RouterHints } from "../../monitor/steering/hints.ts";
import { NOTHING_KNOWN, type RoutingSnapshot } from "../../monitor/steering/snapshot.ts";
import { UNKNOWN_CLIENT } from "../../monitor/steering/client.ts";
import { clientOf } from "../../worker/router-client.ts";
import { RouterMemory } from "../../worker/router-memory.ts";
import { SilenceClock } from "../../worker/router-silence.ts";
import { splitRequestUrl } from "../../worker/router-target.ts";
import { EXAMPLE } from "../support/example-topology.ts";

const AWS = "aws-us-east-1";
const GCP = "gcp-europe-west1";
const ON = { ...EXAMPLE, router: { ...EXAMPLE.router, mode: "proxy" as const } };
const AWS_DOWN: RoutingSnapshot = { ...NOTHING_KNOWN, at: 1, health: { [AWS]: "unhealthy", [GCP]: "healthy" } };

afterEach(() => void vi.restoreAllMocks());

/** Background work, to be awaited by the test. */
function background(): { readonly waitUntil: (work: Promise<unknown>) => void; readonly all: Promise<unknown>[] } {
  const all: Promise<unknown>[] = [];
  return { waitUntil: (work) => void all.push(work), all };
}

function first(memory: RouterMemory): string | undefined {
  return memory.candidates(() => UNKNOWN_CLIENT, "plain", null, Date.now())[0]?.region;
}

describe("the coordinator", () => {
  test("is waited for by the first request of an isolate, which then knows", async () => {
    const memory = new RouterMemory(ON);
    const ctx = background();
    await memory.prepare(() => Promise.resolve(AWS_DOWN), ctx, Date.now());
    expect(first(memory)).toBe(GCP);
  });

  test("that hangs is waited for a moment, and by one request only", async () => {
    const memory = new RouterMemory(ON);
    const ctx = background();
    const hang = (): Promise<RoutingSnapshot> => new Promise(() => {});
    const cold = memory.prepare(hang, ctx, Date.now());
    expect(cold).not.toBeNull();
    expect(memory.prepare(hang, ctx, Date.now())).toBeNull();
    await cold;
    expect(first(memory)).toBe(AWS);
  });

  test("is asked again behind the requests when what is known grows old, once at a time", async () => {
    const memory = new RouterMemory(ON);
    const ctx = background();
    const start = Date.now();
    await memory.prepare(() => Promise.resolve(AWS_DOWN), ctx, start);
    let asked = 0;
    let answer: (snapshot: RoutingSnapshot) => void = () => {};
    const ask = (): Promise<RoutingSnapshot> => {
      asked += 1;
      return new Promise((resolve) => {
        answer = resolve;
      });
    };
    expect([memory.prepare(ask, ctx, start + 4900), asked]).toEqual([null, 0]);
    for (let request = 0; request < 10; request += 1) expect(memory.prepare(ask, ctx, start + 6000)).toBeNull();
    expect([asked, first(memory)]).toEqual([1, GCP]);
    answer({ ...AWS_DOWN, health: { [AWS]: "healthy", [GCP]: "healthy" } });
    await Promise.all(ctx.all);
    expect(first(memory)).toBe(AWS);
  });

  test("that fails leaves what is known, and hears later what it was not told", async () => {
    vi.spyOn(console, "error").mockImplementation(() => undefined);
    const memory = new RouterMemory(ON);
    const ctx = background();
    const start = Date.now();
    await memory.prepare(() => Promise.resolve(AWS_DOWN), ctx, start);
    memory.countRequest();
    memory.countServed(GCP);
    memory.countRetry("vain");
    memory.countFailedOpen();
    memory.noteMismatch(AWS, `mars-1${"x".repeat(100)}`);
    void memory.prepare(() => Promise.reject(new Error("gone")), ctx, start + 6000);
    await Promise.allSettled(ctx.all);
    expect(first(memory)).toBe(GCP);
    const heard: RouterHints[] = [];
    const ask = (hints: RouterHints): Promise<RoutingSnapshot> => {
      heard.push(hints);
      return Promise.resolve(AWS_DOWN);
    };
    void memory.prepare(ask, ctx, start + 9000);
    await Promise.allSettled(ctx.all);
    void memory.prepare(ask, ctx, Date.now() + 20_000);
    await Promise.allSettled(ctx.all);
    expect(heard).toMatchObject([
      {
        requests: 1,
        retries: 1,
        vain: 1,
        failedOpen: 1,
        served: { [GCP]: 1 },
        mismatches: { [AWS]: expect.stringMatching(/^mars-1x{58}$/) as unknown },
      },
      { requests: 0, retries: 0, vain: 0, failedOpen: 0, served: {}, mismatches: {} },
    ]);
  });
});

describe("a breaker of the isolate", () => {
  test("keeps requests away, lets one try that may be repeated, and is told", async () => {
    const memory = new RouterMemory(ON);
    for (let failure = 0; failure < 3; failure += 1) memory.failed(AWS, failure, failure);
    const at = (instant: number, purpose: "trial" | "plain"): string | undefined =>
      memory.candidates(() => UNKNOWN_CLIENT, purpose, null, instant)[0]?.region;
    expect(at(500, "trial")).toBe(GCP);
    expect(at(1500, "plain")).toBe(GCP);
    expect([at(1500, "trial"), at(1501, "trial")]).toEqual([AWS, GCP]);
    const heard: RouterHints[] = [];
    const ctx = background();
    await memory.prepare((hints) => (heard.push(hints), Promise.resolve(NOTHING_KNOWN)), ctx, Date.now());
    expect(heard[0]?.suspects).toEqual([AWS]);
    memory.answered(AWS, 1500, 1510);
    expect(at(1511, "plain")).toBe(AWS);
  });
});

test("a trial is not spent by requests that go elsewhere anyway", async () => {
  const memory = new RouterMemory(ON);
  const ctx = background();
  for (let failure = 0; failure < 3; failure += 1) memory.failed(AWS, failure, failure);
  await memory.prepare(() => Promise.resolve(AWS_DOWN), ctx, Date.now());
  const tried = (at: number): string | undefined =>
    memory.candidates(() => UNKNOWN_CLIENT, "trial", null, at)[0]?.region;
  expect(tried(1500)).toBe(GCP);
  const mended: RoutingSnapshot = { ...AWS_DOWN, health: { [AWS]: "healthy", [GCP]: "healthy" } };
  void memory.prepare(() => Promise.resolve(mended), ctx, Date.now() + 20_000);
  await Promise.all(ctx.all);
  expect([tried(1501), tried(1502)]).toEqual([AWS, GCP]);
});

test("a trial is not spent by those who hold to another region", () => {
  const memory = new RouterMemory(ON);
  for (let failure = 0; failure < 3; failure += 1) memory.failed(AWS, failure, failure);
  const tried = (held: string | null, at: number): string | undefined =>
    memory.candidates(() => UNKNOWN_CLIENT, "trial", held, at)[0]?.region;
  expect([tried(GCP, 1500), tried(GCP, 1501)]).toEqual([GCP, GCP]);
  expect([tried(null, 1502), tried(null, 1503)]).toEqual([AWS, GCP]);
  // Whoever holds to the region itself may try it.
  expect([tried(AWS, 9000), tried(AWS, 9001)]).toEqual([AWS, GCP]);
});

test("a drain ends when it was to end, also while the coordinator is away", async () => {
  const memory = new RouterMemory(ON);
  const drains = { [AWS]: { kind: "drain" as const, since: 0, until: Date.now() + 60_000 } };
  await memory.prepare(() => Promise.resolve({ ...NOTHING_KNOWN, drains }), background(), Date.now());
  const chosen = (at: number): string | undefined =>
    memory.candidates(() => UNKNOWN_CLIENT, "plain", null, at)[0]?.region;
  expect([chosen(drains[AWS].until - 1), chosen(drains[AWS].until)]).toEqual([GCP, AWS]);
});

describe("the clock of silence", () => {
  test("gives up what is silent, and not what is slow in a region that answers others", async () => {
    let heardAt = 0;
    const clock = new SilenceClock(60, () => heardAt);
    const ctx = background();
    const never = (): Promise<Response> => new Promise(() => {});
    expect(await clock.firstWord(never(), AWS, Date.now(), ctx)).toEqual({ kind: "silent" });
    heardAt = Number.MAX_SAFE_INTEGER;
    const slow = new Promise<Response>((resolve) => setTimeout(() => resolve(new Response("late")), 300));
    expect(await clock.firstWord(slow, AWS, Date.now(), ctx)).toEqual({ kind: "reply", reply: await slow });
    await Promise.all(ctx.all);
  });

  test("tells that a connection is lost", async () => {
    const clock = new SilenceClock(60, () => 0);
    const ctx = background();
    const broken = Promise.reject(new Error("Network connection lost."));
    expect(await clock.firstWord(broken, AWS, Date.now(), ctx)).toEqual({ kind: "lost" });
    await Promise.all(ctx.all);
  });
});

test.each([
  ["https://demo.example.com/a?b", { scheme: "https", authority: "demo.example.com", path: "/a?b" }],
  ["https://demo.example.com", { scheme: "https", authority: "demo.example.com", path: "/" }],
  ["https://demo.example.com?x=/y", { scheme: "https", authority: "demo.example.com", path: "/?x=/y" }],
  ["http://DEMO.example.com.:8080/", { scheme: "http", authority: "DEMO.example.com.:8080", path: "/" }],
  ["https://demo.example.com@evil.example/", null],
  ["https://evil.example/demo.example.com/", null],
  ["https://demo.example.com.evil.example/", null],
  ["https://[::1]:80/", null],
  ["nonsense", null],
])("of %s this is passed on: %j", (url, want) => {
  expect(splitRequestUrl(url, "demo.example.com")).toEqual(want);
});

test.each([
  [undefined, UNKNOWN_CLIENT],
  [
    { country: "BE", continent: "EU", regionCode: "BRU", latitude: "50.85", longitude: "4.35", colo: "AMS" },
    {
      country: "BE",
      continent: "EU",
      subdivision: "BRU",
      coordinates: { latitude: 50.85, longitude: 4.35 },
      colo: "AMS",
    },
  ],
  [{ country: 7, latitude: "x", longitude: "4", colo: "" }, UNKNOWN_CLIENT],
])("of Cloudflare's word %j the client is %j", (cf, want) => {
  const request = new Request("https://demo.example.com/", cf === undefined ? {} : { cf });
  expect(clientOf(request)).toEqual(want);
});
