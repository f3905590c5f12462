// What levers rely on from any Kubernetes API server, with Deployments because every server has them. The stand-in must
// pass it; TEST_KUBE_CONTEXT, a context of the kubeconfig, adds a real server.
import { CustomObjectsApi, KubeConfig } from "@kubernetes/client-node";
import { afterAll, beforeAll, expect, test } from "vitest";
import { type KubeApi, openKube } from "../../monitor/node/kube-api.ts";
import { makeNodeClock } from "../../monitor/node/clock.ts";
import { makeKubeReader } from "../../monitor/node/kube-reader.ts";

const KIND = { group: "apps", version: "v1", plural: "deployments" } as const;
const NAMESPACE = "default";
const NAME = `contract-${process.pid}`;
const REF = { ...KIND, namespace: NAMESPACE, name: NAME };
const LABELS = { app: NAME };
const READER_MS = 10_000;

const DEPLOYMENT = {
  apiVersion: "apps/v1",
  kind: "Deployment",
  metadata: { name: NAME, labels: LABELS },
  spec: {
    replicas: 0,
    paused: true,
    selector: { matchLabels: LABELS },
    template: { metadata: { labels: LABELS }, spec: { containers: [{ name: "app", image: "nothing.invalid/none" }] } },
  },
};

export function kubeContract(context: () => string): void {
  let api: KubeApi;
  const direct = (): CustomObjectsApi => clientOf(context());
  beforeAll(async () => {
    const opened = openKube(context(), makeNodeClock());
    if (opened.kind === "failed") throw new Error(opened.detail);
    ({ api } = opened);
    await direct().createNamespacedCustomObject({ ...KIND, namespace: NAMESPACE, body: DEPLOYMENT });
  });
  afterAll(async () => {
    await direct().deleteNamespacedCustomObject(REF);
  });

  const specOf = async (): Promise<unknown> => {
    const read = await api.read(REF);
    if (read.kind === "failed") throw new Error(read.failure.detail);
    return read.value.spec;
  };
  const toTwo = { op: "replace", path: "/spec/replicas", value: 2 } as const;

  test("an object is read, alone and in its list", async () => {
    expect(await specOf()).toMatchObject({ replicas: 0 });
    const listed = await api.list(KIND, NAMESPACE);
    if (listed.kind === "failed") throw new Error(listed.failure.detail);
    expect(listed.value.map(({ metadata }) => metadata.name)).toContain(NAME);
  });

  test("an object that is not there is told from a kind that nobody knows", async () => {
    expect(await api.read({ ...REF, name: "nobody" })).toMatchObject({ failure: { cause: "no-object" } });
    const unknown = { ...REF, group: "no-such-group.example.com" };
    expect(await api.read(unknown)).toMatchObject({ failure: { cause: "no-kind" } });
  });

  readerContract(context);

  test("a patch whose condition does not hold is a conflict and changes nothing", async () => {
    const steps = [{ op: "test", path: "/spec/replicas", value: 7 }, toTwo] as const;
    expect(await api.patch(REF, steps, "keep")).toMatchObject({ failure: { cause: "conflict" } });
    const old = [{ op: "test", path: "/metadata/resourceVersion", value: "1" }, toTwo] as const;
    expect(await api.patch(REF, old, "keep")).toMatchObject({ failure: { cause: "conflict" } });
    expect(await specOf()).toMatchObject({ replicas: 0 });
  });

  refusalContract(() => api);

  test("a rehearsal answers as if, and keeps nothing", async () => {
    const steps = [{ op: "test", path: "/spec/replicas", value: 0 }, toTwo] as const;
    expect(await api.patch(REF, steps, "rehearse")).toMatchObject({ kind: "reply", value: { spec: { replicas: 2 } } });
    expect(await specOf()).toMatchObject({ replicas: 0 });
  });

  test("a patch is kept, and counts the generation", async () => {
    const before = await api.read(REF);
    const steps = [{ op: "test", path: "/spec/replicas", value: 0 }, toTwo] as const;
    const after = await api.patch(REF, steps, "keep");
    if (before.kind === "failed" || after.kind === "failed") throw new Error("expected two replies");
    expect(after.value.metadata.generation).toBe((before.value.metadata.generation ?? 0) + 1);
    expect(await specOf()).toMatchObject({ replicas: 2 });
  });
}

/** While the Deployment of the contract is there, and at 0. */
function refusalContract(api: () => KubeApi): void {
  test("a patch to what no object may be is refused, which is no conflict", async () => {
    for (const value of [-1, "three"]) {
      const steps = [{ op: "replace", path: "/spec/replicas", value }] as const;
      expect(await api().patch(REF, steps, "keep")).toMatchObject({ failure: { cause: "refused" } });
    }
    expect(await api().read(REF)).toMatchObject({ value: { spec: { replicas: 0 } } });
  });
}

/** While the Deployment of the contract is there. */
function readerContract(context: () => string): void {
  test("the reader of lists finds what is there, and tells what is not from what nobody knows", async () => {
    const clock = makeNodeClock();
    const reader = makeKubeReader(context(), clock, clock.monotonicMs() + READER_MS);
    const list = { version: "v1", namespace: NAMESPACE, name: null, labelSelector: null } as const;
    const reading = await reader.read([
      { ...list, key: "space", group: "", plural: "namespaces", namespace: null, name: NAMESPACE },
      { ...list, key: "none", group: "", plural: "namespaces", namespace: null, name: `not-${NAME}` },
      { ...list, key: "own", group: "apps", plural: "deployments", labelSelector: `app=${NAME}` },
      { ...list, key: "nobody's", group: "no-such-group.example.com", plural: "things" },
    ]);
    expect(reading).toMatchObject({
      kind: "read",
      looks: {
        space: { kind: "seen", objects: [{ metadata: { name: NAMESPACE } }] },
        none: { kind: "seen", objects: [] },
        own: { kind: "seen", objects: [{ metadata: { name: NAME } }] },
        "nobody's": { kind: "no-kind" },
      },
    });
  });
}

function clientOf(context: string): CustomObjectsApi {
  const config = new KubeConfig();
  config.loadFromDefault();
  config.setCurrentContext(context);
  return config.makeApiClient(CustomObjectsApi);
}
