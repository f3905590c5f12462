// Cases of values that lose against what is in the member, and of the labels that bring Istio's sidecar.
import type { Edit } from "./manifests.ts";
import { appended, plain, type RuleCase } from "./rule-case.ts";

const SELECTOR = "      selector: { app: demo }\n      ports";

function ofService(line: string): readonly Edit[] {
  return [[SELECTOR, `      selector: { app: demo }\n      ${line}\n      ports`]];
}

function ofPort(lines: string): readonly Edit[] {
  return [["          port: 80\n", `          port: 80\n${lines}\n`]];
}

function account(lines: string): readonly Edit[] {
  return appended(
    `apiVersion: types.kubefed.io/v1beta1\nkind: FederatedServiceAccount\nmetadata: { name: demo, namespace: demo }\nspec:\n  placement: { clusters: [{ name: aws }] }\n  template:\n    ${lines}`,
  );
}

const DEPLOYMENT_SPEC = "kind: FederatedDeployment\nmetadata:\n  name: demo\n  namespace: demo\nspec:\n";

function labels(...lines: readonly string[]): readonly Edit[] {
  const block = lines.map((line) => `        ${line}\n`).join("");
  return [
    [
      "  template: { metadata: { labels: { istio-injection: enabled } } }\n",
      `  template:\n    metadata:\n      labels:\n${block}`,
    ],
  ];
}

const RESTRICTED = "pod-security.kubernetes.io/enforce: restricted";
const CNI = (enabled: string): string =>
  plain(
    "IstioOperator",
    "install.istio.io/v1alpha1",
    "istio",
    `spec: { components: { cni: { enabled: ${enabled} } } }`,
  );

export const RETAINED_CASES: readonly RuleCase[] = [
  {
    rule: "KF-SERVICE-RETAINED",
    bad: ofService("clusterIP: 10.0.0.10 #!"),
    good: ofService("clusterIP: None"),
    says: "10.0.0.10 counts where the Service is new",
  },
  {
    rule: "KF-SERVICE-RETAINED",
    bad: ofService("clusterIPs: [10.0.0.10] #!"),
    good: ofService("clusterIPs: [None]"),
  },
  {
    rule: "KF-SERVICE-RETAINED",
    bad: ofService("healthCheckNodePort: 30000 #!"),
    good: ofService("healthCheckNodePort: 0"),
  },
  {
    rule: "KF-SERVICE-RETAINED",
    bad: ofPort("          protocol: TCP\n          nodePort: 30080 #!"),
    good: ofPort("          nodePort: 30080"),
  },
  {
    rule: "KF-SERVICE-RETAINED",
    bad: ofService("clusterIP: 10.0.0.10 #!"),
    good: [
      [
        "kind: FederatedService\nmetadata:\n  name: demo\n  namespace: demo\nspec:\n",
        "kind: FederatedService\nmetadata:\n  name: demo\n  namespace: demo\nspec:\n  overrides: [{ clusterName: aws, clusterOverrides: [{ op: add, path: /spec/clusterIP, value: 10.0.0.10 }] }]\n",
      ],
    ],
  },
  {
    rule: "KF-SERVICE-RETAINED",
    bad: ofService("clusterIP: 10.0.0.10 #!"),
    good: appended(plain("Service", "v1", "other", "spec: { clusterIP: 10.0.0.10, selector: { app: demo } }")),
  },
  { rule: "KF-SECRETS-REPLACED", bad: account("secrets: [{ name: a }] #!"), good: account("secrets: []") },
  {
    rule: "KF-SECRETS-REPLACED",
    bad: account("secrets: [{ name: a }] #!"),
    good: account("imagePullSecrets: [{ name: a }]"),
  },
  {
    rule: "KF-REPLICAS-RETAINED",
    bad: [
      [DEPLOYMENT_SPEC, `${DEPLOYMENT_SPEC}  retainReplicas: true\n`],
      ["      replicas: 2\n", "      replicas: 2 #!\n"],
    ],
    good: [[DEPLOYMENT_SPEC, `${DEPLOYMENT_SPEC}  retainReplicas: false\n`]],
    says: "2 is what a new one begins with",
  },
  {
    rule: "ISTIO-INIT-REFUSED",
    bad: labels("istio-injection: enabled", `${RESTRICTED} #!`),
    good: labels("istio-injection: enabled", "pod-security.kubernetes.io/enforce: privileged"),
    says: "restricted is enforced where sidecars come in",
  },
  {
    rule: "ISTIO-INIT-REFUSED",
    bad: labels("istio.io/rev: stable", "pod-security.kubernetes.io/enforce: baseline #!"),
    good: labels("istio.io/rev: stable", "pod-security.kubernetes.io/warn: baseline"),
  },
  {
    rule: "ISTIO-INIT-REFUSED",
    bad: labels("istio-injection: enabled", `${RESTRICTED} #!`),
    good: labels("istio-injection: disabled", "istio.io/rev: stable", RESTRICTED),
  },
  {
    rule: "ISTIO-INIT-REFUSED",
    bad: labels("istio-injection: enabled", `${RESTRICTED} #!`),
    good: labels("istio.io/dataplane-mode: ambient", "istio-injection: enabled", RESTRICTED),
  },
  {
    rule: "ISTIO-INIT-REFUSED",
    bad: [...labels("istio-injection: enabled", `${RESTRICTED} #!`), ...appended(CNI("false"))],
    good: [...labels("istio-injection: enabled", RESTRICTED), ...appended(CNI("true"))],
  },
];
