import { beforeEach, describe, expect, test, vi } from "vitest";
import type { PatchStep } from "../../monitor/node/kube-api.ts";
import { valueAtPointer } from "../support/json-patch.ts";
import { writeKubeconfig } from "../support/kube-server.ts";
import {
  CHANGES,
  CLUSTER,
  type Clusters,
  clustersOfTest,
  FEDERATED,
  HOST,
  ISTIO,
  KARMADA,
  KUBEFED,
  leverFor,
  NAME,
  NAMESPACE,
  OVERRIDES,
  POLICY,
  put,
  RULE,
  undoIn,
  VIRTUAL_SERVICES,
} from "./clusters.ts";

let clusters: Clusters;
beforeEach(async () => {
  clusters = await clustersOfTest();
});

const PLACES = [
  {
    wish: KUBEFED,
    kind: FEDERATED,
    name: NAME,
    at: `${CHANGES}/0/value`,
    before: 3,
    during: 0,
    spoil: 5,
    said: "it is 5",
  },
  {
    wish: KARMADA,
    kind: OVERRIDES,
    name: POLICY,
    at: `${RULE}/overriders/plaintext/0/value`,
    before: 3,
    during: 0,
    spoil: 5,
    said: "it is 5",
  },
  {
    wish: ISTIO,
    kind: VIRTUAL_SERVICES,
    name: NAME,
    at: "/spec/http/0/fault",
    before: undefined,
    during: { abort: { httpStatus: 503, percentage: { value: 100 } } },
    spoil: { delay: { fixedDelay: "5s" } },
    said: 'its fault is {"delay":{"fixedDelay":"5s"}}',
  },
] as const;

/** What somebody else puts first into a list, and where. */
const OTHERS: Readonly<Record<string, PatchStep>> = {
  "kubefed-replicas": put("/spec/overrides/0", {
    clusterName: "another",
    clusterOverrides: [{ path: "/spec/paused", value: true }],
  }),
  "karmada-replicas": put(RULE, {
    targetCluster: { clusterNames: ["another"] },
    overriders: { plaintext: [{ path: "/spec/paused", operator: "replace", value: true }] },
  }),
  "istio-abort": put("/spec/http/0", { name: "other", match: [{ uri: { exact: "/other" } }], route: [] }),
};

describe.each(PLACES)("$wish.lever", ({ wish, kind, name, at, before, during, spoil, said }) => {
  const home = (): Clusters["host"] => (wish === ISTIO ? clusters.member : clusters.host);
  const seen = (): unknown => valueAtPointer(home().take(kind, NAMESPACE, name), at);

  test("only reads and rehearses while it plans", async () => {
    const untouched = clusters.snapshot();
    undoIn(await leverFor(wish).plan());
    expect(clusters.snapshot()).toEqual(untouched);
    const writes = home().asked.filter((line) => !line.startsWith("GET"));
    expect(writes.every((line) => line.includes("dryRun=All"))).toBe(true);
    expect(writes).toHaveLength(1);
  });

  test("is applied and taken back, as often as asked", async () => {
    const untouched = clusters.snapshot();
    const lever = leverFor(wish);
    const undo = undoIn(await lever.plan());
    expect(await lever.verify(undo)).toEqual({ kind: "restored" });
    expect(seen()).toEqual(before);
    for (let times = 0; times < 2; times += 1) {
      expect(await lever.apply(undo)).toMatchObject({ kind: "done" });
      expect(await lever.verify(undo)).toEqual({ kind: "applied" });
      expect(seen()).toEqual(during);
    }
    for (let times = 0; times < 2; times += 1) {
      expect(await lever.rollback(undo)).toMatchObject({ kind: "done" });
      expect(await lever.verify(undo)).toEqual({ kind: "restored" });
      expect(clusters.snapshot()).toEqual(untouched);
    }
    expect(home().asked.filter((line) => line.startsWith("PATCH") && !line.includes("dryRun"))).toHaveLength(2);
  });

  test("leaves alone what others made of it meanwhile, and says what to do", async () => {
    const lever = leverFor(wish);
    const undo = undoIn(await lever.plan());
    await lever.apply(undo);
    clusters.edit(kind, name, put(at, spoil));
    const spoiled = clusters.snapshot();
    for (const act of [lever.rollback, lever.apply]) {
      expect(await act(undo)).toMatchObject({
        kind: "failed",
        cause: "moved",
        detail: expect.stringContaining(`: ${said}, which this drill did not set`),
        byHand: [expect.stringMatching(/^kubectl --context \S+ -n multicloud-demo edit \S+ \S+ {3}# /)],
      });
    }
    expect(clusters.snapshot()).toEqual(spoiled);
    expect(await lever.verify(undo)).toMatchObject({ kind: "other" });
  });

  test("goes on where somebody else writes in between", async () => {
    const lever = leverFor(wish);
    const undo = undoIn(await lever.plan());
    let left = 2;
    home().beforePatch = () => {
      if ((left -= 1) >= 0) clusters.edit(kind, name, ...[OTHERS[wish.lever] ?? []].flat());
    };
    expect(await lever.apply(undo)).toMatchObject({ kind: "done" });
    expect(await lever.rollback(undo)).toMatchObject({ kind: "done" });
    expect(await lever.verify(undo)).toEqual({ kind: "restored" });
  });

  test("gives up where somebody else always writes in between", async () => {
    const lever = leverFor(wish);
    const undo = undoIn(await lever.plan());
    home().beforePatch = () => clusters.edit(kind, name, ...[OTHERS[wish.lever] ?? []].flat());
    expect(await lever.apply(undo)).toMatchObject({
      kind: "failed",
      cause: "moved",
      detail: expect.stringContaining("somebody else changed it in each of 5 attempts"),
    });
  });

  test("has nothing to take back where the object is gone", async () => {
    const lever = leverFor(wish);
    const undo = undoIn(await lever.plan());
    await lever.apply(undo);
    home().remove(kind, NAMESPACE, name);
    expect(await lever.rollback(undo)).toMatchObject({ kind: "done", detail: expect.stringContaining("is gone") });
    expect(await lever.apply(undo)).toMatchObject({ kind: "failed", cause: "refused" });
  });

  test("stays to be restored while nobody answers", async () => {
    const lever = leverFor(wish);
    const undo = undoIn(await lever.plan());
    await lever.apply(undo);
    await home().close();
    expect(await lever.rollback(undo)).toMatchObject({
      kind: "failed",
      cause: "unavailable",
      byHand: [expect.stringContaining("kubectl --context")],
    });
  });

  test("does not act where its context has come to lead to another server", async () => {
    const lever = leverFor(wish);
    const undo = undoIn(await lever.plan());
    vi.stubEnv("KUBECONFIG", writeKubeconfig({ [HOST]: "http://127.0.0.1:1", [CLUSTER]: "http://127.0.0.1:1" }));
    expect(await lever.apply(undo)).toMatchObject({
      kind: "failed",
      cause: "refused",
      detail: expect.stringMatching(/^the context \S+ leads to http:\/\/127.0.0.1:1 now, and the drill acted at http/),
    });
  });

  test("is refused without the right to patch, and by an admission webhook, in the server's words", async () => {
    home().admit = () => "no changes on Fridays";
    expect(await leverFor(wish).plan()).toMatchObject({
      why: [expect.stringContaining("denied the request: no changes on Fridays")],
    });
    home().forbidden.add("PATCH");
    expect(await leverFor(wish).plan()).toMatchObject({ why: [expect.stringContaining("cannot patch resource")] });
    home().forbidden.add("GET");
    expect(await leverFor(wish).plan()).toMatchObject({ why: [expect.stringContaining("resource")] });
  });

  test("warns of what keeps the object as a repository has it", async () => {
    clusters.edit(kind, name, put("/metadata/annotations", { "argocd.argoproj.io/tracking-id": "x" }));
    expect(await leverFor(wish).plan()).toMatchObject({
      kind: "ready",
      warnings: [`Argo CD keeps ${name}: with self-healing on, it undoes the fault within minutes`],
    });
  });
});
