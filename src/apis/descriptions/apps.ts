/** Descriptions of what keeps pods running: deployments, sets, daemons. */
export const APPS = `
Deployment: Keeps pods of a template running, and replaces them step by step when it changes.

DeploymentSpec: What the deployment keeps.
- minReadySeconds: Seconds a new pod must be ready before it counts as available. Default: 0.
- paused: Whether changes of the template are left for later. Default: false.
- progressDeadlineSeconds: Seconds after which a rollout that does not get on counts as failed.
  Default: 600.
- replicas: How many pods there are to be. Default: 1.
- revisionHistoryLimit: How many old replica sets are kept to go back to. Default: 10.
- selector: Selects its pods. It must fit the labels of the template, and cannot be changed.
- strategy: How old pods are replaced.
- template: The pods it makes. Their restartPolicy is Always.

DeploymentStrategy: How old pods are replaced.
- rollingUpdate: Settings for RollingUpdate.
- type: RollingUpdate for little by little (the default), or Recreate for all old ones first.

RollingUpdateDeployment: How fast old pods are replaced.
- maxSurge: How many more pods than wanted there may be: a number, or a part in per cent, rounded
  up. Default: 25%.
- maxUnavailable: How many of those wanted may be missing: a number, or a part in per cent, rounded
  down. Default: 25%. Not 0 if maxSurge is.

DeploymentStatus: What was last seen of a deployment.
- availableReplicas: Pods that have been ready for minReadySeconds.
- collisionCount: How often the name of a new replica set was taken.
- conditions: State in several respects: Available, Progressing, ReplicaFailure.
- observedGeneration: Generation that this status is about.
- readyReplicas: Pods that are ready.
- replicas: Pods there are, old ones too.
- terminatingReplicas: Pods that are being deleted.
- unavailableReplicas: Pods that are still missing or not available.
- updatedReplicas: Pods of the present template.

DeploymentCondition, ReplicaSetCondition, StatefulSetCondition, DaemonSetCondition: One aspect of
  the state.
- lastTransitionTime: When the status last became another one.
- lastUpdateTime: When it was last written.
- message: Details, for people.
- reason: Why the status is what it is, in one word for programs.
- status: True, False or Unknown.
- type: Which aspect this is.

ReplicaSet: Keeps as many pods of one template as are wanted. Deployments make them.

ReplicaSetSpec: What the set keeps.
- minReadySeconds: Seconds a new pod must be ready before it counts as available. Default: 0.
- replicas: How many pods there are to be. Default: 1.
- selector: Selects its pods. It must fit the labels of the template, and cannot be changed.
- template: The pods it makes.

ReplicaSetStatus: What was last seen of a set.
- availableReplicas: Pods that have been ready for minReadySeconds.
- conditions: State of the set in several respects.
- fullyLabeledReplicas: Pods with all labels of the template.
- observedGeneration: Generation that this status is about.
- readyReplicas: Pods that are ready.
- replicas: Pods there are.
- terminatingReplicas: Pods that are being deleted.

StatefulSet: Keeps pods with lasting names and volumes: NAME-0, NAME-1 and so on.

StatefulSetSpec: What the set keeps. Only minReadySeconds, ordinals,
  persistentVolumeClaimRetentionPolicy, replicas, revisionHistoryLimit, template and updateStrategy
  can be changed.
- minReadySeconds: Seconds a new pod must be ready before it counts as available. Default: 0.
- ordinals: How pods are numbered. Default: from 0.
- persistentVolumeClaimRetentionPolicy: What becomes of claims whose pods are gone. By default they
  are kept.
- podManagementPolicy: OrderedReady makes one pod after another, each when the one before is ready
  (the default); Parallel makes all at once.
- replicas: How many pods there are to be. Default: 1.
- revisionHistoryLimit: How many old revisions are kept to go back to. Default: 10.
- selector: Selects its pods. It must fit the labels of the template, and cannot be changed.
- serviceName: Headless service under which the pods have names. It must be there first.
- template: The pods it makes.
- updateStrategy: How pods get a new template.
- volumeClaimTemplates: Claims that each pod has. A volume of the same name in the pod is the claim.

StatefulSetOrdinals: How pods are numbered.
- start: Number of the first. Default: 0.

StatefulSetPersistentVolumeClaimRetentionPolicy: What becomes of claims whose pods are gone.
- whenDeleted: When the set is deleted: Retain (the default) or Delete.
- whenScaled: When there are to be fewer pods: Retain (the default) or Delete.

StatefulSetUpdateStrategy: How pods get a new template.
- rollingUpdate: Settings for RollingUpdate.
- type: RollingUpdate for one after another, from the last (the default), or OnDelete for when
  somebody deletes them.

RollingUpdateStatefulSetStrategy: Which pods get a new template, and how fast.
- maxUnavailable: How many pods may be missing meanwhile: a number, or a part in per cent, rounded
  up. Default: 1.
- partition: Pods with a lower number keep the old template. Default: 0.

StatefulSetStatus: What was last seen of a set.
- availableReplicas: Pods that have been ready for minReadySeconds.
- collisionCount: How often the name of a new revision was taken.
- conditions: State of the set in several respects.
- currentReplicas: Pods of currentRevision.
- currentRevision: Revision of the pods that are not updated yet.
- observedGeneration: Generation that this status is about.
- readyReplicas: Pods that are ready.
- replicas: Pods there are.
- updateRevision: Revision of the pods that are updated.
- updatedReplicas: Pods of updateRevision.

DaemonSet: Keeps a pod on every node, or on those selected.

DaemonSetSpec: What the set keeps.
- minReadySeconds: Seconds a new pod must be ready before it counts as available. Default: 0.
- revisionHistoryLimit: How many old revisions are kept to go back to. Default: 10.
- selector: Selects its pods. It must fit the labels of the template, and cannot be changed.
- template: The pods it makes, on each node that fits its node selector and affinity.
- updateStrategy: How pods get a new template.

DaemonSetUpdateStrategy: How pods get a new template.
- rollingUpdate: Settings for RollingUpdate.
- type: RollingUpdate for one node after another (the default), or OnDelete for when somebody
  deletes them.

RollingUpdateDaemonSet: How fast pods are replaced.
- maxSurge: On how many nodes there may be an old and a new pod: a number, or a part in per cent,
  rounded up. Default: 0.
- maxUnavailable: On how many nodes the pod may be missing: a number, or a part in per cent, rounded
  up. Default: 1. Just one of the two is not 0.

DaemonSetStatus: What was last seen of a set.
- collisionCount: How often the name of a new revision was taken.
- conditions: State of the set in several respects.
- currentNumberScheduled: Nodes that have the pod and are to have it.
- desiredNumberScheduled: Nodes that are to have the pod.
- numberAvailable: Nodes on which it has been ready for minReadySeconds.
- numberMisscheduled: Nodes that have the pod and are not to have it.
- numberReady: Nodes on which it is ready.
- numberUnavailable: Nodes on which it is missing or not available.
- observedGeneration: Generation that this status is about.
- updatedNumberScheduled: Nodes with a pod of the present template.

ControllerRevision: An old state of a DaemonSet or StatefulSet, kept to go back to.
- data: The state. It cannot be changed.
- revision: Its number. Later ones have greater numbers.
`;
