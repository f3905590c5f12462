// A day with something of everything: a primary that was lost for a while, a vantage that fell silent, our own failures, two gaps
// that reach across midnight, and an incident that was still open.
import type { Incident } from "../../../monitor/model/verdict.ts";
import type { TimingSample } from "../../../monitor/model/state.ts";
import { makePeriodReport } from "../../../monitor/report/period-report.ts";
import { tallyOf } from "../../../monitor/report/tally.ts";
import { HOUR_MS, MINUTE_MS } from "../../../monitor/time.ts";
import { AWS, EXAMPLE, GCP } from "../../support/example-topology.ts";
import { answer, cell, kept, SUBJECT } from "./round-examples.ts";

const FROM = Date.UTC(2026, 10, 22);
const TO = FROM + 24 * HOUR_MS;
const ROUNDS = 1000;
const LOST_FROM = 400;
const LOST_TO = 430;
const OTHER = SUBJECT.replace("authoritative", "recursive");

function roundAt(index: number) {
  const slot = FROM + MINUTE_MS + index * 30_000;
  const lost = index >= LOST_FROM && index < LOST_TO;
  const enam = [
    lost ? cell(AWS.id, "enam", "timeout", false) : cell(AWS.id, "enam", 20 + (index % 10)),
    cell(GCP.id, "enam", 90),
  ];
  const weur = [
    lost ? cell(AWS.id, "weur", "http-status", false) : cell(AWS.id, "weur", 95),
    cell(GCP.id, "weur", index === 7 ? "internal" : 15, index === 7 ? null : true),
  ];
  const oc =
    index < 990
      ? [cell(AWS.id, "oc", 210), index === 500 ? cell(GCP.id, "oc", "tls", null) : cell(GCP.id, "oc", 260)]
      : [];
  const verdict = lost ? (index < LOST_FROM + 10 ? "converging" : "deviates") : "conforms";
  // The first round of the day found six missed slots, of which four lie before midnight.
  return kept(slot, [...enam, ...weur, ...oc], {
    missedSlots: index === 0 ? 6 : 0,
    dns: [answer(verdict), answer("conforms", OTHER)],
  });
}

const INCIDENTS: readonly Incident[] = [
  {
    id: "2",
    subject: SUBJECT,
    openedAt: TO - 20 * MINUTE_MS,
    closedAt: null,
    reason: "the answer is 203.0.113.99, which is in <no> record | at all",
  },
  {
    id: "1",
    subject: `region:${AWS.id}`,
    openedAt: FROM + 201 * MINUTE_MS,
    closedAt: FROM + 216 * MINUTE_MS,
    reason: "does not serve users: timeout at enam; http-status at weur",
  },
  { id: "0", subject: "failover", openedAt: FROM - 2 * HOUR_MS, closedAt: FROM - HOUR_MS, reason: "of the day before" },
];

/** Six failovers seen by two vantages, one of them in a resolver. */
const TIMING: readonly TimingSample[] = [
  ...Array.from({ length: 12 }, (_, index) => moved("propagation", Math.floor(index / 2), 12_000 + index * 1000)),
  moved("caches", 0, 4000),
  moved("propagation", 24, 999_000),
];

function moved(kind: TimingSample["kind"], hour: number, atMostMs: number): TimingSample {
  const changedBy = FROM + hour * HOUR_MS;
  const movedBy = changedBy + 90_000;
  return {
    kind,
    cause: AWS.id,
    vantage: "enam",
    changedBy,
    movedAfter: movedBy - 30_900,
    movedBy,
    tookMs: 90_000,
    atMostMs,
  };
}

export const DAY_REPORT = makePeriodReport(
  EXAMPLE,
  {
    tally: tallyOf(
      EXAMPLE,
      Array.from({ length: ROUNDS }, (_, index) => roundAt(index)),
    ),
    // Three slots of the next morning and all before them, back to the last round.
    next: { slot: TO + 3 * 30_000, missedSlots: 3 + (2880 - 2 - ROUNDS) },
    incidents: INCIDENTS,
    timing: TIMING,
  },
  { from: FROM, to: TO },
  TO + 91_000,
);
