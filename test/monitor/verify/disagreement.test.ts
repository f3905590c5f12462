// What three observers say of a region: each likely cause with a sight that shows it, and one that nearly does.
import { describe, expect, test } from "vitest";
import { type Agreement, compareSight } from "../../../monitor/verify/disagreement.ts";
import { CAUSE_RULES } from "../../../monitor/verify/disagreement-causes.ts";
import { type CheckerLook, parseCheckerLook, type RegionSight, type SeenDns } from "../../../monitor/verify/sight.ts";
import { AWS, GCP } from "../../support/example-topology.ts";

const REGIONS = ["us-east-1", "us-west-2", "eu-west-1", "ap-southeast-1"];
const OK = "HTTP Status Code 200, OK";
const TIMED_OUT = "Connection timed out. The endpoint or the internet connection is down";

function looks(...words: readonly string[]): readonly CheckerLook[] {
  return words.flatMap((said, index) => {
    const look = parseCheckerLook(REGIONS[index % REGIONS.length] ?? "", said);
    return look === null ? [] : [look];
  });
}

const passes = (count: number): readonly string[] => Array.from({ length: count }, () => `Success: ${OK}`);
const fails = (count: number, why: string): readonly string[] => Array.from({ length: count }, () => `Failure: ${why}`);

const SETTINGS = {
  type: "HTTPS",
  host: "use1.demo.multicloud.example.com",
  ipAddress: null,
  enableSni: true,
  disabled: false,
  inverted: false,
  failureThreshold: 3,
};

interface Seen {
  readonly user?: RegionSight["ours"]["user"];
  readonly route53?: RegionSight["ours"]["route53"];
  readonly cause?: RegionSight["ours"]["looks"][number]["cause"];
  readonly settings?: Partial<typeof SETTINGS>;
  readonly said?: readonly string[];
  readonly verdict?: "healthy" | "unhealthy" | null;
  readonly dns?: readonly Partial<SeenDns>[];
}

function sightOf(seen: Seen): RegionSight {
  const user = seen.user ?? "healthy";
  return {
    region: AWS.id,
    addresses: AWS.endpoint.addresses,
    otherAddresses: { [GCP.id]: GCP.endpoint.addresses },
    ours: {
      route53: seen.route53 ?? user,
      user,
      looks: ["enam", "weur", "oc"].map((vantage) => ({ vantage, cause: seen.cause ?? null })),
    },
    theirs: {
      id: "11111111-aaaa-4bbb-8ccc-000000000001",
      settings: { ...SETTINGS, ...seen.settings },
      looks: looks(...(seen.said ?? passes(8))),
      verdict: seen.verdict ?? null,
    },
    dns: (seen.dns ?? []).map((row) => ({
      vantage: "enam",
      view: "authoritative",
      server: "ns1.example.com",
      regions: [AWS.id],
      verdict: "conforms",
      reason: "as the policy says",
      deadline: null,
      ...row,
    })),
  };
}

const ids = (agreement: Agreement): readonly string[] => agreement.causes.map(({ id }) => id);

interface Case {
  readonly id: string;
  readonly seen: Seen;
  readonly words: string;
  readonly near: Seen;
}

const CASES: readonly Case[] = [
  {
    id: "PINNED",
    seen: { settings: { disabled: true, inverted: true }, verdict: "unhealthy" },
    words: "disabled and inverted: pinned unhealthy",
    near: { verdict: "unhealthy" },
  },
  {
    id: "SELF-REFERENCE",
    seen: { user: "unhealthy", cause: "refused", said: [`Success: ${OK}. Resolved IP: 198.51.100.20`, ...passes(7)] },
    words: "1 of the checkers were led to 198.51.100.20, which is gcp-europe-west1",
    near: { user: "unhealthy", cause: "refused", said: [`Success: ${OK}. Resolved IP: 192.0.2.10`, ...passes(7)] },
  },
  {
    id: "CERTIFICATE",
    seen: { user: "unhealthy", route53: "unknown", cause: "tls" },
    words: "users fail in TLS at enam, weur, oc",
    near: { user: "unhealthy", route53: "unhealthy", cause: "refused" },
  },
  {
    id: "REDIRECT",
    seen: {
      user: "unhealthy",
      route53: "healthy",
      cause: "redirected",
      said: Array.from({ length: 8 }, () => "Success: HTTP Status Code 302, Found"),
    },
    words: "the health path redirects at enam, weur, oc",
    near: {
      user: "unhealthy",
      route53: "unhealthy",
      cause: "redirected",
      said: fails(8, TIMED_OUT),
      dns: [{ verdict: "deviates" }],
    },
  },
  {
    id: "SNI",
    seen: { settings: { enableSni: false }, said: fails(8, "SSL alert handshake_failure") },
    words: "all 8 checkers fail in the TLS handshake, and the check sends no server name",
    near: { said: fails(8, "SSL alert handshake_failure") },
  },
  {
    id: "TLS-VERSION",
    seen: { said: fails(8, "SSL alert handshake_failure") },
    words: "they speak TLS 1.0 to 1.2",
    near: { settings: { enableSni: false }, said: fails(8, "SSL alert handshake_failure") },
  },
  {
    id: "BODY-WINDOW",
    seen: { settings: { type: "HTTPS_STR_MATCH" }, said: fails(8, OK) },
    words: 'all 8 checkers do not find the searched text in the first 5120 bytes: "HTTP Status Code 200, OK"',
    near: { settings: { type: "HTTPS_STR_MATCH" }, said: fails(8, TIMED_OUT) },
  },
  {
    id: "FIREWALL",
    seen: { said: [...passes(3), ...fails(1, TIMED_OUT), ...passes(3), ...fails(1, TIMED_OUT)], verdict: "unhealthy" },
    words: "checkers in ap-southeast-1 time out, those in eu-west-1, us-east-1, us-west-2 get through",
    near: { said: [...fails(1, TIMED_OUT), ...passes(7)], verdict: "unhealthy" },
  },
  {
    id: "HOST-HEADER",
    seen: { said: fails(8, "HTTP Status Code 404, Not Found") },
    words: "the check sends Host use1.demo.multicloud.example.com",
    near: { said: fails(8, "HTTP Status Code 503, Service Unavailable") },
  },
  {
    id: "EIGHTEEN-PERCENT",
    seen: { user: "unhealthy", route53: "unhealthy", cause: "timeout", said: [...passes(2), ...fails(6, TIMED_OUT)] },
    words: "2 of 8 checkers get through, and more than 18 % suffice",
    near: { user: "unhealthy", route53: "unhealthy", cause: "timeout", said: passes(8) },
  },
  {
    id: "THRESHOLD",
    seen: { user: "unhealthy", cause: "refused", said: fails(8, TIMED_OUT), verdict: "healthy" },
    words: "the checkers' latest looks say unhealthy, and 3 in a row are needed",
    near: { user: "unhealthy", cause: "refused", said: passes(8), verdict: "healthy" },
  },
  {
    id: "TTL",
    seen: { dns: [{}, { view: "recursive", verdict: "converging", vantage: "weur" }] },
    words: "resolvers still hold the old answer for its TTL, seen at weur",
    near: { dns: [{ verdict: "converging" }, { view: "recursive", verdict: "converging" }] },
  },
  {
    id: "RESOLVER",
    seen: { dns: [{}, { view: "recursive", verdict: "deviates", server: "dns.google" }] },
    words: "dns.google does not any more",
    near: { dns: [{ verdict: "deviates" }, { view: "recursive", verdict: "deviates" }] },
  },
  {
    id: "PROPAGATION",
    seen: { dns: [{ verdict: "converging", vantage: "oc" }] },
    words: "within the time that a change may take, seen at oc",
    near: { dns: [{ verdict: "deviates" }] },
  },
];

test("each cause has its case", () => {
  expect(CASES.map(({ id }) => id)).toEqual(CAUSE_RULES.map(({ id }) => id));
});

describe.each(CASES)("$id", ({ id, seen, words, near }) => {
  test("is named where it shows", () => {
    const agreement = compareSight(sightOf(seen));
    expect(agreement.differences).not.toEqual([]);
    expect(ids(agreement)).toContain(id);
    expect(agreement.causes.find((cause) => cause.id === id)?.words).toContain(words);
  });

  test("is not named where it nearly does", () => {
    const agreement = compareSight(sightOf(near));
    expect(agreement.differences).not.toEqual([]);
    expect(ids(agreement)).not.toContain(id);
  });
});

describe("the verdict", () => {
  test.each<{ name: string; seen: Seen; verdict: string; dns: string | null }>([
    { name: "all agree", seen: { dns: [{}] }, verdict: "conforms", dns: "conforms" },
    {
      name: "all agree that it is down, and DNS answers another",
      seen: { user: "unhealthy", cause: "refused", said: fails(8, TIMED_OUT), dns: [{ regions: [GCP.id] }] },
      verdict: "conforms",
      dns: null,
    },
    {
      name: "what differs passes by itself",
      seen: { dns: [{}, { view: "recursive", verdict: "converging" }] },
      verdict: "converging",
      dns: "converging",
    },
    {
      name: "what differs does not pass",
      seen: { user: "unhealthy", route53: "unknown", cause: "tls" },
      verdict: "deviates",
      dns: null,
    },
    {
      name: "one of two causes does not pass",
      seen: { settings: { disabled: true }, dns: [{ verdict: "converging" }] },
      verdict: "deviates",
      dns: "converging",
    },
    { name: "nothing explains it", seen: { user: "unhealthy", cause: "refused" }, verdict: "deviates", dns: null },
    { name: "Route 53 was not asked", seen: { said: [] }, verdict: "undecided", dns: null },
    { name: "we know nothing", seen: { user: "unknown" }, verdict: "undecided", dns: null },
  ])("$name: $verdict", ({ seen, verdict, dns }) => {
    expect(compareSight(sightOf(seen))).toMatchObject({ verdict, dns });
  });

  test("CloudWatch's word counts more than the latest looks", () => {
    expect(compareSight(sightOf({ said: fails(8, OK), verdict: "healthy" })).theirs).toBe("healthy");
  });

  test("a region without a health check is undecided", () => {
    expect(compareSight({ ...sightOf({}), theirs: null })).toMatchObject({ theirs: "unknown", verdict: "undecided" });
  });
});

test.each([
  { status: "Success: HTTP Status Code 200, OK", want: { passed: true, words: OK, resolvedIp: null } },
  {
    status: "Success: HTTP Status Code 200, OK. Resolved IP: 3.131.60.30",
    want: { passed: true, resolvedIp: "3.131.60.30" },
  },
  { status: "Failure: X. Resolved IP: 2001:db8::1.", want: { passed: false, resolvedIp: "2001:db8::1" } },
  { status: "Failure", want: { passed: false, words: "" } },
  { status: "Successful", want: null },
  { status: "", want: null },
])('a checker that says "$status" is read by how it begins', ({ status, want }) => {
  const look = parseCheckerLook("us-east-1", status);
  if (want === null) expect(look).toBeNull();
  else expect(look).toMatchObject(want);
});
