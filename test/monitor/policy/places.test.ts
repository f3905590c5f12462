// Address blocks and distances, the arithmetic under IP-based and geoproximity routing.
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { placeOfRegion } from "../../../monitor/policy/aws-places.ts";
import { blockKey, parseBlock, shortened } from "../../../monitor/policy/cidr.ts";
import { biased, distanceRange, greatCircleKm } from "../../../monitor/policy/geoproximity.ts";

describe("a block", () => {
  test.each([
    ["10.1.2.3/8", "ipv4 a000000/8"],
    ["0.0.0.0/0", "ipv4 0/0"],
    ["192.0.2.1/32", "ipv4 c0000201/32"],
    ["2001:DB8::1/32", "ipv6 20010db8000000000000000000000000/32"],
    ["::/0", "ipv6 0/0"],
    ["::ffff:192.0.2.1/128", "ipv6 ffffc0000201/128"],
    ["1:2:3:4:5:6:7:8/128", "ipv6 10002000300040005000600070008/128"],
  ])("%s is %s", (text, key) => {
    const block = parseBlock(text);
    expect(block === null ? null : blockKey(block)).toBe(key);
  });

  test.each([
    "",
    "10.0.0.0",
    "10.0.0/8",
    "10.0.0.256/8",
    "10.0.0.0/33",
    "1::2::3/64",
    "1:2:3:4:5:6:7:8:9/64",
    "1:2:3/64",
    "::g/64",
    "10.0.0.0/8 ",
    "1:2:3:4:5:6:7::8/64/1",
    "::1.2.3/96",
  ])("%j is none", (text) => {
    expect(parseBlock(text)).toBeNull();
  });

  test("a wider block of it is the same whatever lies beyond the prefix", () => {
    fc.assert(
      fc.property(fc.ipV4(), fc.integer({ min: 0, max: 32 }), fc.integer({ min: 0, max: 32 }), (address, a, b) => {
        const [wide, narrow] = [Math.min(a, b), Math.max(a, b)];
        const direct = parseBlock(`${address}/${wide}`);
        const through = parseBlock(`${address}/${narrow}`);
        expect(through === null ? null : shortened(through, wide)).toEqual(direct);
      }),
    );
  });
});

describe("distance", () => {
  const of = (awsRegion: string) => placeOfRegion(awsRegion) ?? { latitude: 0, longitude: 0 };
  test.each([
    { from: "eu-west-3", to: "eu-west-2", km: 344 },
    { from: "us-east-1", to: "us-west-2", km: 3550 },
    { from: "ap-southeast-2", to: "sa-east-1", km: 13_360 },
    { from: "us-east-1", to: "us-east-1", km: 0 },
  ])("from $from to $to is about $km km", ({ from, to, km }) => {
    expect(Math.abs(greatCircleKm(of(from), of(to)) - km)).toBeLessThan(60);
  });

  test("halfway round the Earth is 20,015 km, and so across the date line", () => {
    expect(greatCircleKm({ latitude: 0, longitude: 0 }, { latitude: 0, longitude: 180 })).toBeCloseTo(20_015, 0);
    expect(greatCircleKm({ latitude: 0, longitude: 179 }, { latitude: 0, longitude: -179 })).toBeCloseTo(222, 0);
  });

  test.each([
    { bias: 0, counted: 1000 },
    { bias: 50, counted: 500 },
    { bias: 99, counted: 10 },
    { bias: -50, counted: 2000 },
    { bias: -99, counted: 100_000 },
  ])("2.7 bias $bias makes 1000 km count as $counted", ({ bias, counted }) => {
    expect(biased(1000, bias)).toBeCloseTo(counted, 6);
  });

  test("is a range, because places are known to 100 km only; of an unknown place it is any", () => {
    const here = { latitude: 0, longitude: 0 };
    expect(distanceRange(here, { kind: "coordinates", ...here }, 0)).toEqual({ best: 0, worst: 100 });
    expect(distanceRange(here, { kind: "aws-region", awsRegion: "xx-new-1" }, 50)).toEqual({
      best: 0,
      worst: Number.POSITIVE_INFINITY,
    });
  });
});
