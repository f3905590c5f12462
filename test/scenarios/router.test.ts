// `monitor up --router proxy` and `monitor gate … refuse` under load: users of the router lose nothing that could be saved, long
// before DNS has moved, and the router comes home when the region does.
import { afterAll, beforeAll, expect, test } from "vitest";
import { describeLoad, runLoad, type Served } from "../router/load.ts";
import { until } from "../support/until.ts";
import { AWS, GCP, startWorld, type World } from "./world.ts";

const ROUTER_HOST = "demo.localhost";
const PER_SECOND = 200;
const COUNT = 1200;
const BREAKS_AT = 200;
const MENDS_AT = 900;

let world: World;
beforeAll(async () => {
  world = await startWorld("--router", "proxy");
});
afterAll(() => world.stop());

function usersOf(
  count: number,
  methods: readonly string[],
  at: Readonly<Record<number, () => unknown>>,
): Promise<readonly Served[]> {
  const port = Number(new URL(world.statusUrl).port);
  return runLoad({ port, host: ROUTER_HOST, perSecond: PER_SECOND, count, methods, at });
}

test("a region that refuses under load costs no request that may be repeated, and gets its users back", async () => {
  await world.untilStatus("calm", (report) => report.verdict === "conforms");
  const all = await usersOf(COUNT, ["GET", "GET", "HEAD"], {
    [BREAKS_AT]: () => world.gate(AWS, "refuse"),
    [MENDS_AT]: () => world.gate(AWS, "open"),
  });
  console.log(describeLoad("monitor gate refuse", all, all.slice(BREAKS_AT, MENDS_AT)));
  expect(all.filter(({ fate }) => fate === "lost")).toEqual([]);
  // A gate that closes cuts what is under way, and that may be a reply that had begun.
  for (const one of all.filter(({ fate }) => fate === "broken")) expect(one.region).toBe(AWS);
  expect(new Set(all.slice(0, BREAKS_AT).map(({ region }) => region))).toContain(AWS);
  // What was sent just before the end may have arrived after it.
  expect(new Set(all.slice(BREAKS_AT + PER_SECOND, MENDS_AT - PER_SECOND).map(({ region }) => region))).toEqual(
    new Set([GCP]),
  );
  const isHome = async (): Promise<boolean> => (await usersOf(1, ["GET"], {}))[0]?.region === AWS;
  await until("users are home", isHome, 30_000);
});
