/** Fixtures that mention only what matters to a case. */
import type { PodSpec, ServiceSpec } from "../../apis/core/v1/types.generated.ts";
import type { Pod, Service } from "../../client/builtin.ts";
import type { ObjectMeta } from "../../machinery/object.ts";

/** The uid of `aService()`. */
export const SERVICE_UID = "service-uid";

const LABELS = { app: "web" };

/** A service `web` of the pods of `aPod()`, at port 80 for their port 8080. */
export function aService(wish: Partial<ServiceSpec> = {}, meta: ObjectMeta = {}): Service {
  return {
    apiVersion: "v1",
    kind: "Service",
    metadata: { name: "web", namespace: "default", uid: SERVICE_UID, ...meta },
    spec: {
      selector: LABELS,
      clusterIP: "127.96.0.7",
      ports: [{ port: 80, targetPort: 8080, protocol: "TCP" }],
      ...wish,
    },
    status: {},
  };
}

export type PodWish = {
  readonly name?: string;
  readonly meta?: ObjectMeta;
  readonly spec?: Partial<PodSpec>;
  /** Default: of loopback. `undefined`: none yet. */
  readonly ip?: string | undefined;
  readonly phase?: string;
  /** Default: true. */
  readonly isReady?: boolean;
};

/** A pod that runs and is ready, on `node-1`. Its uid is its name. */
export function aPod(wish: PodWish = {}): Pod {
  const { name = "web-1", phase = "Running", isReady = true } = wish;
  const ip = "ip" in wish ? wish.ip : "127.64.0.1";
  return {
    apiVersion: "v1",
    kind: "Pod",
    metadata: { name, namespace: "default", uid: name, labels: LABELS, ...wish.meta },
    spec: { containers: [{ name: "main", image: "host" }], nodeName: "node-1", ...wish.spec },
    status: {
      phase,
      ...(ip === undefined ? {} : { podIP: ip, podIPs: [{ ip }] }),
      conditions: [{ type: "Ready", status: isReady ? "True" : "False" }],
    },
  };
}
