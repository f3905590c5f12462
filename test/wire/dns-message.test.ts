// Messages by their meaning, by what the network may do to them, and against dns-packet's own encoder where ours cannot
// write what a server may send.
import * as dnsPacket from "dns-packet";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { canonicalAddress } from "../../monitor/wire/client-subnet.ts";
import { decodeQuery, decodeReply, encodeQuery, encodeReply, type Reply } from "../../monitor/wire/dns-message.ts";

const ASKED = { id: 7, name: "demo.example.com", type: "A" } as const;

const REPLY: Reply = {
  ...ASKED,
  rcode: "NOERROR",
  authoritative: true,
  truncated: false,
  recursionDesired: false,
  answers: [{ name: ASKED.name, type: "A", ttlSeconds: 60, address: "192.0.2.1" }],
  clientSubnet: null,
};

function foreign(packet: dnsPacket.Packet): Uint8Array {
  return dnsPacket.encode({ type: "response", id: 7, questions: [{ type: "A", name: ASKED.name }], ...packet });
}

function a(name: string, data: string, ttl = 60): dnsPacket.Answer {
  return { type: "A", name, ttl, data };
}

function cname(name: string, data: string, ttl = 60): dnsPacket.Answer {
  return { type: "CNAME", name, ttl, data };
}

describe("the addresses of a reply", () => {
  test.each<{ name: string; answers: dnsPacket.Answer[]; addresses: string[]; ttlSeconds: number | null }>([
    {
      name: "are those of the name, sorted, each once, whatever its letters' case",
      answers: [a("DEMO.example.com", "192.0.2.9"), a(ASKED.name, "192.0.2.1", 30), a(ASKED.name, "192.0.2.9")],
      addresses: ["192.0.2.1", "192.0.2.9"],
      ttlSeconds: 30,
    },
    {
      name: "are found along CNAMEs in any order, with the smallest TTL on the way",
      answers: [a("c.example", "192.0.2.1", 300), cname("b.example", "C.example.", 20), cname(ASKED.name, "b.example")],
      addresses: ["192.0.2.1"],
      ttlSeconds: 20,
    },
    {
      name: "are none where a CNAME leads out of the message",
      answers: [cname(ASKED.name, "elsewhere.example"), a("other.example", "192.0.2.1")],
      addresses: [],
      ttlSeconds: null,
    },
    {
      name: "are none where CNAMEs go round in a circle",
      answers: [cname(ASKED.name, "b.example"), cname("b.example", ASKED.name)],
      addresses: [],
      ttlSeconds: null,
    },
    {
      name: "are none of another class or type",
      answers: [
        { ...a(ASKED.name, "192.0.2.1"), class: "CH" } as dnsPacket.Answer,
        { type: "AAAA", name: ASKED.name, ttl: 1, data: "2001:db8::1" },
        { type: "TXT", name: ASKED.name, ttl: 1, data: "192.0.2.2" },
      ],
      addresses: [],
      ttlSeconds: null,
    },
    {
      name: "may have a TTL of 0",
      answers: [a(ASKED.name, "192.0.2.1", 0)],
      addresses: ["192.0.2.1"],
      ttlSeconds: 0,
    },
  ])("$name", ({ answers, addresses, ttlSeconds }) => {
    expect(decodeReply(foreign({ answers }), ASKED)).toMatchObject({ kind: "message", addresses, ttlSeconds });
  });

  test("are followed along a bounded number of CNAMEs", () => {
    const chain = (length: number) => [
      cname(ASKED.name, "n0.example"),
      ...Array.from({ length }, (_, index) => cname(`n${index}.example`, `n${index + 1}.example`)),
      a(`n${length}.example`, "192.0.2.1"),
    ];
    expect(decodeReply(foreign({ answers: chain(15) }), ASKED)).toMatchObject({ addresses: ["192.0.2.1"] });
    expect(decodeReply(foreign({ answers: chain(16) }), ASKED)).toMatchObject({ addresses: [] });
  });

  test("are names for NS, lower case and without the final dot", () => {
    const bytes = foreign({
      questions: [{ type: "NS", name: "example.com" }],
      answers: ["NS-2.awsdns.example.", "ns-1.awsdns.example"].map((data) => ({
        type: "NS",
        name: "example.com",
        ttl: 9,
        data,
      })),
    });
    expect(decodeReply(bytes, { id: 7, name: "example.com", type: "NS" })).toMatchObject({
      addresses: ["ns-1.awsdns.example", "ns-2.awsdns.example"],
      ttlSeconds: 9,
    });
  });
});

describe("a reply", () => {
  test.each([
    { name: "with another id", change: { id: 8 }, detail: /another id/ },
    { name: "to another name", change: { name: "other.example.com" }, detail: /another question/ },
    { name: "to another type", change: { type: "AAAA" }, detail: /another question/ },
  ])("$name is malformed", ({ change, detail }) => {
    const reply = decodeReply(encodeReply({ ...REPLY, ...change }), ASKED);
    expect(reply).toMatchObject({ kind: "malformed", detail: expect.stringMatching(detail) });
  });

  test.each<{ name: string; bytes: Uint8Array }>([
    { name: "that is a query", bytes: encodeQuery({ ...ASKED, clientSubnet: null, recursionDesired: "no" }) },
    { name: "that is empty", bytes: new Uint8Array() },
    { name: "that is a header cut short", bytes: encodeReply(REPLY).subarray(0, 11) },
    { name: "that is cut amid a record", bytes: encodeReply(REPLY).subarray(0, -1) },
    {
      name: "with two questions",
      bytes: foreign({
        questions: [
          { type: "A", name: ASKED.name },
          { type: "A", name: "b" },
        ],
      }),
    },
    { name: "without a question", bytes: foreign({ questions: [] }) },
    {
      name: "with more records than are read",
      bytes: foreign({ answers: Array.from({ length: 512 }, () => a("b", "192.0.2.1")) }),
    },
    { name: "longer than any transport carries", bytes: new Uint8Array(65_536) },
  ])("$name is malformed", ({ bytes }) => {
    expect(decodeReply(bytes, ASKED).kind).toBe("malformed");
  });

  test("compares the name without case and final dot", () => {
    expect(decodeReply(encodeReply(REPLY), { ...ASKED, name: "DEMO.Example.com." }).kind).toBe("message");
  });

  test("may leave out the question it could not read", () => {
    const bytes = foreign({ questions: [], flags: 1 });
    expect(decodeReply(bytes, ASKED)).toMatchObject({ kind: "message", rcode: "FORMERR" });
  });

  test.each([
    { flags: 0, extended: 0, want: "NOERROR" },
    { flags: 2, extended: 0, want: "SERVFAIL" },
    { flags: 4, extended: 0, want: "NOTIMP" },
    { flags: 9, extended: 0, want: "RCODE_9" },
    { flags: 0, extended: 1, want: "RCODE_16" },
  ])("with code $flags and extension $extended says $want", ({ flags, extended, want }) => {
    const opt = { udpPayloadSize: 512, extendedRcode: extended, ednsVersion: 0, flags: 0, flag_do: false, options: [] };
    const bytes = foreign({ flags, additionals: [{ type: "OPT", name: ".", ...opt }] });
    expect(decodeReply(bytes, ASKED)).toMatchObject({ kind: "message", rcode: want });
  });
});

describe("a query", () => {
  test.each<{ name: string; bytes: Uint8Array; id: number | null }>([
    { name: "that is empty", bytes: new Uint8Array(), id: null },
    { name: "of one byte", bytes: Uint8Array.of(1), id: null },
    { name: "of which only the id is there", bytes: Uint8Array.of(1, 2), id: 258 },
    { name: "that is a reply", bytes: encodeReply(REPLY), id: 7 },
    { name: "without a question", bytes: dnsPacket.encode({ type: "query", id: 7 }), id: 7 },
    {
      name: "of another class",
      bytes: dnsPacket.encode({ type: "query", id: 7, questions: [{ type: "A", name: "a", class: "CH" }] }),
      id: 7,
    },
    {
      name: "with another opcode",
      bytes: dnsPacket.encode({ type: "query", id: 7, flags: 2 << 11, questions: [{ type: "A", name: "a" }] }),
      id: 7,
    },
    {
      name: "for a name that is not ASCII",
      bytes: dnsPacket.encode({ type: "query", id: 7, questions: [{ type: "A", name: "ä.example" }] }),
      id: 7,
    },
  ])("$name is malformed", ({ bytes, id }) => {
    expect(decodeQuery(bytes)).toEqual({ kind: "malformed", id });
  });

  test("with a client subnet that breaks RFC 7871 is malformed", () => {
    const bytes = encodeQuery({ ...ASKED, clientSubnet: "198.51.100.0/24", recursionDesired: "no" });
    const withHostBits = bytes.slice();
    withHostBits[bytes.length - 5] = 20;
    expect(decodeQuery(bytes).kind).toBe("query");
    expect(decodeQuery(withHostBits)).toEqual({ kind: "malformed", id: 7 });
  });

  test("without EDNS takes 512 bytes by UDP, and never less", () => {
    const plain = dnsPacket.encode({ type: "query", id: 7, questions: [{ type: "A", name: "a" }] });
    expect(decodeQuery(plain)).toMatchObject({ kind: "query", udpSizeMax: 512, clientSubnet: null });
    const opt = { udpPayloadSize: 100, extendedRcode: 0, ednsVersion: 0, flags: 0, flag_do: false, options: [] };
    const tiny = dnsPacket.encode({
      type: "query",
      id: 7,
      questions: [{ type: "A", name: "a" }],
      additionals: [{ type: "OPT", name: ".", ...opt }],
    });
    expect(decodeQuery(tiny)).toMatchObject({ kind: "query", udpSizeMax: 512 });
  });

  test("for the root has an empty name", () => {
    const root = dnsPacket.encode({ type: "query", id: 7, questions: [{ type: "NS", name: "." }] });
    expect(decodeQuery(root)).toMatchObject({ kind: "query", name: "", type: "NS" });
  });

  test.each(["a..b", `${"x".repeat(64)}.example`, "ä.example", `${"x.".repeat(127)}y`])(
    "for %s is our own bug",
    (name) => {
      expect(() => encodeQuery({ ...ASKED, name, clientSubnet: null, recursionDesired: "no" })).toThrow(
        "not a DNS name",
      );
    },
  );
});

const label = fc.stringMatching(/^[a-z0-9_]([a-z0-9_-]{0,10}[a-z0-9])?$/);
const name = fc.array(label, { minLength: 1, maxLength: 6 }).map((labels) => labels.join("."));
const cidr = fc
  .tuple(fc.oneof(fc.ipV4(), fc.ipV6()), fc.nat(128))
  .map(([address, length]) => `${address}/${address.includes(":") ? length : length % 33}`);

describe("there and back", () => {
  test("a query is the same", () => {
    const query = fc.record({
      id: fc.nat(0xffff),
      name,
      type: fc.constantFrom("A", "AAAA", "NS"),
      clientSubnet: fc.option(cidr),
      recursionDesired: fc.constantFrom("yes", "no"),
    });
    fc.assert(
      fc.property(query, (asked) => {
        const decoded = decodeQuery(encodeQuery(asked));
        expect(decoded).toMatchObject({
          kind: "query",
          id: asked.id,
          name: asked.name,
          type: asked.type,
          udpSizeMax: 1232,
        });
        expect(decoded).toMatchObject({ recursionDesired: asked.recursionDesired === "yes" });
        const subnet = decoded.kind === "query" ? decoded.clientSubnet : null;
        expect(subnet?.prefix ?? null).toBe(
          asked.clientSubnet === null ? null : Number(asked.clientSubnet.split("/")[1]),
        );
      }),
      { numRuns: 300 },
    );
  });

  test("a reply is the same", () => {
    const reply = fc.record({
      id: fc.nat(0xffff),
      name,
      rcode: fc.constantFrom("NOERROR", "NXDOMAIN", "SERVFAIL", "REFUSED", "FORMERR"),
      authoritative: fc.boolean(),
      truncated: fc.boolean(),
      recursionDesired: fc.boolean(),
      addresses: fc.array(fc.tuple(fc.ipV4(), fc.nat(2 ** 31 - 1)), { maxLength: 20 }),
      scope: fc.option(fc.nat(32)),
    } as const);
    fc.assert(
      fc.property(reply, ({ addresses, scope, ...rest }) => {
        const answers = addresses.map(
          ([address, ttlSeconds]) => ({ name: rest.name, type: "A", ttlSeconds, address }) as const,
        );
        const clientSubnet = scope === null ? null : { address: "198.51.100.0", prefix: 24, scope };
        const decoded = decodeReply(encodeReply({ ...rest, type: "A", answers, clientSubnet }), {
          ...ASKED,
          id: rest.id,
          name: rest.name,
        });
        const { rcode, authoritative, truncated } = rest;
        expect(decoded).toMatchObject({ kind: "message", rcode, authoritative, truncated, scope });
        expect(decoded).toMatchObject({
          addresses: [...new Set(addresses.map(([address]) => address))].toSorted(),
          ttlSeconds: addresses.length === 0 ? null : Math.min(...addresses.map(([, ttl]) => ttl)),
        });
      }),
      { numRuns: 300 },
    );
  });
});

/** Neither decoder throws, and what calls itself an address is one. */
function expectValues(bytes: Uint8Array): void {
  const reply = decodeReply(bytes, ASKED);
  expect(["message", "malformed"]).toContain(reply.kind);
  if (reply.kind === "message") expect(reply.addresses.filter((text) => canonicalAddress(text) !== text)).toEqual([]);
  expect(["query", "malformed"]).toContain(decodeQuery(bytes).kind);
}

describe("hostile bytes", () => {
  const valid = [
    encodeReply(REPLY),
    encodeReply({ ...REPLY, clientSubnet: { address: "198.51.100.0", prefix: 24, scope: 24 } }),
    encodeQuery({ ...ASKED, clientSubnet: "2001:db8::/56", recursionDesired: "yes" }),
    foreign({ answers: [cname(ASKED.name, "b.example"), a("b.example", "192.0.2.1")] }),
  ];

  test("end with a value, whatever they are", () => {
    fc.assert(fc.property(fc.uint8Array({ maxLength: 512 }), expectValues), { numRuns: 3000 });
  });

  test("end with a value when they are nearly a message", () => {
    const damage = fc.array(fc.tuple(fc.nat(), fc.nat(255)), { maxLength: 4 });
    fc.assert(
      fc.property(fc.constantFrom(...valid), damage, fc.nat(), (whole, changes, cut) => {
        const bytes = Uint8Array.from(whole);
        for (const [at, byte] of changes) bytes[at % bytes.length] = byte;
        expectValues(bytes);
        expectValues(bytes.subarray(0, cut % bytes.length));
      }),
      { numRuns: 3000 },
    );
  });

  test("are read at a bounded cost, even as the longest chain of pointers for the most records", () => {
    const startedMs = performance.now();
    expect(decodeReply(pointerBomb(511), ASKED).kind).toBe("message");
    expect(performance.now() - startedMs).toBeLessThan(1000);
    expect(decodeReply(pointerBomb(512), ASKED).kind).toBe("malformed");
  });
});

/** A record that holds a chain of pointers, each to the one before, and then records whose name is the last of them. */
function pointerBomb(records: number): Uint8Array {
  const pointers = 8000;
  const bytes = new Uint8Array(65_535);
  bytes.set([0, 7, 0x80, 1, 0, 0, (records + 1) >> 8, (records + 1) & 0xff, 0, 0, 0, 0]);
  // The root as name, type 65281, class IN, TTL 0, and the length of the data.
  bytes.set([0, 0xff, 1, 0, 1, 0, 0, 0, 0, (pointers * 2) >> 8, (pointers * 2) & 0xff], 12);
  const chain = 23;
  for (let index = 0; index < pointers; index += 1) {
    const target = index === 0 ? 12 : chain + (index - 1) * 2;
    bytes.set([0xc0 | (target >> 8), target & 0xff], chain + index * 2);
  }
  const last = chain + (pointers - 1) * 2;
  for (let record = 0; record < records; record += 1) {
    const at = chain + pointers * 2 + record * 16;
    bytes.set([0xc0 | (last >> 8), last & 0xff, 0, 1, 0, 1, 0, 0, 0, 0, 0, 4, 1, 2, 3, 4], at);
  }
  return bytes;
}
