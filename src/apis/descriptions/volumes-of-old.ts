/** Descriptions of volume types that CSI drivers have taken the place of. */
export const VOLUMES_OF_OLD = `
AWSElasticBlockStoreVolumeSource: An EBS disk of AWS.
GCEPersistentDiskVolumeSource: A disk of Google Compute Engine.
AzureDiskVolumeSource: A data disk of Azure.
AzureFileVolumeSource, AzureFilePersistentVolumeSource: A file share of Azure.
CephFSVolumeSource, CephFSPersistentVolumeSource: A share of CephFS.
CinderVolumeSource, CinderPersistentVolumeSource: A disk of OpenStack.
FlexVolumeSource, FlexPersistentVolumeSource: A volume of a FlexVolume driver.
FlockerVolumeSource: A volume of Flocker.
GitRepoVolumeSource: A git repository.
GlusterfsVolumeSource, GlusterfsPersistentVolumeSource: A volume of GlusterFS.
PhotonPersistentDiskVolumeSource: A disk of Photon.
PortworxVolumeSource: A volume of Portworx.
QuobyteVolumeSource: A volume of Quobyte.
RBDVolumeSource, RBDPersistentVolumeSource: A block device of Ceph.
ScaleIOVolumeSource, ScaleIOPersistentVolumeSource: A volume of ScaleIO.
StorageOSVolumeSource, StorageOSPersistentVolumeSource: A volume of StorageOS.
VsphereVirtualDiskVolumeSource: A disk of vSphere.

AWSElasticBlockStoreVolumeSource, GCEPersistentDiskVolumeSource, AzureDiskVolumeSource,
  CinderVolumeSource, CinderPersistentVolumeSource, FlexVolumeSource, FlexPersistentVolumeSource,
  PhotonPersistentDiskVolumeSource, PortworxVolumeSource, RBDVolumeSource,
  RBDPersistentVolumeSource, ScaleIOVolumeSource, ScaleIOPersistentVolumeSource,
  StorageOSVolumeSource, StorageOSPersistentVolumeSource, VsphereVirtualDiskVolumeSource,
  LocalVolumeSource
- fsType: File system of the volume, e.g. ext4.

AWSElasticBlockStoreVolumeSource, GCEPersistentDiskVolumeSource, AzureDiskVolumeSource,
  AzureFileVolumeSource, AzureFilePersistentVolumeSource, CephFSVolumeSource,
  CephFSPersistentVolumeSource, CinderVolumeSource, CinderPersistentVolumeSource, FlexVolumeSource,
  FlexPersistentVolumeSource, GlusterfsVolumeSource, GlusterfsPersistentVolumeSource,
  PortworxVolumeSource, QuobyteVolumeSource, RBDVolumeSource, RBDPersistentVolumeSource,
  ScaleIOVolumeSource, ScaleIOPersistentVolumeSource, StorageOSVolumeSource,
  StorageOSPersistentVolumeSource
- readOnly: Whether containers cannot write. Default: false.

CephFSVolumeSource, CephFSPersistentVolumeSource, CinderVolumeSource, CinderPersistentVolumeSource,
  FlexVolumeSource, FlexPersistentVolumeSource, RBDVolumeSource, RBDPersistentVolumeSource,
  ScaleIOVolumeSource, ScaleIOPersistentVolumeSource, StorageOSVolumeSource,
  StorageOSPersistentVolumeSource
- secretRef: Secret with what the storage asks for.

AWSElasticBlockStoreVolumeSource, CinderVolumeSource, CinderPersistentVolumeSource,
  PortworxVolumeSource
- volumeID: Which volume it is.

AWSElasticBlockStoreVolumeSource, GCEPersistentDiskVolumeSource
- partition: Number of the partition; by default the whole disk.

GCEPersistentDiskVolumeSource
- pdName: Name of the disk.

AzureDiskVolumeSource
- cachingMode: How the node keeps parts of it: None, ReadOnly or ReadWrite.
- diskName: Name of the disk.
- diskURI: URI of the disk.
- kind: Shared, Dedicated or Managed.

AzureFileVolumeSource, AzureFilePersistentVolumeSource
- secretName: Secret with the name and key of the account.
- secretNamespace: Namespace of the secret. By default that of the claim.
- shareName: Name of the share.

CephFSVolumeSource, CephFSPersistentVolumeSource, RBDVolumeSource, RBDPersistentVolumeSource
- monitors: Addresses of the monitors.
- user: User to log in as. Default: admin.

CephFSVolumeSource, CephFSPersistentVolumeSource
- path: Folder to mount. Default: /.
- secretFile: File on the node with the key.

RBDVolumeSource, RBDPersistentVolumeSource
- image: Name of the image.
- keyring: File on the node with the key ring. Default: /etc/ceph/keyring.
- pool: Name of the pool. Default: rbd.

FlexVolumeSource, FlexPersistentVolumeSource
- driver: Name of the driver.
- options: Settings for the driver.

FlockerVolumeSource
- datasetName: Name of the data set.
- datasetUUID: UUID of the data set.

GitRepoVolumeSource
- directory: Folder in the volume for the files.
- repository: URL of the repository.
- revision: Commit to check out.

GlusterfsVolumeSource, GlusterfsPersistentVolumeSource
- endpoints: Endpoints object with the addresses of the servers.
- endpointsNamespace: Namespace of that object. By default that of the claim.
- path: Name of the volume.

PhotonPersistentDiskVolumeSource
- pdID: Which disk it is.

QuobyteVolumeSource
- group: Group that the files belong to.
- registry: Hosts and ports of the registries, with commas between.
- tenant: Tenant of the volume.
- user: User that the files belong to.
- volume: Name of the volume.

ScaleIOVolumeSource, ScaleIOPersistentVolumeSource
- gateway: Address of the gateway.
- protectionDomain: Protection domain of the storage.
- sslEnabled: Whether the gateway is reached over TLS.
- storageMode: ThickProvisioned or ThinProvisioned.
- storagePool: Storage pool of the protection domain.
- system: Name of the storage system.
- volumeName: Name of the volume.

StorageOSVolumeSource, StorageOSPersistentVolumeSource
- volumeName: Name of the volume.
- volumeNamespace: Namespace of the volume in StorageOS.

VsphereVirtualDiskVolumeSource
- storagePolicyID: ID of the storage policy.
- storagePolicyName: Name of the storage policy.
- volumePath: Path of the disk.
`;
