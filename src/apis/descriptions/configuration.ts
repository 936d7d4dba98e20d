/** Descriptions of config maps, secrets, accounts, limits, quotas, events and references. */
export const CONFIGURATION = `
ConfigMap: Settings by key, for pods to read as files or variables.
- binaryData: Bytes by key, in base64. No key is in data too.
- data: Texts by key. Keys are of letters, digits, hyphens, underscores and dots.
- immutable: If true, nothing but metadata can be changed any more, nor this.

Secret: Secret values by key, for pods to read as files or variables.
- data: Bytes by key, in base64. Keys are of letters, digits, hyphens, underscores and dots.
- immutable: If true, nothing but metadata can be changed any more, nor this.
- stringData: Texts by key, which become bytes in data. It can be written, and is never shown.
- type: What it is for, which says what keys it must have. It cannot be changed. Default: Opaque.

ServiceAccount: Who pods are to the API server.
- automountServiceAccountToken: Whether pods of the account get a token. They may say otherwise.
- imagePullSecrets: Secrets with which images of its pods may be pulled.
- secrets: Secrets its pods may use; only those if an annotation says so.

SecretReference: A secret, perhaps in another namespace.
- name: Its name.
- namespace: Its namespace.

LocalObjectReference: An object in the same namespace.
- name: Its name.

ObjectReference: An object, or a part of one.
- apiVersion: Its API version.
- fieldPath: The part that is meant, e.g. spec.containers{main}.
- kind: Its kind.
- name: Its name.
- namespace: Its namespace.
- resourceVersion: Its state that is meant.
- uid: Its UID.

LimitRange: Limits and defaults for the resources of each object in a namespace.

LimitRangeSpec: The limits.
- limits: Each of them.

LimitRangeItem: Limits for objects of one type.
- default: Limits of containers that have none.
- defaultRequest: Requests of containers that have none.
- max: The most that may be asked for.
- maxLimitRequestRatio: How many times the request the limit may be.
- min: The least that must be asked for.
- type: What it is for: Pod, Container or PersistentVolumeClaim.

ResourceQuota: How much of something all objects of a namespace may take together.

ResourceQuotaSpec: The limits.
- hard: How much of each resource, or how many objects of a kind as count/RESOURCE.GROUP.
- scopeSelector: Objects that are counted. By default all.
- scopes: Scopes that an object must be in to be counted: Terminating, NotTerminating, BestEffort,
  NotBestEffort, PriorityClass, CrossNamespacePodAffinity or VolumeAttributesClass.

ResourceQuotaStatus: How much is taken.
- hard: The limits that are held.
- used: How much of each is taken.

ReplicationController: Keeps as many pods of one template as are wanted. Deployments have taken
  its place.

ReplicationControllerSpec: What it keeps.
- minReadySeconds: Seconds a new pod must be ready before it counts as available. Default: 0.
- replicas: How many pods there are to be. Default: 1.
- selector: Labels of its pods. By default those of the template.
- template: The pods it makes.

ReplicationControllerStatus: What was last seen of it.
- availableReplicas: Pods that have been ready for minReadySeconds.
- conditions: State of it in several respects.
- fullyLabeledReplicas: Pods with all labels of the template.
- observedGeneration: Generation that this status is about.
- readyReplicas: Pods that are ready.
- replicas: Pods there are.

ReplicationControllerCondition: One aspect of its state.
- lastTransitionTime: When the status last became another one.
- message: Details, for people.
- reason: Why the status is what it is, in one word for programs.
- status: True, False or Unknown.
- type: Which aspect this is.

Event: Something that happened to an object. Events are kept for a while only.
- action: What was done, in one word.
- count: How often it happened.
- eventTime: When it first happened.
- firstTimestamp: When it first happened.
- involvedObject: The object it is about.
- lastTimestamp: When it last happened.
- message: What happened, for people.
- reason: Why it happened, in one word for programs.
- related: Another object that has to do with it.
- reportingComponent: Who tells it, e.g. kubernetes.io/kubelet.
- reportingInstance: Which instance of the component.
- series: How often it happened, if it goes on.
- source: Who tells it, in the older form.
- type: Normal or Warning.

EventSeries: An event that happens again and again.
- count: How often so far.
- lastObservedTime: When the last time.

EventSource: Who tells of an event.
- component: The component.
- host: The node it is on.
`;
