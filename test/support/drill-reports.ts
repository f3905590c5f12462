// Reports of drills for tests of their faces: small enough to read, and one of each kind.
import { judgeDrill } from "../../monitor/drill/referee.ts";
import type { Simulation } from "../../monitor/drill/simulation.ts";
import { makeDrillReport, makeReportSoFar } from "../../monitor/report/drill-report.ts";
import type { DrillReport } from "../../monitor/report/drill-report-schema.ts";
import { parseIso } from "../../monitor/time.ts";
import type { DrillRecord } from "../../monitor/drill/record.ts";
import { GOOD, PLAN, recordOf } from "./drill-record.ts";

/** A Saturday at noon. */
const NOON = parseIso("2026-11-28T12:00:00.000Z") ?? NaN;

const came = (min: number, p50: number, p95: number, max: number) => ({
  interval: { min: min * 1000, p50: p50 * 1000, p95: p95 * 1000, max: max * 1000 },
  times: 50,
});

/** Made up: the faces show it, whatever it says. */
export const SIMULATION: Simulation = {
  trials: 50,
  seed: 53,
  figures: {
    detection: came(5, 10, 14, 16),
    route53Detection: came(5, 10, 14, 16),
    failover: came(25, 35, 44, 45),
    cachesFailover: came(25, 40, 55, 58),
    recovery: came(25, 41, 56, 60),
    failback: came(1, 2, 3, 3.5),
    cachesFailback: came(1, 10, 30, 40),
    gap: came(25, 40, 55, 160),
  },
  lostShare: { min: 0.3, p50: 0.4, p95: 0.5, max: 0.65 },
  outcomes: { passed: 50, inconclusive: 0, failed: 0, aborted: 0 },
};

/** At noon; `gapMs` without a bound, so that the good record passes. */
export function recordAtNoon(lines: string): DrillRecord {
  const record = recordOf(lines, { ...PLAN, bounds: { ...PLAN.bounds, gapMs: null } });
  return {
    ...record,
    startedAt: NOON,
    endedAt: record.endedAt === null ? null : NOON + record.endedAt,
    events: record.events.map((event) => ({ ...event, at: NOON + event.at })),
  };
}

export function reportOf(record: DrillRecord, simulation: Simulation | null = SIMULATION): DrillReport {
  return makeDrillReport(record, judgeDrill(record, simulation), simulation);
}

export const PASSED: DrillReport = reportOf(recordAtNoon(GOOD));

/** Users in one place are not served again, the monitor cries wolf, the looking stumbles, and the name tries markup. */
export const FAILED: DrillReport = {
  ...reportOf(
    recordAtNoon(
      `${GOOD.replace("144 request weur gcp", "")}\n170 verdict dns:demo.multicloud.example.com:enam:recursive deviates`,
    ),
  ),
  title: "The <primary> & its *friends*",
  notes: [{ at: "2026-11-28T12:02:03.000Z", text: "the monitor: no answer | for a while" }],
};

/** At 12:02:22, with the fault standing: answers have moved, and one place is still lost. */
export const UNDER_WAY: DrillReport = makeReportSoFar(
  {
    ...recordAtNoon(GOOD),
    endedAt: null,
    events: [
      ...recordAtNoon(GOOD).events.filter(({ at }) => at < NOON + 100_000),
      { kind: "stage", at: NOON + 100_000, stage: "fault" },
      ...recordAtNoon(GOOD).events.filter(({ at }) => at >= NOON + 100_000 && at <= NOON + 142_000),
    ],
  },
  4711,
);

/** No lever acted. */
export const EMPTY: DrillReport = reportOf(recordAtNoon(GOOD.replaceAll(/.*(appl|restor).*/g, "")), null);
