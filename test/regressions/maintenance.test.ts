// The regression list, number 16: maintenance is still probed, is not counted, and is shown.
import { describe, expect, it } from "vitest";
import type { VantageOutcome } from "../../monitor/model/observation.ts";
import type { IncidentChange } from "../../monitor/model/verdict.ts";
import type { MaintenanceWindow } from "../../monitor/model/planned.ts";
import type { MonitorState } from "../../monitor/model/state.ts";
import { NO_METERS } from "../../monitor/report/meters.ts";
import { makeMetrics } from "../../monitor/report/metrics.ts";
import { makePage } from "../../monitor/report/page.ts";
import { makePeriodReport } from "../../monitor/report/period-report.ts";
import { makeStatus } from "../../monitor/report/status.ts";
import { parseCountedRow } from "../../monitor/report/counted-row.ts";
import { type KeptRound, tallyOf } from "../../monitor/report/tally.ts";
import { foldRound } from "../../monitor/run/fold.ts";
import { EMPTY_STATE, parseState } from "../../monitor/run/state.ts";
import { makeRoutingSnapshot } from "../../monitor/steering/snapshot.ts";
import { HOUR_MS, toIso } from "../../monitor/time.ts";
import type { Topology } from "../../monitor/topology/topology.ts";
import { webhook } from "../support/alert-channels.ts";
import { AWS, EXAMPLE, GCP } from "../support/example-topology.ts";
import { badLook, dnsLook, goodLook } from "../support/looks.ts";

const INTERVAL_MS = 30_000;
const ROUNDS = 60;
const END = ROUNDS * INTERVAL_MS;

/** Somebody is told of every incident. */
const PAGED: Topology = { ...EXAMPLE, alerts: [webhook()] };

const window = (part: Partial<MaintenanceWindow> = {}): MaintenanceWindow => ({
  id: "m1",
  title: "new <kernel>",
  regions: [AWS.id],
  from: 10 * INTERVAL_MS,
  until: 40 * INTERVAL_MS,
  by: "anna",
  kind: "once",
  ...part,
});

interface Show {
  readonly ordered?: readonly MaintenanceWindow[];
  readonly topology?: Topology;
  /** Rounds in which the primary, and the secondary, fail. */
  readonly awsDown?: readonly [from: number, to: number];
  readonly gcpDown?: readonly [from: number, to: number];
  /** What fails: refused for everybody, or a certificate that Route 53 does not look at. */
  readonly seenBy?: "all" | "users";
  /** Whose address DNS answers in a round. */
  readonly answer?: (round: number) => typeof AWS;
}

const during = (span: readonly [number, number] | undefined, round: number): boolean =>
  span !== undefined && round >= span[0] && round < span[1];

/** As the coordinator does it: every state goes through its stored text, and windows are handed in anew. */
function watch(show: Show) {
  const { ordered = [], topology = PAGED, seenBy = "all" } = show;
  const pages: string[] = [];
  const states: MonitorState[] = [];
  const changes: (IncidentChange & { readonly round: number })[] = [];
  const rounds: KeptRound[] = [];
  let state: MonitorState = EMPTY_STATE;
  for (let round = 0; round < ROUNDS; round += 1) {
    const at = round * INTERVAL_MS;
    const moved = during(show.awsDown, round - 3) && seenBy === "all";
    const answer = show.answer?.(round) ?? (moved ? GCP : AWS);
    const outcomes = topology.probe.vantages.map(({ id }): VantageOutcome => {
      const failure = seenBy === "all" ? undefined : { cause: "tls" as const, detail: "expired" };
      const look = (region: typeof AWS, down: boolean) =>
        down
          ? badLook(region, id, at, failure, failure === undefined ? {} : { status: 200 })
          : goodLook(region, id, at);
      const observations = [look(AWS, during(show.awsDown, round)), look(GCP, during(show.gcpDown, round))];
      const dns = [dnsLook(id, "authoritative", at, answer.endpoint.addresses)];
      return { kind: "reported", report: { vantage: id, colo: id, observations, dns } };
    });
    const fold = foldRound(topology, { ...state, maintenance: ordered }, outcomes, at, at);
    const stored = parseState(JSON.stringify(fold.state));
    if (!stored.ok) throw new Error(JSON.stringify(stored.problems));
    state = stored.value;
    states.push({ ...state, maintenance: ordered });
    changes.push(...fold.changes.map((change) => ({ ...change, round })));
    for (const { notice } of fold.entries)
      pages.push(`${round} ${notice.kind === "incident" ? `${notice.event} ${notice.subject}` : notice.kind}`);
    const row = parseCountedRow(JSON.stringify(fold.row));
    if (row === null) throw new Error("a row of ours is counted");
    rounds.push({ slot: at, row });
  }
  const statusAt = (round: number) => makeStatus(topology, states[round] ?? EMPTY_STATE, round * INTERVAL_MS);
  const told = changes.map(
    ({ kind, incident, round }) => `${round} ${kind} ${incident.subject} ${incident.causedBy ?? "real"}`,
  );
  return { topology, states, statusAt, told, rounds, pages };
}

describe("a region that is down in its window", () => {
  const seen = watch({ ordered: [window()], awsDown: [12, 30] });

  it("16: is probed and judged on, and deviates for nobody but itself", () => {
    const status = seen.statusAt(25);
    expect(status.matrix[AWS.id]?.["enam"]).toMatchObject({ state: "down", at: toIso(25 * INTERVAL_MS) });
    expect(status.regions[0]).toMatchObject({ userHealth: "unhealthy", health: "unhealthy", maintenance: "m1" });
    expect(status.verdicts.find(({ subject }) => subject === `region:${AWS.id}`)).toMatchObject({
      verdict: "deviates",
      excusedBy: "maintenance:m1",
      reason: expect.stringMatching(/; in maintenance \(m1\) until 1970-01-01T00:20:00\.000Z$/) as string,
    });
    expect(status.verdict).toBe("conforms");
    expect(status.failover).toMatchObject({ active: GCP.id, verdict: "conforms" });
  });

  it("16: opens an incident that is planned, and pages nobody", () => {
    expect(seen.pages).toEqual([]);
    expect(seen.told).toEqual([
      `14 opened region:${AWS.id} maintenance:m1`,
      `32 closed region:${AWS.id} maintenance:m1`,
    ]);
  });

  it("16: counts in neither side of availability, in no percentile and no cause, but apart", () => {
    const { topology, rounds } = seen;
    const facts = { tally: tallyOf(topology, rounds), next: null, incidents: [] };
    const report = makePeriodReport(topology, facts, { from: 0, to: HOUR_MS }, END);
    const looks = topology.probe.vantages.length;
    expect(report.regions[0]?.all).toMatchObject({
      availability: { good: 30 * looks, all: 30 * looks, ratio: 1 },
      reachability: { good: 30 * looks, all: 30 * looks, ratio: 1 },
      down: 0,
      maintenance: 30 * looks,
      causes: [],
    });
    expect(report.regions[0]?.all.p99Ms).not.toBe("failed");
    expect(report.regions[1]?.all).toMatchObject({ up: 60 * looks });
    expect(report.regions[1]?.all).not.toHaveProperty("maintenance");
  });

  it("16: is shown: announced, under way with its times, and gone when it is over", () => {
    const rows = (round: number) => seen.statusAt(round).maintenance;
    const row = {
      id: "m1",
      title: "new <kernel>",
      regions: [AWS.id],
      from: toIso(10 * INTERVAL_MS),
      until: toIso(40 * INTERVAL_MS),
      recurring: false,
    };
    expect([rows(5), rows(10), rows(40)]).toEqual([[{ ...row, state: "upcoming" }], [{ ...row, state: "active" }], []]);
    const page = makePage(seen.statusAt(25), { refresh: "on", history: null });
    expect(page).toContain("under way</span> new &lt;kernel&gt;: aws-us-east-1, ");
    expect(page).toContain("1970-01-01 00:05 UTC</time> to <time");
    expect(page).toContain("<h1>All regions but those under maintenance serve users");
    expect(page).toContain("planned: maintenance m1");
    expect(page).not.toContain("anna");
    expect(makeMetrics({ status: seen.statusAt(25), meters: NO_METERS })).toContain(
      `edge_maintenance_active{region="${AWS.id}"} 1\n`,
    );
    expect(makeMetrics({ status: seen.statusAt(40), meters: NO_METERS })).toContain(
      `edge_maintenance_active{region="${AWS.id}"} 0\n`,
    );
  });

  it("16: is closed for the router by the same window, until it is over", () => {
    const drainsAt = (round: number) =>
      makeRoutingSnapshot(EXAMPLE, seen.states[round] ?? EMPTY_STATE, {}, {}, round * INTERVAL_MS).drains;
    const closed = { kind: "maintenance", since: 10 * INTERVAL_MS, until: 40 * INTERVAL_MS };
    expect([drainsAt(9), drainsAt(10), drainsAt(40)]).toEqual([{}, { [AWS.id]: closed }, {}]);
  });
});

it("16: what is still down when the window ends turns real with the first round after it", () => {
  const { told, statusAt, pages } = watch({ ordered: [window()], awsDown: [12, 50] });
  expect(pages).toEqual([`40 opened region:${AWS.id}`, `52 closed region:${AWS.id}`]);
  expect(told).toEqual([
    `14 opened region:${AWS.id} maintenance:m1`,
    `40 outlasted region:${AWS.id} real`,
    `52 closed region:${AWS.id} real`,
  ]);
  expect([statusAt(39).verdict, statusAt(40).verdict]).toEqual(["conforms", "deviates"]);
});

it("16: what another window goes on excusing stays planned", () => {
  const next = window({ id: "m2", from: 38 * INTERVAL_MS, until: 55 * INTERVAL_MS });
  const { told } = watch({ ordered: [window(), next], awsDown: [12, 50] });
  expect(told).toEqual([`14 opened region:${AWS.id} maintenance:m1`, `52 closed region:${AWS.id} maintenance:m2`]);
});

it("16: what was down before the window is no part of it", () => {
  const { told } = watch({ ordered: [window()], awsDown: [4, 30] });
  expect(told).toEqual([`6 opened region:${AWS.id} real`, `32 closed region:${AWS.id} real`]);
});

it("16: another region that fails meanwhile is an outage, and so is failover without anywhere to go", () => {
  const { told, statusAt } = watch({ ordered: [window()], awsDown: [12, 30], gcpDown: [20, 25], answer: () => AWS });
  expect(told).toContain(`22 opened region:${GCP.id} real`);
  expect(told).toContain("22 opened failover real");
  expect(statusAt(23).verdict).toBe("deviates");
});

it("16: where all regions are announced to be down, their failing and failover's is planned", () => {
  const { told, statusAt } = watch({
    ordered: [window({ regions: [] })],
    awsDown: [12, 30],
    gcpDown: [12, 30],
    answer: () => AWS,
  });
  expect(told.filter((line) => line.endsWith(" real"))).toEqual([]);
  expect(told).toContain("14 opened failover maintenance:m1");
  expect(statusAt(25).verdict).toBe("conforms");
});

it("16: DNS that stays with a region that is down deviates past its deadline, and the region is excused no longer", () => {
  const { told, statusAt } = watch({ ordered: [window()], awsDown: [12, 30], answer: () => AWS });
  expect(told.find((line) => line.includes(" opened dns:"))).toMatch(/real$/);
  expect(told).toContain(`25 outlasted region:${AWS.id} real`);
  expect([statusAt(26).verdict, statusAt(17).verdict]).toEqual(["deviates", "converging"]);
});

it("16: a region that fails users alone is where Route 53 rightly leads them: that is excused until DNS could have led them away", () => {
  const { told, statusAt } = watch({ ordered: [window()], awsDown: [12, 35], seenBy: "users", answer: () => AWS });
  expect(told).toEqual([
    `14 opened region:${AWS.id} maintenance:m1`,
    `25 outlasted region:${AWS.id} real`,
    `37 closed region:${AWS.id} real`,
  ]);
  expect(statusAt(25).dns.map(({ verdict }) => verdict)).toEqual(["conforms", "conforms", "conforms"]);
  expect(statusAt(25).verdicts.find(({ subject }) => subject === `region:${AWS.id}`)?.reason).toMatch(
    /, but DNS still leads users there$/,
  );
  expect(statusAt(26).verdict).toBe("deviates");
});

it("16: what recurs by the topology excuses as what was ordered does", () => {
  // 1970-01-01 was a Thursday.
  const maintenance = [
    {
      name: "patches",
      regions: [AWS.id],
      weekdays: ["thu" as const],
      start: "00:05",
      durationMinutes: 15,
      timeZone: "UTC",
    },
  ];
  const { told, statusAt } = watch({ topology: { ...EXAMPLE, maintenance }, awsDown: [12, 30] });
  expect(told.map((line) => line.split(" ").at(-1))).toEqual([
    "maintenance:patches.19700101T0005Z",
    "maintenance:patches.19700101T0005Z",
  ]);
  expect(statusAt(25).maintenance.map(({ id, recurring }) => [id, recurring])).toEqual([
    ["patches.19700101T0005Z", true],
    ["patches.19700108T0005Z", true],
  ]);
});
