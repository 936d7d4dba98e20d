/** Descriptions of storage classes, drivers and attachments. */
const STORAGE_V1 = `
StorageClass: A kind of storage that volumes are made of when they are asked for.
- allowVolumeExpansion: Whether claims may be made bigger later.
- allowedTopologies: Places where volumes may be made.
- mountOptions: Options for mounting its volumes.
- parameters: Settings for the provisioner.
- provisioner: Who makes the volumes.
- reclaimPolicy: What becomes of a volume when its claim is gone: Delete (the default) or Retain.
- volumeBindingMode: Immediate makes volumes at once (the default), WaitForFirstConsumer when a pod
  uses the claim.

VolumeAttributesClass: Settings of volumes that may be changed while they are in use.
- driverName: CSI driver it is for.
- parameters: Settings for the driver.

CSIDriver: What is to be known about a CSI driver. Its name is that of the driver.

CSIDriverSpec: What a driver can do and needs.
- attachRequired: Whether volumes must be attached before they are mounted. Default: true.
- fsGroupPolicy: Whether volumes are given to the fsGroup of pods: ReadWriteOnceWithFSType (the
  default), File or None.
- nodeAllocatableUpdatePeriodSeconds: Seconds after which the number of volumes a node can have is
  asked for again.
- podInfoOnMount: Whether the driver is told the pod. Default: false.
- preventPodSchedulingIfMissing: Whether pods do not get nodes that lack the driver.
- requiresRepublish: Whether it is called again and again while a volume is mounted. Default: false.
- seLinuxMount: Whether it can mount with an SELinux label. Default: false.
- serviceAccountTokenInSecrets: Whether it gets tokens among the secrets. Default: false.
- storageCapacity: Whether it tells how much storage there is, for the scheduler. Default: false.
- tokenRequests: Tokens of the pod's service account that it gets.
- volumeLifecycleModes: Persistent for volumes with claims (the default), Ephemeral for volumes of
  pods.

TokenRequest: A token that a driver gets.
- audience: Who it is for. "" for the API server.
- expirationSeconds: Seconds it is good for.

CSINode: Which CSI drivers a node has. Its name is that of the node.

CSINodeSpec: The drivers.
- drivers: Each of them.

CSINodeDriver: A driver of a node.
- allocatable: How many of its volumes the node can have.
- name: Its name.
- nodeID: Name of the node for the driver.
- topologyKeys: Labels of nodes that say where its volumes can be reached.

VolumeNodeResources: How much a node can have of a driver.
- count: How many volumes. By default any number.

CSIStorageCapacity: How much storage there is in a place.
- capacity: How much, if it is known.
- maximumVolumeSize: How big one volume can be.
- nodeTopology: Selects the nodes of the place.
- storageClassName: Storage class it is about.

VolumeAttachment: Has a volume attached to a node.

VolumeAttachmentSpec: What is to be attached where.
- attacher: CSI driver that does it.
- nodeName: The node.
- source: The volume.

VolumeAttachmentSource: A volume: one of these.
- inlineVolumeSpec: One that has no object.
- persistentVolumeName: Name of a persistent volume.

VolumeAttachmentStatus: What was last seen of it.
- attachError: What went wrong when it was attached.
- attached: Whether it is attached.
- attachmentMetadata: What the driver needs for mounting it.
- detachError: What went wrong when it was detached.

VolumeError: What went wrong.
- errorCode: Code of gRPC for it.
- message: Details, for people.
- time: When.
`;

export const STORAGE: Readonly<Record<string, string>> = {
  "io.k8s.api.storage.v1": STORAGE_V1,
};
