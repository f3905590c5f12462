// The federated types that KubeFed's chart does not bring: a CRD and a FederatedTypeConfig each, what `kubefedctl enable`
// would make. A file of its own, because kubectl cannot apply an object together with the CRD that defines it, and because
// deleting the service must not delete the types of others.
import { CUSTOM_RESOURCE_SCHEMA } from "./kubefed-schema.ts";
import type { Manifest, RenderedFile } from "./manifest.ts";
import { yamlText } from "./yaml-text.ts";

export const TYPES_FILE = "kubefed-types.yaml";
const KUBEFED_NAMESPACE = "kube-federation-system";

interface TargetType {
  /** "" for the core group. */
  readonly group: string;
  readonly version: string;
  readonly kind: string;
  readonly pluralName: string;
}

const TYPES: readonly TargetType[] = [
  { group: "", version: "v1", kind: "ResourceQuota", pluralName: "resourcequotas" },
  { group: "", version: "v1", kind: "LimitRange", pluralName: "limitranges" },
  { group: "policy", version: "v1", kind: "PodDisruptionBudget", pluralName: "poddisruptionbudgets" },
  { group: "networking.k8s.io", version: "v1", kind: "NetworkPolicy", pluralName: "networkpolicies" },
];

export function renderKubefedTypes(): readonly RenderedFile[] {
  const manifests = TYPES.flatMap((type) => [customResource(type), typeConfig(type)]);
  const intro = `Teaches KubeFed ${TYPES.length} more types. Apply it on the host before kubefed-manifests.yaml, and again when it has changed; KubeFed needs about 20 s to take them up. Every member must serve the target types: policy/v1 exists from Kubernetes 1.21 on.
  kubectl --context HOST apply -f manifests/${TYPES_FILE}
  kubectl --context HOST wait --for=condition=Established crd -l app.kubernetes.io/part-of=multicloud-probe`;
  return [{ path: TYPES_FILE, text: yamlText("kubefed", intro, manifests) }];
}

function customResource({ kind, pluralName }: TargetType): Manifest {
  const plural = `federated${pluralName}`;
  return {
    object: {
      apiVersion: "apiextensions.k8s.io/v1",
      kind: "CustomResourceDefinition",
      metadata: {
        name: `${plural}.types.kubefed.io`,
        labels: { "app.kubernetes.io/part-of": "multicloud-probe" },
      },
      spec: {
        group: "types.kubefed.io",
        names: {
          kind: `Federated${kind}`,
          listKind: `Federated${kind}List`,
          plural,
          singular: `federated${kind.toLowerCase()}`,
        },
        scope: "Namespaced",
        versions: [
          {
            name: "v1beta1",
            served: true,
            storage: true,
            subresources: { status: {} },
            schema: { openAPIV3Schema: CUSTOM_RESOURCE_SCHEMA },
          },
        ],
      },
    },
  };
}

/** Its name must be that of the target's resource, with its group where it has one. */
function typeConfig({ group, version, kind, pluralName }: TargetType): Manifest {
  const federated = { group: "types.kubefed.io", version: "v1beta1", kind: `Federated${kind}` };
  return {
    object: {
      apiVersion: "core.kubefed.io/v1beta1",
      kind: "FederatedTypeConfig",
      metadata: { name: group === "" ? pluralName : `${pluralName}.${group}`, namespace: KUBEFED_NAMESPACE },
      spec: {
        propagation: "Enabled",
        targetType: { ...(group === "" ? {} : { group }), version, kind, pluralName, scope: "Namespaced" },
        federatedType: { ...federated, pluralName: `federated${pluralName}`, scope: "Namespaced" },
      },
    },
  };
}
