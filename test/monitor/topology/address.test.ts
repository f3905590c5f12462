// Addresses as bytes, blocks, and which of them nobody outside can reach. The runtime's URL parser is the judge of IPv6.
import * as fc from "fast-check";
import { describe, expect, test } from "vitest";
import { hiddenKind, parseAddress, parseBlock, parseIpv6 } from "../../../monitor/topology/address.ts";

describe("IPv6 texts", () => {
  const alike = (text: string): void => {
    const judge = URL.parse(`http://[${text}]/`);
    const bytes = parseIpv6(text);
    expect(bytes === null).toBe(judge === null);
    if (bytes === null || judge === null) return;
    expect(bytes).toHaveLength(16);
    const groups = Array.from({ length: 8 }, (_, index) =>
      (((bytes[index * 2] ?? 0) << 8) | (bytes[index * 2 + 1] ?? 0)).toString(16),
    );
    expect(URL.parse(`http://[${groups.join(":")}]/`)?.hostname).toBe(judge.hostname);
  };

  test("generated addresses are read as the URL parser reads them", () => {
    fc.assert(fc.property(fc.ipV6(), alike));
  });

  test("so are texts of the same letters that need not be addresses", () => {
    const part = fc.constantFrom("0", "1", "db8", "ffff", "fffff", ":", "::", ".", "192.0.2.1", "256");
    fc.assert(
      fc.property(
        fc.array(part, { minLength: 1, maxLength: 20 }).map((parts) => parts.join("")),
        alike,
      ),
      { numRuns: 1000 },
    );
  });

  test.each([
    "::",
    "::1",
    "1::",
    "1:2:3:4:5:6:7::",
    "::2:3:4:5:6:7:8",
    "1:2:3:4:5:6:1.2.3.4",
    "::1.2.3.4",
    "1.2.3.4::",
    "1:2",
    ":::",
    "1::2::3",
    "12345::",
    "::g",
    "",
  ])("%s", alike);
});

describe("blocks", () => {
  test.each([
    { text: "198.51.100.0/24", length: 24 },
    { text: "198.51.100.128/25", length: 25 },
    { text: "198.51.100.7/32", length: 32 },
    { text: "0.0.0.0/0", length: 0 },
    { text: "2001:db8::/32", length: 32 },
    { text: "2001:db8::1/128", length: 128 },
    { text: "198.51.100.1/24", length: null },
    { text: "198.51.100.64/25", length: null },
    { text: "198.51.100.0/33", length: null },
    { text: "2001:db8::/129", length: null },
    { text: "2001:db8::1/64", length: null },
    { text: "198.51.100.0/024", length: null },
    { text: "198.51.100.0", length: null },
    { text: "example.com/24", length: null },
  ])("$text", ({ text, length }) => {
    expect(parseBlock(text)?.length ?? null).toBe(length);
  });
});

describe("what hides an address", () => {
  test.each([
    ["0.1.2.3", "unspecified"],
    ["9.255.255.255", null],
    ["10.0.0.0", "private"],
    ["10.255.255.255", "private"],
    ["11.0.0.0", null],
    ["100.63.255.255", null],
    ["100.64.0.0", "shared"],
    ["100.128.0.0", null],
    ["127.255.255.254", "loopback"],
    ["169.254.0.1", "link-local"],
    ["172.15.255.255", null],
    ["172.16.0.0", "private"],
    ["172.31.255.255", "private"],
    ["172.32.0.0", null],
    ["192.0.2.1", null],
    ["192.168.255.255", "private"],
    ["198.51.100.1", null],
    ["203.0.113.1", null],
    ["223.255.255.255", null],
    ["224.0.0.0", "multicast"],
    ["240.0.0.0", "reserved"],
    ["255.255.255.255", "reserved"],
    ["::", "unspecified"],
    ["::1", "loopback"],
    ["::2", null],
    ["::ffff:10.0.0.1", "IPv4-mapped"],
    ["2001:db8::1", null],
    ["fbff::1", null],
    ["fc00::1", "private"],
    ["fdff::1", "private"],
    ["fe80::1", "link-local"],
    ["febf::1", "link-local"],
    ["fec0::1", "private"],
    ["ff02::1", "multicast"],
  ])("%s: %s", (text, kind) => {
    expect(hiddenKind(parseAddress(text) ?? [])).toBe(kind);
  });
});
