// Whether people can still be told: a monitor that nobody hears does not do its work, however well it looks.
import type { ChannelStanding } from "../model/alert.ts";
import { DAY_MS, formatDuration, type Instant, MINUTE_MS, SECOND_MS } from "../time.ts";
import type { SelfCheck } from "./self.ts";

/** Messages may wait so long while a receiver has trouble. */
export const WAITING_MS_MAX = 15 * MINUTE_MS;
/** Who looks once a day sees that something was given up. */
const DEAD_SHOWN_MS = DAY_MS;

/** Null: nobody is told of anything. What is observed is the age of the oldest message that waits. */
export function checkOutbox(channels: readonly ChannelStanding[], at: Instant): SelfCheck | null {
  if (channels.length === 0) return null;
  const since = channels.flatMap(({ waitingSince }) => (waitingSince === null ? [] : [waitingSince]));
  const oldestMs = Math.max(0, ...since.map((waitingSince) => at - waitingSince));
  const late = channels.filter(({ waitingSince }) => waitingSince !== null && at - waitingSince > WAITING_MS_MAX);
  const buried = channels.filter(({ deadAt }) => deadAt !== null && at - deadAt <= DEAD_SHOWN_MS);
  const failing = channels.filter(({ failures }) => failures > 0);
  const observed = { observedValue: Math.floor(oldestMs / SECOND_MS), observedUnit: "s" };
  const words = (found: readonly ChannelStanding[]): string => found.map(({ name }) => name).join(", ");
  if (late.length > 0)
    return { status: "fail", ...observed, output: `alerts wait for ${formatDuration(oldestMs)} (${words(late)})` };
  if (buried.length > 0)
    return { status: "warn", ...observed, output: `alerts were given up within a day (${words(buried)})` };
  if (failing.length > 0)
    return { status: "warn", ...observed, output: `the latest attempt failed (${words(failing)})` };
  return { status: "pass", ...observed };
}
