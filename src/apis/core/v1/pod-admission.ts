/**
 * What the server adds to every new pod beyond the defaults of its fields, each as a pure
 * function. They stand apart from the strategy because Kubernetes runs them as admission, after
 * whoever may change the pod has changed it.
 */
import type { Pod, Toleration } from "./types.generated.ts";

/** How long a pod stays on a node that was lost, unless it says otherwise. */
export const LOST_NODE_SECONDS = 300;

const NOT_READY = "node.kubernetes.io/not-ready";
const UNREACHABLE = "node.kubernetes.io/unreachable";

/** The account of pods that name none. */
export const DEFAULT_SERVICE_ACCOUNT = "default";

/** Priorities of the classes that every cluster has. */
export const SYSTEM_PRIORITIES: Readonly<Record<string, number>> = {
  "system-cluster-critical": 2_000_000_000,
  "system-node-critical": 2_000_001_000,
};

/** `pod` with tolerations that bound its stay on a lost node to `seconds`. */
export function withLostNodeTolerations(pod: Pod, seconds: number = LOST_NODE_SECONDS): Pod {
  const tolerations = pod.spec.tolerations ?? [];
  const added = [NOT_READY, UNREACHABLE]
    .filter((key) => !tolerations.some((toleration) => tolerates(toleration, key)))
    .map((key) => lostNodeToleration(key, seconds));
  if (added.length === 0) return pod;
  return { ...pod, spec: { ...pod.spec, tolerations: [...tolerations, ...added] } };
}

/** `pod` with an account to run as. */
export function withServiceAccount(pod: Pod): Pod {
  const name = pod.spec.serviceAccountName || DEFAULT_SERVICE_ACCOUNT;
  const { serviceAccountName, serviceAccount } = pod.spec;
  if (serviceAccountName === name && serviceAccount === name) return pod;
  return { ...pod, spec: { ...pod.spec, serviceAccountName: name, serviceAccount: name } };
}

function tolerates(toleration: Toleration, key: string): boolean {
  const isKey = toleration.key === key || (toleration.key ?? "") === "";
  const isEffect = toleration.effect === "NoExecute" || (toleration.effect ?? "") === "";
  return isKey && isEffect;
}

function lostNodeToleration(key: string, seconds: number): Toleration {
  return {
    key,
    operator: "Exists",
    effect: "NoExecute",
    tolerationSeconds: seconds,
  };
}
