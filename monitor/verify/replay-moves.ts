// Failovers that a policy would have made over a history, and which of them were for nothing: the price of a nervous setting.
import type { Instant } from "../time.ts";
import type { Span } from "./history.ts";
import type { AnswerStep, PolicyReplay } from "./replay-answers.ts";
import { healthAt } from "./replay-faults.ts";
import type { HealthChange } from "./replay-health.ts";
import { policyTimingOf } from "./standing.ts";

/** A region that users were sent away from, because its health check turned unhealthy. */
export interface Move {
  readonly region: string;
  /** When the name servers answered without it. */
  readonly at: Instant;
  /** In the order of the topology. */
  readonly vantages: readonly string[];
  /** Yes: the region served users within the time allowed after the move, or had never stopped. */
  readonly isFalse: "yes" | "no" | "not known";
}

/** `users`: users' health by region id. `end`: the last slot. The oldest first, then by region. */
export function movesOf(
  replay: PolicyReplay,
  users: Readonly<Record<string, readonly HealthChange[]>>,
  end: Instant,
  falseWithinMs: number,
): readonly Move[] {
  const { propagationMs } = policyTimingOf(replay.topology);
  const leaves = Object.entries(replay.answers).flatMap(([vantage, steps]) =>
    steps.flatMap((step, index) =>
      leftIn(steps[index - 1], step)
        .filter((region) => healthAt(replay.health[region] ?? [], step.at) === "unhealthy")
        .map((region) => ({ region, vantage, at: step.at + propagationMs })),
    ),
  );
  const first = leaves.filter(
    (leave, index) => leaves.findIndex(({ at, region }) => at === leave.at && region === leave.region) === index,
  );
  return first
    .map(({ region, at }): Move => {
      const same = leaves.filter((leave) => leave.at === at && leave.region === region);
      const isFalse = falsehoodOf(users[region] ?? [], { from: at, to: at + falseWithinMs }, end);
      return { region, at, vantages: same.map(({ vantage }) => vantage), isFalse };
    })
    .toSorted((a, b) => a.at - b.at || (a.region < b.region ? -1 : 1));
}

/** Regions that users were sent to before and not after; of unknown health nothing is said. */
function leftIn(before: AnswerStep | undefined, after: AnswerStep): readonly string[] {
  if (before === undefined || before.doubt === "unknown" || after.doubt === "unknown") return [];
  return before.regions.filter((region) => !after.regions.includes(region));
}

function falsehoodOf(users: readonly HealthChange[], { from, to }: Span, end: Instant): Move["isFalse"] {
  const inside = users.filter(({ at }) => at > from && at <= to).map(({ health }) => health);
  const healths = new Set([healthAt(users, from), ...inside]);
  if (healths.has("healthy")) return "yes";
  return healths.has("unknown") || to > end ? "not known" : "no";
}
