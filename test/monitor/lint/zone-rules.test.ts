import { describe, expect, test } from "vitest";
import type { ZoneCase } from "./zone-case.ts";
import { ZONE_CASES } from "./zone-cases.ts";
import { SPLIT_DNS } from "./zone-other-cases.ts";
import { type DraftZone, lineOf, lintZone, SOUND } from "./zones.ts";

const TITLED = ZONE_CASES.map((one) => ({
  ...one,
  title: `${one.rule}${one.name === undefined ? "" : ` ${one.name}`}`,
}));

function foundIn(zone: DraftZone, { rule, beside = [] }: ZoneCase): ReturnType<typeof lintZone> {
  return lintZone(zone, beside).filter(({ id, place }) => id === rule && place.file === "zone.json");
}

test("a zone without a fault has no findings", () => {
  expect(lintZone(SOUND)).toEqual([]);
});

describe("each rule speaks where a zone breaks it", () => {
  test.each(TITLED)("$title", (one) => {
    const found = foundIn(one.bad, one);
    expect(found.map(({ place }) => place.line)).toEqual(one.at.map((at) => lineOf(at, one.bad)));
    expect(found[0]?.message).toContain(one.says);
    if (one.severity !== undefined) expect(found[0]?.severity).toBe(one.severity);
  });
});

describe("each rule is silent beside it", () => {
  test.each(TITLED)("$title", (one) => {
    expect(foundIn(one.good, one)).toEqual([]);
  });
});

test(`${SPLIT_DNS.rule} points at the resolver that serves a copy of a routed zone`, () => {
  const [found, none] = [SPLIT_DNS.bad, SPLIT_DNS.good].map((manifest) =>
    lintZone(SOUND, [manifest]).filter(({ id }) => id === SPLIT_DNS.rule),
  );
  expect(found?.map(({ place }) => [place.file, place.line])).toEqual([["coredns.yaml", SPLIT_DNS.line]]);
  expect(none).toEqual([]);
});
