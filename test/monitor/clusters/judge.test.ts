// The judge over values: a cluster in which all is well conforms, and each thing that can be wrong is told by its rule alone.
import { describe, expect, test } from "vitest";
import { judgeHost } from "../../../monitor/clusters/judge-host.ts";
import { judgeMember } from "../../../monitor/clusters/judge-member.ts";
import {
  clusterFindings,
  clusterVerdict,
  type JudgedCluster,
  objectVerdict,
} from "../../../monitor/clusters/judged.ts";
import { CLUSTER_RULES, type ClusterRuleId } from "../../../monitor/clusters/rules.ts";
import type { ClusterReading, Look } from "../../../monitor/clusters/sight.ts";
import { hostWishes, memberWishes } from "../../../monitor/clusters/wish.ts";
import type { Observation, VerdictKind } from "../../../monitor/model.ts";
import { EXAMPLE, AWS } from "../../support/example-topology.ts";
import type { PatchStep } from "../../../monitor/node/kube-api.ts";
import { applyPatch } from "../../support/json-patch.ts";
import { hostShelf, memberShelf, podAddress, podName, type Shelf } from "../../support/member-world.ts";

const AT = Date.parse("2026-11-28T12:00:00Z");
const FED = { ...EXAMPLE, federation: { context: "host" } };

const CLAIM = {
  region: AWS.region,
  hostname: podName(EXAMPLE, 0),
  podIP: podAddress(AWS, 0),
  cluster: AWS.cluster.context,
  version: "1.0.0",
  time: AT,
};
const SEEN: Observation = {
  region: AWS.id,
  vantage: "here",
  at: AT,
  status: 200,
  phases: {},
  totalMs: 12,
  failure: null,
  claim: CLAIM,
};

/** As the reader would have it; nodes by name. */
function readingOf(
  shelf: Shelf,
  wishes: readonly { readonly key: string; readonly name: string | null }[],
): ClusterReading {
  const lists = wishes.map(({ key, name }): [string, Look] => {
    const objects = (shelf[key] ?? []).filter((one) => name === null || one.metadata.name === name);
    return [key, { kind: "seen", objects: objects as never }];
  });
  const nodes = (shelf["nodes"] ?? []).map((one): [string, Look] => [
    `nodes/${one.metadata.name}`,
    { kind: "seen", objects: [one] as never },
  ]);
  return { kind: "read", looks: Object.fromEntries([...lists, ...nodes]) };
}

interface Change {
  /** Patches to the first object of a kind. */
  readonly edit?: Readonly<Record<string, readonly PatchStep[]>>;
  readonly remove?: readonly string[];
  readonly looks?: Readonly<Record<string, Look>>;
  readonly claim?: Partial<typeof CLAIM>;
}

function changed(shelf: Shelf, { edit = {}, remove = [] }: Change): Shelf {
  const next = { ...shelf };
  for (const [key, steps] of Object.entries(edit)) {
    const [first, ...rest] = next[key] ?? [];
    if (first === undefined) throw new Error(`no ${key}`);
    next[key] = [applyPatch(first, steps), ...rest];
  }
  for (const key of remove) next[key] = [];
  return next;
}

function member(change: Change = {}): JudgedCluster {
  const reading = readingOf(changed(memberShelf(EXAMPLE, AWS), change), memberWishes(EXAMPLE, "configmap"));
  const looks = reading.kind === "read" ? { ...reading.looks, ...change.looks } : {};
  const look = { ...SEEN, claim: { ...CLAIM, ...change.claim } };
  return judgeMember(EXAMPLE, { region: AWS, reading: { kind: "read", looks }, look }, "configmap", AT);
}

function host(via: "kubefed" | "karmada", change: Change = {}): JudgedCluster {
  const reading = readingOf(changed(hostShelf(FED, via), change), hostWishes(FED, via, "configmap"));
  const looks = reading.kind === "read" ? { ...reading.looks, ...change.looks } : {};
  return judgeHost(FED, { context: "host", reading: { kind: "read", looks } }, via, "configmap");
}

/** An entry of a list is replaced, and "-" is one more. */
const put = (path: string, value: unknown): PatchStep => ({ op: /\/\d+$/.test(path) ? "replace" : "add", path, value });
const drop = (path: string): PatchStep => ({ op: "remove", path });
const rulesIn = (cluster: JudgedCluster): readonly string[] => clusterFindings([cluster]).map(({ id }) => id);

describe("when all is well", () => {
  test.each([
    { name: "a member", cluster: member },
    { name: "KubeFed's host", cluster: () => host("kubefed") },
    { name: "the Karmada API server", cluster: () => host("karmada") },
  ])("$name conforms, and nothing is found", ({ cluster }) => {
    expect(clusterFindings([cluster()])).toEqual([]);
    expect(clusterVerdict(cluster())).toBe("conforms");
  });

  test("the good news has figures", () => {
    const reasons = member().objects.map((judged) => `${judged.object}: ${objectVerdict(judged).reason}`);
    expect(reasons).toEqual(
      expect.arrayContaining([
        "Deployment multicloud-demo: 3 of 3 ready, image ghcr.io/your-org/multicloud-demo:1.0.0",
        "Service multicloud-demo: 3 ready endpoints",
        "Pods: 3 ready, told REGION=us-east-1",
        "Nodes: 3 in us-east-1",
        "Sidecars: in all 3 Pods",
        "GET https://use1.demo.multicloud.example.com/: region us-east-1, from Pod multicloud-demo-7d9c5b6f4d-a",
      ]),
    );
  });
});

interface Row {
  readonly name: string;
  readonly change: Change;
  readonly rule: ClusterRuleId;
  readonly message: RegExp;
  readonly verdict: VerdictKind;
}

const DEPLOYMENT = "deployments.apps";
const PODS = "pods";
const APP = "/spec/template/spec/containers/0";
const waiting = (reason: string): PatchStep =>
  put("/status/containerStatuses/0/state", { waiting: { reason, message: "why" } });

const MEMBER_ROWS: readonly Row[] = [
  {
    name: "no namespace",
    change: { remove: ["namespaces"] },
    rule: "CL-MISSING",
    message: /so nothing else is/,
    verdict: "deviates",
  },
  {
    name: "no Deployment",
    change: { remove: [DEPLOYMENT] },
    rule: "CL-MISSING",
    message: /it is not there/,
    verdict: "deviates",
  },
  {
    name: "a namespace that ends",
    change: { edit: { namespaces: [put("/metadata/deletionTimestamp", "2026-11-28T11:00:00Z")] } },
    rule: "CL-DELETING",
    message: /since 2026-11-28T11/,
    verdict: "deviates",
  },
  {
    name: "another image",
    change: { edit: { [DEPLOYMENT]: [put(`${APP}/image`, "other:2")] } },
    rule: "CL-IMAGE",
    message: /other:2, expected ghcr/,
    verdict: "deviates",
  },
  {
    name: "other replicas",
    change: { edit: { [DEPLOYMENT]: [put("/spec/replicas", 0), put("/status/replicas", 0)] } },
    rule: "CL-REPLICAS",
    message: /wants 0 Pods, expected 3/,
    verdict: "deviates",
  },
  {
    name: "a changed field",
    change: { edit: { [DEPLOYMENT]: [put("/spec/minReadySeconds", 0)] } },
    rule: "CL-DRIFT",
    message: /spec\.minReadySeconds is 0, expected 5/,
    verdict: "deviates",
  },
  {
    name: "a field that is gone",
    change: { edit: { [DEPLOYMENT]: [drop(`${APP}/readinessProbe`)] } },
    rule: "CL-DRIFT",
    message: /readinessProbe is not there/,
    verdict: "deviates",
  },
  {
    name: "a controller behind",
    change: { edit: { [DEPLOYMENT]: [put("/metadata/generation", 2)] } },
    rule: "CL-ROLLOUT",
    message: /seen generation 1, and there is 2/,
    verdict: "converging",
  },
  {
    name: "a rollout",
    change: {
      edit: {
        [DEPLOYMENT]: [put("/status/updatedReplicas", 1), put("/status/conditions/1/reason", "ReplicaSetUpdated")],
      },
    },
    rule: "CL-ROLLOUT",
    message: /3 of 3 ready, 1 of them new/,
    verdict: "converging",
  },
  {
    name: "a stuck rollout",
    change: {
      edit: {
        [DEPLOYMENT]: [
          put("/status/conditions/1", {
            type: "Progressing",
            status: "False",
            reason: "ProgressDeadlineExceeded",
            message: "it has timed out progressing",
          }),
        ],
      },
    },
    rule: "CL-STUCK",
    message: /timed out progressing/,
    verdict: "deviates",
  },
  {
    name: "a quota in the way",
    change: {
      edit: {
        [DEPLOYMENT]: [
          put("/status/conditions/-", {
            type: "ReplicaFailure",
            status: "True",
            reason: "FailedCreate",
            message: "exceeded quota: demo",
          }),
        ],
      },
    },
    rule: "CL-PODS-REFUSED",
    message: /exceeded quota/,
    verdict: "deviates",
  },
  {
    name: "too few ready",
    change: { edit: { [DEPLOYMENT]: [put("/status/readyReplicas", 2)] } },
    rule: "CL-UNREADY",
    message: /2 of 3 ready/,
    verdict: "deviates",
  },
  {
    name: "a crash",
    change: {
      edit: {
        [PODS]: [
          waiting("CrashLoopBackOff"),
          put("/status/containerStatuses/0/lastState", { terminated: { reason: "OOMKilled", exitCode: 137 } }),
        ],
      },
    },
    rule: "CL-POD-CRASH",
    message: /-a: container app waits: CrashLoopBackOff, after OOMKilled \(exit code 137\)/,
    verdict: "deviates",
  },
  {
    name: "an image that is not there",
    change: { edit: { [PODS]: [waiting("ImagePullBackOff")] } },
    rule: "CL-POD-CRASH",
    message: /ImagePullBackOff: why/,
    verdict: "deviates",
  },
  {
    name: "no node",
    change: {
      edit: {
        [PODS]: [
          put("/status/conditions/0", {
            type: "PodScheduled",
            status: "False",
            reason: "Unschedulable",
            message: "0/3 nodes are available",
          }),
        ],
      },
    },
    rule: "CL-POD-UNSCHEDULED",
    message: /0\/3 nodes/,
    verdict: "deviates",
  },
  {
    name: "restarts",
    change: { edit: { [PODS]: [put("/status/containerStatuses/0/restartCount", 7)] } },
    rule: "CL-POD-RESTARTS",
    message: /7 restarts/,
    verdict: "conforms",
  },
  {
    name: "a Pod's old image",
    change: { edit: { [PODS]: [put("/spec/containers/0/image", "old:1")] } },
    rule: "CL-POD-IMAGE",
    message: /old:1/,
    verdict: "converging",
  },
  {
    name: "a Pod's own REGION",
    change: { edit: { [PODS]: [put("/spec/containers/0/env/0", { name: "REGION", value: "europe-west1" })] } },
    rule: "CL-REGION",
    message: /REGION=europe-west1, expected us-east-1/,
    verdict: "deviates",
  },
  {
    name: "a Pod without REGION",
    change: { edit: { [PODS]: [drop("/spec/containers/0/env/0")] } },
    rule: "CL-REGION",
    message: /no REGION/,
    verdict: "deviates",
  },
  {
    name: "REGION from elsewhere",
    change: {
      edit: {
        [PODS]: [put("/spec/containers/0/env/0", { name: "REGION", valueFrom: { fieldRef: { fieldPath: "x" } } })],
      },
    },
    rule: "CL-NOT-READ",
    message: /its valueFrom/,
    verdict: "undecided",
  },
  {
    name: "a node elsewhere",
    change: { edit: { nodes: [put("/metadata/labels/topology.kubernetes.io~1region", "us-west-2")] } },
    rule: "CL-NODE-REGION",
    message: /node-1 is in us-west-2, expected us-east-1 \(1 of 3 nodes\)/,
    verdict: "conforms",
  },
  {
    name: "an endpoint that is no Pod",
    change: { edit: { "endpointslices.discovery.k8s.io": [put("/endpoints/0/addresses", ["192.0.2.9"])] } },
    rule: "CL-ENDPOINTS-STRANGE",
    message: /192\.0\.2\.9/,
    verdict: "deviates",
  },
  {
    name: "no endpoint",
    change: { remove: ["endpointslices.discovery.k8s.io"] },
    rule: "CL-ENDPOINTS",
    message: /no ready endpoint, and 3 ready Pods/,
    verdict: "deviates",
  },
  {
    name: "an endpoint that is not ready",
    change: { edit: { "endpointslices.discovery.k8s.io": [put("/endpoints/0/conditions/ready", false)] } },
    rule: "CL-ENDPOINTS-FEW",
    message: /2 ready endpoints for 3/,
    verdict: "converging",
  },
  {
    name: "a full quota",
    change: { edit: { resourcequotas: [put("/status/used/pods", "7")] } },
    rule: "CL-QUOTA",
    message: /pods 7 of 7/,
    verdict: "conforms",
  },
  {
    name: "PERMISSIVE",
    change: { edit: { "peerauthentications.security.istio.io": [put("/spec/mtls/mode", "PERMISSIVE")] } },
    rule: "CL-MTLS",
    message: /says PERMISSIVE, expected STRICT/,
    verdict: "deviates",
  },
  {
    name: "a port without mTLS",
    change: {
      edit: { "peerauthentications.security.istio.io": [put("/spec/portLevelMtls", { 8080: { mode: "DISABLE" } })] },
    },
    rule: "CL-MTLS",
    message: /DISABLE/,
    verdict: "deviates",
  },
  {
    name: "a Pod without a sidecar",
    change: { edit: { [PODS]: [drop("/spec/initContainers")] } },
    rule: "CL-SIDECAR",
    message: /1 of 3 Pods/,
    verdict: "deviates",
  },
  {
    name: "another region's claim",
    change: { claim: { region: "europe-west1" } },
    rule: "CL-CLAIM-REGION",
    message: /claims region "europe-west1"/,
    verdict: "deviates",
  },
  {
    name: "a claim of nobody's",
    change: { claim: { hostname: "stranger" } },
    rule: "CL-CLAIM-POD",
    message: /stranger .* none of the cluster's Pods/,
    verdict: "deviates",
  },
  {
    name: "a claim with another address",
    change: { claim: { podIP: "10.9.9.9" } },
    rule: "CL-CLAIM-POD",
    message: /10\.9\.9\.9; the cluster's Pod of that name has 10\.13\.0\.10/,
    verdict: "deviates",
  },
  {
    name: "a kind that may not be read",
    change: { looks: { [PODS]: { kind: "forbidden", detail: "cannot list pods" } } },
    rule: "CL-RBAC",
    message: /cannot list pods/,
    verdict: "undecided",
  },
  {
    name: "a list that failed",
    change: { looks: { services: { kind: "failed", detail: "no JSON" } } },
    rule: "CL-NOT-READ",
    message: /no JSON/,
    verdict: "undecided",
  },
  {
    name: "a kind that is not known",
    change: { looks: { "poddisruptionbudgets.policy": { kind: "no-kind" } } },
    rule: "CL-NO-KIND",
    message: /poddisruptionbudgets\.policy/,
    verdict: "deviates",
  },
  {
    name: "nodes that may not be read",
    change: {
      looks: Object.fromEntries(
        [1, 2, 3].map((at) => [`nodes/node-${at}`, { kind: "forbidden", detail: "no" } as const]),
      ),
    },
    rule: "CL-NODE-UNREAD",
    message: /no node could be read/,
    verdict: "conforms",
  },
];

describe("of a member", () => {
  test.each(MEMBER_ROWS)("$name is $rule", ({ change, rule, message, verdict }) => {
    const cluster = member(change);
    const [first, ...others] = clusterFindings([cluster]);
    expect([first?.id, others.map(({ id }) => id)]).toEqual([rule, []]);
    expect(first?.message).toMatch(message);
    expect(clusterVerdict(cluster)).toBe(verdict);
  });

  test("a ConfigMap's other REGION is told of it and of the Pods", () => {
    const cluster = member({ edit: { configmaps: [put("/data/REGION", "unset")] } });
    expect(rulesIn(cluster)).toEqual(["CL-REGION", "CL-REGION"]);
  });

  test("amounts are equal that are as much", () => {
    const edit = { resourcequotas: [put("/spec/hard/requests.cpu", "1050m"), put("/spec/hard/pods", 7)] };
    expect(rulesIn(member({ edit }))).toEqual([]);
  });

  test("a cluster without Istio has a note, and one without its add-on another", () => {
    const keys = ["peerauthentications.security.istio.io", "authorizationpolicies.security.istio.io"];
    const all = [
      ...keys,
      ...["destinationrules", "gateways", "virtualservices"].map((one) => `${one}.networking.istio.io`),
    ];
    const none = member({ looks: Object.fromEntries(all.map((key) => [key, { kind: "no-kind" } as const])) });
    expect(clusterFindings([none]).map(({ id, message }) => [id, message])).toEqual([
      ["CL-ISTIO-NONE", "this cluster has no Istio"],
    ]);
    expect(clusterFindings([member({ remove: all })]).map(({ message }) => message)).toEqual([
      "Istio is there, its add-on for this service is not",
    ]);
  });

  test("Pods that take their leave are none that should serve, and one of them may have answered", () => {
    const edit = {
      [PODS]: [put("/metadata/deletionTimestamp", "2026-11-28T12:00:00Z"), waiting("CrashLoopBackOff")],
      [DEPLOYMENT]: [],
    };
    expect(rulesIn(member({ edit }))).toEqual([]);
  });

  test.each([
    ["context", "CL-CONTEXT"],
    ["credentials", "CL-CREDENTIALS"],
    ["unreachable", "CL-UNREACHABLE"],
  ] as const)("a closed API server (%s) is %s, and the endpoint is judged all the same", (cause, rule) => {
    const reading = { kind: "closed", cause, detail: "so it is" } as const;
    const look = { ...SEEN, claim: { ...CLAIM, region: "elsewhere" } };
    const cluster = judgeMember(EXAMPLE, { region: AWS, reading, look }, "configmap", AT);
    expect(rulesIn(cluster)).toEqual([rule, "CL-CLAIM-REGION"]);
  });
});

const FEDERATED = "federateddeployments.types.kubefed.io";
const status = (value: string): Change => ({ edit: { [FEDERATED]: [put("/status/clusters/0/status", value)] } });

const KUBEFED_ROWS: readonly Row[] = [
  {
    name: "a cluster that has not joined",
    change: { edit: { "kubefedclusters.core.kubefed.io": [put("/metadata/name", "other")] } },
    rule: "FED-CLUSTER",
    message: /no cluster of this name/,
    verdict: "deviates",
  },
  {
    name: "a cluster that is offline",
    change: {
      edit: {
        "kubefedclusters.core.kubefed.io": [
          put("/status/conditions/0", { type: "Offline", status: "True", message: "cluster is not reachable" }),
        ],
      },
    },
    rule: "FED-CLUSTER",
    message: /Offline \(cluster is not reachable\)/,
    verdict: "deviates",
  },
  {
    name: "a type that is not there",
    change: { looks: { "federatedlimitranges.types.kubefed.io": { kind: "no-kind" } } },
    rule: "CL-NO-KIND",
    message: /federatedlimitranges/,
    verdict: "deviates",
  },
  {
    name: "no federated object",
    change: { remove: [FEDERATED] },
    rule: "CL-MISSING",
    message: /not there/,
    verdict: "deviates",
  },
  {
    name: "one placement more",
    change: { edit: { [FEDERATED]: [put("/spec/placement/clusters/-", { name: "extra" })] } },
    rule: "FED-PLACEMENT",
    message: /extra, which the topology does not have/,
    verdict: "deviates",
  },
  {
    name: "another override",
    change: { edit: { [FEDERATED]: [put("/spec/overrides/0/clusterOverrides/0/value", 9)] } },
    rule: "CL-DRIFT",
    message: /value is 9, expected 3/,
    verdict: "deviates",
  },
  {
    name: "a controller behind",
    change: { edit: { [FEDERATED]: [put("/metadata/generation", 2)] } },
    rule: "FED-GENERATION",
    message: /seen generation 1/,
    verdict: "converging",
  },
  {
    name: "what is tried again",
    change: status("CreationFailed"),
    rule: "FED-RETRIES",
    message: /aws-us-east-1: CreationFailed: the cluster refused to make it/,
    verdict: "converging",
  },
  {
    name: "what is not",
    change: status("ApplyOverridesFailed"),
    rule: "FED-FAILED",
    message: /an override does not fit/,
    verdict: "deviates",
  },
  {
    name: "a word of nobody's",
    change: status("Flummoxed"),
    rule: "FED-FAILED",
    message: /no word of KubeFed/,
    verdict: "deviates",
  },
  {
    name: "a namespace that is not federated",
    change: { edit: { [FEDERATED]: [put("/status/conditions/0/reason", "NamespaceNotFederated")] } },
    rule: "FED-FAILED",
    message: /no FederatedNamespace/,
    verdict: "deviates",
  },
  {
    name: "a cluster left out",
    change: { edit: { [FEDERATED]: [drop("/status/clusters/1")] } },
    rule: "FED-LEFT-OUT",
    message: /gcp-europe-west1 is not in its status/,
    verdict: "deviates",
  },
];

const BINDINGS = "resourcebindings.work.karmada.io";
const KARMADA_ROWS: readonly Row[] = [
  {
    name: "a cluster that is not ready",
    change: {
      edit: {
        "clusters.cluster.karmada.io": [
          put("/status/conditions/0", { type: "Ready", status: "False", message: "gone" }),
        ],
      },
    },
    rule: "FED-CLUSTER",
    message: /not ready: gone/,
    verdict: "deviates",
  },
  {
    name: "what was not applied",
    change: {
      edit: {
        [BINDINGS]: [
          put("/status/aggregatedStatus/0/applied", false),
          put("/status/aggregatedStatus/0/appliedMessage", "exists already"),
        ],
      },
    },
    rule: "FED-BINDING",
    message: /aws-us-east-1: not applied: exists already/,
    verdict: "deviates",
  },
  {
    name: "what is unhealthy",
    change: { edit: { [BINDINGS]: [put("/status/aggregatedStatus/0/health", "Unhealthy")] } },
    rule: "FED-BINDING",
    message: /unhealthy there/,
    verdict: "deviates",
  },
  {
    name: "what is not scheduled",
    change: {
      edit: {
        [BINDINGS]: [
          put("/status/conditions/0", { type: "Scheduled", status: "False", message: "0/2 clusters are available" }),
        ],
      },
    },
    rule: "FED-BINDING",
    message: /0\/2 clusters/,
    verdict: "deviates",
  },
  {
    name: "what no policy takes",
    change: { edit: { [BINDINGS]: [put("/spec/resource/name", "another")] } },
    rule: "FED-UNBOUND",
    message: /no ResourceBinding/,
    verdict: "deviates",
  },
];

describe("of a federation's host", () => {
  const rows = [
    ...KUBEFED_ROWS.map((row) => ({ ...row, via: "kubefed" as const })),
    ...KARMADA_ROWS.map((row) => ({ ...row, via: "karmada" as const })),
  ];
  test.each(rows)("$via: $name is $rule", ({ via, change, rule, message, verdict }) => {
    const cluster = host(via, change);
    const [first, ...others] = clusterFindings([cluster]);
    expect([first?.id, others.map(({ id }) => id)]).toEqual([rule, []]);
    expect(first?.message).toMatch(message);
    expect(clusterVerdict(cluster)).toBe(verdict);
  });
});

test("every rule has a row here", () => {
  const shown = new Set<string>([...MEMBER_ROWS, ...KUBEFED_ROWS, ...KARMADA_ROWS].map(({ rule }) => rule));
  const elsewhere = ["CL-CONTEXT", "CL-CREDENTIALS", "CL-UNREACHABLE", "CL-ISTIO-NONE", "CL-CLAIM-UNSEEN"];
  expect(Object.keys(CLUSTER_RULES).filter((id) => !shown.has(id))).toEqual(elsewhere);
});

test.each([null, 7, "x", [], {}, { metadata: { name: "multicloud-demo" }, spec: 7, status: [] }])(
  "an object that is %j breaks nothing",
  (odd) => {
    const looks = Object.fromEntries(
      memberWishes(EXAMPLE, "configmap").map(({ key }) => [
        key,
        { kind: "seen", objects: [odd ?? {}] as never } as const,
      ]),
    );
    const sight = { region: AWS, reading: { kind: "read", looks } as const, look: null };
    expect(clusterVerdict(judgeMember(EXAMPLE, sight, "configmap", AT))).toBe("deviates");
  },
);
