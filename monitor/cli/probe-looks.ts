// The looks of `monitor probe`: along redirects, at every address of a name, or one after another.
import type { Failure } from "../model/observation.ts";
import { findAddresses } from "../node/connection.ts";
import { hostOf, type LookPlan, runLook } from "../node/waterfall.ts";
import { shownUrl } from "../report/look-curl.ts";
import type { Look } from "../report/look.ts";
import type { Clock } from "../run/world.ts";
import { deadlinePassed } from "../wire/deadline.ts";
import { failureOf } from "../wire/failure.ts";
import { pinKey, type ProbeSettings, REDIRECTS_MAX } from "./probe-arguments.ts";

export interface Hops {
  readonly hops: readonly Look[];
  /** Why the redirects were not followed to their end; null: they were. */
  readonly ended: string | null;
}

export async function followRedirects({ plan, pins }: ProbeSettings, clock: Clock): Promise<Hops> {
  const hops: Look[] = [];
  let next = plan;
  for (;;) {
    const { look, location } = await runLook(next, clock);
    hops.push(look);
    if (location === null || look.failure !== null) return { hops, ended: null };
    const target = URL.canParse(location, next.url.href) ? new URL(location, next.url.href) : null;
    if (target === null || !/^https?:$/.test(target.protocol)) {
      return { hops, ended: `it redirects to ${shownUrl(location)}, which is no http or https URL` };
    }
    if (hops.length > REDIRECTS_MAX) return { hops, ended: `more than ${REDIRECTS_MAX} redirects` };
    next = { ...planFor(target, plan), addresses: pins.get(pinKey(target)) ?? null };
  }
}

/** Headers of the caller's go to the origin that they were meant for, and user and password of a redirect go nowhere. */
function planFor(target: URL, plan: LookPlan): LookPlan {
  target.username = "";
  target.password = "";
  target.hash = "";
  return { ...plan, url: target, headers: target.origin === plan.url.origin ? plan.headers : {} };
}

export type EachAddress =
  | { readonly kind: "looked"; readonly looks: readonly Look[] }
  | { readonly kind: "failed"; readonly failure: Failure };

/** All at once, in the resolver's order; there are at most `ADDRESSES_MAX`. */
export async function lookAtEach({ plan }: ProbeSettings, clock: Clock): Promise<EachAddress> {
  const found = await addressesOf(plan, clock);
  if (!Array.isArray(found)) return { kind: "failed", failure: found };
  const looked = await Promise.all(found.map((address) => runLook({ ...plan, addresses: [address] }, clock)));
  return { kind: "looked", looks: looked.map(({ look }) => look) };
}

async function addressesOf(plan: LookPlan, clock: Clock): Promise<string[] | Failure> {
  try {
    if (plan.addresses !== null) return [...plan.addresses];
    const found = await clock.within(findAddresses(hostOf(plan.url), plan.family), plan.timeoutMs);
    if (found === null) throw deadlinePassed();
    return [...found];
  } catch (thrown) {
    return failureOf(thrown, { phase: "dns" });
  }
}

export interface Series {
  readonly count: number;
  readonly intervalMs: number;
  /** Ends the series after the look under way. */
  readonly stop: AbortSignal;
}

/** `tell` hears each look as it is over. */
export async function lookRepeatedly(
  plan: LookPlan,
  { count, intervalMs, stop }: Series,
  clock: Clock,
  tell: (look: Look, number: number) => void,
): Promise<readonly Look[]> {
  const looks: Look[] = [];
  const stopped = new Promise<void>((resolve) => stop.addEventListener("abort", () => resolve(), { once: true }));
  while (looks.length < count && !stop.aborted) {
    const startedMs = clock.monotonicMs();
    const { look } = await runLook(plan, clock);
    looks.push(look);
    tell(look, looks.length);
    const leftMs = startedMs + intervalMs - clock.monotonicMs();
    if (looks.length < count && leftMs > 0) await clock.within(stopped, leftMs);
  }
  return looks;
}
