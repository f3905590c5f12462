// URLs, servers and addresses, by their forms; a runtime's own URL parser is the judge where there is one.
import * as fc from "fast-check";
import { describe, expect, test } from "vitest";
import { isAddress, isIpv4, splitServer, splitUrl } from "../../../monitor/topology/url.ts";

describe("splitUrl", () => {
  test.each([
    { url: "https://a.example.com", want: { scheme: "https", host: "a.example.com", port: 443, path: "" } },
    { url: "http://a.example.com", want: { scheme: "http", host: "a.example.com", port: 80, path: "" } },
    {
      url: "https://A.Example.com:8443/x/y",
      want: { scheme: "https", host: "a.example.com", port: 8443, path: "/x/y" },
    },
    { url: "http://[2001:DB8::1]:80/", want: { scheme: "http", host: "2001:db8::1", port: 80, path: "/" } },
    { url: "http://127.0.10.1:65535", want: { scheme: "http", host: "127.0.10.1", port: 65_535, path: "" } },
    { url: "http://localhost:1", want: { scheme: "http", host: "localhost", port: 1, path: "" } },
    { url: "http://localhost", want: { scheme: "http", host: "localhost", port: 80, path: "" } },
  ])("$url", ({ url, want }) => {
    expect(splitUrl(url)).toEqual(want);
  });

  test.each([
    "",
    "a.example.com",
    "ftp://a.example.com",
    "HTTPS://a.example.com",
    "https://",
    "https://:443",
    "https://a.example.com:0",
    "https://a.example.com:65536",
    "https://a.example.com:000443",
    "https://a.example.com?x",
    "https://a.example.com#x",
    "https://a.example.com/?x",
    "https://me@a.example.com",
    "https://a b.example.com",
    "https://a..example.com",
    "https://-a.example.com",
    "https://a.example.com.",
    "https://127.1",
    "https://2130706433",
    "https://0x7f.0.0.1",
    "https://256.1.1.1",
    "https://[1::2::3]",
    "https://[]",
    "https://2001:db8::1",
  ])("%s is refused", (url) => {
    expect(splitUrl(url)).toBeNull();
  });

  test("what it splits, the runtime's URL splits alike", () => {
    const host = fc.oneof(
      fc.domain(),
      fc.ipV4(),
      fc.ipV6().map((address) => `[${address}]`),
      fc.webAuthority(),
    );
    const url = fc
      .tuple(fc.constantFrom("http", "https"), host, fc.webPath())
      .map(([scheme, name, path]) => `${scheme}://${name}${path}`);
    fc.assert(
      fc.property(url, (text) => {
        const parts = splitUrl(text);
        if (parts === null) return;
        const judge = new URL(text);
        expect(judge.protocol).toBe(`${parts.scheme}:`);
        expect(judge.port === "" ? (parts.scheme === "https" ? 443 : 80) : Number(judge.port)).toBe(parts.port);
        expect(new URL(`http://${parts.host.includes(":") ? `[${parts.host}]` : parts.host}`).hostname).toBe(
          judge.hostname,
        );
      }),
    );
  });
});

describe("splitServer", () => {
  test.each([
    { server: "ns1.example.com", want: { host: "ns1.example.com", port: null } },
    { server: "ns1.example.com:5353", want: { host: "ns1.example.com", port: 5353 } },
    { server: "192.0.2.53", want: { host: "192.0.2.53", port: null } },
    { server: "[2001:db8::53]", want: { host: "2001:db8::53", port: null } },
    { server: "[2001:db8::53]:53", want: { host: "2001:db8::53", port: 53 } },
    { server: "2001:db8::53", want: null },
    { server: "ns1.example.com:1", want: { host: "ns1.example.com", port: 1 } },
    { server: "ns1.example.com:000053", want: null },
    { server: "ns1.example.com:0", want: null },
    { server: "ns1.example.com:65536", want: null },
    { server: "https://ns1.example.com", want: null },
    { server: "", want: null },
  ])("$server", ({ server, want }) => {
    expect(splitServer(server)).toEqual(want);
  });
});

describe("addresses", () => {
  test.each([
    { host: "127.0.0.1", address: true, ipv4: true },
    { host: "192.0.2.1", address: true, ipv4: true },
    { host: "::1", address: true, ipv4: false },
    { host: "0:0:0:0:0:0:0:1", address: true, ipv4: false },
    { host: "::", address: true, ipv4: false },
    { host: "localhost", address: false, ipv4: false },
    { host: "127.example.com", address: false, ipv4: false },
    { host: "01.2.3.4", address: false, ipv4: false },
    { host: "1.2.3", address: false, ipv4: false },
    { host: "", address: false, ipv4: false },
  ])("$host", ({ host, address, ipv4 }) => {
    expect({ address: isAddress(host), ipv4: isIpv4(host) }).toEqual({
      address,
      ipv4,
    });
  });
});
