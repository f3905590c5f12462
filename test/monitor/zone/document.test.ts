// Zones in the forms that people have them: each is read with the line of every record, and what is wrong is said with its own.
import { describe, expect, test } from "vitest";
import { formatProblem } from "../../../monitor/problem.ts";
import { parseZoneDocument, type ZoneDocument } from "../../../monitor/zone/document.ts";

const RECORD = `{ "Name": "demo.example.com.", "Type": "A", "TTL": 60, "ResourceRecords": [{ "Value": "192.0.2.10" }] }`;
const CHECK = `{ "Id": "c1", "HealthCheckConfig": { "Type": "HTTPS", "FullyQualifiedDomainName": "demo.example.com" } }`;

const SNAPSHOT = `{
  "schemaVersion": 1,
  "kind": "route53-snapshot",
  "pulledAt": "2026-11-22T12:00:00.000Z",
  "hostedZone": { "Id": "Z1", "Name": "example.com." },
  "resourceRecordSets": [
    ${RECORD}
  ],
  "healthChecks": [
    ${CHECK}
  ]
}`;

function read(text: string): ZoneDocument {
  const parsed = parseZoneDocument("zone.json", text);
  if (!parsed.ok) throw new Error(parsed.problems.map((problem) => problem.message).join("\n"));
  return parsed.value;
}

function problems(text: string): readonly string[] {
  const parsed = parseZoneDocument("zone.json", text);
  return parsed.ok ? [] : parsed.problems.map((problem) => formatProblem(problem, "zone.json"));
}

describe("a hosted zone is read from", () => {
  test("a snapshot, with what it leaves out filled in", () => {
    const { form, recordSets, healthChecks, snapshot } = read(SNAPSHOT);
    expect(form).toBe("snapshot");
    expect(recordSets[0]).toMatchObject({
      value: { Name: "demo.example.com." },
      place: { file: "zone.json", line: 7 },
    });
    expect(healthChecks[0]).toMatchObject({ value: { Id: "c1" }, place: { line: 10, column: 5 } });
    expect(snapshot).toMatchObject({ missingHealthChecks: [], observations: {}, notes: [] });
  });

  test("a change batch, without what it deletes", () => {
    const changes = ["UPSERT", "DELETE", "CREATE"].map(
      (Action) => `{ "Action": "${Action}", "ResourceRecordSet":\n${RECORD} }`,
    );
    const { form, recordSets, snapshot } = read(`{ "Comment": "c", "Changes": [\n${changes.join(",\n")} ] }`);
    expect(form).toBe("change-batch");
    expect(recordSets.map(({ place }) => place.line)).toEqual([3, 7]);
    expect(snapshot).toBeNull();
  });

  test.each([
    ["record-sets", `{ "ResourceRecordSets": [${RECORD}] }`, 1, 0],
    ["health-checks", `{ "HealthChecks": [${CHECK}], "IsTruncated": false }`, 0, 1],
  ] as const)("what the AWS command line prints: %s", (form, text, records, checks) => {
    const found = read(text);
    expect([found.form, found.recordSets.length, found.healthChecks.length]).toEqual([form, records, checks]);
  });

  test("records whose texts look like variables of ours, which they are not", () => {
    const text = `{ "ResourceRecordSets": [{ "Name": "t.example.com.", "Type": "TXT", "TTL": 60, "ResourceRecords": [{ "Value": "\\"\${HOME}\\"" }] }] }`;
    expect(read(text).recordSets[0]?.value.ResourceRecords?.[0]?.Value).toBe('"${HOME}"');
  });

  test("records with fields that are newer than this program, which are kept", () => {
    const text = `{ "ResourceRecordSets": [{ "Name": "n.example.com.", "Type": "A", "Quantum": { "Spin": 1 } }] }`;
    expect(read(text).recordSets[0]?.value).toMatchObject({ Quantum: { Spin: 1 } });
  });
});

describe("what is wrong with a hosted zone is said with its line", () => {
  test.each([
    ["a text that is none", "service: {}", [/^zone.json:1:1: expected a hosted zone as JSON \(route53-snapshot, /]],
    [
      "a wrong type of record",
      `{ "ResourceRecordSets": [\n{ "Name": "x.example.com.", "Type": "AAAAA" } ] }`,
      [
        /^zone.json:2:37: ResourceRecordSets\[0\].Type: expected a record type of Route 53 \(A, .*found "AAAAA", did you mean AAAA/,
      ],
    ],
    [
      "a weight out of range and a broken check, both",
      SNAPSHOT.replace('"TTL": 60', '"Weight": 256').replace('"HTTPS"', '"GOPHER"'),
      [/^zone.json:7:.*Weight: expected a whole number from 0 to 255, found 256/, /^zone.json:10:.*found "GOPHER"/],
    ],
    [
      "a snapshot of another version",
      SNAPSHOT.replace('"schemaVersion": 1', '"schemaVersion": 2'),
      [/^zone.json:2:20: schemaVersion: expected 1, the version of snapshot that this program reads, found 2/],
    ],
    [
      "a key that a snapshot does not have",
      SNAPSHOT.replace('"pulledAt"', '"notess": [],\n"pulledAt"'),
      [/^zone.json:4:.*notess/],
    ],
    ["half a snapshot", SNAPSHOT.slice(0, 300), [/^zone.json:\d+:\d+: expected YAML, found a mistake/]],
  ])("%s", (_, text, expected) => {
    const found = problems(text);
    expect(found).toHaveLength(expected.length);
    expected.forEach((pattern, index) => {
      expect(found[index]).toMatch(pattern);
    });
  });
});
