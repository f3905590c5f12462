import { describe, expect, test } from "vitest";
import type { VantageReport } from "../../../monitor/model/observation.ts";
import type { MonitorState } from "../../../monitor/model/state.ts";
import type { VantageJob } from "../../../monitor/run/plan.ts";
import { type AskVantage, runRound } from "../../../monitor/run/round.ts";
import { EMPTY_STATE, parseState } from "../../../monitor/run/state.ts";
import { runVantage } from "../../../monitor/run/vantage.ts";
import type { Store } from "../../../monitor/run/world.ts";
import { webhook } from "../../support/alert-channels.ts";
import { AWS, EXAMPLE, GCP } from "../../support/example-topology.ts";
import { type FakeWorld, makeFakeWorld } from "../../support/fake-world.ts";
import { makeMemoryStore } from "../../support/memory-store.ts";

function asking(world: FakeWorld): AskVantage {
  return (job: VantageJob): Promise<VantageReport> =>
    runVantage(job, { colo: job.vantage.id, nameServers: new Map() }, world);
}

async function rounds(count: number, world = makeFakeWorld()): Promise<MonitorState> {
  let state = EMPTY_STATE;
  for (let round = 0; round < count; round += 1) {
    state = (await runRound(EXAMPLE, round * 30_000, state, asking(world), world)).state;
  }
  return state;
}

test("three good rounds make everything conform but the region whose claim is another's", async () => {
  const state = await rounds(3);
  expect(state.rounds).toBe(3);
  const verdicts = Object.fromEntries(state.verdicts.map(({ subject, verdict }) => [subject, verdict]));
  expect(verdicts).toMatchObject({
    failover: "conforms",
    "region:aws-us-east-1": "conforms",
    "claim:gcp-europe-west1": "deviates",
    "dns:demo.multicloud.example.com:oc:authoritative": "conforms",
  });
});

test("a state survives its way through the store", async () => {
  const state = await rounds(3);
  expect(parseState(JSON.stringify(state))).toEqual({ ok: true, value: state });
});

test.each([
  { name: "no JSON", text: "{", path: undefined },
  { name: "another version", text: JSON.stringify({ ...EMPTY_STATE, version: 2 }), path: "version" },
  {
    name: "a missing part",
    text: JSON.stringify({ ...EMPTY_STATE, incidents: { open: [] } }),
    path: "incidents.closed",
  },
])("a stored state is refused for $name, with the place", ({ text, path }) => {
  const parsed = parseState(text);
  expect(parsed.ok ? null : parsed.problems[0]?.path).toBe(path);
});

describe("a vantage that does not report", () => {
  test("is missed with the reason, and the others count", async () => {
    const world = makeFakeWorld();
    const ask: AskVantage = (job) =>
      job.vantage.id === "oc" ? Promise.reject(new Error("object overloaded")) : asking(world)(job);
    const { state } = await runRound(EXAMPLE, 0, EMPTY_STATE, ask, world);
    expect(state.vantages["oc"]).toEqual({ colo: "", lastAt: null, missed: "object overloaded" });
    expect(state.vantages["enam"]?.missed).toBeNull();
    expect(Object.keys(state.cells["aws-us-east-1"] ?? {})).toEqual(["enam", "weur"]);
  });

  test("is missed when it cannot even be asked", async () => {
    const world = makeFakeWorld();
    const ask: AskVantage = (job) => {
      if (job.vantage.id === "oc") throw new Error("no such object");
      return asking(world)(job);
    };
    const { state } = await runRound(EXAMPLE, 0, EMPTY_STATE, ask, world);
    expect(state.vantages["oc"]?.missed).toBe("no such object");
    expect(state.vantages["enam"]?.missed).toBeNull();
  });

  test("is missed after its deadline", async () => {
    const world = makeFakeWorld({ within: (work, limitMs) => (limitMs === 3500 ? Promise.resolve(null) : work) });
    const { state } = await runRound(EXAMPLE, 0, EMPTY_STATE, () => new Promise(() => {}), world);
    expect(state.vantages["enam"]?.missed).toBe("no report within 3500 ms");
    expect(state.rounds).toBe(1);
  });
});

describe("slots", () => {
  test("a slot that was done is not done again", async () => {
    const state = await rounds(2);
    const world = makeFakeWorld();
    const again = await runRound(EXAMPLE, 30_000, state, asking(world), world);
    expect(again).toEqual({ state, changes: [], saved: { kind: "known" }, metered: null });
    expect(world.calls).toEqual([]);
  });

  test("a slot that the store has already changes nothing", async () => {
    const world = makeFakeWorld({ store: { commitRound: () => Promise.resolve({ kind: "done", value: false }) } });
    expect((await runRound(EXAMPLE, 0, EMPTY_STATE, asking(world), world)).state).toBe(EMPTY_STATE);
  });

  test("slots without a round are counted by the next one", async () => {
    const world = makeFakeWorld();
    const state = await rounds(1, world);
    const { state: later } = await runRound(EXAMPLE, 150_000, state, asking(world), world);
    expect(later.missedSlots).toBe(4);
  });
});

test("a round whose commit went through although its answer was lost counts as saved", async () => {
  const store = makeMemoryStore();
  const commitRound: Store["commitRound"] = async (...round) => {
    await store.commitRound(...round);
    return { kind: "failed", detail: "connection lost" };
  };
  const world = makeFakeWorld({ store: { ...store, commitRound } });
  const { state, saved } = await runRound(EXAMPLE, 0, EMPTY_STATE, asking(world), world);
  expect(saved).toEqual({ kind: "saved" });
  expect(state.rounds).toBe(1);
});

test("a slot whose round could not be stored is made again when it is asked for again", async () => {
  const store = makeMemoryStore();
  let full = true;
  const commitRound: Store["commitRound"] = (...round) =>
    full ? Promise.resolve({ kind: "failed", detail: "disk full" }) : store.commitRound(...round);
  const world = makeFakeWorld({ store: { ...store, commitRound } });
  const first = await runRound(EXAMPLE, 30_000, EMPTY_STATE, asking(world), world);
  full = false;
  const again = await runRound(EXAMPLE, 30_000, first.state, asking(world), world);
  expect([first.saved.kind, again.saved.kind]).toEqual(["unsaved", "saved"]);
  expect(again.state).toMatchObject({ rounds: 1, missedSlots: 0, lastSlot: 30_000 });
  expect(store.rounds().map(({ slot }) => slot)).toEqual([30_000]);
});

test("a store that fails is told, and watching goes on", async () => {
  const world = makeFakeWorld({
    store: { commitRound: () => Promise.resolve({ kind: "failed", detail: "disk full" }) },
  });
  const { state, saved } = await runRound(EXAMPLE, 0, EMPTY_STATE, asking(world), world);
  expect(saved).toEqual({ kind: "unsaved", detail: "disk full" });
  expect(state).toMatchObject({ rounds: 0, lastSlot: null, lastRoundAt: 0 });
  expect(state.vantages["enam"]?.missed).toBeNull();
});

test("a changed policy is noted, and gets time before DNS is judged by it", async () => {
  const world = makeFakeWorld();
  const state = await rounds(3, world);
  world.advance(90_000);
  const elsewhere = { ...AWS, endpoint: { ...AWS.endpoint, addresses: ["203.0.113.7"] } };
  const moved = { ...EXAMPLE, regions: [elsewhere, GCP] };
  const { state: after } = await runRound(moved, 90_000, state, asking(world), world);
  expect(after.policy.changedAt).toBe(90_000);
  const dns = after.verdicts.find((verdict) => verdict.subject.endsWith("oc:authoritative"));
  expect(dns).toMatchObject({
    verdict: "undecided",
    reason: expect.stringContaining("the policy changed at 1970-01-01T00:01:30.000Z") as string,
  });
});

describe("a vantage that reached nothing", () => {
  const nowhere = { kind: "failed" as const, failure: { cause: "name-not-resolved" as const, detail: "offline" } };
  const offline = makeFakeWorld({
    ask: () => nowhere,
    dial: () => nowhere,
    fetch: () => ({ ...nowhere, status: null, phases: {} }),
  });

  const askingButOne = (world: FakeWorld): AskVantage => {
    const online = makeFakeWorld();
    return (job) => asking(job.vantage.id === "oc" ? world : online)(job);
  };

  test("doubts itself while others reach something, and accuses no region", async () => {
    const { state } = await runRound(EXAMPLE, 0, EMPTY_STATE, askingButOne(offline), offline);
    expect(state.vantages["oc"]?.missed).toBe(
      "it reached nothing at all, neither a region nor DNS (name-not-resolved): its own network?",
    );
    expect(state.vantages["enam"]?.missed).toBeNull();
  });

  test("doubts itself where it is alone", async () => {
    const alone = { ...EXAMPLE, probe: { ...EXAMPLE.probe, vantages: EXAMPLE.probe.vantages.slice(0, 1) } };
    const { state } = await runRound(alone, 0, EMPTY_STATE, asking(offline), offline);
    expect(state.vantages["enam"]?.missed).toMatch(/^it reached nothing at all/);
  });

  test("doubts itself with all others of its colo, because they are one place", async () => {
    const inOneColo: AskVantage = async (job) => ({ ...(await asking(offline)(job)), colo: "node" });
    const { state } = await runRound(EXAMPLE, 0, EMPTY_STATE, inOneColo, offline);
    const missed = Object.values(state.vantages).map((vantage) => vantage.missed);
    expect(missed).toHaveLength(EXAMPLE.probe.vantages.length);
    expect(missed.filter((why) => why?.startsWith("it reached nothing at all") !== true)).toEqual([]);
  });

  test("is believed when nobody reaches anything from several places: then the world is gone", async () => {
    let state = EMPTY_STATE;
    for (const slot of [0, 30_000, 60_000])
      state = (await runRound(EXAMPLE, slot, state, asking(offline), offline)).state;
    expect(state.verdicts.find((verdict) => verdict.subject === "region:aws-us-east-1")?.verdict).toBe("deviates");
  });

  test("is believed as soon as anything answered, and a refusal is an answer", async () => {
    const refused = makeFakeWorld({
      ask: () => nowhere,
      dial: () => ({ kind: "failed", failure: { cause: "refused", detail: "" } }),
      fetch: () => ({ ...nowhere, failure: { cause: "connection-lost", detail: "" }, status: null, phases: {} }),
    });
    const { state } = await runRound(EXAMPLE, 0, EMPTY_STATE, asking(refused), refused);
    expect(state.vantages["enam"]?.missed).toBeNull();
  });
});

test.each([0, 1, 2, 3, 4])(
  "what there is to tell is stored once, also where the commit of round %i fails",
  async (lost) => {
    const topology = { ...EXAMPLE, alerts: [webhook()] };
    const memory = makeMemoryStore();
    const told: string[] = [];
    const store: Store = {
      ...memory,
      commitRound: async (slot, row, state, entries = []) => {
        if (slot === lost * 30_000) return { kind: "failed", detail: "full" };
        for (const { notice } of entries)
          told.push(notice.kind === "incident" ? `${notice.event} ${notice.subject}` : "");
        return memory.commitRound(slot, row, state, entries);
      },
    };
    const world = makeFakeWorld({ store });
    let state = EMPTY_STATE;
    for (let round = 0; round < 7; round += 1)
      state = (await runRound(topology, round * 30_000, state, asking(world), world)).state;
    expect(told).toEqual(["opened claim:gcp-europe-west1"]);
  },
);
