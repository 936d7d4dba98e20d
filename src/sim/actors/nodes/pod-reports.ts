/** What a kubelet says of a pod, as patches of its status. */
import type { Pod } from "../../../client/builtin.ts";
import type { Fields } from "../../../machinery/object.ts";

/** What a pod is like on its node. */
export type PodReport =
  | { readonly kind: "ready" }
  | { readonly kind: "unready" }
  | { readonly kind: "failed" }
  /** The node needs its place: it has ended, and stays until somebody deletes it. */
  | { readonly kind: "evicted" }
  /** An image cannot be had: it has not begun. */
  | { readonly kind: "no image" }
  /** Its containers end as soon as they are started; the next try is some time away. */
  | { readonly kind: "crashing"; readonly restarts: number }
  /** Ready, after its containers were started anew. */
  | { readonly kind: "restarted"; readonly restarts: number };

const PHASES: Readonly<Record<PodReport["kind"], string>> = {
  ready: "Running",
  unready: "Running",
  failed: "Failed",
  evicted: "Failed",
  "no image": "Pending",
  crashing: "Running",
  restarted: "Running",
};

/** A strategic merge patch of the status of this pod and no other. `now`: of the API. */
export function statusPatch(pod: Pod, report: PodReport, now: string): Fields {
  const isReady = report.kind === "ready" || report.kind === "restarted";
  const status = isReady ? "True" : "False";
  const conditions = ["Ready", "ContainersReady"].map((type) => {
    return { type, status, lastTransitionTime: now };
  });
  const containers = containerStates(pod, report, now);
  const { uid } = pod.metadata;
  return {
    ...(uid === undefined ? {} : { metadata: { uid } }),
    status: {
      phase: PHASES[report.kind],
      conditions,
      ...(report.kind === "evicted" ? EVICTED : {}),
      ...(containers === undefined ? {} : { containerStatuses: containers }),
    },
  };
}

const EVICTED = { reason: "Evicted", message: "The node was low on resource: memory." };

/** Of its containers one by one, where there is more to say than the conditions do. */
function containerStates(pod: Pod, report: PodReport, now: string): readonly Fields[] | undefined {
  const containers = pod.spec?.containers ?? [];
  const each = (state: Fields, ready: boolean, restartCount: number): readonly Fields[] =>
    containers.map(({ name, image = "" }) => {
      return { name, image, imageID: "", ready, restartCount, state };
    });
  switch (report.kind) {
    case "no image":
      return each({ waiting: { reason: "ImagePullBackOff" } }, false, 0);
    case "crashing":
      return each({ waiting: { reason: "CrashLoopBackOff" } }, false, report.restarts);
    case "restarted":
      return each({ running: { startedAt: now } }, true, report.restarts);
    case "ready":
    case "unready":
    case "failed":
    case "evicted":
      return undefined;
  }
}
