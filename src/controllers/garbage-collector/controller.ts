/**
 * Deletes what has lost its last owner, and carries out what deletions promise about dependents:
 * Background (they go after the owner), Foreground (the owner waits for those that block it) and
 * Orphan (they stay, and forget the owner). Without this controller the last two never finish.
 */
import type {
  ControllerDeps,
  ControllerSpec,
} from "../../controller-runtime/controller/controller-spec.ts";
import type { KindInformers } from "../../informer/kind-informers.ts";
import { OwnerStates } from "./owner-states.ts";
import { Ownership } from "./ownership.ts";
import { garbageReconciler } from "./reconcile.ts";
import { UnknownOwners } from "./unknown-owners.ts";
import { garbageSources } from "./watches.ts";

/** Objects worked on at the same time. */
const CONCURRENCY = 20;

export type GarbageCollectorOptions = {
  /**
   * The kinds that can own or be owned. Objects of other kinds are never collected, and an owner of
   * another kind counts as present for as long as it is one.
   */
  readonly kinds: KindInformers;
};

export function garbageCollectorController(
  deps: ControllerDeps,
  { kinds }: GarbageCollectorOptions,
): ControllerSpec {
  const ownership = new Ownership(kinds);
  const unknown = new UnknownOwners();
  const states = new OwnerStates({ ...deps, ownership });
  return {
    name: "garbage-collector",
    reconcile: garbageReconciler({ client: deps.client, ownership, states, unknown }),
    sources: garbageSources(kinds, ownership, unknown),
    concurrency: CONCURRENCY,
  };
}
