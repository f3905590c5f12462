// Every gate of the local world: the fault is seen from every vantage with its cause, inside its time limit,
// and nothing else stops.
import { afterAll, afterEach, beforeAll, describe, expect, test } from "vitest";
import { DNS_FAULTS, GATE_FAULTS } from "../../monitor/drill/faults.ts";
import type { StatusReport } from "../../monitor/report/status-schema.ts";
import { INTERVAL_MS, startWorld, type World } from "./world.ts";

/** The primary stays as it is; three others can be broken at once, which also shows that they do not disturb each other. */
const PRIMARY = "aws-us-east-1";
const BREAKABLE = ["gcp-europe-west1", "aws-sa-east-1", "gcp-us-central1"] as const;

/** A look that outlived its limit would make every round late, and a late round costs a slot; a busy machine may cost one. */
const SLOTS_LOST_MAX = 1;

let world: World;
beforeAll(async () => {
  world = await startWorld("--regions", "4");
});
afterAll(() => world.stop());

afterEach(async () => {
  for (const region of BREAKABLE) await world.gate(region, "open");
  await world.gate("dns", "open");
  await world.untilStatus("calm", (report) => report.verdict === "conforms");
});

interface Row {
  readonly fault: string;
  /** What the Worker can tell apart (Node has one cause each); null: no failure. */
  readonly causes: readonly (string | null)[];
  readonly user: string;
  /** What Route 53's rules make of it. */
  readonly route53: string;
}

const WAVES: readonly (readonly Row[])[] = [
  [
    { fault: "refuse", causes: ["refused"], user: "unhealthy", route53: "unhealthy" },
    { fault: "blackhole", causes: ["timeout"], user: "unhealthy", route53: "unhealthy" },
    { fault: "truncate", causes: ["connection-lost"], user: "unhealthy", route53: "healthy" },
  ],
  [
    { fault: "reset", causes: ["connection-lost"], user: "unhealthy", route53: "unhealthy" },
    { fault: "stall", causes: ["timeout"], user: "unhealthy", route53: "healthy" },
    { fault: "redirect", causes: ["redirected"], user: "unhealthy", route53: "healthy" },
  ],
  [
    { fault: "garbage", causes: ["connection-lost"], user: "unhealthy", route53: "unhealthy" },
    { fault: "huge", causes: ["too-large"], user: "unhealthy", route53: "healthy" },
    { fault: "http-503", causes: ["http-status"], user: "unhealthy", route53: "unhealthy" },
  ],
  [
    { fault: "wrong-region", causes: ["wrong-region"], user: "unhealthy", route53: "healthy" },
    { fault: "slow", causes: [null], user: "healthy", route53: "healthy" },
  ],
];

function cells(report: StatusReport, region: string) {
  return Object.values(report.matrix[region] ?? {});
}

/** Every vantage was served by these regions in the latest round. */
function allUp(report: StatusReport, regions: readonly string[]): boolean {
  return regions.every((region) => cells(report, region).every((cell) => cell.state === "up"));
}

/** What all vantages saw since `startedAt`, and what both healths are. */
function isSettled(report: StatusReport, region: string, row: Row, startedAt: number): boolean {
  const own = report.regions.find((one) => one.id === region);
  const seen = cells(report, region).every(
    (cell) => Date.parse(cell.at ?? "") > startedAt && row.causes.includes(cell.failure?.cause ?? null),
  );
  return seen && own?.userHealth === row.user && own.health === row.route53;
}

describe("regions behind their gates", () => {
  test("every fault has its row", () => {
    const faults = WAVES.flat().map((row) => row.fault);
    expect([...faults, "open"].toSorted()).toEqual(Object.keys(GATE_FAULTS).toSorted());
  });

  test.each(WAVES.map((wave) => ({ wave, names: wave.map((row) => row.fault).join(", ") })))(
    "$names: each is seen from every vantage with its cause, in time, and nothing else stops",
    async ({ wave }) => {
      const before = await world.status();
      const broken = wave.map((row, index) => ({ row, region: BREAKABLE[index] ?? "" }));
      for (const { row, region } of broken) await world.gate(region, row.fault);
      const startedAt = Date.now();
      const report = await world.untilStatus(
        "the faults are settled",
        (one) =>
          one.self.rounds >= before.self.rounds + 4 &&
          allUp(one, [PRIMARY]) &&
          broken.every(({ row, region }) => isSettled(one, region, row, startedAt)),
      );
      expect(report.vantages.filter((vantage) => vantage.missed !== undefined)).toEqual([]);
      expect(report.dns.every((one) => one.verdict === "conforms")).toBe(true);
      expect(report.self.missedSlots - before.self.missedSlots).toBeLessThanOrEqual(SLOTS_LOST_MAX);
    },
  );

  test("a slow region is slow in the figures, and only there", async () => {
    await world.gate(BREAKABLE[0], "slow");
    const startedAt = Date.now();
    const report = await world.untilStatus("slow looks", (one) =>
      cells(one, BREAKABLE[0]).every((cell) => Date.parse(cell.at ?? "") > startedAt + INTERVAL_MS),
    );
    const totals = cells(report, BREAKABLE[0]).map((cell) => cell.totalMs ?? 0);
    expect(Math.min(...totals)).toBeGreaterThan(INTERVAL_MS * 0.09);
    expect(Math.max(...totals)).toBeLessThan(INTERVAL_MS * 0.4 + 100);
  });
});

const DNS_ROWS = [
  { fault: "servfail", verdict: "deviates", words: /answers SERVFAIL/ },
  { fault: "nxdomain", verdict: "deviates", words: /answers NXDOMAIN/ },
  { fault: "empty", verdict: "deviates", words: /answers without any address/ },
  { fault: "truncated", verdict: "deviates", words: /truncated/ },
  { fault: "other-name", verdict: "deviates", words: /malformed|without any address/ },
  { fault: "refuse", verdict: "deviates", words: /refused|connection-lost|unreachable/ },
  { fault: "stuck", verdict: "conforms", words: /the primary/ },
] as const;

describe("DNS behind its gate", () => {
  test("every fault has its row", () => {
    expect([...DNS_ROWS.map((row) => row.fault as string), "open"].toSorted()).toEqual(
      Object.keys(DNS_FAULTS).toSorted(),
    );
  });

  test.each(DNS_ROWS)(
    "$fault: both views end as $verdict with the cause, and the regions are looked at all the same",
    async ({ fault, verdict, words }) => {
      const before = await world.status();
      await world.gate("dns", fault);
      const settled = (report: StatusReport): boolean =>
        report.self.rounds >= before.self.rounds + 4 &&
        allUp(report, [PRIMARY, ...BREAKABLE]) &&
        report.dns.every((one) => one.verdict === verdict && words.test(one.reason));
      const report = await world.untilStatus(`${fault} is settled`, settled);
      expect(report.dns).toHaveLength(10);
      expect(report.regions.map((region) => region.userHealth)).toEqual(Array(4).fill("healthy"));
      expect(report.self.missedSlots - before.self.missedSlots).toBeLessThanOrEqual(SLOTS_LOST_MAX);
    },
  );
});
