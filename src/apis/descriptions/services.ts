/** Descriptions of services and endpoints. */
export const SERVICES = `
Service: One address for pods that come and go.

ServiceSpec: What the service is.
- allocateLoadBalancerNodePorts: Whether a LoadBalancer service gets node ports. Default: true.
- clusterIP: Address of the service in the cluster. Allocated if empty. None for a headless service:
  its name leads to the pods themselves.
- clusterIPs: Addresses of the service, one for each family. The first is clusterIP.
- externalIPs: Further addresses for which nodes take traffic. Whoever runs the cluster sees to it
  that it gets there.
- externalName: Name that the service stands for. For type ExternalName.
- externalTrafficPolicy: Where traffic from outside goes: Cluster for all pods (the default), Local
  for those of the node it came to, which then see where it came from.
- healthCheckNodePort: Node port on which load balancers ask whether a node has pods of the service.
  For LoadBalancer with Local.
- internalTrafficPolicy: Where traffic from pods goes: Cluster for all pods (the default), Local for
  those of the same node.
- ipFamilies: Families of its addresses: IPv4, IPv6 or both. The first cannot be changed.
- ipFamilyPolicy: How many families it has: SingleStack (the default), PreferDualStack or
  RequireDualStack.
- loadBalancerClass: Which load balancer is to serve it. By default that of the cloud.
- loadBalancerIP: Use what the load balancer offers instead. Address that is asked for.
- loadBalancerSourceRanges: Networks from which the load balancer takes traffic. By default all.
- ports: Ports of the service.
- publishNotReadyAddresses: Whether pods that are not ready are found under its name too. Default:
  false.
- selector: Labels of the pods. If missing, somebody else says where traffic goes.
- sessionAffinity: ClientIP sends a client to the same pod again. Default: None.
- sessionAffinityConfig: Settings of it.
- trafficDistribution: Which pods are better: PreferSameZone or PreferSameNode. By default none.
- type: ClusterIP for an address in the cluster (the default), NodePort for a port of each node as
  well, LoadBalancer for a load balancer as well, or ExternalName for another name.

ServicePort: A port of a service.
- appProtocol: What is spoken there, e.g. kubernetes.io/h2c.
- name: Its name. Needed if there are several.
- nodePort: Port of each node. For NodePort and LoadBalancer; allocated if it is not set.
- port: Its number.
- protocol: TCP (the default), UDP or SCTP.
- targetPort: Number or name of the pods' port. Default: the same as port.

ServiceStatus: What was last seen of a service.
- conditions: State of the service in several respects.
- loadBalancer: Where its load balancer is.

LoadBalancerStatus: Where a load balancer is.
- ingress: Its addresses.

LoadBalancerIngress: An address of a load balancer.
- hostname: Its host name.
- ip: Its IP address.
- ipMode: VIP if traffic comes to nodes with this address, Proxy if with one of their own.
- ports: What became of each port.

PortStatus: What became of a port of a load balancer.
- error: What went wrong with it, in one word.
- port: Its number.
- protocol: TCP, UDP or SCTP.

SessionAffinityConfig: Settings of session affinity.
- clientIP: For ClientIP.

ClientIPConfig: Settings of session affinity by address.
- timeoutSeconds: Seconds after which a client may get another pod. Default: 10800.

Endpoints: Addresses behind a service. Endpoint slices have taken their place.
- subsets: The addresses. Each works with all ports of its subset.

EndpointSubset: Addresses with the same ports.
- addresses: Addresses that can be given work.
- notReadyAddresses: Addresses that cannot, at the moment.
- ports: Their ports.

EndpointAddress: An address.
- hostname: Its host name.
- ip: The address itself.
- nodeName: The node it is on.
- targetRef: What is there, usually a pod.

EndpointPort: A port.
- appProtocol: What is spoken there.
- name: Name of the service's port.
- port: Its number.
- protocol: TCP, UDP or SCTP.
`;
