/** What wakes a ReplicaSet: itself, its pods, and pods without a controller that it selects. */
import { Pod, ReplicaSet } from "../../client/builtin.ts";
import type { Source } from "../../controller-runtime/sources/source.ts";
import { ownedSource, ownSource, watchSource } from "../../controller-runtime/sources/sources.ts";
import type { Informers } from "../../informer/informers.ts";
import type { InformerEvent } from "../../informer/shared-informer-types.ts";
import { isTerminating } from "../../machinery/object.ts";
import { controllerOf } from "../../machinery/owners.ts";
import type { Expectations } from "./expectations.ts";
import { POD_INDEXES, possibleAdopters } from "./pod-views.ts";

/** The observation comes first, so that a woken key finds its expectations up to date. */
export function replicaSetSources(
  informers: Informers,
  expectations: Expectations,
): readonly Source[] {
  const sets = informers.for(ReplicaSet);
  const pods = informers.for(Pod, POD_INDEXES);
  return [
    observation(informers, expectations),
    ownSource(sets),
    ownedSource(pods, ReplicaSet),
    watchSource(pods, (pod) => possibleAdopters(sets.lister, pod), { name: "orphans" }),
  ];
}

/** Wakes nobody: tells `expectations` what the watch has brought. */
function observation(informers: Informers, expectations: Expectations): Source {
  const sets = informers.for(ReplicaSet);
  const pods = informers.for(Pod, POD_INDEXES);
  return {
    name: "observation of what was expected",
    start: (_, { signal }) => {
      const registrations = [
        sets.addListener((event) => forgetGone(event, expectations)),
        pods.addListener((event) => observePod(event, expectations)),
      ];
      const stop = (): void => {
        for (const registration of registrations) registration.remove();
      };
      if (signal.aborted) stop();
      else signal.addEventListener("abort", stop, { once: true });
    },
    waitForSync: async (signal) => {
      await sets.waitForSync(signal);
      await pods.waitForSync(signal);
    },
  };
}

function forgetGone(event: InformerEvent<ReplicaSet>, expectations: Expectations): void {
  const gone = goneIn(event);
  if (gone !== undefined) expectations.forget(gone.metadata.uid ?? "");
}

function observePod(event: InformerEvent<Pod>, expectations: Expectations): void {
  const gone = goneIn(event);
  if (gone !== undefined) observeLeaving(gone, expectations);
  if (event.kind === "delete") return;
  const { object } = event;
  // One that is first seen on its way out may be older than this controller: not one awaited.
  if (isTerminating(object)) observeLeaving(object, expectations);
  else if (event.kind === "add" || gone !== undefined) {
    expectations.creationObserved(controllerOf(object)?.uid ?? "");
  }
}

function observeLeaving(pod: Pod, expectations: Expectations): void {
  expectations.deletionObserved(controllerOf(pod)?.uid ?? "", pod.metadata.uid ?? "");
}

/** What the event says is no more; an update may tell of a deletion and a new object at once. */
function goneIn<T extends Pod | ReplicaSet>(event: InformerEvent<T>): T | undefined {
  if (event.kind === "delete") return event.object;
  if (event.kind !== "update") return undefined;
  return event.old.metadata.uid === event.object.metadata.uid ? undefined : event.old;
}
