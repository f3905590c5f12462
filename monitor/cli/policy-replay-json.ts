// A replay for programs: the same figures, with instants as ISO 8601.
import { toIso } from "../time.ts";
import type { Topology } from "../topology/topology.ts";
import type { Span } from "../verify/history.ts";
import type { Replay } from "../verify/replay.ts";
import type { Move } from "../verify/replay-moves.ts";
import type { ReplayAsk } from "./policy-replay-arguments.ts";

export function replayPayload({ recorded, other, words }: ReplayAsk, told: Replay): object {
  const { from, to, faults, moves, unwatched, policies, ...rest } = told;
  return {
    name: recorded.service.host,
    window: spanOf({ from, to }),
    words,
    settings: { recorded: settingsOf(recorded), other: settingsOf(other) },
    ...rest,
    /** Of every figure. */
    uncertaintyMs: told.intervalMs,
    unwatched: unwatched.map(spanOf),
    policies: policies.map(({ policy, rounds, ...span }) => ({ policy, rounds, ...spanOf(span) })),
    faults: faults.map(({ fault, ...outcomes }) => ({
      region: fault.region,
      from: toIso(fault.from),
      to: fault.to === null ? null : toIso(fault.to),
      lostAt: fault.lostAt === null ? null : toIso(fault.lostAt),
      ...outcomes,
      differenceMs:
        outcomes.recorded.usersMs === null || outcomes.other.usersMs === null
          ? null
          : outcomes.other.usersMs - outcomes.recorded.usersMs,
    })),
    moves: { recorded: moves.recorded.map(moveOf), other: moves.other.map(moveOf) },
  };
}

function spanOf({ from, to }: Span): { readonly from: string; readonly to: string } {
  return { from: toIso(from), to: toIso(to) };
}

function moveOf({ at, isFalse, ...rest }: Move): object {
  return { at: toIso(at), ...rest, false: isFalse };
}

function settingsOf({ dns: { policy, healthCheck, timing } }: Topology): object {
  const { intervalSeconds, failureThreshold } = healthCheck;
  return {
    routing: policy.routing,
    intervalSeconds,
    failureThreshold,
    propagationSeconds: timing.propagationSeconds,
    ttlSeconds: policy.ttlSeconds,
  };
}
