import { describe, expect, test } from "vitest";
import type { DnsObservation } from "../../../monitor/model/observation.ts";
import type { DnsWatch } from "../../../monitor/model/verdict.ts";
import { ANYONE } from "../../../monitor/policy/answer.ts";
import type { HealthView } from "../../../monitor/policy/health-check.ts";
import type { RecordSet } from "../../../monitor/policy/record-set.ts";
import { judgeAnswer } from "../../../monitor/verify/dns.ts";
import type { PolicyTimeline } from "../../../monitor/verify/timeline.ts";
import { zoneOf } from "../../../monitor/topology/zone.ts";
import { AWS, EXAMPLE, GCP } from "../../support/example-topology.ts";
import { dnsLook } from "../../support/looks.ts";
import { alias, healthIn, leaf, PRIMARY, SECONDARY, smallZone, WWW } from "../../support/small-zone.ts";

const GONE: HealthView = { [AWS.id]: "unhealthy", [GCP.id]: "healthy" };
const FINE: HealthView = { [AWS.id]: "healthy", [GCP.id]: "healthy" };

/** Threshold 3, interval 30 s: detection 108 s, with propagation 168 s, caches 70 s more. */
function timeline(health: HealthView, changedAt: number | null): PolicyTimeline {
  return {
    zone: zoneOf(EXAMPLE),
    question: { name: EXAMPLE.service.host, type: "A", asker: ANYONE },
    health,
    changedAt: { [AWS.id]: changedAt, [GCP.id]: null },
    timing: { propagationMs: 60_000, slackMs: 10_000, lookMaxMs: 6000 },
    lookEveryMs: 32_500,
    policyChange: null,
    unansweredMax: 3,
  };
}

function judge(
  policy: PolicyTimeline,
  seen: DnsObservation,
  before: DnsWatch | null = null,
): Pick<DnsWatch, "verdict" | "deadline" | "reason"> {
  const { verdict, deadline, reason } = judgeAnswer(policy, seen, before, seen.at);
  return { verdict, deadline, reason };
}

const AWS_IP = AWS.endpoint.addresses;
const GCP_IP = GCP.endpoint.addresses;

describe("after the primary failed at 0 s", () => {
  test.each([
    {
      name: "the new answer conforms at once",
      view: "authoritative",
      at: 60_000,
      answer: GCP_IP,
      verdict: "conforms",
      deadline: null,
    },
    {
      name: "the old answer converges until the very deadline",
      view: "authoritative",
      at: 168_000,
      answer: AWS_IP,
      verdict: "converging",
      deadline: 168_000,
    },
    {
      name: "a cache has the old TTL and slack on top",
      view: "recursive",
      at: 238_000,
      answer: AWS_IP,
      verdict: "converging",
      deadline: 238_000,
    },
  ] as const)("$name", ({ view, at, answer, verdict, deadline }) => {
    expect(judge(timeline(GONE, 0), dnsLook("enam", view, at, answer))).toMatchObject({ verdict, deadline });
  });

  test.each(["authoritative", "recursive"] as const)(
    "the old answer deviates one millisecond after the deadline, %s",
    (view) => {
      const by = view === "authoritative" ? 168_000 : 238_000;
      const before = judgeAnswer(timeline(GONE, 0), dnsLook("enam", view, by, AWS_IP), null, by);
      expect(judge(timeline(GONE, 0), dnsLook("enam", view, by + 1, AWS_IP), before).verdict).toBe("deviates");
    },
  );

  test("the deviation says what was answered, what the policy says, and which rule ran out", () => {
    const before = judgeAnswer(timeline(GONE, 0), dnsLook("enam", "recursive", 200_000, AWS_IP), null, 200_000);
    expect(judge(timeline(GONE, 0), dnsLook("enam", "recursive", 240_000, AWS_IP), before).reason).toBe(
      "answers 192.0.2.10 (aws-us-east-1), but policy says 198.51.100.20: the secondary gcp-europe-west1, which is healthy (the primary aws-us-east-1 unhealthy); " +
        "3 × (30 s + 6 s) detection + 1 m propagation + 60 s TTL + 10 s slack after aws-us-east-1 changed at 1970-01-01T00:00:00.000Z ended at 1970-01-01T00:03:58.000Z",
    );
  });

  test("both answers are legal before our own view has moved", () => {
    for (const answer of [AWS_IP, GCP_IP]) {
      expect(judge(timeline(FINE, 0), dnsLook("enam", "authoritative", 30_000, answer)).verdict).not.toBe("deviates");
    }
  });
});

describe("an answer that no change of health explains", () => {
  test.each([
    {
      name: "an address of nobody's deviates at once",
      seen: dnsLook("enam", "authoritative", 0, ["203.0.113.99"]),
      verdict: "deviates",
      words: "203.0.113.99 is in no record",
    },
    {
      name: "one foreign address among ours is enough",
      seen: dnsLook("enam", "authoritative", 0, ["192.0.2.10", "203.0.113.99"]),
      verdict: "deviates",
      words: "203.0.113.99 is in no record",
    },
    {
      name: "both addresses at once are no answer of a failover policy",
      seen: dnsLook("enam", "authoritative", 0, [...AWS_IP, ...GCP_IP]),
      verdict: "undecided",
      words: "seen for the first time",
    },
    {
      name: "NXDOMAIN gets one interval",
      seen: dnsLook("enam", "authoritative", 0, [], "NXDOMAIN"),
      verdict: "undecided",
      words: "answers NXDOMAIN",
    },
    {
      name: "an empty answer gets one interval",
      seen: dnsLook("enam", "authoritative", 0, []),
      verdict: "undecided",
      words: "answers without any address",
    },
    {
      name: "the other region's gets one interval, for DNS may know before us",
      seen: dnsLook("enam", "authoritative", 0, GCP_IP),
      verdict: "converging",
      words: "DNS may have moved before our next look",
    },
  ] as const)("$name", ({ seen, verdict, words }) => {
    const judged = judge(timeline(FINE, null), seen);
    expect(judged.verdict).toBe(verdict);
    expect(judged.reason).toContain(words);
  });

  test("it deviates when it is still there one interval later, and stays a deviation", () => {
    let watch: DnsWatch | null = null;
    const verdicts = [0, 30_000, 60_000, 90_000].map((at) => {
      watch = judgeAnswer(timeline(FINE, null), dnsLook("enam", "authoritative", at, GCP_IP), watch, at);
      return watch.verdict;
    });
    expect(verdicts).toEqual(["converging", "converging", "deviates", "deviates"]);
  });
});

test("no answer at all is undecided, and a deviation at as many in a row as a health check needs", () => {
  const silent: DnsObservation = {
    ...dnsLook("enam", "recursive", 0, []),
    reply: { kind: "failed", failure: { cause: "refused", detail: "connection refused" } },
  };
  let watch: DnsWatch | null = null;
  const verdicts = [0, 1, 2, 3].map((at) => {
    watch = judgeAnswer(timeline(FINE, null), silent, watch, at);
    return `${watch.verdict}: ${watch.reason}`;
  });
  expect(verdicts[1]).toBe("undecided: no answer from 192.0.2.53: refused, connection refused");
  expect(verdicts[2]).toBe(
    "deviates: no answer from 192.0.2.53: refused, connection refused (3 questions in a row or more)",
  );
});

test("answers compare as sets: neither order nor repetition matters", () => {
  const zone = {
    ...timeline(FINE, null).zone,
    recordSets: timeline(FINE, null).zone.recordSets.map((record) => ({
      ...record,
      target: { ...record.target, values: ["192.0.2.1", "192.0.2.2"] },
    })),
  };
  expect(
    judge(
      { ...timeline(FINE, null), zone },
      dnsLook("enam", "authoritative", 0, ["192.0.2.2", "192.0.2.1", "192.0.2.2"]),
    ).verdict,
  ).toBe("conforms");
});

describe("answers that are no fixed set of the zone's own values", () => {
  const routed = (records: readonly RecordSet[], health: HealthView = {}): PolicyTimeline => ({
    ...timeline(FINE, null),
    zone: smallZone(records),
    question: { name: WWW, type: "A", asker: ANYONE },
    health: healthIn(smallZone(records), health),
  });
  const nine = [..."abcdefghi"].map((id) => leaf(id, { routing: "multivalue" }));
  const belgium = { routing: "geolocation", continent: null, country: "BE", subdivision: null } as const;
  const outside = { name: "lb.elb.amazonaws.com", hostedZoneId: "ZELB", evaluateTargetHealth: false };
  test.each<{ name: string; records: readonly RecordSet[]; seen: readonly string[]; verdict: string }>([
    { name: "any eight of nine healthy values conform", records: nine, seen: [..."bcdefghi"], verdict: "conforms" },
    { name: "seven of nine do not", records: nine, seen: [..."bcdefgh"], verdict: "deviates" },
    {
      name: "an answer of nothing conforms where no location fits",
      records: [leaf("be", belgium)],
      seen: [],
      verdict: "conforms",
    },
    { name: "elsewhere it does not", records: [leaf("p", PRIMARY)], seen: [], verdict: "deviates" },
    {
      name: "addresses behind an alias target outside the zone are not judged here",
      records: [alias("p", PRIMARY, outside), leaf("s", SECONDARY)],
      seen: ["203.0.113.9"],
      verdict: "undecided",
    },
    {
      name: "but another record's value in their place is",
      records: [alias("p", PRIMARY, outside), leaf("s", SECONDARY)],
      seen: ["s"],
      verdict: "deviates",
    },
  ])("$name", ({ records, seen, verdict }) => {
    const policy = routed(records);
    const first = judgeAnswer(policy, dnsLook("enam", "authoritative", 0, seen), null, 0);
    const late = judgeAnswer(policy, dnsLook("enam", "authoritative", 99_000, seen), first, 99_000);
    expect(late.verdict).toBe(verdict);
  });
});
