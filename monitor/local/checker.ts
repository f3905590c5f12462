// The local world's Route 53 checkers: each looks at each region's health path again and again, at an interval counted
// from response to next request, and out of step with the others.
import { get } from "node:http";
import { setTimeout as sleep } from "node:timers/promises";
import { type EndpointCheck, statusPasses } from "../policy/health-check.ts";
import { SECOND_MS } from "../time.ts";
import type { Look } from "./watched-health.ts";

/** Few enough that all must fail before the 18 % rule calls a region unhealthy: 1 of 3 is 33 %. */
export const CHECKERS = 3;

export interface CheckerPlan {
  readonly checks: readonly EndpointCheck[];
  readonly timeoutMs: number;
}

/** Looks until `signal` aborts; never rejects. */
export async function runCheckers(plan: CheckerPlan, seen: (look: Look) => void, signal: AbortSignal): Promise<void> {
  const checkers = Array.from({ length: CHECKERS }, (_, checker) => checker);
  await Promise.all(
    plan.checks.flatMap((check) =>
      checkers.map((checker) => runChecker({ check, checker, timeoutMs: plan.timeoutMs }, seen, signal)),
    ),
  );
}

interface CheckerTurn {
  readonly check: EndpointCheck;
  readonly checker: number;
  readonly timeoutMs: number;
}

async function runChecker(turn: CheckerTurn, seen: (look: Look) => void, signal: AbortSignal): Promise<void> {
  const { check, checker, timeoutMs } = turn;
  const intervalMs = check.requestIntervalSeconds * SECOND_MS;
  await pause(phaseMs(checker, intervalMs), signal);
  while (!signal.aborted) {
    const passed = await runLook(check, timeoutMs, signal);
    if (signal.aborted) return;
    seen({ check, checker, passed });
    await pause(intervalMs, signal);
  }
}

/** When checker number `checker` begins, so that the looks of all are spread over the interval. */
export function phaseMs(checker: number, intervalMs: number): number {
  return (checker * intervalMs) / CHECKERS;
}

/** Passes when a 2xx or 3xx status line is there in time; the body is not waited for, as with Route 53. */
export function runLook(check: EndpointCheck, timeoutMs: number, signal: AbortSignal): Promise<boolean> {
  return new Promise((resolve) => {
    const deadline = AbortSignal.any([signal, AbortSignal.timeout(timeoutMs)]);
    // agent false: a connection of its own, closed after the look.
    const request = get(
      { host: check.host, port: check.port, path: check.path ?? "/", agent: false, signal: deadline },
      (response) => {
        response.on("error", () => {});
        resolve(statusPasses(response.statusCode ?? 0));
        response.destroy();
      },
    );
    request.on("error", () => resolve(false));
  });
}

/** Ends early, without a fuss, when `signal` aborts. */
async function pause(ms: number, signal: AbortSignal): Promise<void> {
  await sleep(ms, undefined, { signal }).catch(() => {});
}
