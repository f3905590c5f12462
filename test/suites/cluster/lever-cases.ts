// The three levers on clusters, each with where it acts at the real servers, what must be there first, and exactly the rights
// that docs/levers.md says it needs.
import type { LeverWish } from "../../../monitor/drill/lever-wish.ts";
import { renderIstio } from "../../../monitor/render/istio.ts";
import { renderKarmada } from "../../../monitor/render/karmada.ts";
import { renderKubefed } from "../../../monitor/render/kubefed.ts";
import { type ApiClient, type ApiObject } from "./api.ts";
import { objectsIn } from "./crds.ts";
import { HOST, MEMBERS, NAME, NAMESPACE, TOPOLOGY } from "./topology.ts";

const [AWS] = MEMBERS;
const REGION = TOPOLOGY.regions[0]?.id ?? "";

interface Right {
  readonly apiGroups: readonly string[];
  readonly resources: readonly string[];
  readonly verbs: readonly string[];
}

export interface LeverCase {
  readonly wish: LeverWish;
  readonly cluster: string;
  /** Of the object that it changes. */
  readonly path: string;
  readonly rights: readonly Right[];
  /** JSON pointer of what it changes, and what stands there while it acts. */
  readonly at: string;
  readonly during: unknown;
  /** An edit elsewhere in the object that moves the spot, as somebody else makes it. */
  readonly other: object;
  prepare(api: ApiClient): Promise<void>;
}

const right = (group: string, resource: string, ...verbs: readonly string[]): Right => ({
  apiGroups: [group],
  resources: [resource],
  verbs,
});
const path = (api: string, plural: string, name: string): string =>
  `/apis/${api}/namespaces/${NAMESPACE}/${plural}/${name}`;

const FEDERATED = path("types.kubefed.io/v1beta1", "federateddeployments", NAME);
const POLICY = path("policy.karmada.io/v1alpha1", "overridepolicies", `${NAME}-deployment`);
const VIRTUAL_SERVICE = path("networking.istio.io/v1", "virtualservices", NAME);

export const LEVER_CASES: readonly LeverCase[] = [
  {
    wish: { lever: "kubefed-replicas", region: REGION },
    cluster: HOST,
    path: FEDERATED,
    rights: [
      right("types.kubefed.io", "federateddeployments", "get", "patch"),
      right("scheduling.kubefed.io", "replicaschedulingpreferences", "get"),
    ],
    at: "/spec/overrides/0/clusterOverrides/0/value",
    during: 0,
    other: {
      op: "add",
      path: "/spec/overrides/0",
      value: { clusterName: "another", clusterOverrides: [{ path: "/spec/paused", value: true }] },
    },
    prepare: async (api) => {
      for (const object of objectsIn(textOf(renderKubefed(TOPOLOGY, "configmap"))))
        if (["Namespace", "FederatedDeployment"].includes(object.kind)) await api.apply(object);
      await reportPropagated(api);
    },
  },
  {
    wish: { lever: "karmada-replicas", region: REGION },
    cluster: HOST,
    path: POLICY,
    rights: [
      right("policy.karmada.io", "overridepolicies", "list", "patch", "get"),
      right("policy.karmada.io", "propagationpolicies", "list"),
      right("apps", "deployments", "get"),
    ],
    at: "/spec/overrideRules/0/overriders/plaintext/0/value",
    during: 0,
    other: {
      op: "add",
      path: "/spec/overrideRules/0",
      value: {
        targetCluster: { clusterNames: ["another"] },
        overriders: { plaintext: [{ path: "/spec/paused", operator: "replace", value: true }] },
      },
    },
    prepare: async (api) => {
      for (const object of objectsIn(textOf(renderKarmada(TOPOLOGY, "configmap")))) await api.apply(object);
    },
  },
  {
    wish: { lever: "istio-abort", region: REGION, httpStatus: 503, percent: 100 },
    cluster: AWS,
    path: VIRTUAL_SERVICE,
    rights: [right("networking.istio.io", "virtualservices", "get", "patch")],
    at: "/spec/http/0/fault",
    during: { abort: { httpStatus: 503, percentage: { value: 100 } } },
    other: {
      op: "add",
      path: "/spec/http/0",
      value: { name: "other", match: [{ uri: { exact: "/other" } }], route: [{ destination: { host: "other" } }] },
    },
    prepare: async (api) => {
      await api.apply({ apiVersion: "v1", kind: "Namespace", metadata: { name: NAMESPACE } });
      for (const object of objectsIn(textOf(renderIstio(TOPOLOGY))))
        if (object.kind === "VirtualService") await api.apply(object);
    },
  },
];

function textOf(files: readonly { readonly text: string }[]): string {
  return files.map(({ text }) => text).join("\n---\n");
}

/** What KubeFed's controller would say, for where it does not run. */
async function reportPropagated(api: ApiClient): Promise<void> {
  const object = await api.get(FEDERATED);
  const clusters = MEMBERS.map((name) => ({ name }));
  const conditions = [
    {
      type: "Propagation",
      status: "True",
      lastTransitionTime: "2026-11-28T12:00:00Z",
      lastUpdateTime: "2026-11-28T12:00:00Z",
    },
  ];
  await api.patch(`${FEDERATED}/status`, "merge", {
    status: { observedGeneration: object.metadata["generation"], conditions, clusters },
  });
}

/** A role in the namespace with these rights alone, for the user of levers. */
export async function allow(api: ApiClient, rights: readonly Right[]): Promise<void> {
  const metadata = { name: "driller", namespace: NAMESPACE };
  const group = "rbac.authorization.k8s.io";
  const role: ApiObject = { apiVersion: `${group}/v1`, kind: "Role", metadata, rules: rights };
  const binding: ApiObject = {
    apiVersion: `${group}/v1`,
    kind: "RoleBinding",
    metadata,
    roleRef: { apiGroup: group, kind: "Role", name: "driller" },
    subjects: [{ apiGroup: group, kind: "User", name: "driller" }],
  };
  await api.apply(role);
  await api.apply(binding);
}

export async function forbid(api: ApiClient): Promise<void> {
  for (const kind of ["rolebindings", "roles"])
    await api.remove(`/apis/rbac.authorization.k8s.io/v1/namespaces/${NAMESPACE}/${kind}/driller`);
}
