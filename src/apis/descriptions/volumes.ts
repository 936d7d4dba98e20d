/** Descriptions of volumes of pods. */
export const VOLUMES = `
Volume: Files for the containers of a pod. One of the fields besides the name says which.
- awsElasticBlockStore: An EBS disk of AWS. Use csi.
- azureDisk: A data disk of Azure. Use csi.
- azureFile: A file share of Azure. Use csi.
- cephfs: A share of CephFS. No longer there.
- cinder: A disk of OpenStack. Use csi.
- configMap: A config map, a file for each key.
- csi: A volume that a CSI driver makes for the pod.
- downwardAPI: Facts about the pod, each in a file.
- emptyDir: A folder that is empty at first, and goes with the pod.
- ephemeral: A claim of the pod's own, that goes with it.
- fc: A Fibre Channel disk.
- flexVolume: A volume of a FlexVolume driver. Use csi.
- flocker: A volume of Flocker. No longer there.
- gcePersistentDisk: A disk of Google Compute Engine. Use csi.
- gitRepo: A git repository. No longer there; use an init container and emptyDir.
- glusterfs: A volume of GlusterFS. No longer there.
- hostPath: A file or folder of the node.
- image: The files of an image.
- iscsi: An iSCSI disk.
- name: Name of the volume, unique in the pod.
- nfs: An NFS share.
- persistentVolumeClaim: A claim in the pod's namespace.
- photonPersistentDisk: A disk of Photon. No longer there.
- portworxVolume: A volume of Portworx. Use csi.
- projected: Several of config maps, secrets, facts and tokens, in one folder.
- quobyte: A volume of Quobyte. No longer there.
- rbd: A block device of Ceph. No longer there.
- scaleIO: A volume of ScaleIO. No longer there.
- secret: A secret, a file for each key.
- storageos: A volume of StorageOS. No longer there.
- vsphereVolume: A disk of vSphere. Use csi.

EmptyDirVolumeSource: A folder that is empty at first, and goes with the pod.
- medium: Memory for one that is kept in memory; by default the disk of the node.
- sizeLimit: Size at which the pod has to go. By default there is none.

HostPathVolumeSource: A file or folder of the node.
- path: Its path on the node.
- type: What must be there: Directory, File, Socket, CharDevice or BlockDevice, or
  DirectoryOrCreate or FileOrCreate to make it. By default nothing is looked at.

ConfigMapVolumeSource, SecretVolumeSource: Files from the keys of a config map or secret. They
  change along with it.
- defaultMode: Permissions of the files. Default: 0644.
- items: Keys to show, and the paths of their files. By default all, each as a file of its name.
- name, secretName: Name of the config map or secret, in the pod's namespace.
- optional: Whether it and the keys may be missing.

ConfigMapProjection, SecretProjection: Files from the keys of a config map or secret.
- items: Keys to show, and the paths of their files. By default all, each as a file of its name.
- name: Name of the config map or secret, in the pod's namespace.
- optional: Whether it and the keys may be missing.

KeyToPath: A key and the path of its file.
- key: The key.
- mode: Permissions of the file. By default those of the volume.
- path: Path in the volume, without .. in it.

DownwardAPIVolumeSource, DownwardAPIProjection: Facts about the pod as files.
- defaultMode: Permissions of the files. Default: 0644.
- items: The files.

DownwardAPIVolumeFile: A file with a fact about the pod: one of fieldRef and resourceFieldRef.
- fieldRef: A field of the pod: labels, annotations, name, namespace or uid.
- mode: Permissions of the file. By default those of the volume.
- path: Path in the volume, without .. in it.
- resourceFieldRef: A limit or request of a container.

ProjectedVolumeSource: Several sources in one folder.
- defaultMode: Permissions of the files. Default: 0644.
- sources: The sources.

VolumeProjection: A source of files: one of these.
- clusterTrustBundle: Certificates to trust.
- configMap: A config map.
- downwardAPI: Facts about the pod.
- podCertificate: A certificate and key of the pod.
- secret: A secret.
- serviceAccountToken: A token of the pod's service account.

ServiceAccountTokenProjection: A token of the pod's service account, made anew before it ends.
- audience: Who the token is for. By default the API server.
- expirationSeconds: Seconds it is good for, at least 600. Default: 3600.
- path: Path of its file.

ClusterTrustBundleProjection: Certificates to trust, as PEM in one file.
- labelSelector: Selects bundles of a signer. An empty one selects all of its bundles.
- name: Name of one bundle. Instead of signerName.
- optional: Whether there may be no such bundle.
- path: Path of the file.
- signerName: Signer whose bundles are put together. Instead of name.

PodCertificateProjection: A certificate and key for the pod, made anew before it ends.
- certificateChainPath: Path of the file with the certificates.
- credentialBundlePath: Path of the file with both, the key first.
- keyPath: Path of the file with the key.
- keyType: Kind of key: RSA3072, RSA4096, ECDSAP256, ECDSAP384, ECDSAP521 or ED25519.
- maxExpirationSeconds: Seconds the certificate may be good for at most. Default: 86400.
- signerName: Who is to sign it.
- userAnnotations: Further texts for the signer.

PersistentVolumeClaimVolumeSource: A claim in the pod's namespace.
- claimName: Name of the claim.
- readOnly: Whether containers cannot write. Default: false.

EphemeralVolumeSource: A claim that is made for the pod and goes with it.
- volumeClaimTemplate: The claim. Its name is that of the pod, a hyphen, and that of the volume.

PersistentVolumeClaimTemplate: A claim that is made for a pod.
- metadata: Labels and annotations of the claim.
- spec: The claim itself.

CSIVolumeSource: A volume that a CSI driver makes for one pod.
- driver: Name of the driver.
- fsType: File system of the volume. By default what the driver takes.
- nodePublishSecretRef: Secret for the driver, in the pod's namespace.
- readOnly: Whether containers cannot write. Default: false.
- volumeAttributes: Settings for the driver.

ImageVolumeSource: The files of an image.
- pullPolicy: When the image is pulled: Always, Never or IfNotPresent.
- reference: Name of the image.

NFSVolumeSource: An NFS share.
- path: Path the server offers.
- readOnly: Whether containers cannot write. Default: false.
- server: Host name or address of the server.

ISCSIVolumeSource, ISCSIPersistentVolumeSource: An iSCSI disk.
- chapAuthDiscovery: Whether the discovery asks for a password (CHAP).
- chapAuthSession: Whether the session asks for a password (CHAP).
- fsType: File system of the disk, e.g. ext4.
- initiatorName: Name of the initiator, instead of that of the node.
- iqn: Name of the target.
- iscsiInterface: Interface of the initiator. Default: default.
- lun: Number of the disk.
- portals: Further portals, each a host and perhaps a port.
- readOnly: Whether containers cannot write. Default: false.
- secretRef: Secret with the passwords.
- targetPortal: Portal of the target: a host and perhaps a port.

FCVolumeSource: A Fibre Channel disk.
- fsType: File system of the disk, e.g. ext4.
- lun: Number of the disk.
- readOnly: Whether containers cannot write. Default: false.
- targetWWNs: Names of the targets. With lun.
- wwids: World wide identifiers. Instead of targetWWNs and lun.
`;
