import { rm } from "node:fs/promises";
import { beforeEach, describe, expect, onTestFinished, test, vi } from "vitest";
import type { LeverWish } from "../../monitor/drill/lever-wish.ts";
import type { LeverPlan } from "../../monitor/lever/lever.ts";
import { makeLever } from "../../monitor/lever/make-lever.ts";
import { makeReach, type Reach } from "../../monitor/lever/reach.ts";
import type { Undo } from "../../monitor/lever/undo.ts";
import { worldFilePath } from "../../monitor/local/world-file.ts";
import { makeTempDir } from "../local/commands.ts";
import { EXAMPLE } from "../support/example-topology.ts";
import { until } from "../support/until.ts";
import { openSmallWorld, PORT, REGION, type SmallWorld } from "./local-world.ts";

const REFUSE: LeverWish = { lever: "gate", region: REGION, fault: "refuse", onlyFrom: [], flap: null };
const STUCK: LeverWish = { lever: "dns-gate", fault: "stuck" };
const SCENE = { topology: EXAMPLE, worldPort: PORT };

let world: SmallWorld;
let reach: Reach;
beforeEach(async () => {
  world = await openSmallWorld(await makeTempDir());
  reach = makeReach({});
  onTestFinished(async () => {
    await world.close();
    vi.unstubAllEnvs();
  });
});

function undoIn(plan: LeverPlan): Undo {
  if (plan.kind !== "ready") throw new Error(plan.why.join("\n"));
  return plan.undo;
}

describe.each([
  ["a region", REFUSE, REGION, "refuse"],
  ["dns", STUCK, "dns", "stuck"],
] as const)("the gate of %s", (_, wish, target, fault) => {
  test("is broken and opened again, as often as asked", async () => {
    const lever = makeLever(wish, SCENE, reach);
    const undo = undoIn(await lever.plan());
    expect(await lever.verify(undo)).toEqual({ kind: "restored" });
    expect(await lever.apply(undo)).toMatchObject({ kind: "done" });
    expect(await lever.apply(undo)).toMatchObject({ kind: "done" });
    expect(await lever.verify(undo)).toEqual({ kind: "applied" });
    expect(world.faults()[target]).toBe(fault);
    expect(await lever.rollback(undo)).toMatchObject({ kind: "done" });
    expect(await lever.rollback(undo)).toMatchObject({ kind: "done" });
    expect(await lever.verify(undo)).toEqual({ kind: "restored" });
    expect(world.orders).toEqual([`${target} ${fault}`, `${target} open`]);
  });
});

describe("a gate as a lever", () => {
  test.each([
    [
      "at another fault",
      async () => world.set(REGION, "slow"),
      `the gate of ${REGION} is at "slow" already: \`monitor gate ${REGION} open\` mends it`,
    ],
    [
      "of no local world",
      () => rm(worldFilePath(PORT)),
      `no local world runs on port ${PORT}: start one with \`npm start\``,
    ],
  ])("%s is refused", async (_, spoil, sentence) => {
    await spoil();
    expect(await makeLever(REFUSE, SCENE, reach).plan()).toEqual({ kind: "refused", why: [sentence] });
  });

  test("of a region that is not there is refused with those that are", async () => {
    const wish: LeverWish = { ...REFUSE, region: "mars" };
    expect(await makeLever(wish, SCENE, reach).plan()).toEqual({
      kind: "refused",
      why: [`the local world has no region mars, only ${REGION}, gcp-europe-west1`],
    });
  });

  test("that somebody set to another fault meanwhile is left alone", async () => {
    const lever = makeLever(REFUSE, SCENE, reach);
    const undo = undoIn(await lever.plan());
    await lever.apply(undo);
    world.set(REGION, "slow");
    expect(await lever.rollback(undo)).toEqual({
      kind: "failed",
      cause: "moved",
      detail: `the gate of ${REGION} is at "slow", which this drill did not set`,
      byHand: [`npm run -s monitor -- gate --port ${PORT} ${REGION} open`],
    });
    expect(world.faults()[REGION]).toBe("slow");
  });

  test.each([
    ["ended", () => rm(worldFilePath(PORT))],
    ["made way for another", async () => world.setPid(1)],
  ])("whose world has %s needs no restoring", async (_, end) => {
    const lever = makeLever(REFUSE, SCENE, reach);
    const undo = undoIn(await lever.plan());
    await lever.apply(undo);
    await end();
    const orders = [...world.orders];
    expect(await lever.rollback(undo)).toMatchObject({ kind: "done", detail: expect.stringContaining("has ended") });
    expect(world.orders).toEqual(orders);
  });

  test("whose world does not answer stays to be restored", async () => {
    const lever = makeLever(REFUSE, SCENE, reach);
    const undo = undoIn(await lever.plan());
    await lever.apply(undo);
    await world.close();
    expect(await lever.rollback(undo)).toMatchObject({ kind: "failed", cause: "unavailable" });
  });

  test("that flaps goes on and off in turn until it is let go of", async () => {
    const lever = makeLever({ ...REFUSE, flap: { downMs: 20, upMs: 20 } }, SCENE, reach);
    const undo = undoIn(await lever.plan());
    await lever.apply(undo);
    await until("it was on, off and on again", () => world.orders.length >= 3);
    expect(await lever.verify(undo)).toEqual({ kind: "applied" });
    await lever.rollback(undo);
    expect(world.orders.slice(0, 3)).toEqual([`${REGION} refuse`, `${REGION} open`, `${REGION} refuse`]);
    expect(world.faults()[REGION]).toBe("open");
    expect(await lever.verify(undo)).toEqual({ kind: "restored" });
  });
});
