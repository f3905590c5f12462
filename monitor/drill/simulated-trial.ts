// One drill in virtual time, written down as a real one is: same events, same record, so that the same referee reads both.
import type { Instant } from "../time.ts";
import { makeChance } from "./chance.ts";
import { regionOfWish } from "./lever-wish.ts";
import { type DrillEvent, type DrillRecord, drillId } from "./record.ts";
import { simulateDns } from "./simulated-dns.ts";
import { simulateMonitor } from "./simulated-monitor.ts";
import { type Scene, trialTimes, type TrialTimes } from "./simulated-scene.ts";
import { simulateUsers } from "./simulated-users.ts";

/** Every lot is drawn from `seed`; the levers act at once. */
export function simulateTrial(scene: Scene, seed: number, startedAt: Instant): DrillRecord {
  const times = trialTimes(scene, startedAt);
  const trial = { scene, times, chance: makeChance(seed) };
  const dns = simulateDns(trial);
  const looks = [...simulateMonitor(trial, dns), ...simulateUsers(trial, dns)].filter(
    ({ at }) => at >= startedAt && at <= times.endAt,
  );
  const events = [...acts(scene, times), ...looks];
  return {
    schemaVersion: 1,
    id: drillId(scene.plan.scriptId, startedAt),
    plan: scene.plan,
    simulated: true,
    startedAt,
    endedAt: times.endAt,
    events: events.toSorted((a, b) => a.at - b.at),
  };
}

function acts({ plan }: Scene, { startAt, faultAt, repairAt, endAt }: TrialTimes): readonly DrillEvent[] {
  const lever = (action: "applying" | "applied" | "restoring" | "restored", at: Instant): readonly DrillEvent[] =>
    plan.faults.map((wish) => ({
      kind: "lever",
      at,
      lever: wish.lever,
      target: regionOfWish(wish) ?? "dns",
      action,
      detail: "simulated",
    }));
  return [
    { kind: "stage", at: startAt, stage: "steady" },
    { kind: "stage", at: faultAt, stage: "fault" },
    ...lever("applying", faultAt),
    ...lever("applied", faultAt),
    { kind: "stage", at: repairAt, stage: "repair" },
    ...lever("restoring", repairAt),
    ...lever("restored", repairAt),
    { kind: "stage", at: endAt, stage: "over" },
  ];
}
