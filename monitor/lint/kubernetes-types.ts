// The Kubernetes types that lint knows, one a paragraph: fields with their types, required ones with "!". The federation host
// accepts anything in a template, so a misspelt field is first met in the members; a test compares this with kubernetes-models.

/**
 * text, number, flag, port (number or text), quantity (likewise), any, another type's name, [list], {mapping of texts to} and
 * 'word'|'word'. As of kubernetes-models 5.1.0.
 */
export const KUBERNETES_TYPES = `
Affinity = nodeAffinity:NodeAffinity podAffinity:PodAffinity podAntiAffinity:PodAntiAffinity
AggregationRule = clusterRoleSelectors:[LabelSelector]
AppArmorProfile = localhostProfile:text type!:'Localhost'|'RuntimeDefault'|'Unconfined'
CSIVolumeSource = driver!:text fsType:text nodePublishSecretRef:LocalObjectReference readOnly:flag
  volumeAttributes:{text}
Capabilities = add:[text] drop:[text]
ClientIPConfig = timeoutSeconds:number
ClusterRole = aggregationRule:AggregationRule apiVersion!:'rbac.authorization.k8s.io/v1' kind!:'ClusterRole'
  metadata:ObjectMeta rules:[PolicyRule]
ClusterTrustBundleProjection = labelSelector:LabelSelector name:text optional:flag path!:text signerName:text
ConfigMap = apiVersion!:'v1' binaryData:{text} data:{text} immutable:flag kind!:'ConfigMap' metadata:ObjectMeta
ConfigMapEnvSource = name:text optional:flag
ConfigMapKeySelector = key!:text name:text optional:flag
ConfigMapProjection = items:[KeyToPath] name:text optional:flag
ConfigMapVolumeSource = defaultMode:number items:[KeyToPath] name:text optional:flag
Container = args:[text] command:[text] env:[EnvVar] envFrom:[EnvFromSource] image:text
  imagePullPolicy:'Always'|'IfNotPresent'|'Never' lifecycle:Lifecycle livenessProbe:Probe name!:text
  ports:[ContainerPort] readinessProbe:Probe resizePolicy:[ContainerResizePolicy] resources:ResourceRequirements
  restartPolicy:text restartPolicyRules:[ContainerRestartRule] securityContext:SecurityContext startupProbe:Probe
  stdin:flag stdinOnce:flag terminationMessagePath:text terminationMessagePolicy:'FallbackToLogsOnError'|'File'
  tty:flag volumeDevices:[VolumeDevice] volumeMounts:[VolumeMount] workingDir:text
ContainerPort = containerPort!:number hostIP:text hostPort:number name:text protocol:'SCTP'|'TCP'|'UDP'
ContainerResizePolicy = resourceName!:text restartPolicy!:text
ContainerResourceMetricSource = container!:text name!:text target!:MetricTarget
ContainerRestartRule = action!:text exitCodes:ContainerRestartRuleOnExitCodes
ContainerRestartRuleOnExitCodes = operator!:text values:[number]
CrossVersionObjectReference = apiVersion:text kind!:text name!:text
Deployment = apiVersion!:'apps/v1' kind!:'Deployment' metadata:ObjectMeta spec:DeploymentSpec status:any
DeploymentSpec = minReadySeconds:number paused:flag progressDeadlineSeconds:number replicas:number
  revisionHistoryLimit:number selector!:LabelSelector strategy:DeploymentStrategy template!:PodTemplateSpec
DeploymentStrategy = rollingUpdate:RollingUpdateDeployment type:'Recreate'|'RollingUpdate'
DownwardAPIProjection = items:[DownwardAPIVolumeFile]
DownwardAPIVolumeFile = fieldRef:ObjectFieldSelector mode:number path!:text resourceFieldRef:ResourceFieldSelector
DownwardAPIVolumeSource = defaultMode:number items:[DownwardAPIVolumeFile]
EmptyDirVolumeSource = medium:text sizeLimit:quantity
EnvFromSource = configMapRef:ConfigMapEnvSource prefix:text secretRef:SecretEnvSource
EnvVar = name!:text value:text valueFrom:EnvVarSource
EnvVarSource = configMapKeyRef:ConfigMapKeySelector fieldRef:ObjectFieldSelector fileKeyRef:FileKeySelector
  resourceFieldRef:ResourceFieldSelector secretKeyRef:SecretKeySelector
EphemeralContainer = args:[text] command:[text] env:[EnvVar] envFrom:[EnvFromSource] image:text
  imagePullPolicy:'Always'|'IfNotPresent'|'Never' lifecycle:Lifecycle livenessProbe:Probe name!:text
  ports:[ContainerPort] readinessProbe:Probe resizePolicy:[ContainerResizePolicy] resources:ResourceRequirements
  restartPolicy:text restartPolicyRules:[ContainerRestartRule] securityContext:SecurityContext startupProbe:Probe
  stdin:flag stdinOnce:flag targetContainerName:text terminationMessagePath:text
  terminationMessagePolicy:'FallbackToLogsOnError'|'File' tty:flag volumeDevices:[VolumeDevice]
  volumeMounts:[VolumeMount] workingDir:text
ExecAction = command:[text]
ExternalMetricSource = metric!:MetricIdentifier target!:MetricTarget
FileKeySelector = key!:text optional:flag path!:text volumeName!:text
GRPCAction = port!:number service:text
HPAScalingPolicy = periodSeconds!:number type!:text value!:number
HPAScalingRules = policies:[HPAScalingPolicy] selectPolicy:text stabilizationWindowSeconds:number tolerance:quantity
HTTPGetAction = host:text httpHeaders:[HTTPHeader] path:text port!:port scheme:'HTTP'|'HTTPS'
HTTPHeader = name!:text value!:text
HTTPIngressPath = backend!:IngressBackend path:text pathType!:'Exact'|'ImplementationSpecific'|'Prefix'
HTTPIngressRuleValue = paths!:[HTTPIngressPath]
HorizontalPodAutoscaler = apiVersion!:'autoscaling/v2' kind!:'HorizontalPodAutoscaler' metadata:ObjectMeta
  spec!:HorizontalPodAutoscalerSpec status:any
HorizontalPodAutoscalerBehavior = scaleDown:HPAScalingRules scaleUp:HPAScalingRules
HorizontalPodAutoscalerSpec = behavior:HorizontalPodAutoscalerBehavior maxReplicas!:number metrics:[MetricSpec]
  minReplicas:number scaleTargetRef!:CrossVersionObjectReference
HostAlias = hostnames:[text] ip!:text
HostPathVolumeSource = path!:text
  type:''|'BlockDevice'|'CharDevice'|'Directory'|'DirectoryOrCreate'|'File'|'FileOrCreate'|'Socket'
IPBlock = cidr!:text except:[text]
Ingress = apiVersion!:'networking.k8s.io/v1' kind!:'Ingress' metadata:ObjectMeta spec:IngressSpec status:any
IngressBackend = resource:TypedLocalObjectReference service:IngressServiceBackend
IngressRule = host:text http:HTTPIngressRuleValue
IngressServiceBackend = name!:text port:ServiceBackendPort
IngressSpec = defaultBackend:IngressBackend ingressClassName:text rules:[IngressRule] tls:[IngressTLS]
IngressTLS = hosts:[text] secretName:text
Job = apiVersion!:'batch/v1' kind!:'Job' metadata:ObjectMeta spec:JobSpec status:any
JobSpec = activeDeadlineSeconds:number backoffLimit:number backoffLimitPerIndex:number
  completionMode:'Indexed'|'NonIndexed' completions:number managedBy:text manualSelector:flag maxFailedIndexes:number
  parallelism:number podFailurePolicy:any podReplacementPolicy:'Failed'|'TerminatingOrFailed' selector:LabelSelector
  successPolicy:any suspend:flag template!:PodTemplateSpec ttlSecondsAfterFinished:number
KeyToPath = key!:text mode:number path!:text
LabelSelector = matchExpressions:[LabelSelectorRequirement] matchLabels:{text}
LabelSelectorRequirement = key!:text operator!:text values:[text]
Lifecycle = postStart:LifecycleHandler preStop:LifecycleHandler
  stopSignal:'SIGABRT'|'SIGALRM'|'SIGBUS'|'SIGCHLD'|'SIGCLD'|'SIGCONT'|'SIGFPE'|'SIGHUP'|'SIGILL'|'SIGINT'|'SIGIO'|'SIGIOT'|'SIGKILL'|'SIGPIPE'|'SIGPOLL'|'SIGPROF'|'SIGPWR'|'SIGQUIT'|'SIGRTMAX'|'SIGRTMAX-1'|'SIGRTMAX-10'|'SIGRTMAX-11'|'SIGRTMAX-12'|'SIGRTMAX-13'|'SIGRTMAX-14'|'SIGRTMAX-2'|'SIGRTMAX-3'|'SIGRTMAX-4'|'SIGRTMAX-5'|'SIGRTMAX-6'|'SIGRTMAX-7'|'SIGRTMAX-8'|'SIGRTMAX-9'|'SIGRTMIN'|'SIGRTMIN+1'|'SIGRTMIN+10'|'SIGRTMIN+11'|'SIGRTMIN+12'|'SIGRTMIN+13'|'SIGRTMIN+14'|'SIGRTMIN+15'|'SIGRTMIN+2'|'SIGRTMIN+3'|'SIGRTMIN+4'|'SIGRTMIN+5'|'SIGRTMIN+6'|'SIGRTMIN+7'|'SIGRTMIN+8'|'SIGRTMIN+9'|'SIGSEGV'|'SIGSTKFLT'|'SIGSTOP'|'SIGSYS'|'SIGTERM'|'SIGTRAP'|'SIGTSTP'|'SIGTTIN'|'SIGTTOU'|'SIGURG'|'SIGUSR1'|'SIGUSR2'|'SIGVTALRM'|'SIGWINCH'|'SIGXCPU'|'SIGXFSZ'
LifecycleHandler = exec:ExecAction httpGet:HTTPGetAction sleep:SleepAction tcpSocket:TCPSocketAction
LimitRange = apiVersion!:'v1' kind!:'LimitRange' metadata:ObjectMeta spec:LimitRangeSpec
LimitRangeItem = default:{quantity} defaultRequest:{quantity} max:{quantity} maxLimitRequestRatio:{quantity}
  min:{quantity} type!:text
LimitRangeSpec = limits!:[LimitRangeItem]
LocalObjectReference = name:text
MetricIdentifier = name!:text selector:LabelSelector
MetricSpec = containerResource:ContainerResourceMetricSource external:ExternalMetricSource object:ObjectMetricSource
  pods:PodsMetricSource resource:ResourceMetricSource type!:text
MetricTarget = averageUtilization:number averageValue:quantity type!:text value:quantity
Namespace = apiVersion!:'v1' kind!:'Namespace' metadata:ObjectMeta spec:NamespaceSpec status:any
NamespaceSpec = finalizers:[text]
NetworkPolicy = apiVersion!:'networking.k8s.io/v1' kind!:'NetworkPolicy' metadata:ObjectMeta spec:NetworkPolicySpec
NetworkPolicyEgressRule = ports:[NetworkPolicyPort] to:[NetworkPolicyPeer]
NetworkPolicyIngressRule = from:[NetworkPolicyPeer] ports:[NetworkPolicyPort]
NetworkPolicyPeer = ipBlock:IPBlock namespaceSelector:LabelSelector podSelector:LabelSelector
NetworkPolicyPort = endPort:number port:port protocol:'SCTP'|'TCP'|'UDP'
NetworkPolicySpec = egress:[NetworkPolicyEgressRule] ingress:[NetworkPolicyIngressRule] podSelector:LabelSelector
  policyTypes:['Egress'|'Ingress']
NodeAffinity = preferredDuringSchedulingIgnoredDuringExecution:[PreferredSchedulingTerm]
  requiredDuringSchedulingIgnoredDuringExecution:NodeSelector
NodeSelector = nodeSelectorTerms!:[NodeSelectorTerm]
NodeSelectorRequirement = key!:text operator!:'DoesNotExist'|'Exists'|'Gt'|'In'|'Lt'|'NotIn' values:[text]
NodeSelectorTerm = matchExpressions:[NodeSelectorRequirement] matchFields:[NodeSelectorRequirement]
ObjectFieldSelector = apiVersion:text fieldPath!:text
ObjectMeta = annotations:{text} creationTimestamp:text deletionGracePeriodSeconds:number deletionTimestamp:text
  finalizers:[text] generateName:text generation:number labels:{text} managedFields:[any] name:text namespace:text
  ownerReferences:[OwnerReference] resourceVersion:text selfLink:text uid:text
ObjectMetricSource = describedObject!:CrossVersionObjectReference metric!:MetricIdentifier target!:MetricTarget
ObjectReference = apiVersion:text fieldPath:text kind:text name:text namespace:text resourceVersion:text uid:text
OwnerReference = apiVersion!:text blockOwnerDeletion:flag controller:flag kind!:text name!:text uid!:text
PersistentVolumeClaimVolumeSource = claimName!:text readOnly:flag
PodAffinity = preferredDuringSchedulingIgnoredDuringExecution:[WeightedPodAffinityTerm]
  requiredDuringSchedulingIgnoredDuringExecution:[PodAffinityTerm]
PodAffinityTerm = labelSelector:LabelSelector matchLabelKeys:[text] mismatchLabelKeys:[text]
  namespaceSelector:LabelSelector namespaces:[text] topologyKey!:text
PodAntiAffinity = preferredDuringSchedulingIgnoredDuringExecution:[WeightedPodAffinityTerm]
  requiredDuringSchedulingIgnoredDuringExecution:[PodAffinityTerm]
PodCertificateProjection = certificateChainPath:text credentialBundlePath:text keyPath:text keyType!:text
  maxExpirationSeconds:number signerName!:text userAnnotations:{text}
PodDNSConfig = nameservers:[text] options:[PodDNSConfigOption] searches:[text]
PodDNSConfigOption = name:text value:text
PodDisruptionBudget = apiVersion!:'policy/v1' kind!:'PodDisruptionBudget' metadata:ObjectMeta
  spec:PodDisruptionBudgetSpec status:any
PodDisruptionBudgetSpec = maxUnavailable:port minAvailable:port selector:LabelSelector
  unhealthyPodEvictionPolicy:'AlwaysAllow'|'IfHealthyBudget'
PodOS = name!:text
PodReadinessGate = conditionType!:text
PodSchedulingGate = name!:text
PodSchedulingGroup = podGroupName:text
PodSecurityContext = appArmorProfile:AppArmorProfile fsGroup:number fsGroupChangePolicy:'Always'|'OnRootMismatch'
  runAsGroup:number runAsNonRoot:flag runAsUser:number seLinuxChangePolicy:text seLinuxOptions:SELinuxOptions
  seccompProfile:SeccompProfile supplementalGroups:[number] supplementalGroupsPolicy:'Merge'|'Strict' sysctls:[Sysctl]
  windowsOptions:any
PodSpec = activeDeadlineSeconds:number affinity:Affinity automountServiceAccountToken:flag containers!:[Container]
  dnsConfig:PodDNSConfig dnsPolicy:'ClusterFirst'|'ClusterFirstWithHostNet'|'Default'|'None' enableServiceLinks:flag
  ephemeralContainers:[EphemeralContainer] hostAliases:[HostAlias] hostIPC:flag hostNetwork:flag hostPID:flag
  hostUsers:flag hostname:text hostnameOverride:text imagePullSecrets:[LocalObjectReference]
  initContainers:[Container] nodeName:text nodeSelector:{text} os:PodOS overhead:{quantity}
  preemptionPolicy:'Never'|'PreemptLowerPriority' priority:number priorityClassName:text
  readinessGates:[PodReadinessGate] resourceClaims:[any] resources:ResourceRequirements
  restartPolicy:'Always'|'Never'|'OnFailure' runtimeClassName:text schedulerName:text
  schedulingGates:[PodSchedulingGate] schedulingGroup:PodSchedulingGroup securityContext:PodSecurityContext
  serviceAccount:text serviceAccountName:text setHostnameAsFQDN:flag shareProcessNamespace:flag subdomain:text
  terminationGracePeriodSeconds:number tolerations:[Toleration] topologySpreadConstraints:[TopologySpreadConstraint]
  volumes:[Volume]
PodTemplateSpec = metadata:ObjectMeta spec:PodSpec
PodsMetricSource = metric!:MetricIdentifier target!:MetricTarget
PolicyRule = apiGroups:[text] nonResourceURLs:[text] resourceNames:[text] resources:[text] verbs!:[text]
PreferredSchedulingTerm = preference!:NodeSelectorTerm weight!:number
Probe = exec:ExecAction failureThreshold:number grpc:GRPCAction httpGet:HTTPGetAction initialDelaySeconds:number
  periodSeconds:number successThreshold:number tcpSocket:TCPSocketAction terminationGracePeriodSeconds:number
  timeoutSeconds:number
ProjectedVolumeSource = defaultMode:number sources:[VolumeProjection]
ReplicaSet = apiVersion!:'apps/v1' kind!:'ReplicaSet' metadata:ObjectMeta spec:ReplicaSetSpec status:any
ReplicaSetSpec = minReadySeconds:number replicas:number selector!:LabelSelector template:PodTemplateSpec
ResourceClaim = name!:text request:text
ResourceFieldSelector = containerName:text divisor:quantity resource!:text
ResourceMetricSource = name!:text target!:MetricTarget
ResourceQuota = apiVersion!:'v1' kind!:'ResourceQuota' metadata:ObjectMeta spec:ResourceQuotaSpec status:any
ResourceQuotaSpec = hard:{quantity} scopeSelector:ScopeSelector
  scopes:['BestEffort'|'CrossNamespacePodAffinity'|'NotBestEffort'|'NotTerminating'|'PriorityClass'|'Terminating'|'VolumeAttributesClass']
ResourceRequirements = claims:[ResourceClaim] limits:{quantity} requests:{quantity}
RollingUpdateDeployment = maxSurge:port maxUnavailable:port
SELinuxOptions = level:text role:text type:text user:text
ScopeSelector = matchExpressions:[ScopedResourceSelectorRequirement]
ScopedResourceSelectorRequirement = operator!:'DoesNotExist'|'Exists'|'In'|'NotIn'
  scopeName!:'BestEffort'|'CrossNamespacePodAffinity'|'NotBestEffort'|'NotTerminating'|'PriorityClass'|'Terminating'|'VolumeAttributesClass'
  values:[text]
SeccompProfile = localhostProfile:text type!:'Localhost'|'RuntimeDefault'|'Unconfined'
Secret = apiVersion!:'v1' data:{text} immutable:flag kind!:'Secret' metadata:ObjectMeta stringData:{text} type:text
SecretEnvSource = name:text optional:flag
SecretKeySelector = key!:text name:text optional:flag
SecretProjection = items:[KeyToPath] name:text optional:flag
SecretVolumeSource = defaultMode:number items:[KeyToPath] optional:flag secretName:text
SecurityContext = allowPrivilegeEscalation:flag appArmorProfile:AppArmorProfile capabilities:Capabilities
  privileged:flag procMount:'Default'|'Unmasked' readOnlyRootFilesystem:flag runAsGroup:number runAsNonRoot:flag
  runAsUser:number seLinuxOptions:SELinuxOptions seccompProfile:SeccompProfile windowsOptions:any
Service = apiVersion!:'v1' kind!:'Service' metadata:ObjectMeta spec:ServiceSpec status:any
ServiceAccount = apiVersion!:'v1' automountServiceAccountToken:flag imagePullSecrets:[LocalObjectReference]
  kind!:'ServiceAccount' metadata:ObjectMeta secrets:[ObjectReference]
ServiceAccountTokenProjection = audience:text expirationSeconds:number path!:text
ServiceBackendPort = name:text number:number
ServicePort = appProtocol:text name:text nodePort:number port!:number protocol:'SCTP'|'TCP'|'UDP' targetPort:port
ServiceSpec = allocateLoadBalancerNodePorts:flag clusterIP:text clusterIPs:[text] externalIPs:[text] externalName:text
  externalTrafficPolicy:'Cluster'|'Local' healthCheckNodePort:number internalTrafficPolicy:'Cluster'|'Local'
  ipFamilies:[''|'IPv4'|'IPv6'] ipFamilyPolicy:'PreferDualStack'|'RequireDualStack'|'SingleStack'
  loadBalancerClass:text loadBalancerIP:text loadBalancerSourceRanges:[text] ports:[ServicePort]
  publishNotReadyAddresses:flag selector:{text} sessionAffinity:'ClientIP'|'None'
  sessionAffinityConfig:SessionAffinityConfig trafficDistribution:text
  type:'ClusterIP'|'ExternalName'|'LoadBalancer'|'NodePort'
SessionAffinityConfig = clientIP:ClientIPConfig
SleepAction = seconds!:number
Sysctl = name!:text value!:text
TCPSocketAction = host:text port!:port
Toleration = effect:'NoExecute'|'NoSchedule'|'PreferNoSchedule' key:text operator:'Equal'|'Exists'|'Gt'|'Lt'
  tolerationSeconds:number value:text
TopologySpreadConstraint = labelSelector:LabelSelector matchLabelKeys:[text] maxSkew!:number minDomains:number
  nodeAffinityPolicy:'Honor'|'Ignore' nodeTaintsPolicy:'Honor'|'Ignore' topologyKey!:text
  whenUnsatisfiable!:'DoNotSchedule'|'ScheduleAnyway'
TypedLocalObjectReference = apiGroup:text kind!:text name!:text
Volume = awsElasticBlockStore:any azureDisk:any azureFile:any cephfs:any cinder:any configMap:ConfigMapVolumeSource
  csi:CSIVolumeSource downwardAPI:DownwardAPIVolumeSource emptyDir:EmptyDirVolumeSource ephemeral:any fc:any
  flexVolume:any flocker:any gcePersistentDisk:any gitRepo:any glusterfs:any hostPath:HostPathVolumeSource image:any
  iscsi:any name!:text nfs:any persistentVolumeClaim:PersistentVolumeClaimVolumeSource photonPersistentDisk:any
  portworxVolume:any projected:ProjectedVolumeSource quobyte:any rbd:any scaleIO:any secret:SecretVolumeSource
  storageos:any vsphereVolume:any
VolumeDevice = devicePath!:text name!:text
VolumeMount = mountPath!:text mountPropagation:'Bidirectional'|'HostToContainer'|'None' name!:text readOnly:flag
  recursiveReadOnly:text subPath:text subPathExpr:text
VolumeProjection = clusterTrustBundle:ClusterTrustBundleProjection configMap:ConfigMapProjection
  downwardAPI:DownwardAPIProjection podCertificate:PodCertificateProjection secret:SecretProjection
  serviceAccountToken:ServiceAccountTokenProjection
WeightedPodAffinityTerm = podAffinityTerm!:PodAffinityTerm weight!:number
`;
