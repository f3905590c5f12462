// The drawn part of a drill's report as a value: who was seen to be what, from when to when, a row for each place. A look
// counts until the next one of its row.
import { formatWish, regionOfWish } from "../drill/lever-wish.ts";
import type { DrillRecord } from "../drill/record.ts";
import type { DrillPlan } from "../drill/script.ts";
import { type Sights, sightsOf } from "../drill/sights.ts";
import type { Instant } from "../time.ts";
import type { DrillBar, DrillLane } from "./drill-report-schema.ts";

/** Bars of one row; what comes after them is drawn as one. */
const BARS_MAX = 300;

type Shown = Pick<DrillBar, "kind" | "label">;
type Seen = { readonly at: Instant } & Shown;

/** Lanes without a row are left out. */
export function drillLanes(record: DrillRecord): readonly DrillLane[] {
  const sights = sightsOf(record.events);
  const lanes: readonly { readonly title: string; readonly rows: readonly Row[] }[] = [
    { title: "Fault", rows: faultRows(record, sights) },
    { title: "Looks at the faulted region", rows: lookRows(record, sights) },
    { title: "Health, users' view", rows: healthRows(record, sights, "users") },
    { title: "Health, Route 53's rules", rows: healthRows(record, sights, "route53") },
    { title: "DNS, name servers", rows: answerRows(record, sights, "authoritative") },
    { title: "DNS, resolvers", rows: answerRows(record, sights, "recursive") },
    { title: "Users, by the name", rows: userRows(record, sights, "dns") },
    { title: "Users, through the router", rows: userRows(record, sights, "router") },
    { title: "Called deviating", rows: noticeRows(record, sights) },
  ];
  return lanes.filter(({ rows }) => rows.length > 0).map(({ title, rows }) => ({ title, rows: [...rows] }));
}

type Row = DrillLane["rows"][number];

/** How long the record is, in milliseconds. */
export function recordLengthMs({ startedAt, endedAt, events }: DrillRecord): number {
  return Math.max(0, endedAt ?? startedAt, events.at(-1)?.at ?? startedAt) - startedAt;
}

/** From the lever's answer until it is called again; a lever that was never undone stands to the end. */
function faultRows(record: DrillRecord, { levers }: Sights): readonly Row[] {
  return record.plan.faults.flatMap((wish) => {
    const target = regionOfWish(wish) ?? "dns";
    const own = levers.filter((event) => event.lever === wish.lever && event.target === target);
    const from = own.find(({ action }) => action === "applying" || action === "applied");
    if (from === undefined) return [];
    const to = own.find(({ action }) => action === "restored");
    const fromMs = from.at - record.startedAt;
    const toMs = to === undefined ? recordLengthMs(record) : to.at - record.startedAt;
    return [{ name: target, bars: [{ fromMs, toMs, kind: "fault", label: formatWish(wish) }] }];
  });
}

function lookRows(record: DrillRecord, { opinions }: Sights): readonly Row[] {
  const { faulted, vantages } = record.plan;
  return faulted.flatMap((region) =>
    vantages.map((vantage) => {
      const own = opinions.filter((event) => event.region === region && event.vantage === vantage);
      const name = faulted.length === 1 ? vantage : `${vantage} ${region}`;
      return rowOf(
        record,
        name,
        own.map(({ at, state }): Seen => ({ at, ...LOOKS[state] })),
      );
    }),
  );
}

const LOOKS: Readonly<Record<"up" | "down" | "unknown" | "missed", Shown>> = {
  up: { kind: "healthy", label: "up" },
  down: { kind: "unhealthy", label: "down" },
  unknown: { kind: "unknown", label: "unknown" },
  missed: { kind: "unknown", label: "missed" },
};

function healthRows(record: DrillRecord, { health }: Sights, view: "users" | "route53"): readonly Row[] {
  return record.plan.regions.map(({ id }) => {
    const own = health.filter((event) => event.view === view && event.region === id);
    return rowOf(
      record,
      id,
      own.map((event): Seen => ({ at: event.at, kind: event.health, label: event.health })),
    );
  });
}

function answerRows(record: DrillRecord, sights: Sights, view: "authoritative" | "recursive"): readonly Row[] {
  return record.plan.vantages.flatMap((vantage) => {
    const own = sights.answersAt(vantage, view);
    if (own.length === 0) return [];
    return [
      rowOf(
        record,
        vantage,
        own.map(({ at, answer }): Seen => ({ at, ...ledTo(record.plan, answer) })),
      ),
    ];
  });
}

function userRows(record: DrillRecord, sights: Sights, via: "dns" | "router"): readonly Row[] {
  return record.plan.vantages.flatMap((vantage) => {
    const own = sights.requestsAt(vantage, via);
    if (own.length === 0) return [];
    const seen = own.map(({ at, served }): Seen => ({
      at,
      ...(served === null ? { kind: "lost", label: "lost" } : shownRegion(record.plan, served)),
    }));
    return [rowOf(record, vantage, seen)];
  });
}

/** Those alone that deviated at all, in the order of their first deviation. */
function noticeRows(record: DrillRecord, { verdicts }: Sights): readonly Row[] {
  const subjects = [...new Set(verdicts.filter((one) => one.verdict === "deviates").map((one) => one.subject))];
  return subjects.map((subject) => {
    const own = verdicts.filter((event) => event.subject === subject);
    const seen = own.map(({ at, verdict }): Seen => ({
      at,
      kind: verdict === "deviates" ? "deviates" : "unknown",
      label: verdict === "deviates" ? "deviates" : "",
    }));
    const row = rowOf(record, subject.replace(`:${record.plan.service.host}:`, ":"), seen);
    return { ...row, bars: row.bars.filter(({ kind }) => kind === "deviates" || kind === "mixed") };
  });
}

function ledTo(plan: DrillPlan, answer: readonly string[]): Shown {
  if (answer.length === 0) return { kind: "lost", label: "no answer" };
  const regions = plan.regions.filter(({ addresses }) => addresses.some((address) => answer.includes(address)));
  const [first] = regions;
  if (first === undefined) return { kind: "several", label: "unknown address" };
  return regions.length > 1 ? { kind: "several", label: "several" } : shownRegion(plan, first.id);
}

const REGION_KINDS = ["region-a", "region-b", "region-c"] as const;

/** From the fourth region on kinds repeat; the label tells them apart. */
function shownRegion({ regions }: DrillPlan, id: string): Shown {
  const index = Math.max(
    0,
    regions.findIndex((region) => region.id === id),
  );
  return { kind: REGION_KINDS[index % REGION_KINDS.length] ?? "region-a", label: id };
}

/** Looks that say the same are one bar. */
function rowOf(record: DrillRecord, name: string, seen: readonly Seen[]): Row {
  const endMs = recordLengthMs(record);
  const starts = seen.filter((one, index) => {
    const before = seen[index - 1];
    return before === undefined || before.kind !== one.kind || before.label !== one.label;
  });
  const bars = starts.map(({ at, kind, label }, index): DrillBar => {
    const next = starts[index + 1];
    return {
      fromMs: at - record.startedAt,
      toMs: next === undefined ? endMs : next.at - record.startedAt,
      kind,
      label,
    };
  });
  const rest = bars[BARS_MAX];
  if (rest === undefined) return { name, bars };
  return {
    name,
    bars: [...bars.slice(0, BARS_MAX), { fromMs: rest.fromMs, toMs: endMs, kind: "mixed", label: "changes too often" }],
  };
}
