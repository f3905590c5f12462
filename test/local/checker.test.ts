import { describe, expect, onTestFinished, test } from "vitest";
import { CHECKERS, phaseMs, runCheckers, runLook } from "../../monitor/local/checker.ts";
import { GATE_FAULT_NAMES, type GateFault } from "../../monitor/drill/faults.ts";
import { openGate } from "../../monitor/local/gate.ts";
import { closeListener, listenOn } from "../../monitor/local/listening.ts";
import { publishedAt, startHealth, stepWatched } from "../../monitor/local/watched-health.ts";
import { ENDPOINT_DEFAULTS, type EndpointCheck } from "../../monitor/policy/health-check.ts";
import { createServer } from "node:http";
import { until } from "../support/until.ts";

const CHECK: EndpointCheck = {
  ...ENDPOINT_DEFAULTS,
  id: "a",
  type: "HTTP",
  host: "127.0.0.1",
  port: 1,
  path: "/healthz",
  requestIntervalSeconds: 0.05,
  failureThreshold: 2,
};
const PROPAGATION_MS = 100;

/** Looks of checkers 0 to 2 at instants 0, 1, 2, …: "0+" is a good look of checker 0. */
function after(looks: string, propagationMs = PROPAGATION_MS) {
  return looks
    .split(" ")
    .reduce(
      (watched, look, at) =>
        stepWatched(watched, { check: CHECK, checker: Number(look[0]), passed: look[1] === "+" }, propagationMs, at),
      startHealth([CHECK], CHECKERS),
    );
}

describe("watched health", () => {
  test.each([
    { looks: "0-", want: "healthy", why: "one bad look is below the threshold" },
    { looks: "0- 0- 1- 1-", want: "healthy", why: "one checker of three is 33 %, over 18 %" },
    { looks: "0- 0- 1- 1- 2- 2-", want: "unhealthy", why: "all three have seen it" },
    { looks: "0- 1- 2- 0- 1- 2-", want: "unhealthy", why: "the order of the checkers does not matter" },
    { looks: "0- 0- 1- 1- 2- 2- 0+", want: "unhealthy", why: "the way back needs the threshold too" },
    { looks: "0- 0- 1- 1- 2- 2- 0+ 0+", want: "healthy", why: "one recovered checker is enough" },
  ])("$looks is $want: $why", ({ looks, want }) => {
    expect(after(looks).decided).toEqual({ a: want });
  });

  test("starts healthy, unlike a check that was never made", () => {
    expect(publishedAt(startHealth([CHECK], CHECKERS), 0)).toEqual({ a: "healthy" });
  });

  test("a change is published when it has spread, not before", () => {
    const watched = after("0- 0- 1- 1- 2- 2-");
    expect(publishedAt(watched, 5 + PROPAGATION_MS - 1)).toEqual({ a: "healthy" });
    expect(publishedAt(watched, 5 + PROPAGATION_MS)).toEqual({ a: "unhealthy" });
  });

  test("a change that was taken back spreads as well, one after the other", () => {
    const watched = after("0- 0- 1- 1- 2- 2- 0+ 0+");
    expect(publishedAt(watched, 5 + PROPAGATION_MS)).toEqual({ a: "unhealthy" });
    expect(publishedAt(watched, 7 + PROPAGATION_MS)).toEqual({ a: "healthy" });
  });

  test("what has spread stays when looks go on", () => {
    const watched = after("0- 0- 1- 1- 2- 2- 0- 0- 0-", 1);
    expect(watched.published).toEqual({ a: "unhealthy" });
    expect(watched.spreading).toEqual([]);
  });
});

/** What Route 53 would make of each gate: it waits for the status line and never reads a body. */
const PASSES: Readonly<Record<GateFault, boolean>> = {
  open: true,
  refuse: false,
  blackhole: false,
  reset: false,
  slow: true,
  stall: true,
  truncate: true,
  garbage: false,
  huge: true,
  redirect: true,
  "http-503": false,
  "wrong-region": true,
};

describe("a look", () => {
  test.each(GATE_FAULT_NAMES)("at a gate that is %s", async (fault) => {
    const service = createServer((_, response) => void response.end("ok"));
    const upstream = { host: "127.0.0.1", port: await listenOn(service, { host: "127.0.0.1", port: 0 }) };
    const gate = await openGate(
      { host: "127.0.0.1", upstream, slowMs: 30, falseClaim: { region: "x", cluster: "x" } },
      0,
    );
    onTestFinished(async () => {
      await gate.close();
      service.closeAllConnections();
      await closeListener(service);
    });
    await gate.setFault(fault);
    const check = { ...CHECK, ...gate.place };
    const began = performance.now();
    expect(await runLook(check, 250, new AbortController().signal)).toBe(PASSES[fault]);
    expect(performance.now() - began).toBeLessThan(2000);
  });

  test("ends when it is called off", async () => {
    const silent = createServer(() => {});
    const port = await listenOn(silent, { host: "127.0.0.1", port: 0 });
    const calledOff = new AbortController();
    const look = runLook({ ...CHECK, port }, 60_000, calledOff.signal);
    calledOff.abort();
    expect(await look).toBe(false);
    silent.closeAllConnections();
    await closeListener(silent);
  });
});

test("the checkers begin a third of the interval apart", () => {
  expect([0, 1, 2].map((checker) => phaseMs(checker, 3000))).toEqual([0, 1000, 2000]);
});

test("every checker looks again and again, at its interval counted from the reply", async () => {
  const service = createServer((_, response) => void response.end());
  const port = await listenOn(service, { host: "127.0.0.1", port: 0 });
  const stop = new AbortController();
  const looks: number[][] = Array.from({ length: CHECKERS }, () => []);
  const done = runCheckers(
    { checks: [{ ...CHECK, port, requestIntervalSeconds: 0.09 }], timeoutMs: 1000 },
    ({ checker }) => looks[checker]?.push(performance.now()),
    stop.signal,
  );
  await until("three looks of each", () => looks.every((times) => times.length >= 3));
  stop.abort();
  await done;
  await closeListener(service);
  for (const [first = 0, , third = 0] of looks) expect(third - first).toBeGreaterThanOrEqual(2 * 90 - 5);
});
