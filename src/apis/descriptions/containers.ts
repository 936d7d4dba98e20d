/** Descriptions of containers and what they are given. */
export const CONTAINERS = `
Container, EphemeralContainer: A program in its own image, run beside the others of its pod.
- args: Arguments of the command; instead of those of the image. $(NAME) becomes the value of a
  variable of the container, $$(NAME) stays $(NAME).
- command: The command, without a shell; instead of that of the image. $(NAME) is replaced as in
  args.
- env: Variables of the container.
- envFrom: Config maps and secrets whose keys become variables. Those of env go before them, later
  ones before earlier ones.
- image: Name of the image.
- imagePullPolicy: When the image is pulled: Always, Never, or IfNotPresent. By default Always for
  the tag latest or none, IfNotPresent for others.
- lifecycle: What is done after the container starts and before it is stopped.
- livenessProbe: Looks whether the container is still well. If not, it is started anew.
- name: Name of the container, unique in its pod. It cannot be changed.
- ports: Ports the container listens on. This is for readers: others are open too.
- readinessProbe: Looks whether the container can be given work. While it cannot, services leave the
  pod out.
- resizePolicy: Whether the container is started anew when its resources are changed.
- resources: What the container needs and what it may take at most.
- restartPolicy: Whether this container is started again, instead of what the pod says. An init
  container with Always runs beside the other containers.
- restartPolicyRules: What to do about certain ends of the container. The first rule that fits
  counts, and if none does, restartPolicy.
- securityContext: Users, rights and other limits of the container.
- startupProbe: Looks whether the container has started. The other probes begin when it has; if it
  takes too long, the container is started anew.
- stdin: Whether input is kept open for the container. Default: false.
- stdinOnce: Whether input ends when the first who was attached goes. Default: false.
- targetContainerName: Container whose processes this one sees.
- terminationMessagePath: File whose text becomes the message of how the container ended. Default:
  /dev/termination-log.
- terminationMessagePolicy: File for that file, or FallbackToLogsOnError for the end of the log if
  it is empty and the container failed. Default: File.
- tty: Whether the container has a terminal. Needs stdin. Default: false.
- volumeDevices: Block devices of the container.
- volumeMounts: Where volumes of the pod are in the container.
- workingDir: Folder the command is run in. By default that of the image.

EphemeralContainer: A container that is put into a running pod for a look at it. It has no ports,
  probes or resources, is not started again, and stays until the pod is gone.

ContainerPort: A port that a container listens on.
- containerPort: Number of the port, 1 to 65535.
- hostIP: Address of the node for hostPort.
- hostPort: Port of the node that leads here. Most pods need none; use a service.
- name: Name of the port, by which services may know it.
- protocol: TCP (the default), UDP or SCTP.

EnvVar: A variable of a container.
- name: Its name. Anything without = that can be printed.
- value: Its value. $(NAME) becomes the value of a variable that came before; $$(NAME) stays
  $(NAME).
- valueFrom: Where its value comes from, if there is no value.

EnvVarSource: Where the value of a variable comes from: one of these.
- configMapKeyRef: A key of a config map.
- fieldRef: A field of the pod: metadata.name, metadata.namespace, metadata.labels['KEY'],
  metadata.annotations['KEY'], metadata.uid, spec.nodeName, spec.serviceAccountName, status.hostIP,
  status.hostIPs, status.podIP or status.podIPs.
- fileKeyRef: A variable in a file that another container wrote.
- resourceFieldRef: A limit or request of the container: of cpu, memory, ephemeral-storage or
  hugepages.
- secretKeyRef: A key of a secret.

EnvFromSource: Where variables come from: one of these.
- configMapRef: A config map.
- prefix: Put before each name.
- secretRef: A secret.

ConfigMapEnvSource, SecretEnvSource: All keys of a config map or secret.
- name: Its name, in the pod's namespace.
- optional: Whether it may be missing.

ConfigMapKeySelector, SecretKeySelector: A key of a config map or secret.
- key: The key.
- name: Name of the config map or secret, in the pod's namespace.
- optional: Whether it or the key may be missing.

FileKeySelector: A variable in a file of an emptyDir volume.
- key: Name of the variable in the file.
- optional: Whether the file or the variable may be missing.
- path: Path of the file in the volume.
- volumeName: The volume.

ObjectFieldSelector: A field of the pod.
- apiVersion: Version of the API in which the path is meant. Default: v1.
- fieldPath: Path of the field.

ResourceFieldSelector: A resource of a container.
- containerName: The container. Needed in volumes, and for variables the container itself.
- divisor: Unit in which the number is given. Default: 1.
- resource: Which resource, e.g. limits.cpu or requests.memory.

ResourceRequirements: What a container needs and what it may take at most.
- claims: Devices the container uses, of those its pod claims.
- limits: The most of each resource it may take.
- requests: What is set aside of each resource. By default as much as the limit.

VolumeResourceRequirements: How big a volume is to be.
- limits: The most it may have.
- requests: The least it must have: storage is the size.

ResourceClaim: Devices that a container uses.
- name: Name in the pod's resourceClaims.
- request: One request of the claim. By default all.

ContainerResizePolicy: What a change of one resource means for the container.
- resourceName: The resource: cpu or memory.
- restartPolicy: NotRequired (the default) or RestartContainer.

ContainerRestartRule: What to do about an end of the container.
- action: Restart starts it again, RestartAllContainers the whole pod.
- exitCodes: The exit codes it is about.

ContainerRestartRuleOnExitCodes: Which exit codes are meant.
- operator: In or NotIn.
- values: The exit codes.

Lifecycle: What is done at certain moments of a container.
- postStart: Done right after its start. If it fails, the container is stopped.
- preStop: Done before the container is stopped, within its grace period.
- stopSignal: Signal that asks the container to end. By default that of the image, or SIGTERM.

LifecycleHandler: Something to do: one of these.
- exec: Run a command in the container.
- httpGet: Send a request to the container.
- sleep: Wait.
- tcpSocket: Not done; kept for old objects.

Probe: A look at a container: one of exec, grpc, httpGet and tcpSocket, every few seconds.
- exec: Run a command in it. All is well if it exits with 0.
- failureThreshold: Failures in a row after which it counts as failed. Default: 3.
- grpc: Ask for its health over gRPC.
- httpGet: Send it a request. All is well with an answer from 200 to 399.
- initialDelaySeconds: Seconds after the start of the container before the first look. Default: 0.
- periodSeconds: Seconds between two looks. Default: 10.
- successThreshold: Successes in a row after which it counts as well again. Default: 1, and always 1
  for liveness and startup.
- tcpSocket: Connect to a port of it.
- terminationGracePeriodSeconds: Grace period for a container that fails this probe, instead of the
  pod's.
- timeoutSeconds: Seconds after which a look has failed. Default: 1.

ExecAction: A command in a container.
- command: The command and its arguments, without a shell.

HTTPGetAction: A GET request.
- host: Host the request goes to. Default: the address of the pod.
- httpHeaders: Headers of the request. One may be there several times.
- path: Path of the request. Default: /.
- port: Number or name of the port.
- scheme: HTTP (the default) or HTTPS; the certificate is not checked.

HTTPHeader: A header of a request.
- name: Its name.
- value: Its value.

TCPSocketAction: A connection.
- host: Host to connect to. Default: the address of the pod.
- port: Number or name of the port.

GRPCAction: A question for health, as the health protocol of gRPC defines it.
- port: Number of the port.
- service: Service that is asked for. Default: the server as a whole.

SleepAction: A wait.
- seconds: How long.

VolumeMount: Where a volume is in a container.
- mountPath: Path in the container. Without colons.
- mountPropagation: Whether mounts within show on the other side: None (the default),
  HostToContainer or Bidirectional.
- name: The volume, by its name in the pod.
- readOnly: Whether the container cannot write there. Default: false.
- recursiveReadOnly: Whether mounts within are read-only too: Disabled, IfPossible or Enabled.
- subPath: Path in the volume to mount instead of all of it.
- subPathExpr: The same with $(NAME) replaced by variables of the container.

VolumeDevice: A volume as a block device of a container.
- devicePath: Path of the device in the container.
- name: The volume, by its name in the pod. It must be a claim for a block device.
`;
