import { describe, expect, test } from "vitest";
import { fingerprint } from "../../../monitor/topology/fingerprint.ts";
import { parseTopology } from "../../../monitor/topology/parse.ts";
import { readWaivers } from "../../../monitor/topology/waivers.ts";

const BASE = `service: { name: demo, host: demo.example.com, image: demo:1 }
regions:
  - { id: east, region: us-east-1, cluster: { context: east }, endpoint: { url: "https://east.example.com", addresses: [192.0.2.10] } }
dns: { zone: example.com, policy: { routing: simple } }
`;
const RIGHT = "id: KF-OVERRIDE-NOT-PLACED, reason: known, until: 2027-01-01";
const withWaiver = (waiver: string): string => `${BASE}lint:\n  waivers:\n    - { ${waiver} }\n`;

test("a waiver is read with its place, for every subject where it names none", () => {
  expect(readWaivers(withWaiver(RIGHT), {})).toEqual([
    { id: "KF-OVERRIDE-NOT-PLACED", subject: null, reason: "known", until: "2027-01-01", line: 7, column: 7 },
  ]);
});

test("a topology is the same with and without waivers", () => {
  const [without, waived] = [BASE, withWaiver(RIGHT)].map((text) => parseTopology(text));
  if (without?.ok !== true || waived?.ok !== true) throw new Error("expected two topologies");
  expect(waived.value).toEqual(without.value);
  expect(fingerprint(waived.value)).toBe(fingerprint(without.value));
});

describe("a waiver that is wrong is a problem, and waives nothing", () => {
  test.each([
    { name: "no reason", waiver: "id: KF-A, until: 2027-01-01", says: "reason: missing" },
    { name: "an empty reason", waiver: 'id: KF-A, reason: " ", until: 2027-01-01', says: "expected a reason" },
    { name: "no last day", waiver: "id: KF-A, reason: known", says: "until: missing: expected the last day" },
    {
      name: "a day that there is not",
      waiver: "id: KF-A, reason: known, until: 2027-02-30",
      says: "expected the last day",
    },
    {
      name: "a day with a time",
      waiver: 'id: KF-A, reason: known, until: "2027-01-01T00:00:00Z"',
      says: "expected the last day",
    },
    {
      name: "no rule's id",
      waiver: "id: kf, reason: known, until: 2027-01-01",
      says: "expected the id of a rule",
    },
    { name: "a subject without a name", waiver: `${RIGHT}, subject: Service`, says: "expected a kind and a name" },
    { name: "an unknown key", waiver: `${RIGHT}, untill: x`, says: "did you mean `until`?" },
  ])("$name", ({ waiver, says }) => {
    const parsed = parseTopology(withWaiver(waiver));
    expect(parsed.ok ? [] : parsed.problems.map(({ path = "", message }) => `${path}: ${message}`)).toEqual([
      expect.stringContaining(says),
    ]);
    expect(readWaivers(withWaiver(waiver), {})).toEqual([]);
  });
});
