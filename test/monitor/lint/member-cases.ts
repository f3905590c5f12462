import { appended, plain, type RuleCase } from "./rule-case.ts";

const LB = (port: string): string =>
  plain(
    "Service",
    "v1",
    "demo-lb",
    `spec:\n  type: LoadBalancer\n  selector: { app: demo }\n  ports:\n    - { port: 80, targetPort: ${port} } #!`,
  );
const STRICT = (rest = ""): string =>
  plain("PeerAuthentication", "security.istio.io/v1", "default", `spec:\n  mtls: { mode: STRICT }\n${rest}`);
const ROUTE = (spec: string): string => plain("VirtualService", "networking.istio.io/v1", "demo", spec);
const RULE = (mode: string): string =>
  plain(
    "DestinationRule",
    "networking.istio.io/v1",
    "demo",
    `spec:\n  host: demo.demo.svc.cluster.local\n  trafficPolicy:\n    tls:\n      mode: ${mode}`,
  );
const GATEWAY = plain(
  "Gateway",
  "networking.istio.io/v1",
  "demo",
  "spec:\n  servers:\n    - { port: { number: 443, name: https, protocol: HTTPS }, hosts: [demo.example.com, a.example.com, b.example.com] }",
);

/** Of a kind that nobody enables: its template is looked into all the same. */
function federated(kind: string, spec: string): string {
  return `apiVersion: types.kubefed.io/v1beta1\nkind: Federated${kind}\nmetadata: { name: demo, namespace: demo }\nspec:\n  placement: { clusters: [{ name: aws }] }\n  template:\n    spec:\n      ${spec}`;
}

export const MEMBER_CASES: readonly RuleCase[] = [
  {
    rule: "K8S-UNKNOWN-FIELD",
    bad: [["      replicas: 2\n", "      replicas: 2\n      minReadySecond: 5 #!\n"]],
    good: [["      replicas: 2\n", "      replicas: 2\n      minReadySeconds: 5\n"]],
    says: "did you mean `minReadySeconds`?",
  },
  {
    rule: "K8S-UNKNOWN-FIELD",
    bad: [
      [
        "        - path: /spec/replicas\n          value: 3\n",
        "        - path: /spec/replicas\n          value: 3\n        - path: /spec/strategy\n          op: add\n          value:\n            typo: Recreate #!\n",
      ],
    ],
    good: [
      [
        "        - path: /spec/replicas\n          value: 3\n",
        "        - path: /spec/replicas\n          value: 3\n        - path: /spec/strategy\n          op: add\n          value:\n            type: Recreate\n",
      ],
    ],
    says: "(aws)",
  },
  {
    rule: "K8S-UNKNOWN-FIELD",
    bad: appended("apiVersion: v1\nkind: Service\nmetadata: { name: a, namespace: demo }\nspec:\n  template: {} #!"),
    good: appended(
      "apiVersion: serving.knative.dev/v1\nkind: Service\nmetadata: { name: a, namespace: demo }\nspec: { template: {} }",
    ),
  },
  {
    rule: "K8S-MISSING-FIELD",
    bad: [["        - name: http\n          port: 80\n", "        - name: http #!\n"]],
    good: [],
    says: "ServicePort needs `port`",
  },
  {
    rule: "K8S-WRONG-TYPE",
    bad: [["              image: demo:1\n", "              image: demo:1\n              args: [1] #!\n"]],
    good: [["              image: demo:1\n", '              image: demo:1\n              args: ["1"]\n']],
    says: "expected a text, found 1",
  },
  {
    rule: "K8S-WRONG-TYPE",
    bad: [["requests: { cpu: 50m, memory: 64Mi }", "requests: { cpu: 50m, memory: 64 Mi } #!"]],
    good: [["requests: { cpu: 50m, memory: 64Mi }", "requests: { cpu: 1, memory: 64e6 }"]],
  },
  {
    rule: "K8S-WRONG-TYPE",
    bad: [
      [
        "      selector: { app: demo }\n      ports",
        "      selector: { app: demo }\n      type: Loadbalancer #!\n      ports",
      ],
    ],
    good: [
      [
        "      selector: { app: demo }\n      ports",
        "      selector: { app: demo }\n      type: NodePort\n      ports",
      ],
    ],
  },
  {
    rule: "K8S-WRONG-TYPE",
    bad: appended(federated("ResourceQuota", "hard:\n        pods: many #!")),
    good: appended(federated("ResourceQuota", 'hard:\n        pods: "9"')),
    says: "expected a quantity such as 100m or 128Mi",
  },
  {
    rule: "K8S-MISSING-FIELD",
    bad: appended(federated("LimitRange", "limits:\n        - default: { cpu: 1 } #!")),
    good: appended(federated("LimitRange", "limits:\n        - { type: Container, default: { cpu: 1 } }")),
    says: "LimitRangeItem needs `type`",
  },
  {
    rule: "K8S-REMOVED-VERSION",
    bad: appended(
      "apiVersion: policy/v1beta1 #!\nkind: PodDisruptionBudget\nmetadata: { name: demo, namespace: demo }",
    ),
    good: appended("apiVersion: policy/v1\nkind: PodDisruptionBudget\nmetadata: { name: demo, namespace: demo }"),
  },
  {
    rule: "K8S-ENV-BOTH",
    bad: [["env/0/value # of gcp\n          value: europe-west1", "env/1/value\n          value: europe-west1 #!"]],
    good: [],
    says: "POD_IP has a value and a valueFrom (gcp)",
  },
  {
    rule: "K8S-ENV-TWICE",
    bad: [
      [
        "                - name: POD_IP\n                  valueFrom",
        "                - name: REGION #!\n                  valueFrom",
      ],
    ],
    good: [],
  },
  {
    rule: "K8S-SELECTOR-LABELS",
    bad: [["        matchLabels:\n          app: demo", "        matchLabels:\n          app: demos #!"]],
    good: [["          labels: { app: demo }", "          labels: { app: demo, version: a }"]],
  },
  {
    rule: "K8S-SERVICE-NO-PODS",
    bad: [["      selector: { app: demo }\n      ports", "      selector: { app: other } #!\n      ports"]],
    good: [["          labels: { app: demo }", "          labels: { app: demo, version: a }"]],
  },
  {
    rule: "K8S-SERVICE-NO-PODS",
    bad: appended(
      "apiVersion: v1\nkind: Service\nmetadata: { name: a, namespace: demo }\nspec:\n  selector: { app: other } #!",
    ),
    good: appended(
      "apiVersion: serving.knative.dev/v1\nkind: Service\nmetadata: { name: a, namespace: demo }\nspec: { selector: { app: other } }",
    ),
  },
  {
    rule: "K8S-SERVICE-NO-PODS",
    bad: appended(
      "apiVersion: v1\nkind: Service\nmetadata: { name: a, namespace: demo }\nspec:\n  selector: { app: demo, tier: x } #!",
    ),
    good: appended(
      "apiVersion: v1\nkind: Service\nmetadata: { name: a, namespace: elsewhere }\nspec: { selector: { app: other } }",
    ),
  },
  {
    rule: "K8S-TARGET-PORT",
    bad: [["          targetPort: http\n", "          targetPort: https #!\n"]],
    good: [["          targetPort: http\n", "          targetPort: 8080\n"]],
  },
  {
    rule: "K8S-PROBE-PORT",
    bad: [["httpGet: { path: /readyz, port: http }", "httpGet: { path: /readyz, port: web } #!"]],
    good: [["httpGet: { path: /readyz, port: http }", "httpGet: { path: /readyz, port: 8080 }"]],
  },
  {
    rule: "K8S-IMAGE-MOVES",
    bad: [
      [
        "            - name: demo\n              image: demo:1",
        "            - name: demo #!\n              image: localhost:5000/demo",
      ],
    ],
    good: [["image: demo:1", "image: localhost:5000/demo@sha256:00"]],
  },
  {
    rule: "K8S-NO-READINESS",
    bad: [
      ["            - name: demo\n", "            - name: demo #!\n"],
      ["              readinessProbe:\n                httpGet: { path: /readyz, port: http }\n", ""],
    ],
    good: [],
  },
  {
    rule: "K8S-PROBES-SAME",
    bad: [
      ["            - name: demo\n", "            - name: demo #!\n"],
      ["path: /healthz", "path: /readyz"],
    ],
    good: [],
  },
  {
    rule: "K8S-NO-REQUESTS",
    bad: [
      ["            - name: demo\n", "            - name: demo #!\n"],
      ["{ cpu: 50m, memory: 64Mi }", "{ cpu: 50m }"],
    ],
    good: [],
    says: "requests no memory",
  },
  {
    rule: "K8S-MAY-BE-ROOT",
    bad: [
      ["            - name: demo\n", "            - name: demo #!\n"],
      ["          securityContext: { runAsNonRoot: true }\n", ""],
    ],
    good: [
      ["          securityContext: { runAsNonRoot: true }\n", ""],
      [
        "              image: demo:1\n",
        "              image: demo:1\n              securityContext: { runAsNonRoot: true }\n",
      ],
    ],
  },
  {
    rule: "K8S-ONE-REPLICA",
    bad: [["          value: 3", "          value: 1 #!"]],
    good: [],
  },
  {
    rule: "ISTIO-LB-STRICT",
    bad: appended(`${LB("8080")}\n---\n${STRICT()}`),
    good: appended(
      `${LB("http")}\n---\n${STRICT("  selector: { matchLabels: { app: demo } }\n  portLevelMtls: { 8080: { mode: PERMISSIVE } }")}`,
    ),
    says: "PeerAuthentication demo/default, which is STRICT",
  },
  {
    rule: "ISTIO-LB-STRICT",
    bad: appended(`${LB("http")}\n---\n${STRICT().replace("namespace: demo", "namespace: istio-system")}`),
    good: appended(`${LB("http")}\n---\n${STRICT().replace("namespace: demo", "namespace: other")}`),
  },
  {
    rule: "ISTIO-TWO-INJECTIONS",
    bad: [
      [
        "  template: { metadata: { labels: { istio-injection: enabled } } }",
        "  template:\n    metadata:\n      labels:\n        istio-injection: enabled\n        istio.io/rev: stable #!",
      ],
    ],
    good: [["labels: { istio-injection: enabled }", "labels: { istio.io/rev: stable }"]],
  },
  {
    rule: "ISTIO-PORT-NO-SELECTOR",
    bad: appended(STRICT("  portLevelMtls: { 8080: { mode: PERMISSIVE } } #!")),
    good: appended(
      STRICT("  selector: { matchLabels: { app: demo } }\n  portLevelMtls: { 8080: { mode: PERMISSIVE } }"),
    ),
  },
  {
    rule: "ISTIO-POLICY-TWICE",
    bad: appended(`${STRICT()}\n---\n${STRICT().replace("name: default", "name: second #!")}`),
    good: appended(
      `${STRICT()}\n---\n${STRICT("  selector: { matchLabels: { app: demo } }").replace("name: default", "name: second")}`,
    ),
  },
  {
    rule: "ISTIO-TLS-AGAINST-STRICT",
    bad: appended(`${STRICT()}\n---\n${RULE("DISABLE #!")}`),
    good: appended(`${STRICT()}\n---\n${RULE("ISTIO_MUTUAL")}`),
  },
  {
    rule: "ISTIO-MUTUAL-EXTRAS",
    bad: appended(RULE("ISTIO_MUTUAL\n      sni: a.example.com #!")),
    good: appended(RULE("SIMPLE\n      sni: a.example.com")),
  },
  {
    rule: "ISTIO-FAULT-NO-PERCENTAGE",
    bad: appended(ROUTE("spec:\n  http:\n    - fault:\n        abort: { httpStatus: 503 } #!")),
    good: appended(
      ROUTE("spec:\n  http:\n    - fault:\n        abort: { httpStatus: 503, percentage: { value: 100 } }"),
    ),
  },
  {
    rule: "ISTIO-RULE-UNREACHED",
    bad: appended(ROUTE("spec:\n  http:\n    - route: []\n    - match: [{ uri: { exact: /healthz } }] #!")),
    good: appended(ROUTE("spec:\n  http:\n    - match: [{ uri: { exact: /healthz } }]\n    - route: []")),
  },
  {
    rule: "ISTIO-HOST-NOT-IN-GATEWAY",
    bad: appended(
      `${GATEWAY}\n---\n${ROUTE("spec:\n  gateways: [demo]\n  hosts:\n    - demo.example.com\n    - c.example.com #!")}`,
    ),
    good: appended(
      `${GATEWAY}\n---\n${ROUTE("spec:\n  gateways: [demo/demo]\n  hosts: [demo.example.com, a.example.com]")}`,
    ),
  },
];
