// A topology and manifests without a fault, to be broken one edit at a time. "#!" marks the line where a finding is expected.
import { lintSources } from "../../../monitor/lint/lint.ts";
import type { Finding } from "../../../monitor/model/finding.ts";

export type Edit = readonly [from: string, to: string];

export const AT = Date.parse("2026-11-22T12:00:00Z");

export const TOPOLOGY = `
service: { name: demo, host: demo.example.com, image: "demo:1" }
regions:
  - { id: aws, region: us-east-1, cluster: { context: aws, replicas: 3 }, endpoint: { url: "https://a.example.com", addresses: [192.0.2.10] } }
  - { id: gcp, region: europe-west1, cluster: { context: gcp, replicas: 2 }, endpoint: { url: "https://b.example.com", addresses: [192.0.2.20] } }
dns:
  zone: example.com
  policy: { routing: failover, primary: aws, secondary: gcp }
`;

export const MANIFESTS = `
apiVersion: v1
kind: Namespace
metadata:
  name: demo
---
apiVersion: types.kubefed.io/v1beta1
kind: FederatedNamespace
metadata:
  name: demo
  namespace: demo
spec:
  template: { metadata: { labels: { istio-injection: enabled } } }
  placement: # of the namespace
    clusters:
      - name: aws
      - name: gcp
---
apiVersion: types.kubefed.io/v1beta1
kind: FederatedDeployment
metadata:
  name: demo
  namespace: demo
spec:
  placement: # of the deployment
    clusters:
      - name: aws
      - name: gcp # of the deployment
  overrides:
    - clusterName: aws
      clusterOverrides:
        - path: /spec/template/spec/containers/0/env/0/value # of aws
          value: us-east-1
        - path: /spec/replicas
          value: 3
    - clusterName: gcp
      clusterOverrides:
        - path: /spec/template/spec/containers/0/env/0/value # of gcp
          value: europe-west1
  template:
    metadata:
      labels: { app: demo }
    spec:
      replicas: 2
      selector:
        matchLabels:
          app: demo
      template:
        metadata:
          labels: { app: demo }
        spec:
          securityContext: { runAsNonRoot: true }
          containers:
            - name: demo
              image: demo:1
              env:
                - name: REGION
                  value: unset
                - name: POD_IP
                  valueFrom: { fieldRef: { fieldPath: status.podIP } }
              ports:
                - { name: http, containerPort: 8080 }
              readinessProbe:
                httpGet: { path: /readyz, port: http }
              livenessProbe:
                httpGet: { path: /healthz, port: http }
              resources:
                requests: { cpu: 50m, memory: 64Mi }
---
apiVersion: types.kubefed.io/v1beta1
kind: FederatedService
metadata:
  name: demo
  namespace: demo
spec:
  placement: # of the service
    clusters:
      - name: aws
      - name: gcp
  template:
    spec:
      selector: { app: demo }
      ports:
        - name: http
          port: 80
          targetPort: http
`;

export function edited(text: string, edits: readonly Edit[]): string {
  return edits.reduce((before, [from, to]) => {
    if (!before.includes(from)) throw new Error(`nothing to edit: ${from}`);
    return before.replace(from, () => to);
  }, text);
}

/** `topology` null: only the manifests are looked at. */
export function lint(manifests: string, topology: string | null = TOPOLOGY): readonly Finding[] {
  const sources = [
    ...(topology === null ? [] : [{ file: "topology.yaml", text: topology }]),
    { file: "manifests.yaml", text: manifests },
  ];
  return lintSources(sources, { variables: {} }, AT);
}

/** "manifests.yaml:12". */
export function markedLines(texts: Readonly<Record<string, string>>): readonly string[] {
  return Object.entries(texts).flatMap(([file, text]) =>
    text.split("\n").flatMap((line, index) => (line.includes("#!") ? [`${file}:${index + 1}`] : [])),
  );
}
