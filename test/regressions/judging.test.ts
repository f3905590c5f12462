// The regression list, numbers 9 to 25 as far as Node is enough: what is made of looks, and what a topology may hold.
import { DatabaseSync } from "node:sqlite";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { makeApp } from "../../monitor/http/app.ts";
import type { DnsObservation, Observation, VantageOutcome } from "../../monitor/model/observation.ts";
import type { IncidentChange } from "../../monitor/model/verdict.ts";
import type { MonitorState } from "../../monitor/model/state.ts";
import { makeNodeStore } from "../../monitor/node/store.ts";
import { ANYONE } from "../../monitor/policy/answer.ts";
import { expectedAnswer } from "../../monitor/policy/evaluator.ts";
import { percentWords } from "../../monitor/report/period-words.ts";
import { makeSelf } from "../../monitor/report/self.ts";
import { makeStatus } from "../../monitor/report/status.ts";
import { foldRound } from "../../monitor/run/fold.ts";
import { EMPTY_STATE } from "../../monitor/run/state.ts";
import type { Topology } from "../../monitor/topology/topology.ts";
import { zoneOf } from "../../monitor/topology/zone.ts";
import { AWS, EXAMPLE, GCP } from "../support/example-topology.ts";
import { badLook, dnsLook, goodLook } from "../support/looks.ts";
import { edited, extended, problemLines } from "../support/topology-text.ts";

const INTERVAL_MS = 30_000;

interface Show {
  readonly observations: (vantage: number, round: number, at: number) => readonly Observation[];
  readonly dns?: (vantage: number, at: number) => readonly DnsObservation[];
}

/** What `vantages` of them make of so many rounds; one colo each. */
function watch(vantages: number, rounds: number, show: Show) {
  const places = Array.from({ length: vantages }, (_, index) => ({
    ...EXAMPLE.probe.vantages[0],
    id: `v${index}`,
    hint: "enam" as const,
    clientSubnet: null,
    latencyOrder: [],
  }));
  const topology: Topology = { ...EXAMPLE, probe: { ...EXAMPLE.probe, vantages: places } };
  const states: MonitorState[] = [];
  const changes: IncidentChange[] = [];
  let state = EMPTY_STATE;
  for (let round = 0; round < rounds; round += 1) {
    const at = round * INTERVAL_MS;
    const outcomes = places.map(({ id }, index): VantageOutcome => {
      const observations = show.observations(index, round, at).map((seen) => ({ ...seen, vantage: id }));
      const dns = (show.dns?.(index, at) ?? [dnsLook(id, "authoritative", at, AWS.endpoint.addresses)]).map((seen) => ({
        ...seen,
        vantage: id,
      }));
      return { kind: "reported", report: { vantage: id, colo: id, observations, dns } };
    });
    const fold = foldRound(topology, state, outcomes, at, at);
    state = fold.state;
    states.push(state);
    changes.push(...fold.changes);
  }
  return { topology, states, last: state, changes };
}

const seenBy = (vantage: string, served: boolean, at: number): readonly Observation[] => [
  served ? goodLook(AWS, vantage, at) : badLook(AWS, vantage, at),
  goodLook(GCP, vantage, at),
];

describe("half of the vantages", { timeout: 60_000 }, () => {
  it.each([2, 4])("9: of %d that see a region down make one verdict, which stands for 1000 rounds", (vantages) => {
    const { topology, states, changes } = watch(vantages, 1000, {
      observations: (vantage, _round, at) => seenBy("", vantage % 2 === 0, at),
      dns: () => [],
    });
    const health = states.map((state, round) => makeStatus(topology, state, round * INTERVAL_MS).regions[0]);
    const settled = health.slice(3).map((region) => `${region?.health} ${region?.userHealth} ${region?.userSince}`);
    // Half is more than Route 53's 18 %, and no majority for users.
    expect([...new Set(settled)]).toEqual([`healthy unhealthy ${new Date(2 * INTERVAL_MS).toISOString()}`]);
    expect(changes.filter(({ incident }) => incident.subject === `region:${AWS.id}`)).toHaveLength(1);
  });

  it.each([2, 4])("9: of %d that fail in turn, every other round, never come to an opinion that flaps", (vantages) => {
    const { topology, states, changes } = watch(vantages, 1000, {
      observations: (vantage, round, at) => seenBy("", (vantage + round) % 2 === 0, at),
      dns: () => [],
    });
    const health = states.map(
      (state, round) => makeStatus(topology, state, round * INTERVAL_MS).regions[0]?.userHealth,
    );
    expect([...new Set(health)]).toEqual(["unknown"]);
    expect(changes).toEqual([]);
  });
});

describe("what is not known", () => {
  it("10: stale votes never count, and where all are stale health is unknown", () => {
    const { topology, last } = watch(3, 5, { observations: (_vantage, _round, at) => seenBy("", true, at) });
    const at = 4 * INTERVAL_MS;
    const healthAt = (later: number) =>
      makeStatus(topology, last, at + later).regions.map((one) => [one.health, one.userHealth]);
    expect(healthAt(2 * INTERVAL_MS)).toEqual([
      ["healthy", "healthy"],
      ["healthy", "healthy"],
    ]);
    expect(healthAt(3 * INTERVAL_MS)).toEqual([
      ["unknown", "unknown"],
      ["unknown", "unknown"],
    ]);
    expect(makeStatus(topology, last, at + 3 * INTERVAL_MS).verdict).toBe("undecided");
  });

  it("10: one fresh vote among stale ones speaks for no user", () => {
    const { topology, states } = watch(3, 5, {
      observations: (vantage, round, at) => (vantage > 0 && round > 0 ? [] : seenBy("", true, at)),
    });
    expect(makeStatus(topology, states[4] ?? EMPTY_STATE, 4 * INTERVAL_MS).regions[0]?.userHealth).toBe("unknown");
  });

  it("11: a vantage whose own network is down is missed, and no region is called down for it", () => {
    const offline = { cause: "name-not-resolved" as const, detail: "no network" };
    const { topology, last, changes } = watch(3, 10, {
      observations: (vantage, _round, at) =>
        vantage === 0 ? [badLook(AWS, "", at, offline), badLook(GCP, "", at, offline)] : seenBy("", true, at),
      dns: (vantage, at) => {
        const look = dnsLook("", "authoritative", at, AWS.endpoint.addresses);
        return vantage === 0 ? [{ ...look, reply: { kind: "failed", failure: offline } }] : [look];
      },
    });
    const status = makeStatus(topology, last, 9 * INTERVAL_MS);
    expect(status.matrix[AWS.id]?.["v0"]?.state).toBe("missed");
    expect(status.vantages[0]?.missed).toContain("its own network?");
    expect(status.regions.map(({ userHealth }) => userHealth)).toEqual(["healthy", "healthy"]);
    expect(changes).toEqual([]);
  });
});

it("14: a round that is committed twice for a slot is one row, and the first one stays", async () => {
  const folder = mkdtempSync(join(tmpdir(), "regressions-"));
  const file = join(folder, "rounds.db");
  const made = makeNodeStore({ file });
  if (made.kind === "failed") throw new Error(made.detail);
  expect(await made.value.commitRound(30_000, "first", "{}")).toEqual({ kind: "done", value: true });
  expect(await made.value.commitRound(30_000, "second", "{}")).toEqual({ kind: "done", value: false });
  made.value.close();
  const database = new DatabaseSync(file);
  expect(database.prepare("SELECT slot, row FROM rounds").all()).toEqual([{ slot: 30_000, row: "first" }]);
  database.close();
  rmSync(folder, { recursive: true });
});

it.each([
  { good: 24_999, all: 25_000, want: "99.99 %" },
  { good: 99_996, all: 100_000, want: "99.99 %" },
  { good: 999_999_999, all: 1_000_000_000, want: "99.99 %" },
  { good: 100_000, all: 100_000, want: "100.00 %" },
])("15: $good of $all are never shown as more than they are: $want", ({ good, all, want }) => {
  expect(percentWords({ good, all, ratio: good / all })).toBe(want);
});

it.each([
  {
    what: "an unset variable",
    text: edited(["url: https://east.example.com", 'url: "https://${EAST}"']),
    want: /^6:22: .*\$\{EAST\}, found that it is not set/,
  },
  { what: "an unknown key", text: extended("dsn: {}"), want: /^14:1: .*did you mean `dns`/ },
  {
    what: "an id that is there twice",
    text: edited(["id: west", "id: east"], ["secondary: west", "secondary: east"]),
    want: /^7:9: regions\[1\]\.id: /,
  },
])("17: $what is refused, with its line", ({ text, want }) => {
  expect(problemLines(text)).toContainEqual(expect.stringMatching(want));
});

describe("DNS", () => {
  const verdictOf = (
    addresses: readonly string[],
    own: readonly string[] = AWS.endpoint.addresses,
  ): string | undefined => {
    const region = { ...AWS, endpoint: { ...AWS.endpoint, addresses: own } };
    let state = EMPTY_STATE;
    for (let at = 0; at < 6 * INTERVAL_MS; at += INTERVAL_MS) {
      const outcomes = EXAMPLE.probe.vantages.map(({ id }): VantageOutcome => ({
        kind: "reported",
        report: {
          vantage: id,
          colo: id,
          observations: seenBy(id, true, at),
          dns: [dnsLook(id, "authoritative", at, addresses)],
        },
      }));
      state = foldRound({ ...EXAMPLE, regions: [region, GCP] }, state, outcomes, at, at).state;
    }
    return state.verdicts.find(({ subject }) => subject.startsWith("dns:"))?.verdict;
  };
  const two = ["192.0.2.10", "192.0.2.11"];
  it.each([
    { answer: two, want: "conforms" },
    { answer: two.toReversed(), want: "conforms" },
    { answer: two.slice(0, 1), want: "deviates" },
    { answer: [...two, ...GCP.endpoint.addresses], want: "deviates" },
    { answer: [...two, "203.0.113.9"], want: "deviates" },
    { answer: [], want: "deviates" },
  ])("20: answers are compared as sets, exactly and in any order: $answer $want", ({ answer, want }) => {
    expect(verdictOf(answer, two)).toBe(want);
  });

  it.each([
    { what: "two checked regions", secondary: GCP, want: AWS.id },
    { what: "a secondary without a check", secondary: { ...GCP, dnsHealthCheck: false }, want: GCP.id },
  ])("22: when all are unhealthy, the answer with $what is $want", ({ secondary, want }) => {
    const zone = zoneOf({ ...EXAMPLE, regions: [AWS, secondary] });
    const question = { name: EXAMPLE.service.host, type: "A" as const, asker: ANYONE };
    const answer = expectedAnswer(zone, question, { [AWS.id]: "unhealthy", [GCP.id]: "unhealthy" });
    expect(answer.expected).toMatchObject({ setIdentifier: want, failOpen: want === AWS.id });
  });
});

it("23: an expired certificate is down for users and healthy for Route 53, which is a difference and no contradiction", () => {
  const expired = { cause: "tls" as const, detail: "The certificate was not accepted (CERT_HAS_EXPIRED)." };
  const { topology, last } = watch(3, 5, {
    observations: (_vantage, _round, at) => [badLook(AWS, "", at, expired, { status: 200 }), goodLook(GCP, "", at)],
  });
  const status = makeStatus(topology, last, 4 * INTERVAL_MS);
  expect(status.regions[0]).toMatchObject({ health: "healthy", userHealth: "unhealthy" });
  const verdicts = Object.fromEntries(status.verdicts.map((one) => [one.subject, one]));
  expect(verdicts[`region:${AWS.id}`]).toMatchObject({
    verdict: "deviates",
    reason: expect.stringContaining(
      "Route 53's rules still call it healthy, so DNS keeps sending users there",
    ) as string,
  });
  // DNS does what the policy says for the health that Route 53 sees.
  expect(verdicts["failover"]?.verdict).toBe("conforms");
  expect(status.dns.map(({ verdict }) => verdict)).toEqual(["conforms", "conforms", "conforms"]);
});

it.each(["https://192.0.2.10", "https://[2001:db8::1]"])(
  "24: the bare address in %s is refused as a target, with the reason",
  (url) => {
    expect(problemLines(edited(["https://east.example.com", `"${url}"`]))).toContainEqual(
      expect.stringContaining("expected a host name: Cloudflare's edge fetches no bare addresses"),
    );
  },
);

describe("a monitor that cannot look", () => {
  it("25: has no vantage: the topology is refused, and /healthz fails", async () => {
    const [problem] = problemLines(extended("probe: { vantages: [] }"));
    expect(problem).toMatch(/^14:20: probe\.vantages: expected .*1 to/);
    expect(await healthOf({ topologyProblems: [{ message: "no vantages", line: 16 }], at: 0 })).toEqual([
      503,
      "broken",
    ]);
  });

  it("25: is never woken: /healthz fails after three intervals without a round", async () => {
    expect(await healthOf({ topologyProblems: [], at: 3 * INTERVAL_MS })).toEqual([200, "pass"]);
    expect(await healthOf({ topologyProblems: [], at: 3 * INTERVAL_MS + 1 })).toEqual([503, "fail"]);
  });

  async function healthOf({
    topologyProblems,
    at,
  }: {
    topologyProblems: readonly { message: string; line: number }[];
    at: number;
  }) {
    const never = (): Promise<never> => Promise.reject(new Error("not asked"));
    const self = makeSelf(EXAMPLE, EMPTY_STATE, { storage: null, round: null }, 0, at);
    const reports = { readRecent: never, readBuckets: never, readDays: never, readDay: never };
    const readSelf = (): Promise<typeof self> => Promise.resolve(self);
    const app = makeApp({ topologyProblems, readStatus: never, readSelf, readRounds: never, reports });
    const reply = await app.request("/healthz");
    const body: unknown = await reply.json();
    const status: unknown = typeof body === "object" && body !== null ? Reflect.get(body, "status") : null;
    return [reply.status, status ?? "broken"];
  }
});
