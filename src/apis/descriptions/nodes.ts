/** Descriptions of nodes and namespaces. */
export const NODES = `
Node: A machine that pods run on.

NodeSpec: What a node is to be.
- configSource: No longer used.
- externalID: No longer used.
- podCIDR: Network from which its pods get addresses.
- podCIDRs: The same, one for each family. The first is podCIDR.
- providerID: The machine as the cloud knows it, as PROVIDER://ID.
- taints: What keeps pods away from it.
- unschedulable: Whether it gets no new pods. Default: false.

NodeConfigSource: No longer used.
- configMap: No longer used.

ConfigMapNodeConfigSource: No longer used.
- kubeletConfigKey, name, namespace, resourceVersion, uid: No longer used.

NodeStatus: What was last seen of a node. It tells it itself.
- addresses: Its addresses.
- allocatable: What of its resources pods can have.
- capacity: All of its resources.
- conditions: State of the node in several respects, e.g. Ready.
- config: No longer used.
- daemonEndpoints: Ports of what runs on it.
- declaredFeatures: What its kubelet can do, of the things that not all can.
- features: What its runtime can do.
- images: Images it has.
- nodeInfo: Facts about the machine and its software.
- phase: No longer set.
- runtimeHandlers: Ways its runtime can run containers.
- volumesAttached: Volumes that are attached to it.
- volumesInUse: Volumes that are attached and mounted.

NodeCondition: One aspect of a node's state.
- lastHeartbeatTime: When the node last told it.
- lastTransitionTime: When the status last became another one.
- message: Details, for people.
- reason: Why the status is what it is, in one word for programs.
- status: True, False or Unknown.
- type: Which aspect this is: Ready, MemoryPressure, DiskPressure, PIDPressure, ….

NodeAddress: An address of a node.
- address: The address.
- type: Hostname, InternalIP, ExternalIP, InternalDNS or ExternalDNS.

NodeDaemonEndpoints: Ports of what runs on a node.
- kubeletEndpoint: That of the kubelet.

DaemonEndpoint: A port.
- Port: Its number.

NodeFeatures: What the runtime of a node can do.
- supplementalGroupsPolicy: Whether it can give containers just the groups they ask for.

NodeRuntimeHandler: A way to run containers.
- features: What it can do.
- name: Its name. Empty for the usual one.

NodeRuntimeHandlerFeatures: What a way to run containers can do.
- recursiveReadOnlyMounts: Whether mounts within others can be read-only too.
- userNamespaces: Whether pods can have users of their own.

NodeSystemInfo: Facts about a machine and its software.
- architecture: Its architecture, e.g. amd64.
- bootID: Changes each time it is started.
- containerRuntimeVersion: Its container runtime and that one's version.
- kernelVersion: Version of its kernel.
- kubeProxyVersion: No longer set.
- kubeletVersion: Version of its kubelet.
- machineID: Which machine it is, as the file /etc/machine-id says.
- operatingSystem: Its operating system, e.g. linux.
- osImage: Name and version of its operating system.
- swap: Memory it has on disk.
- systemUUID: Which machine it is, as its firmware says.

NodeSwapStatus: Memory that a node has on disk.
- capacity: How much, in bytes.

ContainerImage: An image on a node.
- names: Names it is known by.
- sizeBytes: Its size.

AttachedVolume: A volume that is attached to a node.
- devicePath: Path of its device.
- name: Its name.

NodeConfigStatus: No longer used.
- active, assigned, error, lastKnownGood: No longer used.

Namespace: Holds objects, so that their names need to be unique among them only.

NamespaceSpec: What a namespace is to be.
- finalizers: Names of who must be done before it may go. kubernetes empties it.

NamespaceStatus: What was last seen of a namespace.
- conditions: What its deletion waits for.
- phase: Active, or Terminating once its deletion has begun.

NamespaceCondition: One aspect of a namespace's state.
- lastTransitionTime: When the status last became another one.
- message: Details, for people.
- reason: Why the status is what it is, in one word for programs.
- status: True, False or Unknown.
- type: Which aspect this is.

ComponentStatus: Whether a part of the control plane is well. Deprecated.
- conditions: What was seen of it.

ComponentCondition: One aspect of a part's state.
- error: What went wrong when it was asked.
- message: Its answer.
- status: True, False or Unknown.
- type: Which aspect this is. Always Healthy.
`;
