// What two readings of the monitor's status say for a drill's record. A round is told once, whole, also where nothing changed
// in it: the look before a change is what tells how exactly its time is known.
import type { DrillEvent } from "../drill/record.ts";
import type { StatusReport } from "../report/status-schema.ts";
import { type Instant, parseIso } from "../time.ts";

/** In the order of time. `before` null: nothing has been read yet. `drillId`: whose incidents are planned. */
export function statusEvents(before: StatusReport | null, after: StatusReport, drillId: string): readonly DrillEvent[] {
  const roundAt = instantOf(after.self.lastRoundAt);
  const isNewRound = roundAt !== null && roundAt !== instantOf(before?.self.lastRoundAt ?? null);
  const events = [
    ...(isNewRound ? roundEvents(before, after, roundAt) : []),
    ...dnsEvents(before, after),
    ...incidentEvents(before, after, drillId),
  ];
  return events.toSorted((a, b) => a.at - b.at);
}

function roundEvents(before: StatusReport | null, after: StatusReport, at: Instant): readonly DrillEvent[] {
  return [
    ...after.regions.flatMap(({ id, health, userHealth }): readonly DrillEvent[] => [
      { kind: "health", at, region: id, view: "route53", health },
      { kind: "health", at, region: id, view: "users", health: userHealth },
    ]),
    ...opinionEvents(before, after, at),
    ...after.verdicts.map(({ subject, verdict }): DrillEvent => ({ kind: "verdict", at, subject, verdict })),
  ];
}

/** A vantage that took no part has no new look: its cell is dated by the round that missed it. */
function opinionEvents(before: StatusReport | null, after: StatusReport, roundAt: Instant): readonly DrillEvent[] {
  return Object.entries(after.matrix).flatMap(([region, row]) =>
    Object.entries(row).flatMap(([vantage, { state, at: seenAt }]): readonly DrillEvent[] => {
      const seen = instantOf(seenAt);
      if (state === "missed" || seen === null) return [{ kind: "opinion", at: roundAt, region, vantage, state }];
      const known = instantOf(before?.matrix[region]?.[vantage]?.at ?? null);
      return seen === known ? [] : [{ kind: "opinion", at: seen, region, vantage, state }];
    }),
  );
}

/** Every answer that was not there before, with what the monitor made of it. */
function dnsEvents(before: StatusReport | null, after: StatusReport): readonly DrillEvent[] {
  const key = (row: StatusReport["dns"][number]): string =>
    [row.name, row.type, row.vantage, row.view, row.server, row.at].join(" ");
  const known = new Set((before?.dns ?? []).map(key));
  return after.dns
    .filter((row) => !known.has(key(row)))
    .map((row): DrillEvent => ({
      kind: "dns",
      at: instantOf(row.at) ?? 0,
      vantage: row.vantage,
      view: row.view,
      answer: row.answer,
      ttlSeconds: row.ttlSeconds,
      expected: row.expected,
      verdict: row.verdict,
    }));
}

function incidentEvents(before: StatusReport | null, after: StatusReport, drillId: string): readonly DrillEvent[] {
  return after.incidents.flatMap((incident): readonly DrillEvent[] => {
    const old = before?.incidents.find((one) => one.id === incident.id);
    const { subject, openedAt, closedAt } = incident;
    const about = { kind: "incident", subject, causedByDrill: incident.causedBy === drillId } as const;
    const opened: readonly DrillEvent[] =
      old === undefined && before !== null ? [{ ...about, at: instantOf(openedAt) ?? 0, change: "opened" }] : [];
    const closed: readonly DrillEvent[] =
      closedAt !== undefined && before !== null && old?.closedAt === undefined
        ? [{ ...about, at: instantOf(closedAt) ?? 0, change: "closed" }]
        : [];
    return [...opened, ...closed];
  });
}

function instantOf(iso: string | null): Instant | null {
  return iso === null ? null : parseIso(iso);
}
