import type { ResourceType } from "../client/resource-type.ts";
import type { Context } from "../base/context.ts";
import type { ApiObject } from "../machinery/object.ts";
import type { IndexFunctions } from "./lister.ts";
import type { SharedInformer } from "./shared-informer-types.ts";

/** All informers of a process: one per kind, shared by everyone who asks. */
export interface Informers {
  /**
   * The informer of this kind, made at the first call. Before `run()` it waits; after, it starts at
   * once. `indexes` are added to those it has; an index that exists already is kept.
   */
  for<T extends ApiObject>(type: ResourceType<T>, indexes?: IndexFunctions<T>): SharedInformer<T>;
  /** The informer of this kind if someone asked for it before. */
  peek<T extends ApiObject>(type: ResourceType<T>): SharedInformer<T> | undefined;
  /** Runs all, including those asked for later, until the signal aborts. */
  run(context: Context): Promise<void>;
  /** Resolves when all known informers are synced. */
  waitForSync(signal: AbortSignal): Promise<void>;
}
