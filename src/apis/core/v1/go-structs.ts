/** Pods, claims and volumes as upstream's own code holds them: facts, not code. */
import type { GoStruct, GoStructs } from "../../go-struct.ts";

const CONTAINER_HEAD =
  "Name,Image,Command []any,Args []any,WorkingDir,Ports []ContainerPort," +
  "EnvFrom []EnvFromSource,Env []EnvVar,Resources ResourceRequirements," +
  "ResizePolicy []ContainerResizePolicy,RestartPolicy *," +
  "RestartPolicyRules []ContainerRestartRule," +
  "VolumeMounts []VolumeMount,VolumeDevices []VolumeDevice,LivenessProbe *Probe," +
  "ReadinessProbe *Probe,StartupProbe *Probe,Lifecycle *Lifecycle,TerminationMessagePath," +
  "TerminationMessagePolicy,ImagePullPolicy,SecurityContext *SecurityContext,Stdin bool," +
  "StdinOnce bool,TTY bool";

const KEY = "Name,Key,Optional *";
const SELECTED = "Name,Optional *";
const PROFILE = "Type,LocalhostProfile *";
const FILES = "Name,Items []KeyToPath,Optional *";
const WEIGHED =
  "RequiredDuringSchedulingIgnoredDuringExecution []PodAffinityTerm," +
  "PreferredDuringSchedulingIgnoredDuringExecution []WeightedPodAffinityTerm";

const STRUCTS: GoStructs = {
  PodTemplateSpec: "Metadata ~ObjectMeta,Spec PodSpec",
  ObjectMeta: "name any,generateName any,labels any,annotations any,finalizers any",
  PodSpec:
    "Volumes []Volume,InitContainers []Container,Containers []Container," +
    "EphemeralContainers []EphemeralContainer,RestartPolicy,TerminationGracePeriodSeconds *," +
    "ActiveDeadlineSeconds *,DNSPolicy,NodeSelector any,ServiceAccountName," +
    "AutomountServiceAccountToken *,NodeName,SecurityContext ^PodSecurityContext," +
    "ImagePullSecrets []LocalObjectReference,Hostname,Subdomain,SetHostnameAsFQDN *," +
    "Affinity *Affinity,SchedulerName,Tolerations []Toleration,HostAliases []HostAlias," +
    "PriorityClassName,Priority *,PreemptionPolicy *,DNSConfig *PodDNSConfig," +
    "ReadinessGates []PodReadinessGate,RuntimeClassName *,Overhead any,EnableServiceLinks *," +
    "TopologySpreadConstraints []TopologySpreadConstraint,OS *PodOS," +
    "SchedulingGates []PodSchedulingGate,ResourceClaims []PodResourceClaim," +
    "Resources *ResourceRequirements,HostnameOverride *,SchedulingGroup *PodSchedulingGroup",
  PodSecurityContext:
    "HostNetwork bool,HostPID bool,HostIPC bool,ShareProcessNamespace *,HostUsers *," +
    "SELinuxOptions *SELinuxOptions,WindowsOptions *WindowsOptions,RunAsUser *,RunAsGroup *," +
    "RunAsNonRoot *,SupplementalGroups []int,SupplementalGroupsPolicy *,FSGroup *," +
    "FSGroupChangePolicy *,Sysctls []Sysctl,SeccompProfile *SeccompProfile," +
    "AppArmorProfile *AppArmorProfile,SELinuxChangePolicy *",
  PodSchedulingGroup: "PodGroupName *",
  Container: CONTAINER_HEAD,
  EphemeralContainer: `${CONTAINER_HEAD},TargetContainerName`,
  ContainerPort: "Name,HostPort int,ContainerPort int,Protocol,HostIP",
  EnvFromSource: "Prefix,ConfigMapRef *Selected,SecretRef *Selected",
  Selected: SELECTED,
  EnvVar: "Name,Value,ValueFrom *EnvVarSource",
  EnvVarSource:
    "FieldRef *ObjectFieldSelector,ResourceFieldRef *ResourceFieldSelector," +
    "ConfigMapKeyRef *KeySelector,SecretKeyRef *KeySelector,FileKeyRef *FileKeySelector",
  KeySelector: KEY,
  FileKeySelector: "VolumeName,Path,Key,Optional *",
  ObjectFieldSelector: "APIVersion,FieldPath",
  ResourceFieldSelector: "ContainerName,Resource,Divisor amount",
  ResourceRequirements: "Limits any,Requests any,Claims []ResourceClaim",
  ResourceClaim: "Name,Request",
  ContainerResizePolicy: "ResourceName,RestartPolicy",
  ContainerRestartRule: "Action,ExitCodes *RestartExitCodes",
  RestartExitCodes: "Operator,Values []int",
  VolumeMount:
    "Name,ReadOnly bool,RecursiveReadOnly *,MountPath,SubPath,MountPropagation *,SubPathExpr",
  VolumeDevice: "Name,DevicePath",
  Probe:
    "Exec *ExecAction,HTTPGet *HTTPGetAction,TCPSocket *TCPSocketAction,GRPC *GRPCAction," +
    "InitialDelaySeconds int,TimeoutSeconds int,PeriodSeconds int,SuccessThreshold int," +
    "FailureThreshold int,TerminationGracePeriodSeconds *",
  ExecAction: "Command []any",
  HTTPGetAction: "Path,Port port,Host,Scheme,HTTPHeaders []HTTPHeader",
  HTTPHeader: "Name,Value",
  TCPSocketAction: "Port port,Host",
  GRPCAction: "Port int,Service *",
  SleepAction: "Seconds int",
  Lifecycle: "PostStart *LifecycleHandler,PreStop *LifecycleHandler,StopSignal *",
  LifecycleHandler:
    "Exec *ExecAction,HTTPGet *HTTPGetAction,TCPSocket *TCPSocketAction,Sleep *SleepAction",
  SecurityContext:
    "Capabilities *Capabilities,Privileged *,SELinuxOptions *SELinuxOptions," +
    "WindowsOptions *WindowsOptions,RunAsUser *,RunAsGroup *,RunAsNonRoot *," +
    "ReadOnlyRootFilesystem *,AllowPrivilegeEscalation *,ProcMount *," +
    "SeccompProfile *SeccompProfile,AppArmorProfile *AppArmorProfile",
  Capabilities: "Add []any,Drop []any",
  SELinuxOptions: "User,Role,Type,Level",
  WindowsOptions: "GMSACredentialSpecName *,GMSACredentialSpec *,RunAsUserName *,HostProcess *",
  SeccompProfile: PROFILE,
  AppArmorProfile: PROFILE,
  Sysctl: "Name,Value",
  LocalObjectReference: "Name",
  SecretReference: "Name,Namespace",
  Affinity: "NodeAffinity *NodeAffinity,PodAffinity *PodAffinity,PodAntiAffinity *PodAffinity",
  NodeAffinity:
    "RequiredDuringSchedulingIgnoredDuringExecution *NodeSelector," +
    "PreferredDuringSchedulingIgnoredDuringExecution []PreferredSchedulingTerm",
  NodeSelector: "NodeSelectorTerms []NodeSelectorTerm",
  NodeSelectorTerm:
    "MatchExpressions []NodeSelectorRequirement,MatchFields []NodeSelectorRequirement",
  NodeSelectorRequirement: "Key,Operator,Values []any",
  PreferredSchedulingTerm: "Weight int,Preference NodeSelectorTerm",
  PodAffinity: WEIGHED,
  WeightedPodAffinityTerm: "Weight int,PodAffinityTerm PodAffinityTerm",
  PodAffinityTerm:
    "LabelSelector selector,Namespaces []any,TopologyKey,NamespaceSelector selector," +
    "MatchLabelKeys []any,MismatchLabelKeys []any",
  Taint: "Key,Value,Effect,TimeAdded *",
  Toleration: "Key,Operator,Value,Effect,TolerationSeconds *",
  HostAlias: "IP,Hostnames []any",
  PodDNSConfig: "Nameservers []any,Searches []any,Options []PodDNSConfigOption",
  PodDNSConfigOption: "Name,Value *",
  PodReadinessGate: "ConditionType",
  PodOS: "Name",
  PodSchedulingGate: "Name",
  PodResourceClaim: "Name,ResourceClaimName *,ResourceClaimTemplateName *",
  TopologySpreadConstraint:
    "MaxSkew int,TopologyKey,WhenUnsatisfiable,LabelSelector selector,MinDomains *," +
    "NodeAffinityPolicy *,NodeTaintsPolicy *,MatchLabelKeys []any",
  Volume:
    "Name,HostPath *HostPath,EmptyDir *EmptyDir,GCEPersistentDisk *GCEPersistentDisk," +
    "AWSElasticBlockStore *AWSElasticBlockStore,GitRepo *GitRepo,Secret *SecretVolume,NFS *NFS," +
    "ISCSI *ISCSI,Glusterfs *Glusterfs,PersistentVolumeClaim *Claim,RBD *RBD,Quobyte *Quobyte," +
    "FlexVolume *FlexVolume,Cinder *Cinder,CephFS=cephfs *CephFS,Flocker *Flocker," +
    "DownwardAPI *DownwardAPI,FC *FC,AzureFile *AzureFile,ConfigMap *ConfigMapVolume," +
    "VsphereVolume *Vsphere,AzureDisk *AzureDisk,PhotonPersistentDisk *Photon," +
    "Projected *Projected,PortworxVolume *Portworx,ScaleIO *ScaleIO," +
    "StorageOS=storageos *StorageOS,CSI *CSI,Ephemeral *Ephemeral,Image *ImageVolume",
  HostPath: "Path,Type *",
  EmptyDir: "Medium,SizeLimit *amount",
  GCEPersistentDisk: "PDName,FSType,Partition int,ReadOnly bool",
  AWSElasticBlockStore: "VolumeID,FSType,Partition int,ReadOnly bool",
  GitRepo: "Repository,Revision,Directory",
  SecretVolume: "SecretName,Items []KeyToPath,DefaultMode *,Optional *",
  ConfigMapVolume: "Name,Items []KeyToPath,DefaultMode *,Optional *",
  KeyToPath: "Key,Path,Mode *",
  NFS: "Server,Path,ReadOnly bool",
  ISCSI:
    "TargetPortal,IQN,Lun int,ISCSIInterface,FSType,ReadOnly bool,Portals []any," +
    "DiscoveryCHAPAuth=chapAuthDiscovery bool,SessionCHAPAuth=chapAuthSession bool," +
    "SecretRef any,InitiatorName *",
  Glusterfs: "EndpointsName=endpoints,Path,ReadOnly bool",
  Claim: "ClaimName,ReadOnly bool",
  RBD:
    "CephMonitors=monitors []any,RBDImage=image,FSType,RBDPool=pool,RadosUser=user,Keyring," +
    "SecretRef *LocalObjectReference,ReadOnly bool",
  Quobyte: "Registry,Volume,ReadOnly bool,User,Group,Tenant",
  FlexVolume: "Driver,FSType,SecretRef *LocalObjectReference,ReadOnly bool,Options any",
  Cinder: "VolumeID,FSType,ReadOnly bool,SecretRef *LocalObjectReference",
  CephFS: "Monitors []any,Path,User,SecretFile,SecretRef *LocalObjectReference,ReadOnly bool",
  Flocker: "DatasetName,DatasetUUID",
  DownwardAPI: "Items []DownwardAPIFile,DefaultMode *",
  DownwardAPIFile:
    "Path,FieldRef *ObjectFieldSelector,ResourceFieldRef *ResourceFieldSelector,Mode *",
  FC: "TargetWWNs []any,Lun *,FSType,ReadOnly bool,WWIDs=wwids []any",
  AzureFile: "SecretName,ShareName,ReadOnly bool",
  Vsphere: "VolumePath,FSType,StoragePolicyName,StoragePolicyID",
  AzureDisk: "DiskName,DataDiskURI=diskURI,CachingMode *,FSType *,ReadOnly *,Kind *",
  Photon: "PdID,FSType",
  Projected: "Sources []Projection,DefaultMode *",
  Projection:
    "Secret *SecretProjection,DownwardAPI *DownwardAPIProjection,ConfigMap *SecretProjection," +
    "ServiceAccountToken *TokenProjection,ClusterTrustBundle *TrustBundleProjection," +
    "PodCertificate *PodCertificateProjection",
  SecretProjection: FILES,
  DownwardAPIProjection: "Items []DownwardAPIFile",
  TokenProjection: "Audience,ExpirationSeconds int,Path",
  TrustBundleProjection: "Name *,SignerName *,LabelSelector selector,Optional *,Path",
  PodCertificateProjection:
    "SignerName,KeyType,MaxExpirationSeconds *,CredentialBundlePath,KeyPath," +
    "CertificateChainPath,UserAnnotations any",
  Portworx: "VolumeID,FSType,ReadOnly bool",
  ScaleIO:
    "Gateway,System,SecretRef any,SSLEnabled bool,ProtectionDomain,StoragePool,StorageMode," +
    "VolumeName,FSType,ReadOnly bool",
  StorageOS: "VolumeName,VolumeNamespace,FSType,ReadOnly bool,SecretRef any",
  CSI: "Driver,ReadOnly *,FSType *,VolumeAttributes any,NodePublishSecretRef *LocalObjectReference",
  Ephemeral: "VolumeClaimTemplate *ClaimTemplate",
  ClaimTemplate: "Metadata ~ObjectMeta,Spec ClaimSpec",
  ImageVolume: "Reference,PullPolicy",
  ClaimSpec:
    "AccessModes []any,Selector selector,Resources VolumeResources,VolumeName,StorageClassName *," +
    "VolumeMode *,DataSource *LocalSource,DataSourceRef *AnySource,VolumeAttributesClassName *",
  VolumeResources: "Limits any,Requests any",
  LocalSource: "APIGroup *,Kind,Name",
  AnySource: "APIGroup *,Kind,Name,Namespace *",
  VolumeNodeAffinity: "Required *NodeSelector",
  VolumeSpec:
    "GCEPersistentDisk *GCEPersistentDisk,AWSElasticBlockStore *AWSElasticBlockStore," +
    "HostPath *HostPath,Glusterfs *GlusterfsOfVolume,NFS *NFS,RBD *RBDOfVolume," +
    "Quobyte *Quobyte,ISCSI *ISCSI,FlexVolume *FlexOfVolume,Cinder *CinderOfVolume," +
    "CephFS=cephfs *CephFSOfVolume,FC *FC,Flocker *Flocker,AzureFile *AzureFileOfVolume," +
    "VsphereVolume *Vsphere,AzureDisk *AzureDisk,PhotonPersistentDisk *Photon," +
    "PortworxVolume *Portworx,ScaleIO *ScaleIO,Local *Local,StorageOS=storageos *StorageOS," +
    "CSI *CSIOfVolume",
  GlusterfsOfVolume: "EndpointsName=endpoints,EndpointsNamespace *,Path,ReadOnly bool",
  RBDOfVolume:
    "CephMonitors=monitors []any,RBDImage=image,FSType,RBDPool=pool,RadosUser=user,Keyring," +
    "SecretRef *SecretReference,ReadOnly bool",
  FlexOfVolume: "Driver,FSType,SecretRef *SecretReference,ReadOnly bool,Options any",
  CinderOfVolume: "VolumeID,FSType,ReadOnly bool,SecretRef *SecretReference",
  CephFSOfVolume: "Monitors []any,Path,User,SecretFile,SecretRef *SecretReference,ReadOnly bool",
  AzureFileOfVolume: "SecretName,ShareName,ReadOnly bool,SecretNamespace *",
  Local: "Path,FSType *",
  CSIOfVolume:
    "Driver,VolumeHandle,ReadOnly bool,FSType,VolumeAttributes any," +
    "ControllerPublishSecretRef *SecretReference,NodeStageSecretRef *SecretReference," +
    "NodePublishSecretRef *SecretReference,ControllerExpandSecretRef *SecretReference," +
    "NodeExpandSecretRef *SecretReference",
};

export const podSpecStruct: GoStruct = { structs: STRUCTS, name: "PodSpec" };
export const securityContextStruct: GoStruct = { structs: STRUCTS, name: "SecurityContext" };
export const ephemeralContainerStruct: GoStruct = {
  structs: STRUCTS,
  name: "EphemeralContainer",
};
export const nodeSelectorTermStruct: GoStruct = { structs: STRUCTS, name: "NodeSelectorTerm" };
export const podResourceClaimStruct: GoStruct = { structs: STRUCTS, name: "PodResourceClaim" };
export const seccompProfileStruct: GoStruct = { structs: STRUCTS, name: "SeccompProfile" };
export const volumeAffinityStruct: GoStruct = { structs: STRUCTS, name: "VolumeNodeAffinity" };
export const taintStruct: GoStruct = { structs: STRUCTS, name: "Taint" };
export const podTemplateStruct: GoStruct = { structs: STRUCTS, name: "PodTemplateSpec" };
export const claimSpecStruct: GoStruct = { structs: STRUCTS, name: "ClaimSpec" };
/** The fields of a volume's spec that say where its content is. */
export const volumeSourceStruct: GoStruct = { structs: STRUCTS, name: "VolumeSpec" };
