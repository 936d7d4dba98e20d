/**
 * What typed writers do not tell of fields, kept as texts: the values that a field may have, and
 * what it is taken for when it is left out. A line of values, or of one in JSON, stands above the
 * fields it is about; `[]` means the elements of a list, `{}` the values of a map.
 */

const EXTENSIONS = "apiextensions-apiserver.pkg.apis.apiextensions.v1";

/** Separated by bars; a line that ends in one goes on. */
const VALUES = `
Localhost|RuntimeDefault|Unconfined
- api.core.v1.AppArmorProfile.type api.core.v1.SeccompProfile.type
None|ReadOnly|ReadWrite
- api.core.v1.AzureDiskVolumeSource.cachingMode
Dedicated|Managed|Shared
- api.core.v1.AzureDiskVolumeSource.kind
Always|IfNotPresent|Never
- api.core.v1.Container.imagePullPolicy api.core.v1.EphemeralContainer.imagePullPolicy
- api.core.v1.ImageVolumeSource.pullPolicy
FallbackToLogsOnError|File
- api.core.v1.Container.terminationMessagePolicy
- api.core.v1.EphemeralContainer.terminationMessagePolicy
SCTP|TCP|UDP
- api.core.v1.ContainerPort.protocol api.core.v1.EndpointPort.protocol
- api.core.v1.PortStatus.protocol api.core.v1.ServicePort.protocol
- api.discovery.v1.EndpointPort.protocol api.networking.v1.IngressPortStatus.protocol
- api.networking.v1.NetworkPolicyPort.protocol
SIGABRT|SIGALRM|SIGBUS|SIGCHLD|SIGCLD|SIGCONT|SIGFPE|SIGHUP|SIGILL|SIGINT|SIGIO|SIGIOT|SIGKILL|
SIGPIPE|SIGPOLL|SIGPROF|SIGPWR|SIGQUIT|SIGRTMAX|SIGRTMAX-1|SIGRTMAX-10|SIGRTMAX-11|SIGRTMAX-12|
SIGRTMAX-13|SIGRTMAX-14|SIGRTMAX-2|SIGRTMAX-3|SIGRTMAX-4|SIGRTMAX-5|SIGRTMAX-6|SIGRTMAX-7|
SIGRTMAX-8|SIGRTMAX-9|SIGRTMIN|SIGRTMIN+1|SIGRTMIN+10|SIGRTMIN+11|SIGRTMIN+12|SIGRTMIN+13|
SIGRTMIN+14|SIGRTMIN+15|SIGRTMIN+2|SIGRTMIN+3|SIGRTMIN+4|SIGRTMIN+5|SIGRTMIN+6|SIGRTMIN+7|
SIGRTMIN+8|SIGRTMIN+9|SIGSEGV|SIGSTKFLT|SIGSTOP|SIGSYS|SIGTERM|SIGTRAP|SIGTSTP|SIGTTIN|SIGTTOU|
SIGURG|SIGUSR1|SIGUSR2|SIGVTALRM|SIGWINCH|SIGXCPU|SIGXFSZ
- api.core.v1.ContainerStatus.stopSignal api.core.v1.Lifecycle.stopSignal
HTTP|HTTPS
- api.core.v1.HTTPGetAction.scheme
""|BlockDevice|CharDevice|Directory|DirectoryOrCreate|File|FileOrCreate|Socket
- api.core.v1.HostPathVolumeSource.type
InProgress|Infeasible|Pending
- api.core.v1.ModifyVolumeStatus.status
Active|Terminating
- api.core.v1.NamespaceStatus.phase
DoesNotExist|Exists|Gt|In|Lt|NotIn
- api.core.v1.NodeSelectorRequirement.operator
Pending|Running|Terminated
- api.core.v1.NodeStatus.phase
ReadOnlyMany|ReadWriteMany|ReadWriteOnce|ReadWriteOncePod
- api.core.v1.PersistentVolumeClaimSpec.accessModes[]
- api.core.v1.PersistentVolumeClaimStatus.accessModes[]
- api.core.v1.PersistentVolumeSpec.accessModes[]
Block|Filesystem
- api.core.v1.PersistentVolumeClaimSpec.volumeMode api.core.v1.PersistentVolumeSpec.volumeMode
ControllerResizeInProgress|ControllerResizeInfeasible|NodeResizeInProgress|NodeResizeInfeasible|
NodeResizePending
- api.core.v1.PersistentVolumeClaimStatus.allocatedResourceStatuses{}
Bound|Lost|Pending
- api.core.v1.PersistentVolumeClaimStatus.phase
Delete|Recycle|Retain
- api.core.v1.PersistentVolumeSpec.persistentVolumeReclaimPolicy
- api.storage.v1.StorageClass.reclaimPolicy
Available|Bound|Failed|Pending|Released
- api.core.v1.PersistentVolumeStatus.phase
Always|OnRootMismatch
- api.core.v1.PodSecurityContext.fsGroupChangePolicy
Merge|Strict
- api.core.v1.PodSecurityContext.supplementalGroupsPolicy
ClusterFirst|ClusterFirstWithHostNet|Default|None
- api.core.v1.PodSpec.dnsPolicy
Never|PreemptLowerPriority
- api.core.v1.PodSpec.preemptionPolicy api.scheduling.v1.PriorityClass.preemptionPolicy
Always|Never|OnFailure
- api.core.v1.PodSpec.restartPolicy
Failed|Pending|Running|Succeeded|Unknown
- api.core.v1.PodStatus.phase
BestEffort|Burstable|Guaranteed
- api.core.v1.PodStatus.qosClass
BestEffort|CrossNamespacePodAffinity|NotBestEffort|NotTerminating|PriorityClass|Terminating|
VolumeAttributesClass
- api.core.v1.ResourceQuotaSpec.scopes[] api.core.v1.ScopedResourceSelectorRequirement.scopeName
DoesNotExist|Exists|In|NotIn
- api.core.v1.ScopedResourceSelectorRequirement.operator
Default|Unmasked
- api.core.v1.SecurityContext.procMount
Cluster|Local
- api.core.v1.ServiceSpec.externalTrafficPolicy api.core.v1.ServiceSpec.internalTrafficPolicy
""|IPv4|IPv6
- api.core.v1.ServiceSpec.ipFamilies[]
PreferDualStack|RequireDualStack|SingleStack
- api.core.v1.ServiceSpec.ipFamilyPolicy
ClientIP|None
- api.core.v1.ServiceSpec.sessionAffinity
ClusterIP|ExternalName|LoadBalancer|NodePort
- api.core.v1.ServiceSpec.type
NoExecute|NoSchedule|PreferNoSchedule
- api.core.v1.Taint.effect api.core.v1.Toleration.effect
Equal|Exists|Gt|Lt
- api.core.v1.Toleration.operator
Honor|Ignore
- api.core.v1.TopologySpreadConstraint.nodeAffinityPolicy
- api.core.v1.TopologySpreadConstraint.nodeTaintsPolicy
DoNotSchedule|ScheduleAnyway
- api.core.v1.TopologySpreadConstraint.whenUnsatisfiable
Bidirectional|HostToContainer|None
- api.core.v1.VolumeMount.mountPropagation
Equivalent|Exact
- api.admissionregistration.v1.MatchResources.matchPolicy
- api.admissionregistration.v1.MutatingWebhook.matchPolicy
- api.admissionregistration.v1.ValidatingWebhook.matchPolicy
Fail|Ignore
- api.admissionregistration.v1.MutatingAdmissionPolicySpec.failurePolicy
- api.admissionregistration.v1.MutatingWebhook.failurePolicy
- api.admissionregistration.v1.ValidatingAdmissionPolicySpec.failurePolicy
- api.admissionregistration.v1.ValidatingWebhook.failurePolicy
IfNeeded|Never
- api.admissionregistration.v1.MutatingAdmissionPolicySpec.reinvocationPolicy
- api.admissionregistration.v1.MutatingWebhook.reinvocationPolicy
None|NoneOnDryRun|Some|Unknown
- api.admissionregistration.v1.MutatingWebhook.sideEffects
- api.admissionregistration.v1.ValidatingWebhook.sideEffects
ApplyConfiguration|JSONPatch
- api.admissionregistration.v1.Mutation.patchType
*|CONNECT|CREATE|DELETE|UPDATE
- api.admissionregistration.v1.NamedRuleWithOperations.operations[]
- api.admissionregistration.v1.RuleWithOperations.operations[]
*|Cluster|Namespaced
- api.admissionregistration.v1.NamedRuleWithOperations.scope
- api.admissionregistration.v1.RuleWithOperations.scope
Audit|Deny|Warn
- api.admissionregistration.v1.ValidatingAdmissionPolicyBindingSpec.validationActions[]
FieldValueDuplicate|FieldValueForbidden|FieldValueInvalid|FieldValueRequired
- apiextensions-apiserver.pkg.apis.apiextensions.v1.ValidationRule.reason
OnDelete|RollingUpdate
- api.apps.v1.DaemonSetUpdateStrategy.type api.apps.v1.StatefulSetUpdateStrategy.type
Recreate|RollingUpdate
- api.apps.v1.DeploymentStrategy.type
OrderedReady|Parallel
- api.apps.v1.StatefulSetSpec.podManagementPolicy
Allow|Forbid|Replace
- api.batch.v1.CronJobSpec.concurrencyPolicy
Indexed|NonIndexed
- api.batch.v1.JobSpec.completionMode
Failed|TerminatingOrFailed
- api.batch.v1.JobSpec.podReplacementPolicy
In|NotIn
- api.batch.v1.PodFailurePolicyOnExitCodesRequirement.operator
Count|FailIndex|FailJob|Ignore
- api.batch.v1.PodFailurePolicyRule.action
any|cert sign|client auth|code signing|content commitment|crl sign|data encipherment|
decipher only|digital signature|email protection|encipher only|ipsec end system|ipsec tunnel|
ipsec user|key agreement|key encipherment|microsoft sgc|netscape sgc|ocsp signing|s/mime|
server auth|signing|timestamping
- api.certificates.v1.CertificateSigningRequestSpec.usages[]
FQDN|IPv4|IPv6
- api.discovery.v1.EndpointSlice.addressType
Exact|ImplementationSpecific|Prefix
- api.networking.v1.HTTPIngressPath.pathType
Egress|Ingress
- api.networking.v1.NetworkPolicySpec.policyTypes[]
AlwaysAllow|IfHealthyBudget
- api.policy.v1.PodDisruptionBudgetSpec.unhealthyPodEvictionPolicy
FromClaim|FromClass
- api.resource.v1.DeviceAllocationConfiguration.source
All|ExactCount
- api.resource.v1.DeviceSubRequest.allocationMode
- api.resource.v1.ExactDeviceRequest.allocationMode
NoExecute|NoSchedule|None
- api.resource.v1.DeviceTaint.effect api.resource.v1.DeviceToleration.effect
Equal|Exists
- api.resource.v1.DeviceToleration.operator
Immediate|WaitForFirstConsumer
- api.storage.v1.StorageClass.volumeBindingMode
`;

/** Where it is not the rule: a field that is always there is taken for its zero. */
const DEFAULTS = `
0
- api.autoscaling.v1.ScaleSpec.replicas api.core.v1.ReplicationControllerSpec.minReadySeconds
1
- api.core.v1.ReplicationControllerSpec.replicas
"ReadWrite"
- api.core.v1.AzureDiskVolumeSource.cachingMode
"ext4"
- api.core.v1.AzureDiskVolumeSource.fsType
"Shared"
- api.core.v1.AzureDiskVolumeSource.kind
false
- api.core.v1.AzureDiskVolumeSource.readOnly api.core.v1.FileKeySelector.optional
""
- api.core.v1.ConfigMapEnvSource.name api.core.v1.ConfigMapKeySelector.name
- api.core.v1.ConfigMapProjection.name api.core.v1.ConfigMapVolumeSource.name
- api.core.v1.GRPCAction.service api.core.v1.SecretEnvSource.name
- api.core.v1.SecretKeySelector.name api.core.v1.SecretProjection.name
none
- api.core.v1.ContainerRestartRule.action api.core.v1.ContainerRestartRuleOnExitCodes.operator
- api.core.v1.ImageVolumeStatus.imageRef api.core.v1.PodCertificateProjection.keyType
- api.core.v1.PodCertificateProjection.signerName
- api.core.v1.ScaleIOPersistentVolumeSource.secretRef api.core.v1.ScaleIOVolumeSource.secretRef
- api.admissionregistration.v1.MutatingWebhook.sideEffects
- api.admissionregistration.v1.ValidatingAdmissionPolicyBindingSpec.policyName
- api.admissionregistration.v1.ValidatingWebhook.sideEffects api.apps.v1.DaemonSetSpec.selector
- api.apps.v1.DeploymentSpec.selector api.apps.v1.ReplicaSetSpec.selector
- api.apps.v1.StatefulSetSpec.selector api.authentication.v1.TokenReviewSpec.token
- api.networking.v1.HTTPIngressPath.pathType api.networking.v1.IPAddressSpec.parentRef
- api.networking.v1.ParentReference.name api.networking.v1.ParentReference.resource
{}
- api.core.v1.EphemeralContainer.resources
- apiextensions-apiserver.pkg.apis.apiextensions.v1.CustomResourceDefinitionStatus.acceptedNames
"default"
- api.core.v1.ISCSIPersistentVolumeSource.iscsiInterface
- api.core.v1.ISCSIVolumeSource.iscsiInterface
"/etc/ceph/keyring"
- api.core.v1.RBDPersistentVolumeSource.keyring api.core.v1.RBDVolumeSource.keyring
"rbd"
- api.core.v1.RBDPersistentVolumeSource.pool api.core.v1.RBDVolumeSource.pool
"admin"
- api.core.v1.RBDPersistentVolumeSource.user api.core.v1.RBDVolumeSource.user
"xfs"
- api.core.v1.ScaleIOPersistentVolumeSource.fsType api.core.v1.ScaleIOVolumeSource.fsType
"ThinProvisioned"
- api.core.v1.ScaleIOPersistentVolumeSource.storageMode
- api.core.v1.ScaleIOVolumeSource.storageMode
"Equal"
- api.resource.v1.DeviceToleration.operator
`;

/** Fields whose values have a name of their own, though not of an object's shape. */
const NAMED = `
apimachinery.pkg.apis.meta.v1.FieldsV1
- apimachinery.pkg.apis.meta.v1.ManagedFieldsEntry.fieldsV1
apimachinery.pkg.runtime.RawExtension
- api.apps.v1.ControllerRevision.data api.resource.v1.AllocatedDeviceStatus.data
- api.resource.v1.OpaqueDeviceConfiguration.parameters
${EXTENSIONS}.JSON
- ${EXTENSIONS}.JSONSchemaProps.default ${EXTENSIONS}.JSONSchemaProps.example
- ${EXTENSIONS}.JSONSchemaProps.enum[]
${EXTENSIONS}.JSONSchemaPropsOrBool
- ${EXTENSIONS}.JSONSchemaProps.additionalItems
- ${EXTENSIONS}.JSONSchemaProps.additionalProperties
${EXTENSIONS}.JSONSchemaPropsOrArray
- ${EXTENSIONS}.JSONSchemaProps.items
${EXTENSIONS}.JSONSchemaPropsOrStringArray
- ${EXTENSIONS}.JSONSchemaProps.dependencies{}
`;

/** What plain values are, in words. */
const WORDS: ReadonlyMap<string, string> = new Map([
  ["apimachinery.pkg.apis.meta.v1.Time", "A point in time, to the second."],
  ["apimachinery.pkg.apis.meta.v1.MicroTime", "A point in time, to the microsecond."],
  ["apimachinery.pkg.apis.meta.v1.FieldsV1", "Fields, as a tree of their names."],
  ["apimachinery.pkg.apis.meta.v1.Patch", "A change to an object, in the form its type says."],
  ["apimachinery.pkg.runtime.RawExtension", "An object of any kind."],
  ["apimachinery.pkg.version.Info", "Which version a server is, and of which build."],
  ["apimachinery.pkg.api.resource.Quantity", "A number with a unit: 500m, 1.5, 10Gi."],
  ["apimachinery.pkg.util.intstr.IntOrString", "A number, or a text such as a percentage."],
  [`${EXTENSIONS}.JSON`, "Any value."],
  [`${EXTENSIONS}.JSONSchemaPropsOrArray`, "A schema, or several."],
  [`${EXTENSIONS}.JSONSchemaPropsOrBool`, "A schema, or whether anything is allowed."],
  [`${EXTENSIONS}.JSONSchemaPropsOrStringArray`, "A schema, or names of fields."],
]);

/** Shapes of which one field says which other one counts. */
const UNIONS: ReadonlyMap<string, object> = new Map([
  ["api.core.v1.AppArmorProfile", union("type", ["localhostProfile"])],
  ["api.core.v1.PodSchedulingGroup", union(undefined, ["podGroupName"])],
  ["api.core.v1.SeccompProfile", union("type", ["localhostProfile"])],
  ["api.flowcontrol.v1.LimitResponse", union("type", ["queuing"])],
  ["api.flowcontrol.v1.PriorityLevelConfigurationSpec", union("type", ["exempt", "limited"])],
  ["api.flowcontrol.v1.Subject", union("kind", ["group", "serviceAccount", "user"])],
]);

/** Every version that has its own kinds of options and events, served here or not. */
const VERSIONS = `
/v1 admission.k8s.io/v1 admission.k8s.io/v1beta1 admissionregistration.k8s.io/v1
admissionregistration.k8s.io/v1alpha1 admissionregistration.k8s.io/v1beta1
apiextensions.k8s.io/v1 apiextensions.k8s.io/v1beta1 apiregistration.k8s.io/v1
apiregistration.k8s.io/v1beta1 apps/v1 apps/v1beta1 apps/v1beta2 authentication.k8s.io/v1
authentication.k8s.io/v1alpha1 authentication.k8s.io/v1beta1 authorization.k8s.io/v1
authorization.k8s.io/v1beta1 autoscaling/v1 autoscaling/v2 batch/v1 batch/v1beta1
certificates.k8s.io/v1 certificates.k8s.io/v1alpha1 certificates.k8s.io/v1beta1
coordination.k8s.io/v1 coordination.k8s.io/v1alpha2 coordination.k8s.io/v1beta1
discovery.k8s.io/v1 discovery.k8s.io/v1beta1 events.k8s.io/v1 events.k8s.io/v1beta1
extensions/v1beta1 flowcontrol.apiserver.k8s.io/v1 flowcontrol.apiserver.k8s.io/v1beta1
flowcontrol.apiserver.k8s.io/v1beta2 flowcontrol.apiserver.k8s.io/v1beta3
imagepolicy.k8s.io/v1alpha1 internal.apiserver.k8s.io/v1alpha1 networking.k8s.io/v1
networking.k8s.io/v1beta1 node.k8s.io/v1 node.k8s.io/v1alpha1 node.k8s.io/v1beta1 policy/v1
policy/v1beta1 rbac.authorization.k8s.io/v1 rbac.authorization.k8s.io/v1alpha1
rbac.authorization.k8s.io/v1beta1 resource.k8s.io/v1 resource.k8s.io/v1alpha3
resource.k8s.io/v1beta1 resource.k8s.io/v1beta2 scheduling.k8s.io/v1
scheduling.k8s.io/v1alpha2 scheduling.k8s.io/v1beta1 storage.k8s.io/v1 storage.k8s.io/v1alpha1
storage.k8s.io/v1beta1 storagemigration.k8s.io/v1beta1
`;

/** Groups and versions whose options of deletions and events of watches are kinds of their own. */
export function versionsWithOptions(): readonly GroupVersion[] {
  return VERSIONS.trim()
    .split(/\s+/)
    .map((each) => {
      const [group = "", version = ""] = each.split("/");
      return { group, version };
    });
}

/** Groups of which clients have no types; definitions of custom resources do not name them. */
const SERVERS_ONLY: readonly string[] = [
  "admission.k8s.io",
  "apiextensions.k8s.io",
  "apiregistration.k8s.io",
  "imagepolicy.k8s.io",
];

/** The same, of groups that clients have types of. */
export function versionsKnownToClients(): readonly GroupVersion[] {
  return versionsWithOptions().filter(({ group }) => !SERVERS_ONLY.includes(group));
}

export type GroupVersion = { readonly group: string; readonly version: string };

const PREFIX = "io.k8s.";

/** The values that a field may have. */
export function valuesOf(address: string): readonly string[] | undefined {
  values ??= readLines(VALUES);
  const found = values.get(address.slice(PREFIX.length));
  return found?.split("|").map((each) => (each === '""' ? "" : each));
}

/** What a field is taken for, where it is not the rule. */
export function ownDefault(address: string): OwnDefault | undefined {
  defaults ??= readLines(DEFAULTS);
  const found = defaults.get(address.slice(PREFIX.length));
  if (found === undefined) return undefined;
  return found === "none" ? { kind: "none" } : { kind: "value", value: JSON.parse(found) };
}

export type OwnDefault =
  { readonly kind: "none" } | { readonly kind: "value"; readonly value: unknown };

/** The name of the values of a field. */
export function valueName(address: string): string | undefined {
  named ??= readLines(NAMED);
  const found = named.get(address.slice(PREFIX.length));
  return found === undefined ? undefined : PREFIX + found;
}

/** What a plain value is. */
export function wordsOf(definition: string): string | undefined {
  return WORDS.get(definition.slice(PREFIX.length));
}

/** Of a shape with a choice in it. */
export function unionOf(definition: string): object | undefined {
  return UNIONS.get(definition.slice(PREFIX.length));
}

let values: ReadonlyMap<string, string> | undefined;
let defaults: ReadonlyMap<string, string> | undefined;
let named: ReadonlyMap<string, string> | undefined;

/** What is said of each field. */
function readLines(text: string): ReadonlyMap<string, string> {
  const facts = new Map<string, string>();
  let said = "";
  for (const line of text.trim().split("\n")) {
    if (!line.startsWith("- ")) {
      said = said.endsWith("|") ? said + line : line;
      continue;
    }
    for (const field of line.slice(2).split(" ")) facts.set(field, said);
  }
  return facts;
}

function union(discriminator: string | undefined, fields: readonly string[]): object {
  const cases = fields.map((each) => [each, each.slice(0, 1).toUpperCase() + each.slice(1)]);
  return {
    ...(discriminator === undefined ? {} : { discriminator }),
    "fields-to-discriminateBy": Object.fromEntries(cases) as object,
  };
}
