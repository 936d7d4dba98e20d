/** Descriptions of persistent volumes and claims to them. */
export const PERSISTENT_VOLUMES = `
PersistentVolume: Storage that outlives pods. It belongs to the cluster; claims bind it to their
  namespaces.

PersistentVolumeSpec: What the volume is. One of its fields names the storage.
- accessModes: Ways it can be mounted: ReadWriteOnce by one node, ReadOnlyMany by many to read,
  ReadWriteMany by many, ReadWriteOncePod by one pod.
- awsElasticBlockStore: An EBS disk of AWS. Use csi.
- azureDisk: A data disk of Azure. Use csi.
- azureFile: A file share of Azure. Use csi.
- capacity: How big it is; storage is the size.
- cephfs: A share of CephFS. No longer there.
- cinder: A disk of OpenStack. Use csi.
- claimRef: The claim it is bound to, or is to be bound to.
- csi: A volume of a CSI driver.
- fc: A Fibre Channel disk.
- flexVolume: A volume of a FlexVolume driver. Use csi.
- flocker: A volume of Flocker. No longer there.
- gcePersistentDisk: A disk of Google Compute Engine. Use csi.
- glusterfs: A volume of GlusterFS. No longer there.
- hostPath: A folder of the node. For clusters of one node, to try things out.
- iscsi: An iSCSI disk.
- local: A disk or folder of one node.
- mountOptions: Options of the mount, e.g. ro.
- nfs: An NFS share.
- nodeAffinity: Nodes from which it can be reached.
- persistentVolumeReclaimPolicy: What becomes of it when its claim is gone: Retain keeps it (the
  default), Delete deletes the storage too, Recycle empties it.
- photonPersistentDisk: A disk of Photon. No longer there.
- portworxVolume: A volume of Portworx. Use csi.
- quobyte: A volume of Quobyte. No longer there.
- rbd: A block device of Ceph. No longer there.
- scaleIO: A volume of ScaleIO. No longer there.
- storageClassName: Storage class it belongs to. Empty for none.
- storageos: A volume of StorageOS. No longer there.
- volumeAttributesClassName: Volume attributes class it belongs to.
- volumeMode: Filesystem (the default) or Block.
- vsphereVolume: A disk of vSphere. Use csi.

PersistentVolumeStatus: What was last seen of a volume.
- lastPhaseTransitionTime: When the phase last became another one.
- message: Why it is in this phase, for people.
- phase: Pending, Available, Bound, Released when its claim is gone, or Failed.
- reason: Why it failed, in one word.

LocalVolumeSource: A disk or folder of one node.
- fsType: File system for a disk. By default it is found out.
- path: Path on the node.

CSIPersistentVolumeSource: A volume of a CSI driver.
- controllerExpandSecretRef: Secret for making it bigger.
- controllerPublishSecretRef: Secret for bringing it to a node and away.
- driver: Name of the driver.
- fsType: File system of the volume.
- nodeExpandSecretRef: Secret for making it bigger on the node.
- nodePublishSecretRef: Secret for mounting it in a pod.
- nodeStageSecretRef: Secret for mounting it on the node.
- readOnly: Whether it cannot be written. Default: false.
- volumeAttributes: Settings for the driver.
- volumeHandle: Name of the volume that the driver gave it.

VolumeNodeAffinity: Nodes from which a volume can be reached.
- required: What must hold of them.

PersistentVolumeClaim: Asks for a volume, and then stands for it in its namespace.

PersistentVolumeClaimSpec: The volume that is wanted.
- accessModes: Ways it must be possible to mount it.
- dataSource: What the new volume holds at first: a claim or a snapshot in the same namespace.
- dataSourceRef: The same for objects of further kinds, and of other namespaces.
- resources: How big it must be. It may grow later if its storage class allows it.
- selector: Selects volumes that may be taken.
- storageClassName: Storage class of the volume. By default the one for all; "" for a volume
  without.
- volumeAttributesClassName: Volume attributes class of the volume. May be changed later.
- volumeMode: Filesystem (the default) or Block.
- volumeName: The volume itself. Set when one was found.

PersistentVolumeClaimStatus: What was last seen of a claim.
- accessModes: Ways the volume can be mounted.
- allocatedResourceStatuses: How far a change of size has come.
- allocatedResources: Size that is being made or was made.
- capacity: How big the volume is.
- conditions: State of the claim in several respects, e.g. Resizing.
- currentVolumeAttributesClassName: Volume attributes class it has now.
- modifyVolumeStatus: A change of the volume attributes class on its way.
- phase: Pending, Bound, or Lost when its volume is gone.

PersistentVolumeClaimCondition: One aspect of a claim's state.
- lastProbeTime: When it was last looked at.
- lastTransitionTime: When the status last became another one.
- message: Details, for people.
- reason: Why the status is what it is, in one word for programs.
- status: True, False or Unknown.
- type: Which aspect this is.

ModifyVolumeStatus: A change of the volume attributes class on its way.
- status: Pending, InProgress or Infeasible.
- targetVolumeAttributesClassName: The class it is to have.

TypedLocalObjectReference: An object in the same namespace.
- apiGroup: Its API group; empty for the core.
- kind: Its kind.
- name: Its name.

TypedObjectReference: An object, perhaps in another namespace.
- apiGroup: Its API group; empty for the core.
- kind: Its kind.
- name: Its name.
- namespace: Its namespace, if another. A reference grant there must allow it.
`;
