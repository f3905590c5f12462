// What a drill causes is planned: it is marked, and pages nobody. But only what the drill was meant to break, only until it
// should be over, and a little longer for its traces to go.
import type { Subject, Verdict } from "../model/verdict.ts";
import type { DrillNotice } from "../model/planned.ts";
import { type Instant, toIso } from "../time.ts";

/** From then on nothing is excused by this drill. */
export function settledAt({ endedAt, expiresAt, settleMs }: DrillNotice): Instant {
  return Math.min(endedAt ?? expiresAt, expiresAt) + settleMs;
}

/** Whether the drill is meant to make this subject deviate at `at`. */
export function isPlanned(drill: DrillNotice, subject: Subject, at: Instant): boolean {
  if (at < drill.startedAt || at > settledAt(drill)) return false;
  const [kind = "", rest = ""] = splitOnce(subject);
  switch (kind) {
    case "region":
    case "claim":
    case "router":
      return drill.causes.includes("region") && drill.regions.includes(rest);
    case "dns":
      return drill.causes.includes("dns");
    case "failover":
      return drill.causes.includes("failover");
    default:
      return false;
  }
}

function splitOnce(subject: Subject): readonly string[] {
  const at = subject.indexOf(":");
  return at < 0 ? [subject] : [subject.slice(0, at), subject.slice(at + 1)];
}

/** The drill is a subject of its own while it is not over: one that outlives its expiry deviates, and so opens an incident. */
export function drillVerdicts(drill: DrillNotice | null, at: Instant): readonly Verdict[] {
  if (drill === null || drill.endedAt !== null) return [];
  const subject = `drill:${drill.id}`;
  const by = toIso(drill.expiresAt);
  if (at <= drill.expiresAt) return [{ subject, verdict: "conforms", reason: `runs, and must be over by ${by}` }];
  const reason = `should have been over by ${by}; what it broke may still be broken: run \`monitor drill restore\` where it was started`;
  return [{ subject, verdict: "deviates", reason }];
}
