/** Fixtures that mention only what matters to a case. */
import type { ServiceSpec } from "../../../apis/core/v1/types.generated.ts";
import type { Endpoint } from "../../../apis/discovery/v1/types.generated.ts";
import type { EndpointSlice, Service } from "../../../client/builtin.ts";
import type { ObjectMeta } from "../../../machinery/object.ts";

/** A service `web` at 127.96.0.7:80. */
export function aService(wish: Partial<ServiceSpec> = {}, meta: ObjectMeta = {}): Service {
  return {
    apiVersion: "v1",
    kind: "Service",
    metadata: { name: "web", namespace: "default", uid: "web-uid", ...meta },
    spec: {
      type: "ClusterIP",
      clusterIP: "127.96.0.7",
      clusterIPs: ["127.96.0.7"],
      ports: [{ port: 80, protocol: "TCP" }],
      ...wish,
    },
    status: {},
  };
}

/** A slice of `web`: port 8080 of these endpoints; a text is the address of one that is ready. */
export function aSlice(
  endpoints: readonly (string | Endpoint)[],
  wish: Partial<EndpointSlice> = {},
): EndpointSlice {
  return {
    apiVersion: "discovery.k8s.io/v1",
    kind: "EndpointSlice",
    metadata: {
      name: "web-1",
      namespace: "default",
      labels: { "kubernetes.io/service-name": "web" },
    },
    addressType: "IPv4",
    endpoints: endpoints.map((each) => (typeof each === "string" ? { addresses: [each] } : each)),
    ports: [{ name: "", port: 8080, protocol: "TCP" }],
    ...wish,
  };
}
