/** Descriptions of what is seen of containers. */
export const CONTAINER_STATUSES = `
ContainerStatus: What was last seen of a container.
- allocatedResources: What the node has set aside for it.
- allocatedResourcesStatus: Health of the devices it uses.
- containerID: The container in the runtime, as TYPE://ID.
- image: Name of the image it runs. May differ from the one in the pod.
- imageID: The very image, with its digest.
- lastState: How it ended the last time, if it was started again.
- name: Name of the container.
- ready: Whether it can be given work.
- resources: The requests and limits that hold now.
- restartCount: How often it was started again.
- started: Whether its startup probe and postStart are through.
- state: What it does now: waiting, running or terminated.
- stopSignal: Signal that asks it to end.
- user: User and groups of its first process.
- volumeMounts: What became of its mounts.

ContainerState: What a container does: one of these. Waiting if none is set.
- running: It runs.
- terminated: It has ended.
- waiting: It has not started yet.

ContainerStateRunning: A container that runs.
- startedAt: Since when.

ContainerStateTerminated: A container that has ended.
- containerID: The container in the runtime, as TYPE://ID.
- exitCode: Its exit code.
- finishedAt: When it ended.
- message: What it left as its last words.
- reason: Why it ended, in one word, e.g. Completed or Error.
- signal: The signal that ended it.
- startedAt: When it had started.

ContainerStateWaiting: A container that has not started yet.
- message: Why, for people.
- reason: Why, in one word, e.g. ImagePullBackOff.

ContainerUser: Who the first process of a container is.
- linux: User and groups on Linux.

LinuxContainerUser: User and groups as the process was started with.
- gid: Its group.
- supplementalGroups: Its further groups.
- uid: Its user.

VolumeMountStatus: What became of a mount.
- mountPath: Path in the container.
- name: The volume.
- readOnly: Whether it cannot be written.
- recursiveReadOnly: Whether that holds for mounts within.
- volumeStatus: More about certain kinds of volumes.

VolumeStatus: More about a mounted volume.
- image: Of a volume made from an image.

ImageVolumeStatus: The image of a volume.
- imageRef: The very image, with its digest.

ResourceStatus: Health of the devices behind one resource.
- name: The resource, or claim:NAME/REQUEST.
- resources: Each device.

ResourceHealth: Health of one device.
- health: Healthy, Unhealthy or Unknown.
- message: Details, for people.
- resourceID: The device.
`;
