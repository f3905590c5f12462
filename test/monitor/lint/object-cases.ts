import { appended, plain, type RuleCase } from "./rule-case.ts";

const AUTOSCALER = plain(
  "HorizontalPodAutoscaler",
  "autoscaling/v2",
  "demo",
  "spec: { maxReplicas: 5, scaleTargetRef: { apiVersion: apps/v1, kind: Deployment, name: demo } }",
);
const PREFERENCE = (name: string): string =>
  `apiVersion: scheduling.kubefed.io/v1alpha1\nkind: ReplicaSchedulingPreference\nmetadata:\n  name: ${name}\n  namespace: demo\nspec: { targetKind: FederatedDeployment, totalReplicas: 5 }`;
const DEPLOYMENT_SPEC = "kind: FederatedDeployment\nmetadata:\n  name: demo\n  namespace: demo\nspec:\n";
const BUDGET =
  "apiVersion: types.kubefed.io/v1beta1\nkind: FederatedPodDisruptionBudget #!\nmetadata: { name: demo, namespace: demo }\nspec:\n  placement: { clusters: [{ name: aws }] }\n  template: { spec: { maxUnavailable: 1 } }";
const CONFIG = `apiVersion: core.kubefed.io/v1beta1
kind: FederatedTypeConfig
metadata: { name: poddisruptionbudgets.policy }
spec:
  federatedType: { group: types.kubefed.io, kind: FederatedPodDisruptionBudget, pluralName: federatedpoddisruptionbudgets, scope: Namespaced, version: v1beta1 }
  propagation: Enabled
  targetType: { group: policy, kind: PodDisruptionBudget, pluralName: poddisruptionbudgets, scope: Namespaced, version: v1 }`;
const CRD =
  "apiVersion: apiextensions.k8s.io/v1\nkind: CustomResourceDefinition\nmetadata: { name: x }\nspec: { names: { kind: FederatedPodDisruptionBudget } }";

const QUOTA =
  "apiVersion: types.kubefed.io/v1beta1\nkind: FederatedResourceQuota #!\nmetadata: { name: demo, namespace: demo }\nspec:\n  placement: { clusters: [{ name: aws }] }\n  template: { spec: { hard: { secrets: 9 } } }";

/** Of a kind in the core group, which has no name. */
function coreConfig(kind: string, plural: string): string {
  return `apiVersion: core.kubefed.io/v1beta1
kind: FederatedTypeConfig
metadata: { name: ${plural} }
spec:
  federatedType: { group: types.kubefed.io, kind: Federated${kind}, pluralName: federated${plural}, scope: Namespaced, version: v1beta1 }
  propagation: Enabled
  targetType: { kind: ${kind}, pluralName: ${plural}, scope: Namespaced, version: v1 }`;
}

export const OBJECT_CASES: readonly RuleCase[] = [
  {
    rule: "KF-ANNOTATIONS-STRIPPED",
    bad: [
      [
        "      labels: { app: demo }\n    spec:\n      replicas",
        "      labels: { app: demo }\n      annotations: { a: b } #!\n    spec:\n      replicas",
      ],
    ],
    good: [["          labels: { app: demo }", "          labels: { app: demo }\n          annotations: { a: b }"]],
    says: "a will not reach any member",
  },
  {
    rule: "KF-FINALIZERS-STRIPPED",
    bad: [
      [
        "      labels: { app: demo }\n    spec:\n      replicas",
        "      labels: { app: demo }\n      finalizers: [a/b] #!\n    spec:\n      replicas",
      ],
    ],
    good: [
      [
        "      labels: { app: demo }\n    spec:\n      replicas",
        "      labels: { app: demo }\n      finalizers: []\n    spec:\n      replicas",
      ],
    ],
  },
  {
    rule: "KF-LABEL-NOT-TEXT",
    bad: [["      labels: { app: demo }\n", "      labels:\n        app: demo\n        version: 1.0 #!\n"]],
    good: [["      labels: { app: demo }\n", '      labels:\n        app: demo\n        version: "1.0"\n']],
  },
  {
    rule: "KF-LABEL-MANAGED",
    bad: [["      labels: { app: demo }\n", "      labels:\n        kubefed.io/managed: 'false' #!\n"]],
    good: [["      labels: { app: demo }\n", "      labels:\n        kubefed.io/other: 'false'\n"]],
  },
  {
    rule: "KF-IDENTITY-IGNORED",
    bad: [["    metadata:\n      labels", "    metadata:\n      name: other #!\n      labels"]],
    good: [["    metadata:\n      labels", "    metadata:\n      name: demo\n      namespace: demo\n      labels"]],
    says: '"other" becomes "demo"',
  },
  {
    rule: "KF-ALSO-PLAIN",
    bad: appended(
      "apiVersion: v1\nkind: Service\nmetadata:\n  name: demo #!\n  namespace: demo\nspec: { selector: { app: demo }, ports: [{ port: 80, targetPort: http }] }",
    ),
    good: appended(
      "apiVersion: v1\nkind: Service\nmetadata:\n  name: demo-2\n  namespace: demo\nspec: { selector: { app: demo }, ports: [{ port: 80, targetPort: http }] }",
    ),
  },
  {
    rule: "KF-KIND-NOT-ENABLED",
    bad: appended(BUDGET),
    good: appended(`${BUDGET}\n---\n${CONFIG}`),
  },
  {
    rule: "KF-KIND-NOT-ENABLED",
    bad: appended(`${QUOTA}\n---\n${coreConfig("LimitRange", "limitranges")}`),
    good: appended(`${QUOTA}\n---\n${coreConfig("ResourceQuota", "resourcequotas")}`),
    says: "nothing enables FederatedResourceQuota",
  },
  {
    rule: "KF-KIND-NO-CRD",
    bad: appended(
      CONFIG.replace("  federatedType:", "  # next line\n  federatedType:").replace(
        "version: v1beta1 }",
        "version: v1beta1 } #!",
      ),
    ),
    good: appended(`${CONFIG}\n---\n${CRD}`),
  },
  {
    rule: "KF-CONFIG-NAME",
    bad: appended("apiVersion: core.kubefed.io/v1beta1\nkind: KubeFedConfig\nmetadata:\n  name: config #!\nspec: {}"),
    good: appended("apiVersion: core.kubefed.io/v1beta1\nkind: KubeFedConfig\nmetadata:\n  name: kubefed\nspec: {}"),
  },
  {
    rule: "KF-UNKNOWN-FIELD",
    bad: [["  overrides:\n", "  override: [] #!\n  overrides:\n"]],
    good: [],
    says: "did you mean `overrides`?",
  },
  {
    rule: "KF-UNKNOWN-FIELD",
    bad: [
      [
        "kind: FederatedService\nmetadata:\n  name: demo\n  namespace: demo\nspec:\n",
        "kind: FederatedService\nmetadata:\n  name: demo\n  namespace: demo\nspec:\n  retainReplicas: false #!\n",
      ],
    ],
    good: [[DEPLOYMENT_SPEC, `${DEPLOYMENT_SPEC}  retainReplicas: false\n`]],
  },
  {
    rule: "KF-MISSING-FIELD",
    bad: [["        - path: /spec/replicas\n", "        - op: replace #!\n"]],
    good: [["        - path: /spec/replicas\n", "        - op: replace\n          path: /spec/replicas\n"]],
  },
  {
    rule: "KF-WRONG-TYPE",
    bad: [["    - clusterName: gcp", "    - clusterName: no #!"]],
    good: [["    - clusterName: gcp", '    - clusterName: "gcp"']],
    says: "expected a text, found false",
  },
  {
    rule: "KF-REPLICAS-OVERRIDDEN",
    bad: [["        - path: /spec/replicas\n", "        - path: /spec/replicas #!\n"], ...appended(PREFERENCE("demo"))],
    good: appended(PREFERENCE("other")),
    says: "ReplicaSchedulingPreference demo/demo decides on replicas too (aws)",
  },
  {
    rule: "KF-REPLICAS-OVERRIDDEN",
    bad: [
      ["        - path: /spec/replicas\n", "        - path: /spec/replicas #!\n"],
      [DEPLOYMENT_SPEC, `${DEPLOYMENT_SPEC}  retainReplicas: true\n`],
    ],
    good: [],
  },
  {
    rule: "KF-REPLICAS-FIGHT",
    bad: [[DEPLOYMENT_SPEC, DEPLOYMENT_SPEC.replace("spec:\n", "spec: #!\n")], ...appended(AUTOSCALER)],
    good: [[DEPLOYMENT_SPEC, `${DEPLOYMENT_SPEC}  retainReplicas: true\n`], ...appended(AUTOSCALER)],
  },
  {
    rule: "KF-RETAIN-WITHOUT-AUTOSCALER",
    bad: [[DEPLOYMENT_SPEC, `${DEPLOYMENT_SPEC}  retainReplicas: true #!\n`]],
    good: [[DEPLOYMENT_SPEC, `${DEPLOYMENT_SPEC}  retainReplicas: true\n`], ...appended(AUTOSCALER)],
  },
  {
    rule: "KF-PREFERENCE-NO-TARGET",
    bad: appended(PREFERENCE("other").replace("name: other", "name: other #!")),
    good: appended(PREFERENCE("demo")),
  },
  {
    rule: "K8S-OBJECT-TWICE",
    bad: appended(plain("ConfigMap", "v1", "a", "---\n") + plain("ConfigMap", "v1", "a #!", "")),
    good: appended(plain("ConfigMap", "v1", "a", "---\n") + plain("Secret", "v1", "a", "")),
    says: "ConfigMap demo/a is in line",
  },
  {
    rule: "YAML-BROKEN",
    bad: appended("apiVersion: v1\nkind: ConfigMap\nmetadata: { name: a\ndata: x #!"),
    good: appended("apiVersion: v1\nkind: ConfigMap\nmetadata: { name: a }\ndata: { a: x }"),
  },
  {
    rule: "YAML-KEY-TWICE",
    bad: appended(plain("ConfigMap", "v1", "a", "data:\n  a: x\n  a: y #!")),
    good: appended(plain("ConfigMap", "v1", "a", "data:\n  a: x\n  A: y")),
  },
  {
    rule: "YAML-NOT-AN-OBJECT",
    bad: appended("replicaCount: 3 #!"),
    good: appended("# nothing here"),
  },
];
