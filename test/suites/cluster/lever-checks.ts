// The levers on clusters at real API servers, each from its plan to the second restore, by journal and command line: with only
// the rights that they are said to need, while others write, and while the server is gone or stands still.
import { isDeepStrictEqual } from "node:util";
import { createJournal } from "../../../monitor/lever/journal.ts";
import type { Lever, LeverPlan, LeverResult } from "../../../monitor/lever/lever.ts";
import { makeLever } from "../../../monitor/lever/make-lever.ts";
import { pullLever } from "../../../monitor/lever/pull.ts";
import { makeReach, type Reach } from "../../../monitor/lever/reach.ts";
import { journalFolder } from "../../../monitor/lever/state-folder.ts";
import type { Undo } from "../../../monitor/lever/undo.ts";
import { valueAtPointer } from "../../support/json-patch.ts";
import { expectSame } from "../checks.ts";
import type { ApiObject } from "./api.ts";
import { expectEnd, monitor, type Ended } from "./command.ts";
import { allow, forbid, type LeverCase } from "./lever-cases.ts";
import type { RealClusters } from "./servers.ts";
import { TOPOLOGY } from "./topology.ts";

const HEAD = {
  kind: "drill",
  schemaVersion: 1,
  title: "A suite",
  startedAt: 0,
  expiresAt: 1,
  pid: process.pid,
} as const;
let drills = 0;

/** With the rights of a driller, in this process. */
function leverAt(clusters: RealClusters, { wish }: LeverCase, reach: Reach = makeReach({})): Lever {
  process.env["KUBECONFIG"] = clusters.kubeconfigAs("driller");
  return makeLever(wish, { topology: TOPOLOGY, worldPort: null }, reach);
}

export async function checkRights(clusters: RealClusters, given: LeverCase): Promise<void> {
  const { api } = clusters.at(given.cluster);
  await given.prepare(api);
  await forbid(api);
  expectRefused("without any right", await leverAt(clusters, given).plan(), 'User "driller" cannot');
  for (const { resources, verbs } of given.rights)
    for (const verb of verbs) {
      const [resource = ""] = resources;
      await allow(api, without(given.rights, resource, verb));
      const words = `cannot ${verb} resource "${resource}"`;
      expectRefused(`without ${verb} of ${resource}`, await leverAt(clusters, given).plan(), words);
    }
  await allow(api, given.rights);
  const before = await api.get(given.path);
  undoIn(await leverAt(clusters, given).plan());
  // Generation and version as well: a rehearsal is no write.
  expectSame("the object after a plan", await api.get(given.path), before);
}

function without(rights: LeverCase["rights"], resource: string, verb: string): LeverCase["rights"] {
  const kept = rights.map((one) =>
    one.resources.includes(resource) ? { ...one, verbs: one.verbs.filter((other) => other !== verb) } : one,
  );
  return kept.filter(({ verbs }) => verbs.length > 0);
}

export async function checkRoundTrip(clusters: RealClusters, given: LeverCase): Promise<void> {
  const { api } = clusters.at(given.cluster);
  await given.prepare(api);
  const before = await api.get(given.path);
  const { drill, state } = await brokenOff(clusters, given);
  expectSame("what it put there", valueAtPointer(await api.get(given.path), given.at), given.during);
  expectSame("what it says of it", (await leverAt(clusters, given).verify(drill.undo)).kind, "applied");
  expectEnd("the restore", await restore(clusters, state), 0);
  expectRestored(await api.get(given.path), before);
  expectEnd("the second restore", await restore(clusters, state), 0, "Nothing is left");
  expectDone("one more rollback", await leverAt(clusters, given).rollback(drill.undo));
  expectRestored(await api.get(given.path), before);
}

/** A drill that pulled its lever, and then nobody was there any more. */
export async function brokenOff(
  clusters: RealClusters,
  given: LeverCase,
): Promise<{ readonly drill: { readonly undo: Undo }; readonly state: string }> {
  const state = `${clusters.folder}/state-${(drills += 1)}`;
  const lever = leverAt(clusters, given);
  const undo = undoIn(await lever.plan());
  const journal = await createJournal(journalFolder(state), { ...HEAD, drill: `d${drills}` });
  expectDone("the pull", await pullLever(journal, { step: 0, undo }, lever.apply, makeReach({}).clock));
  await journal.release();
  return { drill: { undo }, state };
}

export function restore(clusters: RealClusters, state: string): Promise<Ended> {
  return monitor(clusters.kubeconfigAs("driller"), ["drill", "restore"], { MULTICLOUD_PROBE_STATE: state });
}

/** Others write between each read of ours and our patch. */
export async function checkConflict(clusters: RealClusters, given: LeverCase): Promise<void> {
  const { api } = clusters.at(given.cluster);
  await given.prepare(api);
  const before = await api.get(given.path);
  const disturbed = (times: number): Lever => {
    let left = times;
    const reach = makeReach({});
    const openKube: Reach["openKube"] = async (context) => {
      const opened = await reach.openKube(context);
      if (opened.kind === "failed") return opened;
      const patch: typeof opened.api.patch = async (ref, steps, how) => {
        if (how === "keep" && (left -= 1) >= 0) await api.patch(given.path, "json", [given.other]);
        return await opened.api.patch(ref, steps, how);
      };
      return { kind: "open", api: { ...opened.api, patch } };
    };
    return leverAt(clusters, given, { ...reach, openKube });
  };
  const undo = undoIn(await disturbed(0).plan());
  expectDone("with one write of others", await disturbed(1).apply(undo));
  expectDone("taken back with one more", await disturbed(1).rollback(undo));
  const always = await disturbed(9).apply(undo);
  if (always.kind === "done" || always.cause !== "moved" || !/in each of 5 attempts/.test(always.detail))
    throw new Error(`expected to give up after 5 conflicts, found ${JSON.stringify(always)}`);
  await api.patch(given.path, "json", [{ op: "replace", path: "/spec", value: before["spec"] }]);
}

/** Gone while it stands, and back: the journal stays open until then. */
export async function checkServerGone(clusters: RealClusters, given: LeverCase): Promise<void> {
  const cluster = clusters.at(given.cluster);
  await given.prepare(cluster.api);
  const before = await cluster.api.get(given.path);
  const { state } = await brokenOff(clusters, given);
  await cluster.stopServer();
  try {
    expectEnd("the restore without a server", await restore(clusters, state), 1, "NOT everything", "ECONNREFUSED");
  } finally {
    await cluster.startServer();
  }
  expectEnd("the restore when it is back", await restore(clusters, state), 0);
  expectRestored(await cluster.api.get(given.path), before);
}

/** It took the request and stands still: whether it acted is not known, and the restore finds out. */
export async function checkServerStill(clusters: RealClusters, given: LeverCase): Promise<string> {
  const cluster = clusters.at(given.cluster);
  await given.prepare(cluster.api);
  const before = await cluster.api.get(given.path);
  const lever = leverAt(clusters, given);
  const undo = undoIn(await lever.plan());
  const state = `${clusters.folder}/state-${(drills += 1)}`;
  const journal = await createJournal(journalFolder(state), { ...HEAD, drill: `d${drills}` });
  const reach = makeReach({});
  const held: LeverResult[] = [];
  const frozen = leverAt(clusters, given, {
    ...reach,
    openKube: async (context) => {
      const opened = await reach.openKube(context);
      if (opened.kind === "failed") return opened;
      const patch: typeof opened.api.patch = async (...call) => {
        cluster.holdServer("still");
        return await opened.api.patch(...call);
      };
      return { kind: "open", api: { ...opened.api, patch } };
    },
  });
  try {
    held.push(await pullLever(journal, { step: 0, undo }, frozen.apply, reach.clock));
  } finally {
    cluster.holdServer("goes on");
    await journal.release();
  }
  const [result] = held;
  if (result?.kind !== "failed" || result.cause !== "unavailable")
    throw new Error(`expected no answer, found ${JSON.stringify(result)}`);
  const left = valueAtPointer(await cluster.api.get(given.path), given.at);
  expectEnd("the restore", await restore(clusters, state), 0);
  expectRestored(await cluster.api.get(given.path), before);
  return `the patch that nobody heard of had ${isDeepStrictEqual(left, given.during) ? "" : "not "}been kept`;
}

function undoIn(plan: LeverPlan): Undo {
  if (plan.kind === "refused") throw new Error(`the plan was refused: ${plan.why.join("; ")}`);
  return plan.undo;
}

function expectRefused(when: string, plan: LeverPlan, words: string): void {
  if (plan.kind === "refused" && plan.why.join().includes(words)) return;
  throw new Error(`${when} expected a refusal with "${words}", found ${JSON.stringify(plan)}`);
}

function expectDone(what: string, result: LeverResult): void {
  if (result.kind === "failed") throw new Error(`${what}: ${result.cause}: ${result.detail}`);
}

/** But for what counts writes. */
function expectRestored(after: ApiObject, before: ApiObject): void {
  expectSame("what was restored", [after["spec"], after.metadata.labels], [before["spec"], before.metadata.labels]);
}
