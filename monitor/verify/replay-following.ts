// When users would have followed one fault under one policy: the health that a setting sees, the way to the name servers, then the
// old answer's TTL. The last of all askers decides.
import { type Instant, SECOND_MS } from "../time.ts";
import { detectionMaxMs } from "../policy/deadline.ts";
import { ttlSecondsBehind } from "../policy/reach.ts";
import { recordTypes } from "../topology/topology.ts";
import { zoneOf } from "../topology/zone.ts";
import { type AnswerStep, type PolicyReplay, stepAt } from "./replay-answers.ts";
import type { Fault } from "./replay-faults.ts";
import { policyTimingOf } from "./standing.ts";

/** Milliseconds count from the first slot that saw the fault. */
export interface Following {
  /**
   * `followed`: everybody left the region. `stayed`: somebody was sent there until it served again. `fail-open`: so, because
   * nothing else was healthy either. `not-concerned`: nobody was sent there. `not-known`: nobody looked, or health was unknown.
   */
  readonly kind: "followed" | "stayed" | "fail-open" | "not-concerned" | "not-known";
  /** Vantages whose users were sent there, in the order of the topology. */
  readonly vantages: readonly string[];
  /** Route 53 knows; its name servers answer so; the last cache has forgotten. Null unless `followed`. */
  readonly detectedMs: number | null;
  readonly serversMs: number | null;
  readonly usersMs: number | null;
  /** How long users were sent to a region that did not serve them, the last of them; null: not known. */
  readonly hurtMs: number | null;
}

/** `nextFault`: of the same region, Infinity where there is none. `end`: the last slot of the history. */
export function followingOf(replay: PolicyReplay, fault: Fault, nextFault: Instant, end: Instant): Following {
  const concerned = Object.entries(replay.answers).filter(([, steps]) => isSent(stepAt(steps, fault.from), fault));
  const vantages = concerned.map(([vantage]) => vantage);
  const none = { vantages, detectedMs: null, serversMs: null, usersMs: null, hurtMs: null };
  const atFirst = Object.values(replay.answers).map((steps) => stepAt(steps, fault.from)?.doubt ?? "unknown");
  if (atFirst.includes("unknown")) return { ...none, kind: "not-known" };
  if (concerned.length === 0) return { ...none, kind: "not-concerned", hurtMs: 0 };
  const until = Math.min(nextFault, (fault.to ?? Infinity) + laterMs(replay));
  const leaves = concerned.map(([, steps]) => leaveOf(steps, fault, until));
  const latest = leaves.reduce((a, b) => (rankOf(b) > rankOf(a) ? b : a));
  switch (latest.kind) {
    case "left": {
      const detectedMs = latest.at - fault.from;
      const serversMs = detectedMs + policyTimingOf(replay.topology).propagationMs;
      const usersMs = serversMs + ttlMs(replay);
      const lastedMs = fault.to === null ? Infinity : fault.to - fault.from;
      return { kind: "followed", vantages, detectedMs, serversMs, usersMs, hurtMs: Math.min(usersMs, lastedMs) };
    }
    case "unknown":
      return { ...none, kind: "not-known" };
    case "never": {
      const seenEnd = fault.to ?? (fault.lostAt === null ? end : null);
      const long = seenEnd !== null && (fault.to !== null || seenEnd - fault.from > laterMs(replay) + noticeMs(replay));
      if (seenEnd === null || !long) return { ...none, kind: "not-known" };
      return { ...none, kind: latest.open ? "fail-open" : "stayed", hurtMs: seenEnd - fault.from };
    }
  }
}

function isSent(step: AnswerStep | null, { region }: Fault): boolean {
  return step?.regions.includes(region) === true;
}

type Leave =
  | { readonly kind: "left"; readonly at: Instant }
  | { readonly kind: "unknown" }
  | { readonly kind: "never"; readonly open: boolean };

function leaveOf(steps: readonly AnswerStep[], fault: Fault, until: Instant): Leave {
  const after = steps.filter(({ at }) => at > fault.from && at <= until);
  const left = after.find((step) => step.doubt === "unknown" || !isSent(step, fault));
  const first = stepAt(steps, fault.from)?.doubt === "fail-open";
  if (left === undefined) return { kind: "never", open: first || after.some(({ doubt }) => doubt === "fail-open") };
  return left.doubt === "unknown" ? { kind: "unknown" } : { kind: "left", at: left.at };
}

/** Who never leaves is later than who leaves; of what is not known nothing can be said. */
function rankOf(leave: Leave): number {
  switch (leave.kind) {
    case "left":
      return leave.at;
    case "never":
      return Number.MAX_SAFE_INTEGER;
    case "unknown":
      return Infinity;
  }
}

/** A look that began before the repair may end so much later. */
function laterMs({ checks }: PolicyReplay): number {
  return Math.max(0, ...checks.map(({ requestIntervalSeconds }) => requestIntervalSeconds * SECOND_MS));
}

/** Every checker has noticed by then. */
function noticeMs({ checks, topology }: PolicyReplay): number {
  return Math.max(0, ...checks.map((check) => detectionMaxMs(check, policyTimingOf(topology), checks) ?? 0));
}

function ttlMs({ topology }: PolicyReplay): number {
  const [type = "A"] = recordTypes(topology);
  return ttlSecondsBehind(zoneOf(topology), topology.service.host.toLowerCase(), type) * SECOND_MS;
}
