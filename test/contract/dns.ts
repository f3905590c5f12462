// What every Dns must make of every way in which a server can answer. Replies mean the same in all runtimes; only the causes
// of failures differ, and those each runtime brings.
import { describe, expect, test } from "vitest";
import type { DnsReply } from "../../monitor/model/observation.ts";
import type { Clock, Dns, DnsServer } from "../../monitor/run/world.ts";
import type { DnsAddresses, DnsMode, DohMode, OtherMode } from "./dns-addresses.ts";

export interface DnsExpectations {
  /** "NOERROR" and so on where there is a reply, the cause where there is none. */
  readonly authoritative: Readonly<Partial<Record<DnsMode, string>>>;
  readonly recursive: Readonly<Record<DnsMode | DohMode, string>>;
}

/** What holds for every runtime and every way of asking. */
export const COMMON = {
  ok: "NOERROR",
  nxdomain: "NXDOMAIN",
  servfail: "SERVFAIL",
  refused: "REFUSED",
  empty: "NOERROR",
  truncated: "truncated",
  "other-name": "malformed",
  "wrong-id": "malformed",
  garbage: "malformed",
  silent: "timeout",
} as const satisfies Partial<Record<DnsMode, string>>;

/** Where a timeout is wanted; everything else has time, so that a busy machine does not make timeouts of it. */
const SHORT_MS = 500;
const PATIENT_MS = 5000;
/** Between the deadline and our being told, on a busy machine; what keeps no deadline takes for ever. */
const MARGIN_MS = 2000;

interface Subject {
  readonly dns: Dns;
  readonly clock: Clock;
}

type View = keyof DnsExpectations;

export function dnsContract(make: () => Subject, expectations: DnsExpectations, addresses: DnsAddresses): void {
  for (const view of ["authoritative", "recursive"] as const) {
    describe(`a question, ${view}`, () => {
      test.each(Object.entries(expectations[view]) as [DnsMode | DohMode, string][])(
        "to a server with the mode %s gives %s, in time",
        async (mode, want) => {
          const { clock } = make();
          const startedMs = clock.monotonicMs();
          const limitMs = want === "timeout" ? SHORT_MS : PATIENT_MS;
          const reply = await ask(make(), view, mode, addresses, { limitMs });
          const elapsedMs = clock.monotonicMs() - startedMs;
          expect(summary(reply)).toBe(want);
          expect(elapsedMs).toBeLessThan(limitMs + MARGIN_MS);
          if (want === "timeout") expect(elapsedMs).toBeGreaterThan(SHORT_MS - 20);
          if (view === "authoritative") expect(await (await fetch(addresses.closedUrl)).text()).toBe("closed");
        },
      );

      details(make, view, addresses);
    });
  }

  test("by HTTPS the time a reply spent in a cache is taken off its TTL", async () => {
    expect(await ask(make(), "recursive", "aged", addresses)).toMatchObject({ kind: "reply", ttlSeconds: 59 - 12 });
  });

  test("by TCP a reply may come in pieces", async () => {
    expect(await ask(make(), "authoritative", "drip", addresses)).toMatchObject({ kind: "reply", ttlSeconds: 59 });
  });
}

function details(make: () => Subject, view: View, addresses: DnsAddresses): void {
  const authoritative = view === "authoritative";

  test("gives sorted addresses and the smallest TTL", async () => {
    const reply = await ask(make(), view, "ok", addresses);
    expect(reply).toEqual({
      kind: "reply",
      rcode: "NOERROR",
      authoritative,
      addresses: ["192.0.2.10", "192.0.2.20"],
      ttlSeconds: 59,
      scope: null,
      elapsedMs: expect.any(Number),
    });
  });

  test("gives IPv6 in its canonical form", async () => {
    expect(await ask(make(), view, "ok", addresses, { type: "AAAA" })).toMatchObject({ addresses: ["2001:db8::a"] });
  });

  test("without an answer there is no TTL", async () => {
    expect(await ask(make(), view, "nxdomain", addresses)).toMatchObject({ addresses: [], ttlSeconds: null });
  });

  test(`desires recursion ${authoritative ? "not" : "always"}`, async () => {
    const addressesWanted = [authoritative ? "192.0.2.2" : "192.0.2.1"];
    expect(await ask(make(), view, "recursion", addresses)).toMatchObject({ addresses: addressesWanted });
  });

  test("carries the client subnet there and its scope back", async () => {
    const reply = await ask(make(), view, "subnet", addresses, { clientSubnet: "198.51.100.0/22" });
    expect(reply).toMatchObject({ addresses: ["198.51.100.0"], scope: 22 });
  });

  test("without time left is not started", async () => {
    expect(summary(await ask(make(), view, "ok", addresses, { limitMs: -1 }))).toBe("not-started");
  });
}

interface Differently {
  readonly type?: "A" | "AAAA";
  readonly clientSubnet?: string;
  readonly limitMs?: number;
}

async function ask(
  { dns, clock }: Subject,
  view: View,
  mode: DnsMode | DohMode | OtherMode,
  addresses: DnsAddresses,
  { type = "A", clientSubnet, limitMs = PATIENT_MS }: Differently = {},
): Promise<DnsReply> {
  const deadlineMs = clock.monotonicMs() + limitMs;
  const query = { name: `${mode}.Example.com`, type, clientSubnet: clientSubnet ?? null, deadlineMs };
  return await dns.ask(query, serverFor(view, mode, addresses));
}

function serverFor(view: View, mode: string, { port, closedPort, dohUrl }: DnsAddresses): DnsServer {
  const closed = mode === "closed-port";
  return view === "authoritative"
    ? { kind: "authoritative", host: "127.0.0.1", port: closed ? closedPort : port }
    : { kind: "recursive", url: closed ? `http://127.0.0.1:${closedPort}/dns-query` : dohUrl };
}

function summary(reply: DnsReply): string {
  return reply.kind === "reply" ? reply.rcode : reply.failure.cause;
}
