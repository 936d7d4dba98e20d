import type { Asked, Scenario } from "../../scenario.ts";

const NAMESPACE = "core-service-types-2";
const SERVICES = `/api/v1/namespaces/${NAMESPACE}/services`;
const ports = [{ name: "a", port: 80 }];

function made(name: string, spec: object): Asked {
  return { method: "POST", path: SERVICES, body: { metadata: { name }, spec } };
}

function tried(spec: object): Asked {
  return { ...made("s", spec), path: `${SERVICES}?dryRun=All` };
}

function changed(spec: object): Asked {
  return { method: "PATCH", path: `${SERVICES}/a`, body: { spec } };
}

/** Services of all types, from one to another, and what they may not say. */
export const serviceTypes: Scenario = {
  name: "core-service-types",
  namespace: NAMESPACE,
  steps: [
    made("a", {
      type: "LoadBalancer",
      externalTrafficPolicy: "Local",
      healthCheckNodePort: 31777,
      ports,
    }),
    changed({ type: "NodePort" }),
    changed({ type: "ClusterIP" }),
    changed({ type: "ExternalName", externalName: "foo.bar" }),
    changed({ type: "ClusterIP" }),
    changed({ clusterIP: "None" }),
    changed({ type: "LoadBalancer", loadBalancerClass: "a.b/c" }),
    changed({ loadBalancerClass: "a.b/d", healthCheckNodePort: 31234 }),
    tried({ type: "Elsewhere", ports }),
    tried({ ports: [{ port: 80 }, { port: 80 }] }),
    tried({ clusterIP: "None", sessionAffinity: "ClientIP", externalIPs: ["1.2.3.4"] }),
    tried({ ports, externalIPs: ["127.0.0.1", "here"], trafficDistribution: "PreferClose" }),
    tried({
      ports,
      loadBalancerSourceRanges: ["10.0.0.0/8", "x"],
      allocateLoadBalancerNodePorts: true,
    }),
    tried({ type: "NodePort", clusterIP: "None", ports }),
    tried({ type: "ExternalName", externalName: "Not_A_Name", ipFamilies: ["IPv4"] }),
    tried({ ports, ipFamilies: ["IPv5"], ipFamilyPolicy: "Many" }),
    tried({ ports: [{ port: 80, targetPort: "way-too-long-a-name", appProtocol: "a b" }] }),
    tried({ ports: [{ port: 0, protocol: "ICMP" }], sessionAffinityConfig: {} }),
    tried({}),
  ],
};
