// Federated objects and members as values, small enough to be read in a test.
import { expectPropagation, type Propagation } from "../../../monitor/verify/federation.ts";
import { CHART_KINDS } from "../../../monitor/verify/federation-kinds.ts";
import type { Federation, MemberCluster, MemberOutcome } from "../../../monitor/verify/federation-outcome.ts";

export const APP = "multicloud-demo";

export function member(name: string, rest: Partial<MemberCluster> = {}): MemberCluster {
  return { name, labels: {}, ready: true, objects: [], ...rest };
}

export const AWS = "aws-us-east-1";
export const GCP = "gcp-europe-west1";
export const BOTH = [{ name: AWS }, { name: GCP }];

export function federation(rest: Partial<Federation> = {}): Federation {
  return {
    kinds: CHART_KINDS,
    members: [member(AWS), member(GCP)],
    adoption: "adopt",
    host: null,
    recorded: {},
    refusal: () => null,
    ...rest,
  };
}

export function federated(kind: string, spec: unknown, metadata: object = {}): unknown {
  return {
    apiVersion: "types.kubefed.io/v1beta1",
    kind: `Federated${kind}`,
    metadata: { name: APP, namespace: APP, ...metadata },
    spec,
  };
}

export const NAMESPACE = federated("Namespace", { placement: { clusters: BOTH } });

export const POD_TEMPLATE = {
  metadata: { labels: { app: APP } },
  spec: { containers: [{ name: "app", image: "app:1", env: [{ name: "REGION", value: "unset" }] }] },
};

export const DEPLOYMENT_TEMPLATE = {
  metadata: { labels: { app: APP } },
  spec: { replicas: 2, selector: { matchLabels: { app: APP } }, template: POD_TEMPLATE },
};

export function deployment(spec: object = {}): unknown {
  return federated("Deployment", { template: DEPLOYMENT_TEMPLATE, placement: { clusters: BOTH }, ...spec });
}

export function overrideOf(clusterName: string, ...clusterOverrides: readonly object[]): object {
  return { clusterName, clusterOverrides };
}

export const MANAGED = { labels: { "kubefed.io/managed": "true" } };

/** Of the last object, which is the one under test. */
export function propagate(objects: readonly unknown[], world: Federation = federation()): Propagation {
  const last = expectPropagation(objects, world).at(-1);
  if (last === undefined) throw new Error("nothing federated");
  return last;
}

export function statuses({ members }: Propagation): Record<string, string> {
  return Object.fromEntries(members.map(({ cluster, status }) => [cluster, status]));
}

export function outcome({ members }: Propagation, cluster: string): MemberOutcome {
  const found = members.find((one) => one.cluster === cluster);
  if (found === undefined) throw new Error(`nothing happened in ${cluster}`);
  return found;
}
