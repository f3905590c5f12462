// The model of KubeFed that lint and renderers go by, against KubeFed itself: the same federated objects are given to both, and
// what each member ends with, the status words and the condition must be the same.
import { isDeepStrictEqual } from "node:util";
import { expectPropagation } from "../../../monitor/verify/federation.ts";
import { CHART_KINDS } from "../../../monitor/verify/federation-kinds.ts";
import { until } from "../../support/until.ts";
import { type ApiClient, type ApiObject, pathOf } from "./api.ts";
import type { RealClusters } from "./servers.ts";
import { HOST, MEMBERS, NAMESPACE } from "./topology.ts";

const [AWS, GCP] = MEMBERS;
const BOTH = { clusters: MEMBERS.map((name) => ({ name })) };
const SETTLE_MS_MAX = 30_000;
const MANAGED = "kubefed.io/managed";

const template = { metadata: { labels: { app: "case", "example.com/a": "b" } }, data: { REGION: "unset" } };
const override = (clusterName: string, ...clusterOverrides: readonly object[]): object => ({
  clusterName,
  clusterOverrides,
});
const change = (path: string, value: unknown, op?: string): object => ({
  ...(op === undefined ? {} : { op }),
  path,
  value,
});
const overridden = (...overrides: readonly object[]): object => ({ template, placement: BOTH, overrides });

/** Specifications of a FederatedConfigMap; names are those of the objects. */
const CASES: Readonly<Record<string, object>> = {
  "no-placement": { template },
  "empty-clusters": { template, placement: { clusters: [] } },
  "empty-clusters-and-all-labels": { template, placement: { clusters: [], clusterSelector: {} } },
  "all-by-labels": { template, placement: { clusterSelector: {} } },
  "none-by-labels": { template, placement: { clusterSelector: { matchLabels: { cloud: "nobody" } } } },
  "one-cluster": { template, placement: { clusters: [{ name: GCP }] } },
  "unknown-cluster": { template, placement: { clusters: [{ name: AWS }, { name: "nobody" }] } },
  "own-values": overridden(
    override(AWS, change("/data/REGION", "us-east-1")),
    override(GCP, change("/data/REGION", "eu")),
  ),
  "slip-in-the-cluster": overridden(override("aws-us-east1", change("/data/REGION", "us-east-1"))),
  "replace-of-a-missing-key": overridden(override(AWS, change("/data/MORE", "x"))),
  "replace-under-a-missing-parent": overridden(override(AWS, change("/nothing/MORE", "x"))),
  "add-and-remove": overridden(override(AWS, change("/data/MORE", "x", "add"), { op: "remove", path: "/data/REGION" })),
  "remove-of-a-missing-key": overridden(override(AWS, { op: "remove", path: "/data/MORE" })),
  "escaped-key": overridden(override(AWS, change("/metadata/labels/example.com~1a", "changed"))),
  "one-path-twice": overridden(override(AWS, change("/data/REGION", "a"), change("/data/REGION", "b"))),
  "one-cluster-twice": overridden(override(AWS, change("/data/REGION", "a")), override(AWS, change("/data/MORE", "b"))),
  "a-forbidden-path": overridden(override(AWS, change("/metadata/name", "other"))),
  "one-annotation": overridden(override(AWS, change("/metadata/annotations/a", "x", "add"))),
  "all-annotations": overridden(override(AWS, change("/metadata/annotations", { a: "x" }, "add"))),
  "annotations-of-the-template": {
    template: { ...template, metadata: { ...template.metadata, annotations: { a: "x" } } },
    placement: BOTH,
  },
  "labels-by-override": overridden(override(AWS, change("/metadata/labels/tier", "web", "add"))),
};

interface Outcome {
  readonly condition: readonly string[];
  readonly statuses: Readonly<Record<string, string>>;
  readonly members: Readonly<Record<string, unknown>>;
}

export async function checkModel(clusters: RealClusters): Promise<string> {
  const host = clusters.at(HOST).api;
  const objects = Object.entries(CASES).map(([name, spec]) => federated(name, spec));
  for (const object of objects) await host.apply(object);
  const wrong: string[] = [];
  for (const object of objects) {
    const expected = modelled(object);
    let seen: Outcome | null = null;
    const isSame = async (): Promise<boolean> =>
      isDeepStrictEqual((seen = await observed(clusters, host, object)), expected);
    await until("KubeFed does what the model says", isSame, SETTLE_MS_MAX).catch(() => {
      wrong.push(
        `${object.metadata.name}: the model says ${JSON.stringify(expected)}, KubeFed ${JSON.stringify(seen)}`,
      );
    });
  }
  for (const object of objects) await host.remove(pathOf(object));
  if (wrong.length > 0) throw new Error(wrong.join("\n"));
  return `${objects.length} objects`;
}

function federated(name: string, spec: object): ApiObject {
  return {
    apiVersion: "types.kubefed.io/v1beta1",
    kind: "FederatedConfigMap",
    metadata: { name: `case-${name}`, namespace: NAMESPACE },
    spec,
  };
}

function modelled(object: ApiObject): Outcome {
  const around = {
    ...federated("", { placement: BOTH }),
    kind: "FederatedNamespace",
    metadata: { name: NAMESPACE, namespace: NAMESPACE },
  };
  const [, result] = expectPropagation([around, object], {
    kinds: CHART_KINDS,
    members: MEMBERS.map((name) => ({ name, labels: {}, ready: true, objects: [] })),
    adoption: "adopt",
    host: null,
    recorded: {},
    refusal: () => null,
  });
  if (result === undefined) throw new Error("the model passed the object over");
  const { condition, members } = result;
  return {
    condition: [condition?.status ?? "", condition?.reason ?? ""],
    statuses: Object.fromEntries(members.map(({ cluster, status }) => [cluster, status])),
    members: Object.fromEntries(
      MEMBERS.map((name) => [name, essence(members.find(({ cluster }) => cluster === name)?.object ?? null)]),
    ),
  };
}

interface LiveStatus {
  readonly observedGeneration?: number;
  readonly conditions?: readonly { readonly type: string; readonly status: string; readonly reason?: string }[];
  readonly clusters?: readonly { readonly name: string; readonly status?: string }[];
}

async function observed(clusters: RealClusters, host: ApiClient, object: ApiObject): Promise<Outcome> {
  const live = await host.get(pathOf(object));
  const status = (live["status"] ?? {}) as LiveStatus;
  const condition = status.conditions?.find(({ type }) => type === "Propagation");
  const members: Record<string, unknown> = {};
  for (const name of MEMBERS) {
    const path = `/api/v1/namespaces/${NAMESPACE}/configmaps/${object.metadata.name}`;
    const { code, body } = await clusters.at(name).api.ask("GET", path);
    members[name] = code === 200 ? essence(body) : null;
  }
  const said = (status.clusters ?? []).map(({ name, status: word }) => [name, word ?? ""] as const);
  return {
    condition: [condition?.status ?? "", condition?.reason ?? ""],
    // KubeFed's order is random.
    statuses: Object.fromEntries(said.toSorted(([a], [b]) => (a < b ? -1 : 1))),
    members,
  };
}

/** What the manifests decide; the rest is the API server's. */
function essence(object: unknown): unknown {
  if (object === null) return null;
  const { data, metadata } = object as {
    readonly data?: unknown;
    readonly metadata: Readonly<Record<string, unknown>>;
  };
  return {
    data,
    labels: metadata["labels"],
    annotations: metadata["annotations"] ?? {},
    managed: ((metadata["labels"] ?? {}) as Readonly<Record<string, unknown>>)[MANAGED],
  };
}
