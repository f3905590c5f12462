// Cases of quotas beside the Deployment, which has 3 replicas in aws and 2 in gcp, one Pod of surge in both, and asks for 50m
// and 64Mi in each Pod.
import type { Edit } from "./manifests.ts";
import { appended, plain, type RuleCase } from "./rule-case.ts";

const REQUESTS = "                requests: { cpu: 50m, memory: 64Mi }\n";

function quota(hard: string, more = ""): string {
  return plain("ResourceQuota", "v1", "demo", `spec:\n${more}  hard:\n    ${hard}`);
}

function container(mark: string, resources: string): readonly Edit[] {
  return [
    ["            - name: demo\n", `            - name: demo${mark}\n`],
    [REQUESTS, resources],
  ];
}

const RANGE = (field: string, resource: string, type = "Container"): string =>
  plain("LimitRange", "v1", "demo", `spec: { limits: [{ type: ${type}, ${field}: { ${resource}: 100Mi } }] }`);

const PER_CLUSTER = (aws: string): string => `apiVersion: types.kubefed.io/v1beta1
kind: FederatedResourceQuota
metadata: { name: demo, namespace: demo }
spec:
  placement: { clusters: [{ name: aws }, { name: gcp }] }
  template:
    spec:
      hard:
        pods: "3"
  overrides:
    - clusterName: aws
      clusterOverrides:
        - path: /spec/hard/pods
          value: ${aws}`;

export const QUOTA_CASES: readonly RuleCase[] = [
  {
    rule: "K8S-QUOTA-SMALL",
    bad: appended(quota('pods: "3" #!')),
    good: appended(quota('pods: "4"')),
    says: "pods is 3, Deployment demo may need 4",
  },
  {
    rule: "K8S-QUOTA-SMALL",
    bad: appended(PER_CLUSTER('"3" #!')),
    good: appended(PER_CLUSTER('"4"')),
    says: "pods is 3, Deployment demo may need 4 (aws)",
  },
  {
    rule: "K8S-QUOTA-SMALL",
    bad: appended(quota("requests.cpu: 199m #!")),
    good: appended(quota("requests.cpu: 200m")),
    says: "requests.cpu is 199m, Deployment demo may need 200m",
  },
  {
    rule: "K8S-QUOTA-SMALL",
    bad: appended(quota("memory: 255Mi #!")),
    good: appended(quota("memory: 256Mi")),
    says: "Deployment demo may need 256Mi",
  },
  {
    rule: "K8S-QUOTA-SMALL",
    bad: appended(`${quota("limits.memory: 399Mi #!")}\n---\n${RANGE("default", "memory")}`),
    good: appended(`${quota("limits.memory: 399Mi")}\n---\n${RANGE("default", "memory", "Pod")}`),
    says: "Deployment demo may need 400Mi",
  },
  {
    rule: "K8S-QUOTA-SMALL",
    bad: appended(quota('pods: "3" #!')),
    good: [
      [
        "      replicas: 2\n",
        "      replicas: 2\n      strategy: { rollingUpdate: { maxSurge: 0, maxUnavailable: 1 } }\n",
      ],
      ...appended(quota('pods: "3"')),
    ],
  },
  {
    rule: "K8S-QUOTA-SMALL",
    bad: [
      ["      replicas: 2\n", "      replicas: 2\n      strategy: { rollingUpdate: { maxSurge: 34% } }\n"],
      ...appended(quota('pods: "4" #!')),
    ],
    good: [
      ["      replicas: 2\n", "      replicas: 2\n      strategy: { rollingUpdate: { maxSurge: 33% } }\n"],
      ...appended(quota('pods: "4"')),
    ],
    says: "may need 5",
  },
  {
    rule: "K8S-QUOTA-SMALL",
    bad: [
      [
        "          containers:\n            - name: demo\n",
        "          initContainers:\n            - { name: first, resources: { requests: { cpu: 60m } } }\n          containers:\n            - name: demo\n",
      ],
      ...appended(quota("cpu: 200m #!")),
    ],
    good: [
      [
        "          containers:\n            - name: demo\n",
        "          initContainers:\n            - { name: first, resources: { requests: { cpu: 50m } } }\n          containers:\n            - name: demo\n",
      ],
      ...appended(quota("cpu: 200m")),
    ],
    says: "may need 240m",
  },
  {
    rule: "K8S-QUOTA-SMALL",
    bad: appended(
      `${quota('pods: "6" #!')}\n---\n${plain("HorizontalPodAutoscaler", "autoscaling/v2", "demo", "spec: { maxReplicas: 5, scaleTargetRef: { apiVersion: apps/v1, kind: Deployment, name: demo } }")}`,
    ),
    good: appended(
      `${quota('pods: "6"')}\n---\n${plain("HorizontalPodAutoscaler", "autoscaling/v2", "demo", "spec: { maxReplicas: 5, scaleTargetRef: { apiVersion: apps/v1, kind: Deployment, name: other } }")}`,
    ),
    says: "may need 7",
  },
  {
    rule: "K8S-QUOTA-SMALL",
    bad: appended(quota('count/pods: "0" #!')),
    good: appended(quota('pods: "0"', "  scopes: [BestEffort]\n")),
  },
  {
    rule: "K8S-QUOTA-SMALL",
    bad: appended(quota('pods: "0" #!')),
    good: appended(quota('pods: "0"').replace("namespace: demo", "namespace: other")),
  },
  {
    rule: "K8S-QUOTA-NO-REQUEST",
    bad: [...container(" #!", "                requests: { cpu: 50m }\n"), ...appended(quota("requests.memory: 9Gi"))],
    good: [...container("", "                limits: { memory: 64Mi }\n"), ...appended(quota("requests.memory: 9Gi"))],
    says: "container demo says nothing of requests.memory, which ResourceQuota demo/demo counts",
  },
  {
    rule: "K8S-QUOTA-NO-REQUEST",
    bad: [...container(" #!", REQUESTS), ...appended(quota("limits.memory: 9Gi"))],
    good: [...container("", REQUESTS), ...appended(`${quota("limits.memory: 9Gi")}\n---\n${RANGE("max", "memory")}`)],
  },
  {
    rule: "K8S-QUOTA-NO-REQUEST",
    bad: [
      ...container(" #!", "                requests: { cpu: 50m }\n"),
      ...appended(`${quota("memory: 9Gi")}\n---\n${RANGE("max", "cpu")}`),
    ],
    good: [
      ...container("", "                requests: { cpu: 50m }\n"),
      ...appended(`${quota("memory: 9Gi")}\n---\n${RANGE("defaultRequest", "memory")}`),
    ],
  },
  {
    rule: "K8S-QUOTA-NO-REQUEST",
    bad: [...container(" #!", "                requests: { cpu: 50m }\n"), ...appended(quota("memory: 9Gi"))],
    good: [...container("", REQUESTS), ...appended(quota("requests.ephemeral-storage: 9Gi"))],
  },
];
