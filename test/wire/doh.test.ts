// DNS over HTTPS against a fetch of our own: what is sent, and what is made of headers. The real thing is in the contract.
import fc from "fast-check";
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

/** A body in pieces, and what comes after them. */
function inPieces(pieces: readonly Uint8Array[], end: "closes" | "breaks" | "hangs"): ReadableStream<Uint8Array> {
  const left = [...pieces];
  return new ReadableStream({
    pull: (controller) => {
      const piece = left.shift();
      if (piece !== undefined) controller.enqueue(piece.slice());
      else if (end === "closes") controller.close();
      else if (end === "breaks") controller.error(new Error("reset"));
      else return new Promise(() => undefined);
      return undefined;
    },
  });
}

test("hostile bodies and headers end with a reply or a failure, and what is not wanted is not read", async () => {
  const piece = fc.oneof(fc.uint8Array({ maxLength: 600 }), fc.constant(MESSAGE), fc.constant(MESSAGE.subarray(0, 20)));
  const response = fc.record({
    status: fc.constantFrom(200, 200, 200, 204, 302, 404, 503),
    type: fc.constantFrom("application/dns-message", "application/dns-message", "text/html", ""),
    age: fc.constantFrom("", "1", "99999999999", "-1", "1e9"),
    pieces: fc.array(piece, { maxLength: 5 }),
    end: fc.constantFrom("closes" as const, "closes" as const, "breaks" as const, "hangs" as const),
  });
  await fc.assert(
    fc.asyncProperty(response, async ({ status, type, age, pieces, end }) => {
      const fetch: DohFetch = async () => {
        const body = status === 204 ? null : inPieces(pieces, end);
        return new Response(body, { status, headers: { "content-type": type, age } });
      };
      const reply = await runDohQuery({ ...QUERY, deadlineMs: 25 }, "https://dns.example/", fetch, clock);
      if (reply.kind === "reply") expect([status, type]).toEqual([200, "application/dns-message"]);
      else expect(reply.failure.detail.length).toBeLessThan(1000);
    }),
    { numRuns: 400 },
  );
});

test("a body that does not end is read no further than a message can be long", async () => {
  let sent = 0;
  const endless: DohFetch = async () =>
    new Response(
      new ReadableStream({
        pull: (controller) => {
          sent += 1024;
          controller.enqueue(new Uint8Array(1024));
        },
      }),
      { headers: { "content-type": "application/dns-message" } },
    );
  const reply = await runDohQuery(QUERY, "https://dns.example/", endless, clock);
  expect(reply).toMatchObject({ kind: "failed", failure: { cause: "too-large" } });
  expect(sent).toBeLessThan(70 * 1024);
});
