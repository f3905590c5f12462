// Users who do not wait for each other: so many requests a second, each on a connection of its own, whatever became of the
// earlier ones; and what each of them got.
import { request as openRequest } from "node:http";
import { setTimeout as sleep } from "node:timers/promises";
import { quantile } from "../bench/statistics.ts";

/** The longest that a user waits for anything. */
const REPLY_MS_MAX = 10_000;
const STEP_MS = 5;

export interface LoadPlan {
  readonly port: number;
  readonly host: string;
  readonly perSecond: number;
  readonly count: number;
  readonly methods: readonly string[];
  /** Called once, just before the request of that number. */
  readonly at: Readonly<Record<number, () => unknown>>;
}

/** "lost": no reply, or one with a status of 400 or more. "broken": a reply that had begun and did not end well. */
export type Fate = "served" | "lost" | "broken";

export interface Served {
  readonly id: string;
  readonly method: string;
  readonly fate: Fate;
  readonly why: string;
  readonly region: string;
  readonly retried: boolean;
  /** To the end of the reply. */
  readonly ms: number;
}

/** In the order in which they were sent. */
export async function runLoad(plan: LoadPlan): Promise<readonly Served[]> {
  const startedMs = performance.now();
  const asked: Promise<Served>[] = [];
  while (asked.length < plan.count) {
    const due = Math.min(plan.count, Math.floor(((performance.now() - startedMs) * plan.perSecond) / 1000));
    while (asked.length < due) {
      await plan.at[asked.length]?.();
      asked.push(ask(plan, asked.length));
    }
    await sleep(STEP_MS);
  }
  return await Promise.all(asked);
}

function ask({ port, host, methods }: LoadPlan, number: number): Promise<Served> {
  const method = methods[number % methods.length] ?? "GET";
  const id = String(number);
  const sentMs = performance.now();
  return new Promise((resolve) => {
    let began = false;
    let region = "";
    let retried = false;
    const settle = (fate: Fate, why: string): void =>
      resolve({ id, method, fate, why, region, retried, ms: performance.now() - sentMs });
    const body = method === "POST" ? "order" : "";
    const headers = { Host: host, "X-Id": id, ...(body === "" ? {} : { "Content-Length": String(body.length) }) };
    const asked = openRequest({ host: "127.0.0.1", port, method, headers, agent: false, timeout: REPLY_MS_MAX });
    asked.on("timeout", () => asked.destroy(new Error(`nothing for ${REPLY_MS_MAX} ms`)));
    asked.on("error", (error) => settle(began ? "broken" : "lost", error.message));
    asked.on("response", (reply) => {
      const status = reply.statusCode ?? 0;
      began = status < 400;
      region = String(reply.headers["x-served-region"] ?? "");
      retried = reply.headers["x-router"] === "retried";
      reply.on("error", (error) => settle(began ? "broken" : "lost", error.message));
      reply.on("end", () => settle(status < 400 ? "served" : "lost", `status ${status}`));
      reply.resume();
    });
    asked.end(body);
  });
}

/** One line for people. */
export function describeLoad(name: string, all: readonly Served[], during: readonly Served[]): string {
  const count = (of: readonly Served[], fits: (one: Served) => boolean): number => of.filter(fits).length;
  const ms = (share: number): string =>
    `${Math.round(
      quantile(
        during.map((one) => one.ms),
        share,
      ),
    )} ms`;
  const fates = `${count(all, ({ fate }) => fate === "lost")} lost, ${count(all, ({ fate }) => fate === "broken")} broken`;
  const moved = `${count(all, ({ retried }) => retried)} retried`;
  return `${name}: ${all.length} requests, ${fates}, ${moved}; during the fault p50 ${ms(0.5)}, p99 ${ms(0.99)}`;
}
