// The shape of `/status`, our promise to everyone who reads it: the type, the check in tests and the published JSON Schema
// are all made of this one description.
import * as z from "zod/mini";
import { FAILURE_CAUSES, PHASES } from "../model/observation.ts";
import { DRILL_CAUSES } from "../model/planned.ts";
import { DRAIN_KINDS } from "../steering/drain.ts";
import { OBJECTIVE_SCHEMA } from "./objective-schema.ts";
import { ROUTINGS, STEERINGS } from "../topology/topology.ts";

const instant = z.iso.datetime({ precision: 3 });
const count = z.int().check(z.nonnegative());
const milliseconds = z.number().check(z.nonnegative());
const health = z.enum(["healthy", "unhealthy", "unknown"]);
const verdict = z.enum(["conforms", "converging", "deviates", "undecided"]);

const cell = z.strictObject({
  /** down: a user would not be served. missed: the vantage took no part. unknown: never measured, or our own failure. */
  state: z.enum(["up", "down", "unknown", "missed"]),
  at: z.nullable(instant),
  ageMs: z.nullable(count),
  totalMs: z.nullable(milliseconds),
  phases: z.partialRecord(z.enum(PHASES), milliseconds),
  failure: z.optional(z.strictObject({ cause: z.enum(FAILURE_CAUSES), detail: z.string() })),
});

const incident = z.strictObject({
  id: z.string(),
  subject: z.string(),
  openedAt: instant,
  closedAt: z.optional(instant),
  reason: z.string(),
  /** Id of the drill that was meant to cause it, or "maintenance:" and the id of the window it is in: planned, and no reason to page anybody. */
  causedBy: z.optional(z.string()),
  /** Id of the mute that keeps people from being told of it. Absent: they are told. */
  mutedBy: z.optional(z.string()),
});

const drill = z.strictObject({
  id: z.string(),
  title: z.string(),
  /** overdue: it should have been over, and what it broke may still be broken. settling: over, its traces may still be seen. */
  state: z.enum(["running", "overdue", "settling"]),
  regions: z.array(z.string()),
  /** What it is meant to make deviate. */
  causes: z.array(z.enum(DRILL_CAUSES)),
  startedAt: instant,
  expiresAt: instant,
  endedAt: z.nullable(instant),
  /** Null: rounds come as often as always. */
  probeEverySeconds: z.nullable(z.number()),
});

const maintenance = z.strictObject({
  id: z.string(),
  title: z.string(),
  state: z.enum(["active", "upcoming"]),
  /** Ids in the topology's order; all of them where it was announced for all. */
  regions: z.array(z.string()),
  from: instant,
  until: instant,
  /** Every week, by the topology. */
  recurring: z.boolean(),
});

const mute = z.strictObject({
  id: z.string(),
  /** Subjects, or with a final `*` how they begin; a region's covers what it claims and what the router sees of it. */
  subjects: z.array(z.string()),
  from: instant,
  until: instant,
  reason: z.string(),
  /** Null: not said. */
  by: z.nullable(z.string()),
});

const router = z.strictObject({
  mode: z.enum(["redirect", "proxy"]),
  steering: z.enum(STEERINGS),
  /** Its own name; all other names show the monitor's faces. */
  host: z.string(),
  /** In the topology's order. */
  regions: z.array(
    z.strictObject({
      id: z.string(),
      /** Null: it is a candidate as long as it is healthy. */
      drain: z.nullable(z.strictObject({ kind: z.enum(DRAIN_KINDS), since: instant, until: instant })),
      /** Isolates that it failed a moment ago. */
      suspectedBy: count,
      /** Requests that it answered, or was named to by a redirect, since the coordinator last began; absent where it was not told. */
      served: z.optional(count),
      /** What a reply from there claimed to be instead; null: nothing else lately. */
      mismatch: z.nullable(z.strictObject({ claimed: z.string(), at: instant })),
    }),
  ),
  /** True: requests were lately sent somewhere although all regions were down. */
  failOpen: z.boolean(),
  failedOpenAt: z.nullable(instant),
  /** Isolates that told something lately. */
  isolates: count,
  /** Since the coordinator last began. */
  requests: count,
  retries: count,
  /** Retries that did not help. */
  vainRetries: count,
});

const channel = z.strictObject({
  name: z.string(),
  kind: z.enum(["webhook", "slack", "pagerduty", "heartbeat"]),
  lastDeliveredAt: z.nullable(instant),
  /** True: the latest attempt failed. */
  failing: z.boolean(),
  /** Messages that wait, and since when the oldest of them does. */
  waiting: count,
  waitingSince: z.nullable(instant),
  /** Messages that arrived, attempts that failed, messages that were given up; since the monitor knows the channel. */
  delivered: count,
  failed: count,
  dead: count,
});

const span = { from: instant, to: instant };
/** Region ids in the topology's order, three at most, and how many others there are; none: no region of ours, or not known. */
const led = { regions: z.array(z.string()), others: count };

const timeline = z.strictObject({
  /** At most a day ago; later where so much turned that the beginning had to be forgotten. All lanes begin here and end now. */
  from: instant,
  /** Where Route 53 should lead users by the health that we see; several where that depends on the asker, none where it is open. */
  policy: z.array(z.strictObject({ ...span, ...led })),
  /** Where answers led, as users have them; `verdict` is the worst on any answer. */
  dns: z.array(z.strictObject({ ...span, ...led, verdict })),
  /** In the topology's order. */
  regions: z.array(z.strictObject({ id: z.string(), spans: z.array(z.strictObject({ ...span, health })) })),
});

export const STATUS_SCHEMA = z.strictObject({
  schemaVersion: z.literal(1),
  generatedAt: instant,
  verdict,
  /** True where vantages share a machine: latencies then say nothing of places. */
  simulated: z.boolean(),
  service: z.strictObject({ name: z.string(), host: z.string() }),
  regions: z.array(
    z.strictObject({
      id: z.string(),
      region: z.string(),
      /** By Route 53's rules over our vantages. */
      health,
      since: z.nullable(instant),
      /** What users get. */
      userHealth: health,
      userSince: z.nullable(instant),
      lastAt: z.nullable(instant),
      /** Id of the maintenance that it is under: its looks count apart, and its verdicts not at all. Absent: none. */
      maintenance: z.optional(z.string()),
    }),
  ),
  vantages: z.array(
    z.strictObject({
      id: z.string(),
      colo: z.nullable(z.string()),
      lastAt: z.nullable(instant),
      /** Why it has no part in the latest round. */
      missed: z.optional(z.string()),
      /** True: inside somebody's own network. It looks by itself, and has no say in `health`. */
      private: z.optional(z.boolean()),
    }),
  ),
  /** By region id, then vantage id. */
  matrix: z.record(z.string(), z.record(z.string(), cell)),
  dns: z.array(
    z.strictObject({
      name: z.string(),
      type: z.enum(["A", "AAAA"]),
      vantage: z.string(),
      view: z.enum(["authoritative", "recursive"]),
      server: z.string(),
      at: instant,
      /** Sorted; empty without an answer. */
      answer: z.array(z.string()),
      rcode: z.nullable(z.string()),
      ttlSeconds: z.nullable(count),
      /** Sorted; empty where several answers are legal. */
      expected: z.array(z.string()),
      reason: z.string(),
      verdict,
      deadline: z.optional(instant),
    }),
  ),
  failover: z.strictObject({
    routing: z.enum(ROUTINGS),
    active: z.nullable(z.string()),
    activeByVantage: z.optional(z.record(z.string(), z.nullable(z.string()))),
    failOpen: z.boolean(),
    verdict,
    reason: z.string(),
  }),
  verdicts: z.array(
    z.strictObject({
      subject: z.string(),
      verdict,
      reason: z.string(),
      deadline: z.optional(instant),
      /** "maintenance:<id>": it does not count for the verdict on top. */
      excusedBy: z.optional(z.string()),
      /** Id of the mute that it is under. It counts as always; nobody is told of it. */
      mutedBy: z.optional(z.string()),
    }),
  ),
  incidents: z.array(incident),
  /** What turned when, the earliest first; `unknown`, `undecided` and empty are also what nobody looked at. Absent before the first round. */
  timeline: z.optional(timeline),
  /** Only while a drill is in force. */
  drill: z.optional(drill),
  /** What Route 53's own checkers saw last, where the Worker may ask for it; never one of our votes. */
  route53: z.optional(
    z.array(
      z.strictObject({
        healthCheck: z.string(),
        /** The region that it looks at; null: none of ours. */
        region: z.nullable(z.string()),
        checkers: z.strictObject({ healthy: count, total: count }),
        at: instant,
      }),
    ),
  ),
  /** Absent while the router is off. */
  router: z.optional(router),
  /** Who is told of incidents, and whether that works; absent where nobody is. */
  alerts: z.optional(z.strictObject({ channels: z.array(channel) })),
  /** In the topology's order; absent where nothing is promised. */
  objectives: z.optional(z.array(OBJECTIVE_SCHEMA)),
  /** In force now, and of the next 7 days; the earliest first, 100 at most. */
  maintenance: z.array(maintenance),
  /** In force, the one that lasts longest first; absent: none is. */
  mutes: z.optional(z.array(mute)),
  self: z.strictObject({
    lastRoundAt: z.nullable(instant),
    rounds: count,
    missedSlots: count,
    /** Where it is read again while the monitor runs; `refusedAt` where the file is broken and what was taken before is watched. */
    topology: z.optional(z.strictObject({ takenAt: instant, refusedAt: z.optional(instant) })),
  }),
});

/** What `GET /status` gives. Times are ISO 8601 UTC with milliseconds. */
export type StatusReport = z.infer<typeof STATUS_SCHEMA>;
export type StatusCell = z.infer<typeof cell>;
