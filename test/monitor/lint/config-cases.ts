// Cases of what containers read from ConfigMaps and Secrets, REGION above all.
import type { Edit } from "./manifests.ts";
import { appended, type RuleCase } from "./rule-case.ts";

const IN_BOTH = "{ clusters: [{ name: aws }, { name: gcp }] }";
const IN_AWS = "{ clusters: [{ name: aws }] }";

/** The Deployment leaves REGION to the ConfigMap `region`. */
const TAKEN_AWAY: readonly Edit[] = [
  ["        - path: /spec/template/spec/containers/0/env/0/value # of aws\n          value: us-east-1\n", ""],
  [
    "        - path: /spec/template/spec/containers/0/env/0/value # of gcp\n          value: europe-west1\n",
    "        - { path: /spec/replicas, value: 2 }\n",
  ],
];

function reads(reference: string): readonly Edit[] {
  return [...TAKEN_AWAY, ["                  value: unset\n", `                  valueFrom:\n${reference}`]];
}

function keyReference(name: string, key: string, more = ""): readonly Edit[] {
  const pad = " ".repeat(22);
  return reads(`                    configMapKeyRef:\n${pad}name: ${name}\n${pad}key: ${key}\n${more}`);
}

const AWS_SET = "    - clusterName: aws\n      clusterOverrides:\n        - { path: /data/REGION, value: us-east-1 }\n";
const GCP_SET =
  "    - clusterName: gcp\n      clusterOverrides:\n        - { path: /data/REGION, value: europe-west1 }\n";

function regionMap(
  name: string,
  placement: string,
  template = "unset",
  overrides = AWS_SET + GCP_SET,
): readonly Edit[] {
  return appended(`apiVersion: types.kubefed.io/v1beta1
kind: FederatedConfigMap
metadata: { name: ${name}, namespace: demo }
spec:
  placement: ${placement}
  template:
    data:
      REGION: ${template}
  overrides:
${overrides}`);
}

const ENV_FROM = "              envFrom:\n                - configMapRef:\n                    ";

function readsAll(reference: string): readonly Edit[] {
  return [
    ...TAKEN_AWAY,
    ["                - name: REGION\n                  value: unset\n", ""],
    ["              image: demo:1\n", `              image: demo:1\n${ENV_FROM}${reference}\n`],
  ];
}

const SECRET = appended(`apiVersion: types.kubefed.io/v1beta1
kind: FederatedSecret
metadata: { name: token, namespace: demo }
spec:
  placement: ${IN_AWS}
  template:
    stringData: { key: x }
    data: { old: eA== }`);

const MAP = appended(
  "apiVersion: v1\nkind: ConfigMap\nmetadata: { name: files, namespace: demo }\ndata: { a: x }\nbinaryData: { b: eA== }",
);

function ofContainer(lines: string): readonly Edit[] {
  return [["              image: demo:1\n", `              image: demo:1\n${lines}\n`]];
}

function ofPod(lines: string): readonly Edit[] {
  const security = "          securityContext: { runAsNonRoot: true }\n";
  return [[security, `${security}${lines}\n`]];
}

/** By kustomize, or by an operator of the cluster. */
function made(kind: string, apiVersion: string, spec: string): readonly Edit[] {
  return appended(`apiVersion: ${apiVersion}\nkind: ${kind}\nmetadata: { name: other, namespace: demo }\n${spec}`);
}

const SECRET_FROM = (name: string, more = ""): string =>
  `              envFrom:\n                - secretRef:\n                    name: ${name}\n${more}`;
const SECRET_VOLUME = (name: string, more = ""): string =>
  `          volumes:\n            - name: v\n              secret:\n                secretName: ${name}\n${more}`;
const MAP_VOLUME = (name: string, key: string): string =>
  `          volumes:\n            - name: v\n              configMap:\n                name: ${name}\n                items:\n                  - path: p\n                    key: ${key}`;
const PROJECTED = (source: string): string =>
  `          volumes:\n            - name: v\n              projected:\n                sources:\n                  - ${source}`;

const OTHER_THAN_ENV: readonly RuleCase[] = [
  {
    rule: "K8S-CONFIG-MISSING",
    bad: [...ofContainer(SECRET_FROM("token #!")), ...SECRET],
    good: [...ofContainer(SECRET_FROM("token #", "                    optional: true")), ...SECRET],
    says: "Secret token is in other clusters, not in this one; its Pods stay in CreateContainerConfigError while Propagation is True (gcp)",
  },
  {
    rule: "K8S-CONFIG-MISSING",
    bad: [...ofContainer(SECRET_FROM("other #!")), ...SECRET],
    good: ofContainer(SECRET_FROM("other")),
    says: "Secret other is not among the sources",
  },
  {
    rule: "K8S-CONFIG-MISSING",
    bad: [
      ...ofContainer(SECRET_FROM("other #!")),
      ...SECRET,
      ...made("ExternalSecret", "external-secrets.io/v1", "spec: { target: { name: another } }"),
    ],
    good: [
      ...ofContainer(SECRET_FROM("other")),
      ...SECRET,
      ...made("ExternalSecret", "external-secrets.io/v1", "spec: {}"),
    ],
  },
  {
    rule: "K8S-CONFIG-MISSING",
    bad: [
      ...ofPod(SECRET_VOLUME("certificate #!")),
      ...SECRET,
      ...made("SealedSecret", "bitnami.com/v1alpha1", "spec: {}"),
    ],
    good: [
      ...ofPod(SECRET_VOLUME("certificate")),
      ...SECRET,
      ...made("Certificate", "cert-manager.io/v1", "spec: { secretName: certificate }"),
    ],
    says: "its Pods stay in ContainerCreating while Propagation is True",
  },
  {
    rule: "K8S-CONFIG-MISSING",
    bad: [...ofPod(SECRET_VOLUME("other #!")), ...SECRET],
    good: [...ofPod(SECRET_VOLUME("other", "                optional: true")), ...SECRET],
  },
  {
    rule: "K8S-CONFIG-MISSING",
    bad: [...ofPod(MAP_VOLUME("files", "c #!")), ...MAP],
    good: [...ofPod(MAP_VOLUME("files", "b")), ...MAP],
    says: "ConfigMap files has no key c",
  },
  {
    rule: "K8S-CONFIG-MISSING",
    bad: [...ofPod(MAP_VOLUME("file #!", "c")), ...MAP],
    good: [
      ...ofPod(MAP_VOLUME("file", "c")),
      ...MAP,
      ...made("Kustomization", "kustomize.config.k8s.io/v1beta1", "configMapGenerator: [{ name: file }]"),
    ],
    says: "perhaps `files` is meant",
  },
  {
    rule: "K8S-CONFIG-MISSING",
    bad: [...ofPod(PROJECTED("configMap: { name: other } #!")), ...MAP],
    good: [...ofPod(PROJECTED("configMap: { name: files, items: [{ key: a, path: a }] }")), ...MAP],
  },
  {
    rule: "K8S-CONFIG-MISSING",
    bad: [...ofPod(PROJECTED("secret: { name: other } #!")), ...SECRET],
    good: [...ofPod(PROJECTED("secret: { name: other, optional: true }")), ...SECRET],
  },
  {
    rule: "K8S-CONFIG-MISSING",
    bad: [...ofPod("          imagePullSecrets:\n            - name: registry #!"), ...SECRET],
    good: ofPod("          imagePullSecrets:\n            - name: registry"),
    says: "the kubelets try without it, which a private registry refuses",
  },
  {
    rule: "K8S-CONFIG-MISSING",
    bad: [
      ...SECRET,
      ...appended(
        "apiVersion: v1\nkind: ServiceAccount\nmetadata: { name: a, namespace: demo }\nimagePullSecrets: [{ name: registry }] #!",
      ),
    ],
    good: [
      ...SECRET,
      ...appended(
        "apiVersion: v1\nkind: ServiceAccount\nmetadata: { name: a, namespace: demo }\nimagePullSecrets: [{ name: token }]",
      ),
    ],
  },
];

export const CONFIG_CASES: readonly RuleCase[] = [
  ...OTHER_THAN_ENV,
  {
    rule: "K8S-CONFIG-MISSING",
    bad: [...keyReference("region", "REGIN #!"), ...regionMap("region", IN_BOTH)],
    good: [...keyReference("region", "REGION"), ...regionMap("region", IN_BOTH)],
    says: "ConfigMap region has no key REGIN, perhaps `REGION` is meant; its Pods stay in CreateContainerConfigError while",
  },
  {
    rule: "K8S-CONFIG-MISSING",
    bad: [...keyReference("region #!", "REGION"), ...regionMap("regions", IN_BOTH)],
    good: keyReference("region", "REGION"),
    says: "ConfigMap region is not among the sources, perhaps `regions` is meant",
  },
  {
    rule: "K8S-CONFIG-MISSING",
    bad: [...keyReference("region #!", "REGION"), ...regionMap("region", IN_AWS, "unset", AWS_SET)],
    good: [
      ...keyReference("region", "REGION", `${" ".repeat(22)}optional: true\n`),
      ...regionMap("region", IN_AWS, "unset", AWS_SET),
    ],
    says: "ConfigMap region is in other clusters, not in this one; its Pods stay in CreateContainerConfigError while Propagation is True (gcp)",
  },
  {
    rule: "K8S-CONFIG-MISSING",
    bad: [...readsAll("name: region #!"), ...regionMap("region", IN_AWS, "unset", AWS_SET)],
    good: [...readsAll("name: region"), ...regionMap("region", IN_BOTH)],
    says: "(gcp)",
  },
  {
    rule: "K8S-CONFIG-MISSING",
    bad: [...readsAll("name: istio-ca-root-crt #!"), ...regionMap("region", IN_BOTH)],
    good: [...readsAll("name: istio-ca-root-cert"), ...regionMap("region", IN_BOTH)],
  },
  {
    rule: "KF-REGION-DEFAULT",
    bad: [...keyReference("region", "REGION"), ...regionMap("region", IN_BOTH, "us-east-1 #!")],
    good: [...keyReference("region", "REGION"), ...regionMap("region", IN_BOTH)],
    says: "the template says REGION=us-east-1, which is a real region",
  },
  {
    rule: "KF-REGION-DEFAULT",
    bad: [...readsAll("name: region"), ...regionMap("region", IN_BOTH, "us-east-1 #!")],
    badTopology: null,
    good: [...readsAll("name: other"), ...regionMap("region", IN_BOTH, "us-east-1")],
    goodTopology: null,
  },
  {
    rule: "KF-REGION-NOT-SET",
    bad: [...keyReference("region", "REGION"), ...regionMap("region", IN_BOTH, "unset #!", AWS_SET)],
    good: [...keyReference("region", "REGION"), ...regionMap("region", IN_BOTH)],
    says: "no override of it, so the service would run with REGION=unset (gcp)",
  },
  {
    rule: "KF-REGION-NOT-SET",
    bad: [...keyReference("region", "REGION"), ...regionMap("region", IN_BOTH, "us-east-1 #!", GCP_SET)],
    good: [...keyReference("region", "REGION"), ...regionMap("region", IN_AWS, "us-east-1", GCP_SET)],
    says: "REGION=us-east-1 (aws)",
  },
  {
    rule: "KF-REGION-NOT-SET",
    bad: [...keyReference("region", "REGION"), ...regionMap("region", IN_BOTH, "us-east-1 #!", GCP_SET)],
    badTopology: null,
    good: [...keyReference("region", "REGION"), ...regionMap("region", IN_BOTH, "us-east-1")],
    goodTopology: null,
  },
  {
    rule: "KF-REGION-TWICE",
    bad: [
      ...keyReference("region", "REGION"),
      ...regionMap(
        "region",
        IN_BOTH,
        "unset",
        `${AWS_SET}${GCP_SET}        - path: /data #!\n          value: { REGION: x }`,
      ),
    ],
    good: [
      ...keyReference("region", "REGION"),
      ...regionMap(
        "region",
        IN_BOTH,
        "unset",
        `${AWS_SET}${GCP_SET}        - { path: /data/OTHER, op: add, value: x }`,
      ),
    ],
    says: "another override of gcp sets REGION already",
  },
];
