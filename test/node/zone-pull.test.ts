// The zone reader against written answers of the API: what it reads, how it is paced, and what it says when it cannot.
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { ANSWER_BYTES_MAX } from "../../monitor/node/aws-body.ts";
import { errorXml, xml } from "../support/route53-server.ts";
import { checkXml, NEXT, recordsXml, recordXml, zonesXml, zoneXml } from "../support/route53-zone-xml.ts";
import { HTTPS_CONFIG, BY_ID, BY_NAME, HTML, pull, snapshotOf, wholeZone } from "../support/zone-pull-run.ts";

describe("a zone that can be read", () => {
  test("comes whole over pages that end inside a group of records", async () => {
    const { resourceRecordSets } = snapshotOf(await pull(wholeZone));
    expect(resourceRecordSets.map((record) => record.SetIdentifier)).toEqual(["a", "b", "c"]);
  });

  test("has every health check that a record names, their children, and the ids of those that are gone", async () => {
    const { healthChecks, missingHealthChecks } = snapshotOf(await pull(wholeZone));
    expect(healthChecks.map((check) => [check.Id, check.HealthCheckVersion])).toEqual([
      ["plain", 7],
      ["calculated", 7],
      ["child", 7],
    ]);
    expect(missingHealthChecks).toEqual(["gone"]);
  });

  test("has ids without their path, name servers, protections and no notes", async () => {
    const { hostedZone, nameServers, protections, notes } = snapshotOf(await pull(wholeZone));
    expect(hostedZone.Id).toBe("Z1");
    expect(nameServers).toEqual(["ns-1.awsdns-01.org"]);
    expect(protections).toMatchObject([{ RecordName: "demo.multicloud.example.com.", RecordType: "A" }]);
    expect(notes).toEqual([]);
  });

  test("has what checkers saw only where it is asked for, and never of a calculated check", async () => {
    expect(snapshotOf(await pull(wholeZone)).observations).toEqual({});
    const { observations } = snapshotOf(await pull(wholeZone, { ...BY_NAME, observations: "read" }));
    expect(Object.keys(observations)).toEqual(["plain", "child"]);
    expect(observations["plain"]?.[0]?.StatusReport?.Status).toMatch(/^Failure: HTTP Status Code 503/);
  });

  test("is asked for in at most 4 requests a second, and for statuses at most once in 1.5 s", async () => {
    const { asked, tookMs } = await pull(wholeZone, { ...BY_NAME, observations: "read" });
    const statuses = asked.filter((line) => line.endsWith("/status")).length;
    expect(statuses).toBe(2);
    // Of each kind the first call waits for nothing.
    const others = asked.length - statuses;
    expect(tookMs).toBeGreaterThanOrEqual((others - 1) * 250 + (statuses - 1) * 1500 - 250);
    expect(tookMs).toBeLessThan(others * 250 + statuses * 1500);
  });

  test("has the ids of other public zones of its name, where it is asked for by id", async () => {
    const three = zonesXml(`${zoneXml("Z1", "public")}${zoneXml("Z2", "public")}${zoneXml("ZP", "private")}`);
    const run = await pull((request) => (request.includes("/hostedzonesbyname") ? three : wholeZone(request)), BY_ID);
    expect(snapshotOf(run).sameName).toEqual(["Z2"]);
    const denied = await pull(
      (request) => (request.includes("/hostedzonesbyname") ? errorXml("AccessDenied", "no", 403) : wholeZone(request)),
      BY_ID,
    );
    expect(snapshotOf(denied).notes).toEqual([
      expect.stringContaining("other zones of that name: ListHostedZonesByName"),
    ]);
  });

  test("takes CloudWatch's word beside it, and a note where CloudWatch has none", async () => {
    const told = await pull(wholeZone, BY_NAME, () =>
      Promise.resolve({ kind: "reply", value: { plain: 0, child: null } }),
    );
    expect(snapshotOf(told).cloudWatchStatus).toEqual({ plain: 0, child: null });
    const silent = await pull(wholeZone, BY_NAME, () =>
      Promise.resolve({ kind: "failed", failure: { cause: "denied", detail: "GetMetricData: AccessDenied" } }),
    );
    expect(snapshotOf(silent).notes).toEqual(["CloudWatch: GetMetricData: AccessDenied"]);
  });
});

describe("what moto does not have", () => {
  test("is read: a collection of blocks in two pages, grouped by location", async () => {
    const record = recordXml("a", "plain").replace(
      "<Weight>1</Weight>",
      "<CidrRoutingConfig><CollectionId>c1</CollectionId><LocationName>office</LocationName></CidrRoutingConfig>",
    );
    const block = (location: string, cidr: string): string =>
      `<member><CidrBlock>${cidr}</CidrBlock><LocationName>${location}</LocationName></member>`;
    const { cidrCollections, notes } = snapshotOf(
      await pull((request) => {
        if (request.includes("/rrset?")) return recordsXml(record, "");
        if (!request.includes("/cidrcollection/c1/cidrblocks")) return wholeZone(request);
        return request.includes("nexttoken=more")
          ? xml("ListCidrBlocksResponse", `<CidrBlocks>${block("office", "10.2.0.0/16")}</CidrBlocks>`)
          : xml(
              "ListCidrBlocksResponse",
              `<NextToken>more</NextToken><CidrBlocks>${block("office", "10.1.0.0/16")}${block("lab", "10.9.0.0/24")}</CidrBlocks>`,
            );
      }),
    );
    expect(notes).toEqual([]);
    expect(cidrCollections).toEqual([
      {
        Id: "c1",
        Locations: [
          { LocationName: "office", CidrBlocks: ["10.1.0.0/16", "10.2.0.0/16"] },
          { LocationName: "lab", CidrBlocks: ["10.9.0.0/24"] },
        ],
      },
    ]);
  });

  test.each([
    [
      "an alarm's check with what missing data means",
      "<Type>CLOUDWATCH_METRIC</Type><AlarmIdentifier><Region>us-east-1</Region><Name>errors</Name></AlarmIdentifier><InsufficientDataHealthStatus>LastKnownStatus</InsufficientDataHealthStatus>",
      { AlarmIdentifier: { Name: "errors" }, InsufficientDataHealthStatus: "LastKnownStatus" },
    ],
    [
      "a routing control",
      "<Type>RECOVERY_CONTROL</Type><RoutingControlArn>arn:aws:route53-recovery-control::1:x</RoutingControlArn>",
      { RoutingControlArn: "arn:aws:route53-recovery-control::1:x" },
    ],
    [
      "a check that is pinned unhealthy",
      `${HTTPS_CONFIG}<Inverted>true</Inverted><Disabled>true</Disabled>`,
      { Inverted: true, Disabled: true },
    ],
  ] as const)("is read: %s", async (_, config, want) => {
    const run = await pull((request) =>
      request.endsWith("/healthcheck/plain") ? checkXml("plain", config) : wholeZone(request),
    );
    expect(snapshotOf(run).healthChecks[0]?.HealthCheckConfig).toMatchObject(want);
  });

  test("is read: that a service made a check, so that nobody edits it", async () => {
    const linked = "<LinkedService><ServicePrincipal>servicediscovery.amazonaws.com</ServicePrincipal></LinkedService>";
    const run = await pull((request) => {
      const answer = wholeZone(request);
      if (!request.endsWith("/healthcheck/plain")) return answer;
      return { ...answer, body: answer.body.replace("</CallerReference>", `</CallerReference>${linked}`) };
    });
    expect(snapshotOf(run).healthChecks[0]?.LinkedService).toEqual({
      ServicePrincipal: "servicediscovery.amazonaws.com",
    });
  });
});

describe("hostile answers", () => {
  test("end with a snapshot or a sentence, whatever was done to the XML", { timeout: 60_000 }, async () => {
    const damage = fc.record({
      /** Which of the answers, in the order of asking. */
      turn: fc.nat(12),
      at: fc.nat(),
      take: fc.nat(40),
      put: fc.oneof(
        fc.string({ unit: "binary", maxLength: 20 }),
        fc.constantFrom(
          "",
          "<",
          "</",
          "<!--",
          "<![CDATA[",
          "&lt;",
          "&#x110000;",
          "<!DOCTYPE a [<!ENTITY b 'c'>]>",
          "<Id/>",
          "\0",
        ),
      ),
    });
    await fc.assert(
      fc.asyncProperty(damage, async ({ turn, at, take, put }) => {
        let count = 0;
        const { pulled } = await pull(
          (request) => {
            const answer = wholeZone(request);
            if (count++ !== turn) return answer;
            const from = at % answer.body.length;
            return { ...answer, body: `${answer.body.slice(0, from)}${put}${answer.body.slice(from + take)}` };
          },
          { ...BY_NAME, observations: "read" },
        );
        expect(["pulled", "failed"]).toContain(pulled.kind);
      }),
      { numRuns: 150 },
    );
  });

  test("entities are not unfolded: a bomb of them is refused as it came", async () => {
    const levels = Array.from({ length: 12 }, (_, n) => `<!ENTITY e${n + 1} "${`&e${n};`.repeat(12)}">`).join("");
    const bomb = `<?xml version="1.0"?><!DOCTYPE x [<!ENTITY e0 "ha">${levels}]><ListHostedZonesByNameResponse>&e12;</ListHostedZonesByNameResponse>`;
    const { pulled } = await pull(() => ({ status: 200, type: "text/xml", body: bomb }));
    expect(pulled.kind).toBe("failed");
  });

  test("what the SDK advises its own users is not handed on", async () => {
    const body = "<!doctype html>\n<html lang=en>\n<title>404 Not Found</title>\n<h1>Not Found</h1>\n";
    const { pulled } = await pull(() => ({ status: 404, type: "text/html", body }));
    expect(pulled).toMatchObject({
      kind: "failed",
      detail: expect.stringMatching(/the answer is not one of AWS's: .*mismatched tags <html> and <\/title>\.$/),
    });
  });

  test("one that does not end is cut off, and is not the API's", async () => {
    const { body, ...rest } = zonesXml(zoneXml("Z1", "public"));
    const { pulled, asked } = await pull(() => ({ ...rest, body: body + " ".repeat(ANSWER_BYTES_MAX) }));
    expect(pulled).toMatchObject({
      detail: expect.stringContaining(`not one of AWS's: it is longer than ${ANSWER_BYTES_MAX} bytes`),
    });
    expect(asked).toHaveLength(1);
  });
});

describe("a call that fails", () => {
  test("is tried again after a throttle, with a word about it, until it succeeds", async () => {
    const run = await pull((request, before) =>
      request.includes("/hostedzonesbyname") && before < 3
        ? errorXml("Throttling", "Rate exceeded", 400)
        : wholeZone(request),
    );
    expect(snapshotOf(run).notes).toEqual([]);
    expect(run.told).toHaveLength(3);
    expect(run.told[0]).toContain("Rate exceeded; trying again");
    // Half of 1, 2 and 4 s by the jitter of this test, beside the pace.
    expect(run.tookMs).toBeGreaterThanOrEqual(3500);
  });

  test.each([
    ["throttled for ever", errorXml("Throttling", "Rate exceeded", 400), 6, /Rate exceeded/],
    ["a fault of the service", errorXml("InternalError", "We failed", 500), 4, /InternalError.*We failed/],
    ["no permission", errorXml("AccessDenied", "User is not authorized", 403), 1, /AccessDenied.*not authorized/],
    ["a page that is not the API's", HTML, 1, /the answer is not one of AWS's/],
    [
      "half a body",
      { ...zonesXml(zoneXml("Z1", "public")), body: "<ListHostedZonesByNameResponse><Hosted" },
      1,
      /not one of AWS's/,
    ],
  ] as const)("%s ends with what came back", async (_, answer, attempts, sentence) => {
    const { pulled, asked } = await pull(() => answer);
    expect(pulled).toMatchObject({ kind: "failed", detail: expect.stringMatching(sentence) });
    expect(asked).toHaveLength(attempts);
  });

  test("for one health check is a note, and the rest is read", async () => {
    const run = await pull((request) =>
      request.endsWith("/healthcheck/plain") ? errorXml("AccessDenied", "no", 403) : wholeZone(request),
    );
    const { healthChecks, notes } = snapshotOf(run);
    expect(healthChecks.map((check) => check.Id)).toEqual(["calculated", "child"]);
    expect(notes).toEqual([expect.stringContaining("health check plain: GetHealthCheck (HTTP 403): AccessDenied")]);
  });
});

describe("a zone that cannot be read", () => {
  test("whose pages point at themselves ends at the second time", async () => {
    const { pulled, asked } = await pull((request) =>
      request.includes("/rrset?") ? recordsXml(recordXml("a", "plain"), NEXT) : wholeZone(request),
    );
    expect(pulled).toMatchObject({ detail: expect.stringContaining("again, so the list would never end") });
    expect(asked.filter((line) => line.includes("/rrset?"))).toHaveLength(2);
  });

  test.each([
    [
      "no zone of that name",
      zonesXml(""),
      /expected a public hosted zone multicloud.example.com in this account, found none$/,
    ],
    ["a private one only", zonesXml(zoneXml("ZP", "private")), /found none \(private: ZP\)/],
    [
      "two public ones",
      zonesXml(`${zoneXml("Z1", "public")}${zoneXml("Z2", "public")}`),
      /found Z1, Z2: choose by --zone-id/,
    ],
  ] as const)("%s is said", async (_, answer, sentence) => {
    expect((await pull(() => answer)).pulled).toMatchObject({
      kind: "failed",
      detail: expect.stringMatching(sentence),
    });
  });
});
