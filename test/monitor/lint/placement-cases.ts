import { appended, type RuleCase } from "./rule-case.ts";

const OF_DEPLOYMENT = `  placement: # of the deployment
    clusters:
      - name: aws
      - name: gcp # of the deployment
`;
const OF_SERVICE = `  placement: # of the service
    clusters:
      - name: aws
      - name: gcp
`;
const JOINED = (labels: string): string =>
  ["aws", "gcp"]
    .map(
      (name) =>
        `apiVersion: core.kubefed.io/v1beta1\nkind: KubeFedCluster\nmetadata: { name: ${name}, labels: ${labels} }`,
    )
    .join("\n---\n");

export const PLACEMENT_CASES: readonly RuleCase[] = [
  {
    rule: "KF-PLACEMENT-MISSING",
    bad: [
      [OF_SERVICE, ""],
      [
        "kind: FederatedService\nmetadata:\n  name: demo\n  namespace: demo\nspec:",
        "kind: FederatedService\nmetadata:\n  name: demo\n  namespace: demo\nspec: #!",
      ],
    ],
    good: [[OF_SERVICE, "  placement: { clusterSelector: {} }\n"]],
    says: "spec.placement is missing",
  },
  {
    rule: "KF-PLACEMENT-MISSING",
    bad: [[OF_SERVICE, "  placement: {} #!\n"]],
    good: [],
    says: "no clusters and no clusterSelector",
  },
  {
    rule: "KF-PLACEMENT-EMPTY",
    bad: [[OF_SERVICE, "  placement:\n    clusters: [] #!\n"]],
    good: [[OF_SERVICE, "  placement:\n    clusters: [{ name: gcp }]\n"]],
  },
  {
    rule: "KF-PLACEMENT-BOTH",
    bad: [[OF_SERVICE, `${OF_SERVICE}    clusterSelector: {} #!\n`]],
    good: [[OF_SERVICE, `${OF_SERVICE}    clusterSelector: null\n`]],
  },
  {
    rule: "KF-PLACEMENT-UNKNOWN-CLUSTER",
    bad: [["      - name: gcp # of the deployment", "      - name: gpc #!"]],
    good: [],
    says: 'did you mean "gcp"?',
  },
  {
    rule: "KF-PLACEMENT-UNKNOWN-CLUSTER",
    bad: [["      - name: gcp # of the deployment", "      - name: azure #!"], ...appended(JOINED("{}"))],
    badTopology: null,
    good: [["      - name: gcp # of the deployment", "      - name: azure"]],
    goodTopology: null,
    says: '"azure" is no known cluster (aws and gcp)',
  },
  {
    rule: "KF-PLACEMENT-OUTSIDE-NAMESPACE",
    bad: [
      [
        "  placement: # of the namespace\n    clusters:\n      - name: aws\n      - name: gcp\n",
        "  placement:\n    clusters:\n      - name: aws\n",
      ],
      ["      - name: gcp # of the deployment", "      - name: gcp #!"],
      [OF_SERVICE, "  placement:\n    clusters:\n      - name: aws\n"],
    ],
    good: [[OF_SERVICE, "  placement:\n    clusters:\n      - name: aws\n"]],
  },
  {
    rule: "KF-SELECTOR-INVALID",
    bad: [
      [
        OF_SERVICE,
        "  placement:\n    clusterSelector: #!\n      matchExpressions: [{ key: a, operator: Equals, values: [b] }]\n",
      ],
    ],
    good: [
      [
        OF_SERVICE,
        "  placement:\n    clusterSelector:\n      matchExpressions: [{ key: a, operator: In, values: [b] }]\n",
      ],
    ],
  },
  {
    rule: "KF-SELECTOR-NONE",
    bad: [
      [OF_SERVICE, "  placement:\n    clusterSelector: { matchLabels: { cloud: azure } } #!\n"],
      ...appended(JOINED("{ cloud: x }")),
    ],
    good: [
      [OF_SERVICE, "  placement:\n    clusterSelector: { matchLabels: { cloud: x } }\n"],
      ...appended(JOINED("{ cloud: x }")),
    ],
  },
  {
    rule: "KF-NO-FEDERATED-NAMESPACE",
    bad: [
      [
        "kind: FederatedService\nmetadata:\n  name: demo\n  namespace: demo",
        "kind: FederatedService\nmetadata:\n  name: demo\n  namespace: other #!",
      ],
    ],
    good: [],
  },
  {
    rule: "KF-NO-FEDERATED-NAMESPACE",
    bad: [
      [
        "kind: FederatedService\nmetadata:\n  name: demo\n  namespace: demo",
        "kind: FederatedService\nmetadata: #!\n  name: demo",
      ],
    ],
    good: appended(
      "apiVersion: types.kubefed.io/v1beta1\nkind: FederatedClusterRole\nmetadata: { name: a }\nspec:\n  placement: { clusters: [{ name: aws }] }",
    ),
    says: "it says no namespace",
  },
  {
    rule: "KF-NAMESPACE-NAME",
    bad: [
      ["kind: FederatedNamespace\nmetadata:\n  name: demo", "kind: FederatedNamespace\nmetadata:\n  name: demos #!"],
    ],
    good: [],
  },
  {
    rule: "KF-SYSTEM-NAMESPACE",
    bad: appended(
      "apiVersion: types.kubefed.io/v1beta1\nkind: FederatedNamespace\nmetadata:\n  name: kube-public #!\n  namespace: kube-public\nspec:\n  placement: { clusters: [{ name: aws }] }",
    ),
    good: appended(
      "apiVersion: types.kubefed.io/v1beta1\nkind: FederatedNamespace\nmetadata:\n  name: public\n  namespace: public\nspec:\n  placement: { clusters: [{ name: aws }] }",
    ),
  },
  {
    rule: "KF-HOST-NAMESPACE-MISSING",
    bad: [
      [
        "apiVersion: v1\nkind: Namespace\nmetadata:\n  name: demo\n---\napiVersion: types.kubefed.io/v1beta1\nkind: FederatedNamespace",
        "apiVersion: types.kubefed.io/v1beta1 #!\nkind: FederatedNamespace",
      ],
    ],
    good: [],
  },
  {
    rule: "KF-HOST-NAMESPACE-LATE",
    bad: [
      ["apiVersion: v1\nkind: Namespace\nmetadata:\n  name: demo\n---\n", ""],
      ...appended("apiVersion: v1 #!\nkind: Namespace\nmetadata:\n  name: demo"),
    ],
    good: appended("apiVersion: v1\nkind: Namespace\nmetadata:\n  name: other"),
    says: "FederatedNamespace demo/demo stands before it, in line 2",
  },
  {
    rule: "KF-LABEL-HOST-ONLY",
    bad: [
      [
        "kind: Namespace\nmetadata:\n  name: demo",
        "kind: Namespace\nmetadata:\n  name: demo\n  labels:\n    pod-security.kubernetes.io/enforce: restricted #!",
      ],
    ],
    good: [
      [
        "kind: Namespace\nmetadata:\n  name: demo",
        "kind: Namespace\nmetadata:\n  name: demo\n  labels:\n    istio-injection: enabled\n    team: a",
      ],
    ],
  },
  {
    rule: "KF-DELETED-WITH-NAMESPACE",
    bad: appended(
      "apiVersion: v1\nkind: Service\nmetadata:\n  name: demo-lb #!\n  namespace: demo\nspec: { type: LoadBalancer, selector: { app: demo }, ports: [{ port: 80, targetPort: 8080 }] }",
    ),
    good: appended(
      "apiVersion: v1\nkind: Service\nmetadata:\n  name: demo-lb\n  namespace: gateway\nspec: { type: LoadBalancer, selector: { app: demo }, ports: [{ port: 80, targetPort: 8080 }] }",
    ),
  },
  {
    rule: "KF-DELETED-WITH-NAMESPACE",
    bad: appended(
      "apiVersion: v1\nkind: Service\nmetadata:\n  name: lb #!\n  namespace: demo\nspec: { type: LoadBalancer, ports: [{ port: 80 }] }",
    ),
    good: appended(
      "apiVersion: v1\nkind: Service\nmetadata:\n  name: inside\n  namespace: demo\nspec: { type: ClusterIP, ports: [{ port: 80 }] }",
    ),
  },
  {
    rule: "KF-OVERRIDE-NOT-PLACED",
    bad: [
      [OF_DEPLOYMENT, "  placement: { clusterSelector: { matchLabels: { cloud: x } } }\n"],
      ["    - clusterName: gcp", "    - clusterName: gcp #!"],
      ...appended(
        JOINED("{ cloud: x }").replace("{ name: gcp, labels: { cloud: x } }", "{ name: gcp, labels: { cloud: y } }"),
      ),
    ],
    good: [
      [OF_DEPLOYMENT, "  placement: { clusterSelector: { matchLabels: { cloud: x } } }\n"],
      ...appended(JOINED("{ cloud: x }")),
    ],
    says: '"gcp" is not in the placement, which is aws',
  },
  {
    rule: "TOPO-CLUSTER-NOT-PLACED",
    bad: [[OF_SERVICE, "  placement: #!\n    clusters: [{ name: gcp }]\n"]],
    good: [[OF_DEPLOYMENT, "  placement: { clusterSelector: {} }\n"]],
    says: '"aws" of the topology',
  },
];
