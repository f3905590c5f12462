// The zone reader against answers that are only partly the API's: a sentence or a note, never half a zone taken for a whole one.
import { describe, expect, test } from "vitest";
import { type WrittenAnswer, xml } from "../support/route53-server.ts";
import { recordsXml, recordXml, zonesXml } from "../support/route53-zone-xml.ts";
import { BY_ID, HTML, pull, snapshotOf, wholeZone } from "../support/zone-pull-run.ts";

describe("an answer that is only partly one", () => {
  const isRecords = (request: string): boolean => request.includes("/rrset?");
  const isZone = (request: string): boolean => request.endsWith("/hostedzone/Z1");
  const empty: WrittenAnswer = { status: 200, type: "text/xml", body: "" };

  test.each([
    ["a page of HTML among the records", isRecords, HTML, /ListResourceRecordSets: the answer is not one of AWS's/],
    ["an empty body", isRecords, empty, /ListResourceRecordSets: the answer is not one of AWS's/],
    ["another operation's answer", isRecords, zonesXml(""), /ListResourceRecordSets: the answer is not one of AWS's/],
    [
      "a record without a type",
      isRecords,
      recordsXml("<ResourceRecordSet><Name>a.</Name></ResourceRecordSet>", ""),
      /resourceRecordSets\[0\].Type: expected a record type/,
    ],
    [
      "a TTL that is no number",
      isRecords,
      recordsXml(recordXml("a", "plain").replace("<TTL>60<", "<TTL>soon<"), ""),
      /ListResourceRecordSets|TTL/,
    ],
    ["HTML for the zone itself", isZone, HTML, /GetHostedZone: the answer is not one of AWS's/],
    [
      "a zone without a name",
      isZone,
      xml("GetHostedZoneResponse", "<HostedZone><Id>/hostedzone/Z1</Id></HostedZone>"),
      /hostedZone.Name: expected/,
    ],
  ] as const)("%s is said, and nothing is pulled", async (_, isMeant, answer, sentence) => {
    const { pulled } = await pull((request) => (isMeant(request) ? answer : wholeZone(request)), BY_ID);
    expect(pulled).toMatchObject({ kind: "failed", detail: expect.stringMatching(sentence) });
  });

  test.each([
    [
      "of a health check",
      (request: string) => request.endsWith("/healthcheck/plain"),
      "health check plain: an empty answer",
    ],
    [
      "of protections",
      (request: string) => request.includes("protection"),
      "protections: ListResourceRecordSetProtections: the answer is not one of AWS's",
    ],
  ] as const)("%s is a note, and the rest is pulled", async (_, isMeant, note) => {
    const run = await pull((request) => (isMeant(request) ? HTML : wholeZone(request)), BY_ID);
    expect(snapshotOf(run).notes).toEqual([expect.stringContaining(note)]);
  });
});
