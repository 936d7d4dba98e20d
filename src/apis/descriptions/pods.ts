/** Descriptions of pods and what they say as a whole. Containers and volumes are elsewhere. */
export const PODS = `
Pod: A group of containers that run together: on one node, with one network address, and with
  volumes they may share. Most pods are made by a controller, such as a Deployment or a Job.

PodSpec: What a pod is to be. Little of it can be changed once the pod is there.
- activeDeadlineSeconds: Seconds after its start at which the pod is stopped, and has failed.
- affinity: Which nodes the pod is to be on, or near or far from which other pods.
- automountServiceAccountToken: Whether containers find a token of the service account at
  /var/run/secrets/kubernetes.io/serviceaccount. By default what the account says, or else true.
- containers: The containers of the pod. There is at least one, and none can be added later.
- dnsConfig: Settings for looking up names, besides those that dnsPolicy makes.
- dnsPolicy: Where names are looked up: ClusterFirst (the default), ClusterFirstWithHostNet, Default
  for the settings of the node, or None for those of dnsConfig alone.
- enableServiceLinks: Whether containers get variables with the addresses of the services in their
  namespace. Default: true.
- ephemeralContainers: Containers that were added to the running pod for a look at it. They are set
  through the subresource ephemeralcontainers, never restarted, and never go away.
- hostAliases: Further lines of the file /etc/hosts.
- hostIPC: Whether the pod uses the node's space for talk between processes. Default: false.
- hostNetwork: Whether the pod uses the network of its node instead of its own. Its ports are ports
  of the node then. Default: false.
- hostPID: Whether the pod sees the processes of its node. Default: false.
- hostUsers: False for a user namespace of the pod's own: whoever is root in it is nobody outside.
  Default: true.
- hostname: Host name of the pod. Default: its name.
- hostnameOverride: Host name that containers see instead of the one the other fields make. Needs
  that hostNetwork and setHostnameAsFQDN are not set.
- imagePullSecrets: Secrets in the pod's namespace with which its images may be pulled.
- initContainers: Containers that run before the others, one after another, each to its end. Those
  with restartPolicy Always only have to start, and run beside the others.
- nodeName: The node the pod is on. Empty until a scheduler has found one.
- nodeSelector: Labels that a node must have for the pod to be on it.
- os: Operating system of the pod's containers.
- overhead: What the pod takes besides what its containers do. Set from the runtime class.
- preemptionPolicy: Whether pods of lower priority may be stopped for this one:
  PreemptLowerPriority (the default) or Never.
- priority: Priority of the pod, from its priority class. The more, the more important.
- priorityClassName: Priority class of the pod. By default that which is for all, or none.
- readinessGates: Conditions that must be true for the pod to be ready, besides its containers.
- resourceClaims: Claims to devices that containers of the pod may name.
- resources: CPU and memory for all containers together.
- restartPolicy: Whether containers that end are started again: Always (the default), OnFailure or
  Never.
- runtimeClassName: Runtime class with which the containers are run. By default that of the node.
- schedulerName: The scheduler that finds a node for the pod. Default: default-scheduler.
- schedulingGates: While there are any, no node is looked for. They can be taken away, not added.
- schedulingGroup: Pods that find their nodes together with this one.
- securityContext: Users, groups and other limits for all containers; each may say otherwise.
- serviceAccount: Older name of serviceAccountName.
- serviceAccountName: Service account that the pod acts as. Default: default.
- setHostnameAsFQDN: Whether the host name is the full one, domain and all. Default: false.
- shareProcessNamespace: Whether the containers see each other's processes. Default: false.
- subdomain: Subdomain of the pod's full name: hostname.subdomain.namespace.svc and the domain of
  the cluster. Usually the name of a headless service.
- terminationGracePeriodSeconds: Seconds the containers have to end by themselves when the pod is
  deleted, before they are killed. Default: 30.
- tolerations: Taints of nodes that the pod does not mind.
- topologySpreadConstraints: How evenly pods like this one are to be spread over the cluster.
- volumes: Volumes that the containers may mount.

PodStatus: What was last seen of a pod. The node it is on tells it.
- allocatedResources: Resources the node has set aside for the pod as a whole.
- conditions: State of the pod in several respects, e.g. PodScheduled, ContainersReady and Ready.
- containerStatuses: State of each container.
- ephemeralContainerStatuses: State of each ephemeral container.
- extendedResourceClaimStatus: Claim that was made for resources that devices stand for.
- hostIP: Address of the node.
- hostIPs: Addresses of the node, one for each family of addresses.
- initContainerStatuses: State of each init container.
- message: Why the pod is in this state, for people.
- nodeAllocatableResourceClaimStatuses: What claims to devices take of the node's own resources.
- nominatedNodeName: Node on which pods are being stopped to make room for this one.
- observedGeneration: Generation of the pod that this status is about.
- phase: Where the pod is in its life: Pending until all containers are made; Running; Succeeded if
  all have ended well; Failed if all have ended, and one badly; Unknown.
- podIP: Address of the pod. Empty until it has one.
- podIPs: Addresses of the pod, one for each family of addresses. The first is podIP.
- qosClass: How sure the pod can be of its resources: Guaranteed, Burstable or BestEffort. It
  follows from the requests and limits of its containers.
- reason: Why the pod is in this state, in one word, e.g. Evicted.
- resize: Use conditions. State of a change of resources.
- resourceClaimStatuses: Claims that were made for the pod from templates.
- resources: Resources the pod as a whole has now.
- startTime: When its node took the pod up, before any image was pulled.

PodCondition: One aspect of a pod's state.
- lastProbeTime: When it was last looked at.
- lastTransitionTime: When the status last became another one.
- message: Details, for people.
- observedGeneration: Generation of the pod that this was seen of.
- reason: Why the status is what it is, in one word for programs.
- status: True, False or Unknown.
- type: Which aspect this is, e.g. Ready.

PodIP, HostIP: One network address.
- ip: The address, IPv4 or IPv6.

PodOS: An operating system.
- name: linux or windows.

PodReadinessGate: A condition that somebody else must set before the pod is ready.
- conditionType: Type of the condition.

PodSchedulingGate: Something that keeps the pod from getting a node.
- name: Name of the gate. Each is there once.

PodSchedulingGroup: The group with which a pod is scheduled.
- podGroupName: Name of the pod group, in the pod's namespace.

PodResourceClaim: Devices for a pod, from a claim or a template of one: just one of them is named.
- name: Name by which containers know it.
- resourceClaimName: Claim in the pod's namespace.
- resourceClaimTemplateName: Template in the pod's namespace. A claim is made from it for this pod
  alone, and goes with it.

PodResourceClaimStatus: The claim that was made from a template.
- name: Name of the claim in the pod.
- resourceClaimName: Name of the claim that was made; empty if none had to be.

PodExtendedResourceClaimStatus: The claim that was made for resources that devices stand for.
- requestMappings: Which request of the claim is for which container.
- resourceClaimName: Name of the claim.

ContainerExtendedResourceRequest: The request of a claim for one resource of a container.
- containerName: The container.
- requestName: The request in the claim.
- resourceName: The resource.

NodeAllocatableResourceClaimStatus: What one claim takes of the node's own resources.
- containers: Containers that use the claim.
- resourceClaimName: Name of the claim.
- resources: How much of each resource.

PodDNSConfig: Settings for looking up names.
- nameservers: Addresses of name servers.
- options: Further settings.
- searches: Domains in which short names are looked up.

PodDNSConfigOption: One setting of the lookup, as in the file resolv.conf.
- name: Its name.
- value: Its value, if it takes one.

HostAlias: A line of the file /etc/hosts.
- hostnames: Names for the address.
- ip: The address.

PodSecurityContext: Users, groups and other limits for all containers of a pod.
- appArmorProfile: AppArmor profile of the containers. For Linux.
- fsGroup: Group to which volumes belong that allow for it, and which all processes are in. New
  files in such a volume belong to it too.
- fsGroupChangePolicy: When the files of a volume are given to fsGroup: Always (the default), or
  OnRootMismatch if the topmost folder does not have it.
- runAsGroup: Group of the containers' first process. By default that of the image.
- runAsNonRoot: If true, containers that would run as root do not start.
- runAsUser: User of the containers' first process. By default that of the image.
- seLinuxChangePolicy: How volumes get the SELinux label: MountOption or Recursive.
- seLinuxOptions: SELinux label of the containers.
- seccompProfile: Which system calls the containers may make.
- supplementalGroups: Further groups of the first process.
- supplementalGroupsPolicy: Whether groups that the image gives the user count too: Merge (the
  default) or Strict.
- sysctls: Settings of the kernel for the pod.
- windowsOptions: Settings for Windows.

SecurityContext: Users, rights and other limits of one container. What is set here goes before what
  the pod says.
- allowPrivilegeEscalation: Whether a process may get more rights than the one that started it.
  Default: true.
- appArmorProfile: AppArmor profile of the container. For Linux.
- capabilities: Rights beyond or below those that the runtime gives.
- privileged: Whether the container may do all that root on the node may. Default: false.
- procMount: How /proc is shown: Default hides parts of it, Unmasked does not.
- readOnlyRootFilesystem: Whether the container can write nowhere but in volumes. Default: false.
- runAsGroup: Group of the first process.
- runAsNonRoot: If true, the container does not start if it would run as root.
- runAsUser: User of the first process.
- seLinuxOptions: SELinux label of the container.
- seccompProfile: Which system calls the container may make.
- windowsOptions: Settings for Windows.

Capabilities: Rights that Linux gives to processes one by one.
- add: Names of rights to give.
- drop: Names of rights to take. ALL takes them all.

SELinuxOptions: A label of SELinux.
- level: Its level.
- role: Its role.
- type: Its type.
- user: Its user.

SeccompProfile: Which system calls may be made.
- localhostProfile: File of the profile, below the folder that the kubelet keeps them in. For
  Localhost.
- type: RuntimeDefault for what the runtime allows, Unconfined for all, or Localhost for a file.

AppArmorProfile: What AppArmor lets a container do.
- localhostProfile: Name of a profile that is loaded on the node. For Localhost.
- type: RuntimeDefault for that of the runtime, Unconfined for none, or Localhost.

WindowsSecurityContextOptions: Settings for containers on Windows.
- gmsaCredentialSpec: Credentials of a group managed service account, as text.
- gmsaCredentialSpecName: Name of such credentials.
- hostProcess: Whether the container is a process of the node itself.
- runAsUserName: User of the first process.

Sysctl: A setting of the kernel.
- name: Its name.
- value: Its value.

PodTemplate: A pod that is kept to make others from.
- template: The pod.

PodTemplateSpec: A pod as controllers make it.
- metadata: Labels and annotations of the pods. The labels must be those that the controller
  selects.
- spec: What the pods are to be.

Binding: Says on which node a pod is to be. Schedulers create it.
- target: The node.
`;
