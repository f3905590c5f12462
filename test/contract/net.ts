// What every Net must do with every way in which a server can fail. The runtimes differ only in the table they bring: Node
// knows one cause for each fault, a Worker has the coarser one.
import { describe, expect, test } from "vitest";
import type { FailureCause, Phase } from "../../monitor/model/observation.ts";
import type { Clock, DialReply, DialTarget, Net, NetReply } from "../../monitor/run/world.ts";
import { USER_AGENT } from "../../monitor/wire/user-agent.ts";
import type { Fault, FaultAddresses } from "./fault-addresses.ts";

/** `tls-silent`: the handshake is never answered. */
export type NetCase = Fault | "tls-silent";

export interface FetchExpectation {
  readonly cause: FailureCause | "none";
  /** The phase that the failure names; null: none. */
  readonly during: Phase | null;
  readonly status: number | null;
  /** All phases that are there, in their order. */
  readonly phases: readonly Phase[];
}

export interface NetExpectations {
  readonly fetch: Readonly<Record<NetCase, FetchExpectation>>;
  readonly dial: Readonly<Record<DialCase, FailureCause | "open">>;
  /** Dials whose connection the runtime cannot give up. */
  readonly unclosed: readonly DialCase[];
}

export const DIAL_CASES = ["ok", "blackhole", "refuse", "unanswered"] as const;
export const TLS_DIAL_CASES = [
  "tls-trusted",
  "tls-1.2",
  "tls-untrusted",
  "tls-expired",
  "tls-wrong-name",
  "tls-plain",
  "tls-reset",
  "tls-hangup",
  "tls-silent",
] as const;
export type DialCase = (typeof DIAL_CASES)[number] | (typeof TLS_DIAL_CASES)[number];

/** Where a timeout is wanted; everything else has time, so that a busy machine does not make timeouts of it. */
const SHORT_MS = 500;
const PATIENT_MS = 5000;
/** Between the deadline and our being told, on a busy machine; what keeps no deadline takes for ever. */
const MARGIN_MS = 2000;
const BYTES_MAX = 10_000;

interface Subject {
  readonly net: Net;
  readonly clock: Clock;
}

export function netContract(make: () => Subject, expectations: NetExpectations, addresses: FaultAddresses): void {
  describe("a fetch", () => {
    test.each(Object.entries(expectations.fetch) as [NetCase, FetchExpectation][])(
      "of a server with the fault %s says what happened, in time",
      async (fault, want) => {
        const { reply, elapsedMs } = await timed(make(), limitFor(want.cause), (net, deadlineMs) =>
          fetchFrom(net, fault, addresses, deadlineMs),
        );
        expect(summary(reply)).toEqual(want);
        expect(elapsedMs).toBeLessThan(limitFor(want.cause) + MARGIN_MS);
        if (want.cause === "timeout") expect(elapsedMs).toBeGreaterThan(SHORT_MS - 20);
        for (const ms of Object.values(reply.phases)) expect(ms).toBeGreaterThanOrEqual(0);
        expect(await closedConnections(fault, addresses)).toBe("closed");
      },
    );

    fetchDetails(make, addresses);
  });

  describe("a dial", () => {
    test.each(Object.entries(expectations.dial) as [DialCase, FailureCause | "open"][])(
      "to a server with the fault %s says what happened, in time",
      async (fault, want) => {
        const { reply, elapsedMs } = await timed(make(), limitFor(want), (net, deadlineMs) =>
          net.dial(dialTarget(fault, addresses), deadlineMs),
        );
        expect(outcome(reply)).toBe(want);
        expect(elapsedMs).toBeLessThan(limitFor(want) + MARGIN_MS);
        if (reply.kind === "open") expect(reply.connectMs).toBeGreaterThanOrEqual(0);
        if (!expectations.unclosed.includes(fault)) expect(await closedConnections(fault, addresses)).toBe("closed");
      },
    );

    test("to a port that cannot be is an internal failure, not an exception", async () => {
      const { net, clock } = make();
      const target = { host: "127.0.0.1", port: 70_000, secure: "tcp" } as const;
      expect(outcome(await net.dial(target, clock.monotonicMs() + PATIENT_MS))).toBe("internal");
    });

    test("without time left is not started", async () => {
      const { net, clock } = make();
      expect(outcome(await net.dial(dialTarget("blackhole", addresses), clock.monotonicMs() - 1))).toBe("not-started");
    });
  });
}

function fetchDetails(make: () => Subject, addresses: FaultAddresses): void {
  test("gives the body, and a total that is no less than its phases", async () => {
    const { reply } = await timed(make(), PATIENT_MS, (net, deadlineMs) =>
      fetchFrom(net, "slow", addresses, deadlineMs),
    );
    expect(reply).toMatchObject({ kind: "reply", body: "here I am\n" });
    const sum = Object.values(reply.phases).reduce((total, ms) => total + ms, 0);
    const totalMs = reply.kind === "reply" ? reply.totalMs : 0;
    expect(totalMs).toBeGreaterThan(200);
    // A millisecond for whole ones; what is between two phases is the event loop's, which a busy machine holds up.
    expect(sum - totalMs).toBeLessThanOrEqual(1);
    expect(totalMs - sum).toBeLessThan(50);
  });

  test.each([
    { bytesMax: 10, want: "none" },
    { bytesMax: 9, want: "too-large" },
  ])("takes ten bytes with a bound of $bytesMax: $want", async ({ bytesMax, want }) => {
    const { net, clock } = make();
    const url = faultUrl("ok", addresses);
    const reply = await net.fetchOnce({ url, headers: {}, bytesMax, deadlineMs: clock.monotonicMs() + PATIENT_MS });
    expect(summary(reply)).toMatchObject({ cause: want, status: 200 });
  });

  test("introduces itself, sends the caller's headers and asks for no compression", async () => {
    const { net, clock } = make();
    const deadlineMs = clock.monotonicMs() + PATIENT_MS;
    await net.fetchOnce({
      url: `${faultUrl("http-503", addresses)}?a=1`,
      headers: { accept: "a/b" },
      bytesMax: BYTES_MAX,
      deadlineMs,
    });
    const request = (await (await fetch(`${addresses.controlUrl}/request/http-503`)).text()).toLowerCase();
    expect(request).toMatch(/^get \/\?a=1 http\/1\.1\r\n/);
    expect(request).toContain(`\r\nhost: 127.0.0.1:${addresses.ports["http-503"]}\r\n`);
    expect(request).toContain(`\r\nuser-agent: ${USER_AGENT.toLowerCase()}\r\n`);
    expect(request).toContain("\r\naccept: a/b\r\n");
    expect(request).toContain("\r\naccept-encoding: identity\r\n");
  });

  test("without time left is not started", async () => {
    const { net, clock } = make();
    const reply = await fetchFrom(net, "ok", addresses, clock.monotonicMs() - 1);
    expect(summary(reply)).toEqual({ cause: "not-started", during: null, status: null, phases: [] });
  });

  test("of something that is no URL is an internal failure, not an exception", async () => {
    const { net, clock } = make();
    const reply = await net.fetchOnce({
      url: "no url",
      headers: {},
      bytesMax: 1,
      deadlineMs: clock.monotonicMs() + PATIENT_MS,
    });
    expect(summary(reply)).toMatchObject({ cause: "internal", status: null, phases: [] });
  });
}

async function timed<T>(
  { net, clock }: Subject,
  limitMs: number,
  work: (net: Net, deadlineMs: number) => Promise<T>,
): Promise<{ readonly reply: T; readonly elapsedMs: number }> {
  const startedMs = clock.monotonicMs();
  const reply = await work(net, startedMs + limitMs);
  return { reply, elapsedMs: clock.monotonicMs() - startedMs };
}

function limitFor(cause: FailureCause | "none" | "open"): number {
  return cause === "timeout" ? SHORT_MS : PATIENT_MS;
}

function fetchFrom(net: Net, fault: NetCase, addresses: FaultAddresses, deadlineMs: number): Promise<NetReply> {
  return net.fetchOnce({ url: faultUrl(fault, addresses), headers: {}, bytesMax: BYTES_MAX, deadlineMs });
}

function faultUrl(fault: NetCase, addresses: FaultAddresses): string {
  return fault.startsWith("tls-")
    ? `https://localhost:${portOf(fault, addresses)}/`
    : `http://127.0.0.1:${portOf(fault, addresses)}/`;
}

function dialTarget(fault: DialCase, addresses: FaultAddresses): DialTarget {
  const port = portOf(fault, addresses);
  return fault.startsWith("tls-")
    ? { host: "localhost", port, secure: "tls" }
    : { host: "127.0.0.1", port, secure: "tcp" };
}

function portOf(fault: NetCase, addresses: FaultAddresses): number {
  return addresses.ports[fault === "tls-silent" ? "blackhole" : fault];
}

function summary(reply: NetReply): FetchExpectation {
  const phases = Object.keys(reply.phases) as Phase[];
  if (reply.kind === "reply") return { cause: "none", during: null, status: reply.status, phases };
  return { cause: reply.failure.cause, during: reply.failure.phase ?? null, status: reply.status, phases };
}

function outcome(reply: DialReply): FailureCause | "open" {
  return reply.kind === "open" ? "open" : reply.failure.cause;
}

/** A server that nobody reached has nothing to close, and is not asked. */
async function closedConnections(fault: NetCase, addresses: FaultAddresses): Promise<string> {
  const asked = fault === "tls-silent" ? "blackhole" : fault;
  if (asked === "refuse" || asked === "unanswered") return "closed";
  return await (await fetch(`${addresses.controlUrl}/closed/${asked}`)).text();
}
