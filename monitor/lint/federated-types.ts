// KubeFed's own types in the words of `kubernetes-types.ts`. Its CRDs drop unknown fields without a word, so that a misspelt
// `placement` is a missing one.

/**
 * [SRC kubefed:pkg/kubefedctl/enable/validation.go, pkg/apis/core/v1beta1, pkg/apis/scheduling/v1alpha1]. The template is
 * any: the CRDs do not look into it, and what the members get of it is compared with the type of the target.
 */
export const FEDERATED_TYPES = `
FederatedObject = apiVersion!:'types.kubefed.io/v1beta1' kind!:text metadata!:ObjectMeta spec!:FederatedSpec status:any
FederatedScalable = apiVersion!:'types.kubefed.io/v1beta1' kind!:text metadata!:ObjectMeta spec!:ScalableSpec status:any
FederatedSpec = template:any placement:Placement overrides:[ClusterOverrides]
ScalableSpec = template:any placement:Placement overrides:[ClusterOverrides] retainReplicas:flag
Placement = clusters:[ClusterReference] clusterSelector:LabelSelector
ClusterReference = name!:text
ClusterOverrides = clusterName:text clusterOverrides:[ClusterOverride]
ClusterOverride = op:text path!:text value:any
FederatedTypeConfig = apiVersion!:'core.kubefed.io/v1beta1' kind!:text metadata!:ObjectMeta
  spec!:FederatedTypeConfigSpec status:any
FederatedTypeConfigSpec = federatedType!:KubeFedResource propagation!:'Enabled'|'Disabled'
  statusCollection:'Enabled'|'Disabled' statusType:KubeFedResource targetType!:KubeFedResource
KubeFedResource = group:text kind!:text pluralName:text scope!:'Namespaced'|'Cluster' version!:text
ReplicaSchedulingPreference = apiVersion!:'scheduling.kubefed.io/v1alpha1' kind!:text metadata!:ObjectMeta
  spec!:ReplicaSchedulingPreferenceSpec status:any
ReplicaSchedulingPreferenceSpec = clusters:{ClusterPreference} intersectWithClusterSelector:flag rebalance:flag
  targetKind!:text totalReplicas!:number
ClusterPreference = maxReplicas:number minReplicas:number weight:number
`;
