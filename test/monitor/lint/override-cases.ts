import { appended, plain, type RuleCase } from "./rule-case.ts";

const OF_AWS = "        - path: /spec/template/spec/containers/0/env/0/value # of aws\n";
const OF_GCP = "        - path: /spec/template/spec/containers/0/env/0/value # of gcp\n          value: europe-west1\n";
const more = (path: string, rest: string): [string, string] => [OF_GCP, `${OF_GCP}        - ${path}\n${rest}`];

export const OVERRIDE_CASES: readonly RuleCase[] = [
  {
    rule: "KF-OVERRIDE-UNKNOWN-CLUSTER",
    bad: [["    - clusterName: gcp", "    - clusterName: gcp-europe #!"]],
    good: [],
    says: "(aws and gcp)",
  },
  {
    rule: "KF-OVERRIDE-NOT-PLACED",
    bad: [
      ["      - name: gcp # of the deployment\n", ""],
      ["    - clusterName: gcp", "    - clusterName: gcp #!"],
    ],
    good: [],
  },
  {
    rule: "KF-OVERRIDE-NOT-PLACED",
    bad: [["    - clusterName: gcp", "    - clusterName: azure #!"]],
    badTopology: null,
    good: [],
    goodTopology: null,
  },
  {
    rule: "KF-OVERRIDE-CLUSTER-TWICE",
    bad: [["    - clusterName: gcp", "    - clusterName: aws #!"]],
    good: [],
  },
  {
    rule: "KF-OVERRIDE-PATH-TWICE",
    bad: [more("path: /spec/template/spec/containers/0/env/0/value #!", "          value: x\n")],
    good: [more("path: /spec/template/spec/containers/0/image", '          value: "demo:1"\n')],
  },
  {
    rule: "KF-OVERRIDE-FORBIDDEN-PATH",
    bad: [more("path: /metadata/name #!", "          value: x\n")],
    good: [more("path: /metadata/labels/app", "          value: demo\n")],
  },
  {
    rule: "KF-OVERRIDE-OP",
    bad: [more("path: /spec/replicas #!", "          op: test\n          value: 2\n")],
    good: [more("path: /spec/replicas", "          op: replace\n          value: 2\n")],
    says: 'op "test" is none of add, remove and replace',
  },
  {
    rule: "KF-OVERRIDE-PATH-FORM",
    bad: [more("path: spec/replicas #!", "          value: 2\n")],
    good: [more("path: /spec/replicas", "          value: 2\n")],
  },
  {
    rule: "KF-OVERRIDE-NO-VALUE",
    bad: [more("path: /spec/replicas #!", "          value: null\n")],
    good: [more("path: /spec/minReadySeconds", "          op: add\n          value: 0\n")],
  },
  {
    rule: "KF-OVERRIDE-ANNOTATIONS",
    bad: [more("path: /metadata/annotations #!", "          op: add\n          value: { a: b }\n")],
    good: [more("path: /spec/template/metadata/annotations", "          op: add\n          value: { a: b }\n")],
  },
  {
    rule: "KF-OVERRIDE-MISSING-KEY",
    bad: [more("path: /spec/replicass #!", "          value: 2\n")],
    good: [more("path: /spec/minReadySeconds", "          op: add\n          value: 5\n")],
    says: "the template has no /spec/replicass",
  },
  {
    rule: "KF-OVERRIDE-FAILS",
    bad: [more("path: /spec/template/spec/containers/0/env/2/value #!", "          value: x\n")],
    good: [
      more(
        "path: /spec/template/spec/containers/0/env/-",
        "          op: add\n          value: { name: A, value: b }\n",
      ),
    ],
  },
  {
    rule: "KF-OVERRIDE-FAILS",
    bad: [more("path: /metadata/annotations/a~1b #!", "          op: add\n          value: x\n")],
    good: [more("path: /metadata/labels/a~1b", "          op: add\n          value: x\n")],
  },
  {
    rule: "KF-REGION-WRONG-VARIABLE",
    bad: [
      [
        "                - name: REGION\n",
        "                - { name: LOG_LEVEL, value: info }\n                - name: REGION\n",
      ],
      [OF_AWS, "        - path: /spec/template/spec/containers/0/env/0/value #!\n"],
      [OF_GCP, "        - path: /spec/template/spec/containers/0/env/0/value #!\n          value: europe-west1\n"],
    ],
    good: [
      [
        "                - name: REGION\n",
        "                - { name: LOG_LEVEL, value: info }\n                - name: REGION\n",
      ],
      [OF_AWS, "        - path: /spec/template/spec/containers/0/env/1/value\n"],
      [
        OF_GCP,
        "        - path: /spec/template/spec/containers/0/env/1/value\n          value: europe-west1\n        - path: /spec/template/spec/containers/0/env/0/value\n          value: debug\n",
      ],
    ],
    says: "it sets LOG_LEVEL=us-east-1 in container demo, not REGION (aws)",
  },
  {
    rule: "KF-REGION-WRONG-VARIABLE",
    bad: [
      [
        OF_GCP,
        "        - path: /spec/template/spec/containers/0/env/1 #!\n          value: { name: REGION, value: anywhere }\n",
      ],
    ],
    badTopology: null,
    good: [
      [
        OF_GCP,
        "        - path: /spec/template/spec/containers/0/env/0\n          value: { name: REGION, value: anywhere }\n",
      ],
    ],
    goodTopology: null,
    says: "it sets POD_IP=anywhere",
  },
  {
    rule: "KF-REGION-WRONG-VARIABLE",
    bad: [[OF_GCP, "        - path: /spec/template/spec/containers/0/env/1/value #!\n          value: europe-west1\n"]],
    good: [["                - name: REGION\n", "                - name: LOG_LEVEL\n"]],
    goodTopology: null,
  },
  {
    rule: "KF-REGION-TWICE",
    bad: [more("path: /spec/template/spec/containers/0/env/0 #!", "          value: { name: REGION, value: x }\n")],
    good: [more("path: /spec/template/spec/containers/0/image", '          value: "demo:1"\n')],
  },
  {
    rule: "KF-REGION-NOT-SET",
    bad: [
      [OF_GCP, "        - { path: /spec/replicas, value: 2 }\n"],
      ["                - name: REGION\n", "                - name: REGION #!\n"],
    ],
    good: [],
    says: "REGION=unset (gcp)",
  },
  {
    rule: "KF-REGION-NOT-SET",
    bad: [
      [OF_GCP, "        - { path: /spec/replicas, value: 2 }\n"],
      ["                - name: REGION\n", "                - name: REGION #!\n"],
    ],
    badTopology: null,
    good: [],
    goodTopology: null,
  },
  {
    rule: "KF-REGION-DEFAULT",
    bad: [["                  value: unset", "                  value: us-east-1 #!"]],
    good: [["                  value: unset", "                  value: nowhere"]],
  },
  {
    rule: "TOPO-REGION-DIFFERS",
    bad: [[OF_GCP, "        - path: /spec/template/spec/containers/0/env/0/value\n          value: europe-west2 #!\n"]],
    good: [],
    says: "it would claim REGION=europe-west2, the topology says europe-west1",
  },
  {
    rule: "TOPO-REGION-DIFFERS",
    bad: [
      [OF_AWS, "        - path: /spec/template/spec/containers/0/image\n"],
      ["          value: us-east-1", '          value: "demo:1"'],
      [OF_GCP, "        - { path: /spec/replicas, value: 2 }\n"],
      [
        "                  value: unset",
        "                  valueFrom: { configMapKeyRef: { name: region, key: REGION } }",
      ],
      ...appended(`apiVersion: types.kubefed.io/v1beta1
kind: FederatedConfigMap
metadata: { name: region, namespace: demo }
spec:
  placement: { clusters: [{ name: aws }, { name: gcp }] }
  template: { data: { REGION: unset } }
  overrides:
    - { clusterName: aws, clusterOverrides: [{ path: /data/REGION, value: us-east-1 }] }
    - clusterName: gcp
      clusterOverrides:
        - path: /data/REGION
          value: us-east-1 #!`),
    ],
    good: [
      [OF_AWS, "        - path: /spec/template/spec/containers/0/image\n"],
      ["          value: us-east-1", '          value: "demo:1"'],
      [OF_GCP, "        - { path: /spec/replicas, value: 2 }\n"],
      [
        "                  value: unset",
        "                  valueFrom: { configMapKeyRef: { name: region, key: REGION } }",
      ],
      ...appended(`apiVersion: types.kubefed.io/v1beta1
kind: FederatedConfigMap
metadata: { name: region, namespace: demo }
spec:
  placement: { clusters: [{ name: aws }, { name: gcp }] }
  template: { data: { REGION: unset } }
  overrides:
    - { clusterName: aws, clusterOverrides: [{ path: /data/REGION, value: us-east-1 }] }
    - { clusterName: gcp, clusterOverrides: [{ path: /data/REGION, value: europe-west1 }] }`),
    ],
  },
  {
    rule: "TOPO-REGION-UNTOLD",
    bad: [
      [OF_AWS, "        - path: /spec/template/spec/containers/0/image\n"],
      ["          value: us-east-1", '          value: "demo:1"'],
      [OF_GCP, "        - { path: /spec/replicas, value: 2 }\n"],
      ["                - name: REGION\n                  value: unset\n", ""],
      ["            - name: demo\n", "            - name: demo #!\n"],
    ],
    good: [],
  },
  {
    rule: "TOPO-REPLICAS-DIFFER",
    bad: [["          value: 3", "          value: 4 #!"]],
    good: [],
    says: "4 replicas, the topology says 3 (aws)",
  },
  {
    rule: "TOPO-REPLICAS-DIFFER",
    bad: [["      replicas: 2", "      replicas: 5 #!"]],
    good: [
      ["      replicas: 2", "      replicas: 5"],
      [
        "kind: FederatedDeployment\nmetadata:\n  name: demo\n  namespace: demo\nspec:\n",
        "kind: FederatedDeployment\nmetadata:\n  name: demo\n  namespace: demo\nspec:\n  retainReplicas: true\n",
      ],
    ],
    says: "(gcp)",
  },
  {
    rule: "TOPO-IMAGE-DIFFERS",
    bad: [["              image: demo:1", "              image: demo:2 #!"]],
    good: [],
  },
  {
    rule: "TOPO-HOST-NOT-SERVED",
    bad: appended(
      plain(
        "Gateway",
        "networking.istio.io/v1",
        "demo",
        "spec:\n  servers: #!\n    - { port: { number: 443, name: https, protocol: HTTPS }, hosts: [demo.example.com, a.example.com] }",
      ),
    ),
    good: appended(
      plain(
        "Gateway",
        "networking.istio.io/v1",
        "demo",
        "spec:\n  servers:\n    - { port: { number: 443, name: https, protocol: HTTPS }, hosts: ['*.example.com'] }",
      ),
    ),
    says: "b.example.com is in no server",
  },
];
