// The state that one round hands to the next, as stored text: checked before it is believed, because an older version of
// ourselves may have written it.
import * as z from "zod/mini";
import { NO_INCIDENTS } from "../incident/book.ts";
import { INCIDENT_SCHEMA } from "../incident/incident-schema.ts";
import type { ObjectiveBook } from "../model/counts.ts";
import { FAILURE_CAUSES, PHASES, type VantageReport } from "../model/observation.ts";
import { DRILL_CAUSES, type DrillNotice } from "../model/planned.ts";
import type { Drain, RouterStanding } from "../model/steering.ts";
import type { MonitorState, TimingTrace } from "../model/state.ts";
import type { Parsed } from "../problem.ts";
import { GIVEN_REPLY } from "../report/rounds-page-schema.ts";
import { parseStored } from "../report/stored-value.ts";
import type { Trail } from "../model/trail.ts";
import { ALERT_BOOK, CHANNEL_STANDING } from "./alert-state.ts";

export const EMPTY_STATE: MonitorState = {
  version: 1,
  policy: { fingerprint: "", changedAt: null, ttlSeconds: 0, ttlSecondsBefore: 0 },
  health: {},
  dns: {},
  cells: {},
  vantages: {},
  verdicts: [],
  incidents: NO_INCIDENTS,
  lastSlot: null,
  lastRoundAt: null,
  rounds: 0,
  missedSlots: 0,
};

const instant = z.int();
const verdict = z.enum(["conforms", "converging", "deviates", "undecided"]);
const failure = z.strictObject({
  cause: z.enum(FAILURE_CAUSES),
  phase: z.exactOptional(z.enum(PHASES)),
  detail: z.string(),
});

const opinion = z.strictObject({
  health: z.enum(["healthy", "unhealthy", "unknown"]),
  run: z.nullable(z.strictObject({ passed: z.boolean(), since: instant, count: z.int() })),
});

const regionHealth = z.strictObject({
  vantages: z.record(
    z.string(),
    z.strictObject({
      colo: z.string(),
      route53: opinion,
      user: opinion,
      lastAt: instant,
      route53At: z.nullable(instant),
      userAt: z.nullable(instant),
    }),
  ),
  changedAt: z.nullable(instant),
  route53Since: z.nullable(instant),
  userSince: z.nullable(instant),
});

const claim = z.strictObject({
  hostname: z.string(),
  region: z.string(),
  podIP: z.string(),
  cluster: z.nullable(z.string()),
  version: z.nullable(z.string()),
  time: instant,
});

const observation = z.strictObject({
  region: z.string(),
  vantage: z.string(),
  at: instant,
  status: z.nullable(z.int()),
  phases: z.strictObject({
    dns: z.exactOptional(z.number()),
    connect: z.exactOptional(z.number()),
    tls: z.exactOptional(z.number()),
    ttfb: z.exactOptional(z.number()),
    transfer: z.exactOptional(z.number()),
  }),
  totalMs: z.nullable(z.number()),
  failure: z.nullable(failure),
  claim: z.nullable(claim),
});

const dnsReply = z.discriminatedUnion("kind", [GIVEN_REPLY, z.strictObject({ kind: z.literal("failed"), failure })]);

const dnsObservation = z.strictObject({
  name: z.string(),
  type: z.enum(["A", "AAAA"]),
  vantage: z.string(),
  view: z.enum(["authoritative", "recursive"]),
  server: z.string(),
  at: instant,
  reply: dnsReply,
});

/** As it is stored, also by itself. */
export const VANTAGE_REPORT: z.ZodMiniType<VantageReport> = z.strictObject({
  vantage: z.string(),
  colo: z.string(),
  observations: z.array(observation),
  dns: z.array(dnsObservation),
});

const dnsWatch = z.strictObject({
  seen: dnsObservation,
  expected: z.array(z.string()),
  reason: z.string(),
  verdict,
  deadline: z.nullable(instant),
  oddSince: z.nullable(instant),
  unanswered: z.int(),
  relapses: z.exactOptional(z.array(z.int())),
});

/** As it is stored, also by itself. */
export const DRAIN: z.ZodMiniType<Drain> = z.strictObject({
  kind: z.enum(["drain", "maintenance"]),
  since: instant,
  until: instant,
});

/** As it is stored, also by itself. */
export const DRILL_NOTICE: z.ZodMiniType<DrillNotice> = z.strictObject({
  id: z.string(),
  title: z.string(),
  regions: z.array(z.string()),
  causes: z.array(z.enum(DRILL_CAUSES)),
  startedAt: instant,
  expiresAt: instant,
  endedAt: z.nullable(instant),
  probeEverySeconds: z.nullable(z.number()),
  settleMs: z.number(),
});

const timingChange = z.nullable(z.strictObject({ after: instant, by: instant }));

const TIMING_TRACE: z.ZodMiniType<TimingTrace> = z.strictObject({
  regions: z.record(
    z.string(),
    z.strictObject({ health: z.enum(["healthy", "unhealthy", "unknown"]), seenAt: instant, change: timingChange }),
  ),
  answers: z.record(z.string(), z.strictObject({ addresses: z.array(z.string()), seenAt: instant })),
  policy: z.nullable(z.strictObject({ fingerprint: z.string(), seenAt: instant, change: timingChange })),
  samples: z.array(
    z.strictObject({
      kind: z.enum(["propagation", "caches", "edit"]),
      cause: z.string(),
      vantage: z.string(),
      changedBy: instant,
      movedAfter: instant,
      movedBy: instant,
      tookMs: z.number(),
      atMostMs: z.number(),
    }),
  ),
});

const ROUTER_STANDING: z.ZodMiniType<RouterStanding> = z.strictObject({
  drains: z.record(z.string(), DRAIN),
  isolates: z.int(),
  suspectedBy: z.record(z.string(), z.int()),
  mismatches: z.record(z.string(), z.strictObject({ claimed: z.string(), at: instant })),
  failedOpenAt: z.nullable(instant),
  requests: z.int(),
  retries: z.int(),
  vain: z.int(),
  served: z.exactOptional(z.record(z.string(), z.int())),
});

const TRAIL: z.ZodMiniType<Trail> = z.strictObject({
  from: instant,
  lanes: z.record(z.string(), z.array(z.tuple([instant, z.string()]))),
});

const counts = z.strictObject({
  good: z.int(),
  bad: z.int(),
  unknown: z.int(),
  excused: z.int(),
  planned: z.int(),
});

const column = z.exactOptional(z.array(z.int()));
const series = z.exactOptional(
  z.strictObject({
    from: instant,
    steps: z.int(),
    good: column,
    bad: column,
    unknown: column,
    excused: column,
    planned: column,
  }),
);

const OBJECTIVE_BOOK: z.ZodMiniType<ObjectiveBook> = z.record(
  z.string(),
  z.strictObject({
    since: instant,
    series: z.strictObject({ minute: series, fiveMinutes: series, hour: series, day: series }),
    slice: z.nullable(z.strictObject({ from: instant, looks: counts })),
    backTo: z.exactOptional(instant),
  }),
);

const STATE_SCHEMA: z.ZodMiniType<MonitorState> = z.strictObject({
  version: z.literal(1),
  policy: z.strictObject({
    fingerprint: z.string(),
    changedAt: z.nullable(instant),
    ttlSeconds: z.number(),
    ttlSecondsBefore: z.number(),
  }),
  health: z.record(z.string(), regionHealth),
  dns: z.record(z.string(), dnsWatch),
  cells: z.record(z.string(), z.record(z.string(), observation)),
  vantages: z.record(
    z.string(),
    z.strictObject({
      colo: z.string(),
      lastAt: z.nullable(instant),
      missed: z.nullable(z.string()),
      slot: z.exactOptional(instant),
    }),
  ),
  verdicts: z.array(
    z.strictObject({
      subject: z.string(),
      verdict,
      reason: z.string(),
      deadline: z.exactOptional(instant),
      excusedBy: z.exactOptional(z.string()),
    }),
  ),
  incidents: z.strictObject({ open: z.array(INCIDENT_SCHEMA), closed: z.array(INCIDENT_SCHEMA) }),
  lastSlot: z.nullable(instant),
  lastRoundAt: z.nullable(instant),
  rounds: z.int(),
  missedSlots: z.int(),
  drill: z.exactOptional(DRILL_NOTICE),
  timing: z.exactOptional(TIMING_TRACE),
  trail: z.exactOptional(TRAIL),
  checkers: z.exactOptional(z.record(z.string(), z.strictObject({ healthy: z.int(), total: z.int(), at: instant }))),
  router: z.exactOptional(ROUTER_STANDING),
  objectives: z.exactOptional(OBJECTIVE_BOOK),
  alerts: z.exactOptional(ALERT_BOOK),
  channels: z.exactOptional(z.array(CHANNEL_STANDING)),
});

/** Problems are never a reason to stop watching. */
export function parseState(text: string): Parsed<MonitorState> {
  return parseStored(text, STATE_SCHEMA, "the stored state");
}
