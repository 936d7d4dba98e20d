/** Descriptions of devices, and of claims to them. */
const RESOURCE = `
DeviceClass: Devices of one kind, for claims to name.

DeviceClassSpec: Which devices.
- config: Settings for the drivers.
- extendedResourceName: Resource by which containers may ask for them, without a claim.
- selectors: What must hold of them.

DeviceClassConfiguration, DeviceClaimConfiguration, DeviceAllocationConfiguration: Settings for a
  driver.
- opaque: Settings in the driver's own form.
- requests: Requests they are for. By default all.
- source: Where they come from: FromClass or FromClaim.

OpaqueDeviceConfiguration: Settings in a driver's own form.
- driver: The driver.
- parameters: The settings.

DeviceSelector: What must hold of a device.
- cel: An expression.

CELDeviceSelector: An expression that must be true of a device.
- expression: The expression, in CEL: of device.

ResourceClaim: Asks for devices, and then stands for them in its namespace.

ResourceClaimTemplate: Claims that are made for pods.

ResourceClaimTemplateSpec: A claim as it is made for a pod.
- metadata: Labels and annotations of the claims.
- spec: What they ask for. It cannot be changed.

ResourceClaimSpec: What is asked for. It cannot be changed.
- devices: The devices.

DeviceClaim: Devices that are asked for.
- config: Settings for the drivers.
- constraints: What must hold of the devices together.
- requests: Each of the requests.

DeviceConstraint: What must hold of devices together.
- distinctAttribute: Attribute that must be different for each.
- matchAttribute: Attribute that must be the same for all.
- requests: Requests it is about. By default all.

DeviceRequest: A request: one of exactly and firstAvailable.
- exactly: One kind of devices.
- firstAvailable: Several kinds, the better ones first.
- name: Its name.

ExactDeviceRequest, DeviceSubRequest: One kind of devices.
- adminAccess: Whether it is to look after devices that others use. Default: false.
- allocationMode: ExactCount for as many as count (the default), or All.
- capacity: How much of each device.
- count: How many devices. Default: 1.
- deviceClassName: Their class.
- name: Name of the request.
- selectors: What must hold of them.
- tolerations: Taints of devices that do not matter.

CapacityRequirements: How much of a device.
- requests: How much of each of its capacities.

DeviceToleration: Lets a claim have devices with a taint.
- effect: Effect of the taint. By default all.
- key: Key of the taint. None, with Exists, for all.
- operator: Equal (the default) or Exists.
- tolerationSeconds: Seconds for which a NoExecute taint does not matter. By default for ever.
- value: Value of the taint.

ResourceClaimStatus: What was last seen of a claim.
- allocation: Devices it has got.
- devices: State of the devices, from their drivers.
- reservedFor: Who may use them, up to 256.

ResourceClaimConsumerReference: Who may use the devices of a claim.
- apiGroup: Its API group; empty for the core.
- name: Its name.
- resource: Its resource, e.g. pods.
- uid: Its UID.

AllocationResult: Devices that a claim has got.
- allocationTimestamp: When it got them.
- devices: The devices.
- nodeSelector: Nodes on which they can be used. By default all.

DeviceAllocationResult: Devices that a claim has got.
- config: Settings for the drivers.
- results: Each of the devices.

DeviceRequestAllocationResult: A device for a request.
- adminAccess: Whether it is looked after only.
- bindingConditions: Conditions that must be true before the pod is put on a node.
- bindingFailureConditions: Conditions that make the device useless for the pod.
- consumedCapacity: How much of it is taken.
- device: Its name.
- driver: Its driver.
- pool: Its pool.
- request: The request.
- shareID: Which share of it this is.
- tolerations: Taints of it that do not matter.

AllocatedDeviceStatus: State of a device, from its driver.
- conditions: State in several respects.
- data: Anything else the driver says.
- device: Its name.
- driver: Its driver.
- networkData: What is to be known of a network device.
- pool: Its pool.
- shareID: Which share of it this is.

NetworkDeviceData: What is to be known of a network device.
- hardwareAddress: Its hardware address.
- interfaceName: Name of its interface.
- ips: Its addresses, with their networks.

ResourceSlice: Devices of a pool, as a driver tells of them.

ResourceSliceSpec: The devices, and where they are: one of allNodes, nodeName, nodeSelector and
  perDeviceNodeSelection.
- allNodes: Whether all nodes can use them.
- devices: The devices, up to 128.
- driver: Their driver. It cannot be changed.
- nodeName: Node they are in. It cannot be changed.
- nodeSelector: Nodes that can use them.
- perDeviceNodeSelection: Whether each device says where it is.
- pool: The pool.
- sharedCounters: What the devices have together.

ResourcePool: Devices that are told of together.
- generation: Counts the changes of the pool. Only the last counts.
- name: Its name, often that of the node.
- resourceSliceCount: How many slices it has.

Device: A device.
- allNodes: Whether all nodes can use it.
- allowMultipleAllocations: Whether several claims can have it.
- attributes: Its attributes.
- bindingConditions: Conditions that must be true before a pod is put on a node.
- bindingFailureConditions: Conditions that make it useless for a pod.
- bindsToNode: Whether it is for the node of the first pod only.
- capacity: Its capacities.
- consumesCounters: What it takes of what devices have together.
- name: Its name, unique in the pool.
- nodeAllocatableResourceMappings: What it takes of the node's own resources.
- nodeName: Node it is in.
- nodeSelector: Nodes that can use it.
- taints: What keeps claims away from it.

DeviceAttribute: Value of an attribute: one of these.
- bool: True or false.
- bools: Several of them.
- int: A number.
- ints: Several of them.
- string: A text.
- strings: Several of them.
- version: A semantic version.
- versions: Several of them.

DeviceCapacity: How much a device has of something.
- requestPolicy: How much claims may take.
- value: How much.

CapacityRequestPolicy: How much claims may take.
- default: What they take if they do not say.
- validRange: Bounds of what they may take.
- validValues: What they may take.

CapacityRequestPolicyRange: Bounds of what claims may take.
- max: The most.
- min: The least.
- step: Steps from the least on.

DeviceCounterConsumption: What a device takes of a counter set.
- counterSet: The set.
- counters: How much of each counter.

CounterSet: What devices have together.
- counters: How much of what.
- name: Its name.

Counter: How much there is of something.
- value: How much.

NodeAllocatableResourceMapping: What a device takes of one of the node's resources.
- allocationMultiplier: How much for each device, or for each unit of the capacity.
- capacityKey: Capacity that says how much.

DeviceTaint: Keeps claims away from a device, but for those that tolerate it.
- effect: None does nothing, NoSchedule keeps new pods away, NoExecute stops those that use it too.
- key: Key of the taint.
- timeAdded: When it was added.
- value: Value of the taint.
`;

export const DEVICES: Readonly<Record<string, string>> = {
  "io.k8s.api.resource.v1": RESOURCE,
};
