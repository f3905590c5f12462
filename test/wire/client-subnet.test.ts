// Subnets as text and as bytes.
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { canonicalAddress, decodeSubnet, encodeSubnet, parseCidr } from "../../monitor/wire/client-subnet.ts";

describe("CIDR text", () => {
  test.each([
    { text: "198.51.100.0/24", want: "198.51.100.0/24" },
    { text: "198.51.100.7/20", want: "198.51.96.0/20" },
    { text: "0.0.0.0/0", want: "0.0.0.0/0" },
    { text: "255.255.255.255/32", want: "255.255.255.255/32" },
    { text: "2001:DB8:0:0:1::/56", want: "2001:db8::/56" },
    { text: "::/0", want: "::/0" },
    { text: "2001:db8::1/128", want: "2001:db8::1/128" },
    { text: "1.2.3.4/33", want: null },
    { text: "2001:db8::/129", want: null },
    { text: "1.2.3/24", want: null },
    { text: "1.2.3.256/24", want: null },
    { text: "1.2.3.4", want: null },
    { text: "1.2.3.4/", want: null },
    { text: "1.2.3.4/08", want: null },
    { text: "1.2.3.4/24/8", want: null },
    { text: "example.com/24", want: null },
    { text: "", want: null },
  ])("$text means $want", ({ text, want }) => {
    const subnet = parseCidr(text);
    expect(subnet === null ? null : `${subnet.address}/${subnet.prefix}`).toBe(want);
  });
});

describe("the option's bytes", () => {
  test.each([
    { name: "no more of the address than the prefix needs", cidr: "198.51.96.0/20", bytes: [0, 1, 20, 0, 198, 51, 96] },
    { name: "nothing of it for everybody", cidr: "0.0.0.0/0", bytes: [0, 1, 0, 0] },
    { name: "family 2 for IPv6", cidr: "2001:db8::/32", bytes: [0, 2, 32, 0, 0x20, 0x01, 0x0d, 0xb8] },
  ])("hold $name", ({ cidr, bytes }) => {
    const subnet = parseCidr(cidr) ?? { address: "", prefix: 0 };
    expect([...(encodeSubnet(subnet, 0) ?? [])]).toEqual(bytes);
  });

  test.each([
    { name: "of an unknown family", bytes: [0, 3, 8, 0, 1] },
    { name: "without a scope", bytes: [0, 1, 8] },
    { name: "with a prefix longer than the address", bytes: [0, 1, 33, 0, 1, 2, 3, 4, 5] },
    { name: "with a scope longer than the address", bytes: [0, 1, 8, 33, 10] },
    { name: "with too few bytes", bytes: [0, 1, 24, 0, 1, 2] },
    { name: "with too many bytes", bytes: [0, 1, 8, 0, 1, 2] },
    { name: "with host bits", bytes: [0, 1, 4, 0, 0x1f] },
    { name: "that is empty", bytes: [] },
  ])("are refused $name", ({ bytes }) => {
    expect(decodeSubnet(Uint8Array.from(bytes))).toBeNull();
  });

  test("there and back they are the same, for every address, prefix and scope", () => {
    const address = fc.oneof(fc.ipV4(), fc.ipV6());
    fc.assert(
      fc.property(address, fc.nat(128), fc.nat(32), (text, length, scope) => {
        const prefix = text.includes(":") ? length : length % 33;
        const subnet = parseCidr(`${text}/${prefix}`);
        expect(subnet).not.toBeNull();
        if (subnet === null) return;
        expect(decodeSubnet(encodeSubnet(subnet, scope) ?? new Uint8Array())).toEqual({ ...subnet, scope });
        expect(parseCidr(`${subnet.address}/${subnet.prefix}`)).toEqual(subnet);
      }),
      { numRuns: 500 },
    );
  });

  test("decoding ends with a value for any bytes", () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 24 }), (bytes) => {
        const subnet = decodeSubnet(bytes);
        if (subnet !== null) expect(encodeSubnet(subnet, subnet.scope)).toEqual(bytes);
      }),
      { numRuns: 2000 },
    );
  });
});

test.each([
  { text: "2001:DB8:0:0:0:0:0:A", want: "2001:db8::a" },
  { text: "1:0:0:2:0:0:0:3", want: "1:0:0:2::3" },
  { text: "1:0:2:3:4:5:6:7", want: "1:0:2:3:4:5:6:7" },
  { text: "::ffff:1.2.3.4", want: "::ffff:102:304" },
  { text: "192.0.2.1", want: "192.0.2.1" },
  { text: "ns1.example", want: null },
])("the one spelling of $text is $want (RFC 5952)", ({ text, want }) => {
  expect(canonicalAddress(text)).toBe(want);
});
