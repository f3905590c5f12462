// A drill's course with levers and a monitor that do as they are told: whatever goes wrong, the levers are let go of, and what
// could not be undone stays in the journal. Nothing answers at the topology's places, and nothing has to.
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import type { Asked, MonitorClient } from "../../monitor/conduct/monitor-client.ts";
import { readRecord, recordFolder } from "../../monitor/conduct/record-file.ts";
import type { DrillEnd, DrillRun, StartJudgement } from "../../monitor/conduct/drill-run.ts";
import { runDrill } from "../../monitor/conduct/run-drill.ts";
import type { DrillEvent } from "../../monitor/drill/record.ts";
import type { DrillPlan } from "../../monitor/drill/script.ts";
import { openJournals } from "../../monitor/lever/journal.ts";
import { done, failed, type Lever, type LeverResult } from "../../monitor/lever/lever.ts";
import { journalFolder } from "../../monitor/lever/state-folder.ts";
import { makeNodeWorld } from "../../monitor/node/world.ts";
import type { DrillOrder } from "../../monitor/run/drill-order.ts";
import { shortPlan, smallTopology } from "./small-drill.ts";

let state: string;
beforeEach(() => void (state = mkdtempSync(join(tmpdir(), "run-drill-"))));
afterEach(() => rmSync(state, { recursive: true, force: true }));

interface Told {
  readonly calls: string[];
  readonly lever: (name: string, part?: { apply?: () => LeverResult; rollback?: () => LeverResult }) => Lever;
}

/** Levers that only write down what they were told. */
function tellers(): Told {
  const calls: string[] = [];
  const act = (name: string, verb: string, say: () => LeverResult) => async (): Promise<LeverResult> => {
    calls.push(`${verb} ${name}`);
    return say();
  };
  return {
    calls,
    lever: (name, { apply = () => done(""), rollback = () => done("") } = {}) => ({
      wish:
        name === "dns"
          ? { lever: "dns-gate", fault: "stuck" }
          : { lever: "gate", region: name, fault: "refuse", onlyFrom: [], flap: null },
      proves: "detection and DNS",
      plan: () => Promise.reject(new Error("planned already")),
      apply: act(name, "apply", apply),
      verify: async () => ({ kind: "applied" }),
      rollback: act(name, "rollback", rollback),
    }),
  };
}

const UNDO = { port: 1, worldPid: 1 } as const;

interface Setting {
  readonly plan?: Partial<DrillPlan>;
  readonly levers: readonly [Lever, Lever];
  readonly judge?: () => StartJudgement;
  readonly start?: Asked<string | null>;
  readonly finish?: Asked<null>;
  readonly stop?: AbortSignal;
  readonly tell?: (event: DrillEvent) => void;
  readonly status?: () => Awaited<ReturnType<MonitorClient["readStatus"]>> | Promise<never>;
}

async function conduct({ plan: part = {}, levers, judge, start, finish, stop, tell, status }: Setting) {
  const topology = smallTopology();
  const plan = shortPlan(topology, part);
  const heard: string[] = [];
  const orders: DrillOrder[] = [];
  const monitor: MonitorClient = {
    url: "http://127.0.0.1:1",
    readStatus: async () => (await status?.()) ?? { kind: "silent", detail: "nobody there" },
    startDrill: async (order) => {
      heard.push("start");
      orders.push(order);
      return start ?? { kind: "answer", value: null };
    },
    endDrill: async () => {
      heard.push("end");
      return finish ?? { kind: "answer", value: null };
    },
  };
  const [dns, gate] = levers;
  const undos = [
    { lever: "dns-gate", during: "stuck", ...UNDO } as const,
    { lever: "gate", region: "aws-us-east-1", onlyFrom: [], flap: null, during: "refuse", ...UNDO } as const,
  ];
  const run: DrillRun = {
    id: "d1",
    plan,
    topology,
    levers: levers.map((lever, index) => ({
      lever,
      plan: { kind: "ready", steps: ["do it"], warnings: [], undo: undos[index] ?? undos[0], expiresBy: null },
    })) as DrillRun["levers"],
    monitor,
    worldPort: null,
    router: null,
    probeEverySeconds: 10,
    state,
    rollback: (undo) => (undo.lever === "gate" ? gate : dns).rollback(undo),
    judgeStart: async () => judge?.() ?? { lasting: [], passing: [] },
  };
  const end = await runDrill(run, {
    world: makeNodeWorld(),
    tell: tell ?? (() => {}),
    stop: stop ?? new AbortController().signal,
  });
  return { end, heard, orders };
}

async function openOnes(): Promise<number> {
  return (await openJournals(journalFolder(state))).length;
}

function stages(end: DrillEnd): readonly string[] {
  return (end.record?.events ?? []).flatMap((event) => (event.kind === "stage" ? [event.stage] : []));
}

function aborts(end: DrillEnd): readonly string[] {
  return (end.record?.events ?? []).flatMap((event) => (event.kind === "abort" ? [event.reason] : []));
}

const APPLY_ALL = ["apply dns", "apply gate"];
const ROLL_ALL = ["rollback gate", "rollback dns"];

test("levers are applied in order and let go of in reverse, the monitor is told at both ends, and the record is whole", async () => {
  const told = tellers();
  const { end, heard, orders } = await conduct({ levers: [told.lever("dns"), told.lever("gate")] });
  expect(told.calls).toEqual([...APPLY_ALL, ...ROLL_ALL]);
  expect(end).toMatchObject({ kind: "ran", restored: { kind: "finished" } });
  expect(stages(end)).toEqual(["steady", "fault", "repair", "over"]);
  expect([heard, await openOnes()]).toEqual([["start", "end"], 0]);
  expect(orders).toMatchObject([{ id: "d1", regions: ["aws-us-east-1"], causes: ["region"], probeEverySeconds: 10 }]);
  const read = await readRecord(recordFolder(state), "d1");
  expect(read).toMatchObject({ kind: "record", record: { endedAt: expect.any(Number) as unknown } });
  for (const { at } of end.record?.events ?? []) expect(at).toBeGreaterThanOrEqual(end.record?.startedAt ?? Infinity);
});

test("a lever that fails ends the fault: it is let go of too, because it may have acted in part", async () => {
  const told = tellers();
  const broken = told.lever("gate", { apply: () => failed("unavailable", "the API is down", []) });
  const { end } = await conduct({ levers: [told.lever("dns"), broken] });
  expect(told.calls).toEqual([...APPLY_ALL, ...ROLL_ALL]);
  expect(aborts(end)).toEqual(["a lever failed: the API is down"]);
  expect([end.kind, await openOnes()]).toEqual(["ran", 0]);
});

test("a lever that throws is a lever that failed", async () => {
  const told = tellers();
  const broken = told.lever("dns", {
    apply: () => {
      throw new Error("out of hands");
    },
  });
  const { end } = await conduct({ levers: [broken, told.lever("gate")] });
  expect(told.calls).toEqual(["apply dns", "rollback dns"]);
  expect(aborts(end)).toEqual(["a lever failed: out of hands"]);
});

test(
  "what cannot be let go of is tried again, and then stays in the journal, with what to do by hand",
  { timeout: 30_000 },
  async () => {
    const told = tellers();
    const stuck = told.lever("gate", { rollback: () => failed("unavailable", "no answer", ["do it by hand"]) });
    const { end, heard } = await conduct({ levers: [told.lever("dns"), stuck] });
    expect(told.calls.filter((call) => call === "rollback gate")).toHaveLength(3);
    expect(told.calls.filter((call) => call === "rollback dns")).toHaveLength(1);
    expect(end).toMatchObject({
      restored: { kind: "stuck", steps: [{ lever: "gate", result: { kind: "failed", byHand: ["do it by hand"] } }] },
    });
    expect([heard, await openOnes()]).toEqual([["start", "end"], 1]);
  },
);

describe("nothing is broken when", () => {
  test.each(["drills", "records"])("the folder %s cannot be written, and the monitor is not told", async (name) => {
    writeFileSync(join(state, name), "a file where the folder should be");
    const told = tellers();
    const { end, heard } = await conduct({ levers: [told.lever("dns"), told.lever("gate")] });
    expect(end).toEqual({
      kind: "refused",
      record: null,
      why: [expect.stringMatching(/^what puts things back cannot be written below \S+: E\w+.*MULTICLOUD_PROBE_STATE/)],
    });
    expect([told.calls, heard, await openOnes()]).toEqual([[], [], 0]);
  });

  test("the monitor does not take the drill", async () => {
    const told = tellers();
    const start = { kind: "refused", status: 409, detail: "the drill d0 is not over" } as const;
    const { end, heard } = await conduct({ levers: [told.lever("dns"), told.lever("gate")], start });
    expect(end).toEqual({
      kind: "refused",
      record: null,
      why: ["the monitor does not take the drill: the drill d0 is not over"],
    });
    expect([told.calls, heard, await openOnes()]).toEqual([[], ["start"], 0]);
    expect(await readRecord(recordFolder(state), "d1")).toEqual({ kind: "none" });
  });

  test("the monitor may have taken it, and its answer was lost: then it is told that the drill is over", async () => {
    const told = tellers();
    const start = { kind: "silent", detail: "no answer" } as const;
    const { end, heard } = await conduct({ levers: [told.lever("dns"), told.lever("gate")], start });
    expect([end.kind, told.calls, heard, await openOnes()]).toEqual(["refused", [], ["start", "end"], 0]);
  });

  test.each([
    { told: "takes it", finish: undefined, open: 0 },
    { told: "does not know it", finish: 404, open: 0 },
    { told: "cannot be reached", finish: 504, open: 1 },
  ])("a gateway says no for the monitor, which $told when it hears of the end", async ({ finish: status, open }) => {
    const teller = tellers();
    const no = (code: number) => ({ kind: "refused", status: code, detail: `it answered ${code}` }) as const;
    const finish = status === undefined ? {} : { finish: no(status) };
    const { end, heard } = await conduct({
      levers: [teller.lever("dns"), teller.lever("gate")],
      start: no(504),
      ...finish,
    });
    expect([end.kind, teller.calls, heard, await openOnes()]).toEqual(["refused", [], ["start", "end"], open]);
  });

  test("the monitor may have taken it, and cannot be told otherwise: then an open journal stays for a restore", async () => {
    const told = tellers();
    const start = { kind: "silent", detail: "no answer" } as const;
    const { end } = await conduct({ levers: [told.lever("dns"), told.lever("gate")], start, finish: start });
    expect([end.kind === "refused" && end.why, told.calls, await openOnes()]).toEqual([
      [
        "the monitor does not take the drill: no answer; it may count it as running: `monitor drill restore` tells it that it does not",
      ],
      [],
      1,
    ]);
    expect(await readRecord(recordFolder(state), "d1")).toEqual({ kind: "none" });
  });

  test("something lasting speaks against it, and then the monitor is not even told", async () => {
    const told = tellers();
    const judge = (): StartJudgement => ({ lasting: ["an approval is missing"], passing: ["not steady"] });
    const { end, heard } = await conduct({ levers: [told.lever("dns"), told.lever("gate")], judge });
    expect([end, heard]).toEqual([{ kind: "refused", record: null, why: ["an approval is missing"] }, []]);
    expect(told.calls).toEqual([]);
  });

  test("the steady state did not last", async () => {
    const told = tellers();
    let asked = 0;
    const judge = (): StartJudgement => ({ lasting: [], passing: (asked += 1) === 1 ? [] : ["an incident is open"] });
    const { end, heard } = await conduct({ levers: [told.lever("dns"), told.lever("gate")], judge });
    expect(end).toMatchObject({ kind: "refused", why: ["an incident is open"] });
    expect([told.calls, stages(end), heard, await openOnes()]).toEqual([[], ["steady"], ["start", "end"], 0]);
  });

  test("it is stopped before the fault", async () => {
    const told = tellers();
    const { end } = await conduct({ levers: [told.lever("dns"), told.lever("gate")], stop: AbortSignal.abort() });
    expect(end).toMatchObject({ kind: "refused", why: ["it was stopped before the fault"] });
    expect([told.calls, await openOnes()]).toEqual([[], 0]);
  });
});

test("what quicker rounds cost is told before anything is done", async () => {
  const told = tellers();
  const notes: string[] = [];
  await conduct({
    levers: [told.lever("dns"), told.lever("gate")],
    start: { kind: "answer", value: "at most 3 more" },
    tell: (event) => void (event.kind === "note" && notes.push(`${event.text} after ${told.calls.length}`)),
  });
  expect(notes).toContain("the monitor looks every 10 s while it runs: at most 3 more after 0");
});

test("what may pass is waited for, and said once", async () => {
  const told = tellers();
  const notes: string[] = [];
  let asked = 0;
  const { end } = await conduct({
    levers: [told.lever("dns"), told.lever("gate")],
    judge: () => ({ lasting: [], passing: (asked += 1) <= 3 ? ["a is unknown", "b is unknown"] : [] }),
    tell: (event) => void (event.kind === "note" && notes.push(event.text)),
  });
  expect(end.kind).toBe("ran");
  expect(notes.filter((text) => text.startsWith("waiting"))).toEqual([
    "waiting for a steady state, for 1 m at most: a is unknown, and 1 more",
  ]);
});

test("stopped in the middle of the fault, it lets go at once and does not look on", async () => {
  const told = tellers();
  const stop = new AbortController();
  const { end } = await conduct({
    plan: { faultMs: 60_000, afterMs: 60_000, expiryMs: 120_000 },
    levers: [told.lever("dns"), told.lever("gate")],
    stop: stop.signal,
    tell: (event) =>
      void (event.kind === "lever" && event.target === "gate" && event.action === "applied" && stop.abort()),
  });
  expect(told.calls).toEqual([...APPLY_ALL, ...ROLL_ALL]);
  expect([aborts(end), await openOnes()]).toEqual([["it was stopped"], 0]);
});

test("stopped between two levers, the second one is not applied", async () => {
  const told = tellers();
  const stop = new AbortController();
  const first = told.lever("dns", {
    apply: () => {
      stop.abort();
      return done("");
    },
  });
  const { end } = await conduct({ levers: [first, told.lever("gate")], stop: stop.signal });
  expect(told.calls).toEqual(["apply dns", "rollback dns"]);
  // A lever that was never applied must not look as if it still stood.
  expect(end.record?.events.filter((event) => event.kind === "lever" && event.target !== "dns")).toEqual([]);
});

test("its expiry ends the fault, however long the fault should stand", async () => {
  const told = tellers();
  const { end } = await conduct({
    plan: { faultMs: 600_000, expiryMs: 60 },
    levers: [told.lever("dns"), told.lever("gate")],
  });
  expect(aborts(end)).toEqual(["its expiry of 60 ms came before the fault's own end"]);
  expect(told.calls).toEqual([...APPLY_ALL, ...ROLL_ALL]);
});

test("its expiry counts from the first lever, however long the others take", async () => {
  const told = tellers();
  const slow = told.lever("gate");
  const { end } = await conduct({
    plan: { faultMs: 80, expiryMs: 100 },
    levers: [told.lever("dns"), { ...slow, apply: async (undo) => (await sleep(60), slow.apply(undo)) }],
  });
  expect(aborts(end)).toEqual(["its expiry of 100 ms came before the fault's own end"]);
});

test("the monitor gives it until it has been looked on to its end, so that no drill in good order is overdue", async () => {
  const told = tellers();
  const before = Date.now();
  const stop = AbortSignal.abort();
  const { orders } = await conduct({
    plan: { steadyWindowMs: 1000, faultMs: 2000, expiryMs: 100_000, afterMs: 10_000_000 },
    levers: [told.lever("dns"), told.lever("gate")],
    stop,
  });
  const leftMs = Date.parse(orders[0]?.expiresAt ?? "") - before;
  expect(leftMs).toBeGreaterThan(1000 + 100_000 + 10_000_000);
  // A minute for what is not planned.
  expect(leftMs).toBeLessThan(1000 + 100_000 + 10_000_000 + 70_000);
});

describe("what goes wrong beside the levers lets go of them and says so:", () => {
  test("whoever tells of the progress", async () => {
    const told = tellers();
    const { end } = await conduct({
      plan: { faultMs: 60_000, expiryMs: 120_000 },
      levers: [told.lever("dns"), told.lever("gate")],
      tell: (event) => {
        if (event.kind === "lever" && event.action === "applied" && event.target === "dns") throw new Error("no paper");
      },
    });
    expect(told.calls).toEqual(["apply dns", "rollback dns"]);
    expect(aborts(end)).toEqual(["its progress cannot be told, which is a bug of ours: no paper"]);
    expect(await openOnes()).toBe(0);
  });

  test("whoever looks", async () => {
    const told = tellers();
    const { end } = await conduct({
      plan: { faultMs: 60_000, expiryMs: 120_000 },
      levers: [told.lever("dns"), told.lever("gate")],
      // The second reading, when the fault stands.
      status: () =>
        told.calls.length < 2 ? { kind: "silent", detail: "nobody there" } : Promise.reject(new Error("no eyes")),
    });
    expect(told.calls).toEqual([...APPLY_ALL, ...ROLL_ALL]);
    expect(aborts(end)).toEqual(["nobody looks any more, which is a bug of ours: no eyes"]);
  });
});

test("a condition of the script ends it, and the record says which", async () => {
  const told = tellers();
  const { end } = await conduct({
    plan: {
      faultMs: 60_000,
      expiryMs: 120_000,
      abort: { bystanderUnhealthy: false, lostShareOver: null, monitorSilentMs: 100 },
    },
    levers: [told.lever("dns"), told.lever("gate")],
  });
  expect(aborts(end)).toEqual([expect.stringMatching(/^nothing was heard of the monitor for .*, more than 100 ms$/)]);
  expect(told.calls).toEqual([...APPLY_ALL, ...ROLL_ALL]);
});
