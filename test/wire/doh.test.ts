// DNS over HTTPS against a fetch of our own: what is sent, and what is made of headers. The real thing is in the contract.
import { expect, test } from "vitest";
import type { Clock } from "../../monitor/run/world.ts";
import { makeClock } from "../../monitor/wire/clock.ts";
import { encodeReply } from "../../monitor/wire/dns-message.ts";
import { dohUrl, type DohFetch, runDohQuery } from "../../monitor/wire/doh.ts";

const clock: Clock = makeClock({ now: () => 0, monotonicMs: () => 0 });
const QUERY = { name: "demo.example.com", type: "A", clientSubnet: null, deadlineMs: 1000 } as const;

const MESSAGE = encodeReply({
  id: 0,
  name: QUERY.name,
  type: "A",
  rcode: "NOERROR",
  authoritative: false,
  truncated: false,
  recursionDesired: true,
  answers: [{ name: QUERY.name, type: "A", ttlSeconds: 60, address: "192.0.2.1" }],
  clientSubnet: null,
});

function answering(headers: Record<string, string>, body: Uint8Array = MESSAGE): DohFetch {
  return async () => new Response(body.slice(), { headers: { "content-type": "application/dns-message", ...headers } });
}

test("the message travels in the address, base64url without padding, beside what is there", () => {
  expect(dohUrl("https://dns.example/dns-query", Uint8Array.of(251, 255, 254, 0))).toBe(
    "https://dns.example/dns-query?dns=-__-AA",
  );
  expect(dohUrl("https://dns.example/q?a=1", Uint8Array.of(0))).toBe("https://dns.example/q?a=1&dns=AA");
});

test("the same question has the same address, for the sake of caches", async () => {
  const urls: string[] = [];
  const fetch: DohFetch = async (url) => {
    urls.push(url);
    return new Response(null, { status: 500 });
  };
  await runDohQuery(QUERY, "https://dns.example/dns-query", fetch, clock);
  await runDohQuery(QUERY, "https://dns.example/dns-query", fetch, clock);
  expect(urls[0]).toMatch(/\?dns=AAABAA/);
  expect(urls[1]).toBe(urls[0]);
});

test.each([
  { age: "12", want: 48 },
  { age: "60", want: 0 },
  { age: "3600", want: 0 },
  { age: "", want: 60 },
  { age: "-5", want: 60 },
  { age: "soon", want: 60 },
])('with an Age of "$age" 60 seconds are $want', async ({ age, want }) => {
  const reply = await runDohQuery(QUERY, "https://dns.example/", answering({ age }), clock);
  expect(reply).toMatchObject({ kind: "reply", ttlSeconds: want });
});

test.each([
  { type: "application/dns-message", want: "reply" },
  { type: "Application/DNS-Message; charset=binary", want: "reply" },
  { type: "application/dns-json", want: "failed" },
  { type: "text/html", want: "failed" },
])("a reply of type $type is $want", async ({ type, want }) => {
  expect((await runDohQuery(QUERY, "https://dns.example/", answering({ "content-type": type }), clock)).kind).toBe(
    want,
  );
});

test.each([
  { bytes: 65_535, want: "malformed" },
  { bytes: 65_536, want: "too-large" },
])("a body of $bytes bytes is $want", async ({ bytes, want }) => {
  const reply = await runDohQuery(QUERY, "https://dns.example/", answering({}, new Uint8Array(bytes)), clock);
  expect(reply).toMatchObject({ kind: "failed", failure: { cause: want } });
});

test("a fetch that never ends is told to stop, and the reply is a timeout", async () => {
  const signals: AbortSignal[] = [];
  const fetch: DohFetch = (_url, { signal }) => {
    signals.push(signal);
    return new Promise(() => undefined);
  };
  const reply = await runDohQuery({ ...QUERY, deadlineMs: 20 }, "https://dns.example/", fetch, clock);
  expect(reply).toMatchObject({ kind: "failed", failure: { cause: "timeout" } });
  expect(signals.map((signal) => signal.aborted)).toEqual([true]);
});
