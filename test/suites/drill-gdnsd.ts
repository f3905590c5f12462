// A drill with a name server that is not ours: gdnsd watches the regions by itself, answers by what it sees, and writes down
// when it changed its mind. What the drill measures from outside must be what gdnsd says of itself, within one probe interval.
// Run as `node test/suites/drill-gdnsd.ts`; without gdnsd it is skipped. gdnsd answers by its new state at once, so its log is
// the moment of failover; our users ask it directly, because it is no resolver.
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { MonitorClient } from "../../monitor/conduct/monitor-client.ts";
import type { DrillRun } from "../../monitor/conduct/drill-run.ts";
import { runDrill } from "../../monitor/conduct/run-drill.ts";
import type { DrillFigures } from "../../monitor/drill/figures.ts";
import { momentsOf } from "../../monitor/drill/moments.ts";
import { parseScript } from "../../monitor/drill/parse-script.ts";
import { planDrill } from "../../monitor/drill/plan.ts";
import { type DrillRecord, drillId } from "../../monitor/drill/record.ts";
import { judgeDrill } from "../../monitor/drill/referee.ts";
import type { DrillPlan } from "../../monitor/drill/script.ts";
import { sightsOf } from "../../monitor/drill/sights.ts";
import { done, type Lever } from "../../monitor/lever/lever.ts";
import { makeNodeWorld } from "../../monitor/node/world.ts";
import { SECOND_MS } from "../../monitor/time.ts";
import { isInstalled, runChecks } from "./checks.ts";
import type { Logged } from "./gdnsd-server.ts";
import { type Live, openLive } from "./gdnsd-live.ts";
import { LIVE_TIMES } from "./live-regions.ts";
import { lookUntil } from "./live-rounds.ts";
import { startOnce } from "./program.ts";

const PROBE_MS = LIVE_TIMES.intervalSeconds * SECOND_MS;

const SCRIPT = `
schemaVersion: 1
id: gdnsd-primary-outage
title: The primary goes away, before a foreign name server
description: Connections to the primary are refused.
faults: { local: [ { lever: gate, region: primary, fault: refuse } ] }
expect: { answers: move, users: recover, notices: [region] }
expirySeconds: policy
bounds: { detectionSeconds: policy, failoverSeconds: policy, recoverySeconds: policy, failbackSeconds: policy }
abortWhen: [ { when: bystander-unhealthy } ]
`;

const here = isInstalled("gdnsd", ["-h"], "started");
const live = startOnce(openLive);

await runChecks(
  [
    {
      name: "failover and failback as measured are those of gdnsd's own log",
      program: "gdnsd",
      run: async () => checkDrill(await live.get()),
    },
  ],
  { gdnsd: { isHere: here, install: "apt-get install gdnsd" } },
);
await live.end();

async function checkDrill(world: Live): Promise<string> {
  const state = mkdtempSync(join(tmpdir(), "mp-drill-"));
  const rounds = world.rounds.failover;
  await lookUntil(
    "all is well",
    rounds,
    ({ verdict }) => verdict === "conforms",
    () => {},
  );
  const watching = new AbortController();
  const watched = (async () => {
    while (!watching.signal.aborted) await rounds.look();
  })();
  try {
    const record = await drill(world, state);
    const { outcome, reasons, figures } = judgeDrill(record, null);
    if (outcome !== "passed" || figures === null) throw new Error(`${outcome}: ${JSON.stringify(reasons)}`);
    return compare(record, figures, world.gdnsd.log());
  } finally {
    watching.abort();
    await watched;
    rmSync(state, { recursive: true, force: true });
  }
}

async function drill(world: Live, state: string): Promise<DrillRecord> {
  const { topology } = world.rounds.failover;
  const plan = planOf(world);
  const lever = leverFor(world, plan);
  const planned = await lever.plan();
  if (planned.kind === "refused") throw new Error(planned.why.join("; "));
  const run: DrillRun = {
    id: drillId(plan.scriptId, Date.now()),
    plan,
    topology,
    levers: [{ lever, plan: planned }],
    monitor: monitorOf(world),
    worldPort: null,
    router: null,
    probeEverySeconds: null,
    state,
    rollback: (undo) => lever.rollback(undo),
    judgeStart: async () => ({ lasting: [], passing: [] }),
  };
  const stop = AbortSignal.timeout(plan.steadyWindowMs + plan.faultMs + plan.afterMs + 60 * SECOND_MS);
  const end = await runDrill(run, { world: makeNodeWorld(), tell: () => {}, stop });
  if (end.kind === "refused") throw new Error(end.why.join("; "));
  return end.record;
}

function planOf({ rounds }: Live): DrillPlan {
  const script = parseScript(SCRIPT);
  if (!script.ok) throw new Error(JSON.stringify(script.problems));
  const plan = planDrill(script.value, rounds.failover.topology);
  if (!plan.ok) throw new Error(JSON.stringify(plan.problems));
  return plan.value;
}

/** The monitor that looks in this process; it has no lock to give. */
function monitorOf({ rounds }: Live): MonitorClient {
  return {
    url: "http://127.0.0.1:1",
    readStatus: async () => ({ kind: "answer", value: rounds.failover.status() }),
    startDrill: async () => ({ kind: "answer", value: null }),
    endDrill: async () => ({ kind: "answer", value: null }),
  };
}

/** The gates here belong to no local world, so they are moved by hand. */
function leverFor({ regions }: Live, { faults: [wish], faulted: [region = ""] }: DrillPlan): Lever {
  if (wish === undefined) throw new Error("the plan has no fault");
  return {
    wish,
    proves: "detection and DNS",
    plan: async () => ({
      kind: "ready",
      steps: ["refuse"],
      warnings: [],
      undo: { lever: "gate", port: 1, worldPid: process.pid, region, onlyFrom: [], flap: null, during: "refuse" },
      expiresBy: null,
    }),
    apply: async () => {
      await regions.setFaults(["refuse", "open"]);
      return done("refused");
    },
    verify: async () => ({ kind: "applied" }),
    rollback: async () => {
      await regions.setFaults(["open", "open"]);
      return done("open");
    },
  };
}

/** Every place's span must hold gdnsd's own moment, widened by one probe interval. */
function compare(record: DrillRecord, figures: DrillFigures, log: readonly Logged[]): string {
  const { fault, repair } = momentsOf(record, sightsOf(record.events));
  if (fault === null || repair === null) throw new Error("the record has no fault or no repair");
  const down = log.find(
    ({ at, text }) => at >= fault.earliest && /127\.0\.10\.1\/healthz' changed from UP.* to DOWN/.test(text),
  );
  const up = log.find(
    ({ at, text }) => at >= repair.earliest && /127\.0\.10\.1\/healthz' changed from DOWN.* to UP/.test(text),
  );
  if (down === undefined || up === undefined)
    throw new Error(
      `gdnsd's log has no such change: ${log
        .map(({ text }) => text)
        .join(" | ")
        .slice(-1500)}`,
    );
  const rows = [
    { name: "failover", theirs: down.at - fault.earliest, places: figures.failover.places },
    { name: "failback", theirs: up.at - repair.earliest, places: figures.failback.places },
  ];
  for (const { name, theirs, places } of rows) {
    if (places.length === 0) throw new Error(`${name}: no place was concerned`);
    for (const { vantage, span } of places) {
      const inside = span !== null && span.atMostMs >= theirs - PROBE_MS && span.atLeastMs <= theirs + PROBE_MS;
      if (!inside)
        throw new Error(`${name} at ${vantage}: measured ${JSON.stringify(span)} ms, gdnsd says ${theirs} ms`);
    }
  }
  const worst = Math.max(...rows.flatMap(({ theirs, places }) => places.map(({ span }) => distance(span, theirs))));
  const words = rows.map(({ name, theirs, places }) => {
    const spans = places.map(({ span }) => `${span?.atLeastMs ?? "?"} to ${span?.atMostMs ?? "?"}`);
    return `${name} ${theirs} ms by its log, measured ${spans.join(" and ")} ms`;
  });
  return `${words.join("; ")}; at most ${worst} ms apart, a probe is every ${PROBE_MS} ms`;
}

function distance(span: { readonly atLeastMs: number; readonly atMostMs: number } | null, at: number): number {
  return span === null ? Infinity : Math.max(0, span.atLeastMs - at, at - span.atMostMs);
}
