/** Descriptions of endpoint slices, ingresses, network policies, addresses, and newer events. */
const DISCOVERY = `
EndpointSlice: Some of the addresses behind a service. Its labels say which service.
- addressType: What the addresses are: IPv4, IPv6 or FQDN. It cannot be changed.
- endpoints: The addresses, up to 1000.
- ports: Ports that all of them have, up to 100.

Endpoint: One place that traffic may go to.
- addresses: Its addresses, which all lead to it.
- conditions: Whether it can be given work.
- deprecatedTopology: Older form of nodeName and zone.
- hints: Who should use it.
- hostname: Its host name. Several may share one.
- nodeName: The node it is on.
- targetRef: What is there, usually a pod.
- zone: The zone it is in.

EndpointConditions: Whether a place can be given work.
- ready: Whether new connections may go there. If missing, yes.
- serving: Whether it works, going or not. If missing, the same as ready.
- terminating: Whether it is going. If missing, no.

EndpointHints: Who should use a place.
- forNodes: Nodes whose traffic should go there.
- forZones: Zones whose traffic should go there.

ForNode: A node.
- name: Its name.

ForZone: A zone.
- name: Its name.

EndpointPort: A port.
- appProtocol: What is spoken there.
- name: Name of the service's port.
- port: Its number. If missing, all ports.
- protocol: TCP (the default), UDP or SCTP.
`;

const NETWORKS = `
Ingress: Brings requests from outside to services, by host and path.

IngressSpec: Which requests go where.
- defaultBackend: Where those go that no rule is for.
- ingressClassName: Ingress class that says who serves it. By default the one for all.
- rules: Rules by host. By default all goes to defaultBackend.
- tls: Certificates.

IngressRule: Requests for one host.
- host: Its name, perhaps with *. before it. By default any.
- http: Where they go by path.

HTTPIngressRuleValue: Requests by path.
- paths: The paths.

HTTPIngressPath: Requests for a path.
- backend: Where they go.
- path: The path. It begins with a slash.
- pathType: Exact for just this path, Prefix for all below, or ImplementationSpecific.

IngressBackend: Where requests go: one of these.
- resource: An object in the same namespace.
- service: A service in the same namespace.

IngressServiceBackend: A service that requests go to.
- name: Its name.
- port: Its port.

ServiceBackendPort: A port of a service: one of these.
- name: Its name.
- number: Its number.

IngressTLS: A certificate.
- hosts: Hosts it is for.
- secretName: Secret with it and its key.

IngressStatus: What was last seen of an ingress.
- loadBalancer: Where it can be reached.

IngressLoadBalancerStatus: Where an ingress can be reached.
- ingress: The addresses.

IngressLoadBalancerIngress: An address of an ingress.
- hostname: The host name.
- ip: The IP address.
- ports: What became of each port.

IngressPortStatus: What became of a port.
- error: What went wrong with it, in one word.
- port: Its number.
- protocol: TCP, UDP or SCTP.

IngressClass: Who serves ingresses. The annotation ingressclass.kubernetes.io/is-default-class makes
  it the one for all.

IngressClassSpec: Who serves ingresses of the class.
- controller: Name of the controller. It cannot be changed.
- parameters: An object with settings for it.

IngressClassParametersReference: An object with settings.
- apiGroup: Its API group; empty for the core.
- kind: Its kind.
- name: Its name.
- namespace: Its namespace, for the scope Namespace.
- scope: Cluster (the default) or Namespace.

NetworkPolicy: What traffic pods may have.

NetworkPolicySpec: Which pods may talk to whom. Pods that no policy selects may talk to all.
- egress: Traffic they may send. If none is named, none.
- ingress: Traffic they may get. If none is named, none.
- podSelector: Selects the pods. An empty one selects all of the namespace.
- policyTypes: What it is about: Ingress, Egress or both. By default Ingress, and Egress if it has
  rules for it.

NetworkPolicyIngressRule: Traffic that pods may get.
- from: From whom. By default anybody.
- ports: On which ports. By default any.

NetworkPolicyEgressRule: Traffic that pods may send.
- ports: To which ports. By default any.
- to: To whom. By default anybody.

NetworkPolicyPeer: Whom pods may talk to: a network, or pods.
- ipBlock: A network.
- namespaceSelector: Selects namespaces. An empty one selects all.
- podSelector: Selects pods, of those namespaces or the same one.

IPBlock: A network, with some parts left out.
- cidr: The network, e.g. 192.168.1.0/24.
- except: Parts of it that are left out.

NetworkPolicyPort: A port.
- endPort: Last number of several, from port on.
- port: Number or name. By default any.
- protocol: TCP (the default), UDP or SCTP.

ServiceCIDR: Networks from which services get addresses.

ServiceCIDRSpec: The networks.
- cidrs: One for each family. They cannot be changed.

ServiceCIDRStatus: What was last seen of them.
- conditions: State in several respects: Ready.

IPAddress: An address that a service has. Its name is the address.

IPAddressSpec: Who has the address.
- parentRef: The object that has it.

ParentReference: The object that has an address.
- group: Its API group.
- name: Its name.
- namespace: Its namespace.
- resource: Its resource.
`;

const EVENTS = `
Event: Something that happened to an object. Events are kept for a while only.
- action: What was done, in one word.
- deprecatedCount: How often it happened, in the older form.
- deprecatedFirstTimestamp: When it first happened, in the older form.
- deprecatedLastTimestamp: When it last happened, in the older form.
- deprecatedSource: Who tells it, in the older form.
- eventTime: When it first happened.
- note: What happened, for people. Up to 1 kB.
- reason: Why it happened, in one word for programs.
- regarding: The object it is about.
- related: Another object that has to do with it.
- reportingController: Who tells it, e.g. kubernetes.io/kubelet.
- reportingInstance: Which instance of the controller.
- series: How often it happened, if it goes on.
- type: Normal or Warning.

EventSeries: An event that happens again and again.
- count: How often so far.
- lastObservedTime: When the last time.
`;

export const NETWORKING: Readonly<Record<string, string>> = {
  "io.k8s.api.discovery.v1": DISCOVERY,
  "io.k8s.api.networking.v1": NETWORKS,
  "io.k8s.api.events.v1": EVENTS,
};
