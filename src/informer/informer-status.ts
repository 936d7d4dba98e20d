import type { ResourceType } from "../client/resource-type.ts";
import type { MemoryFigure } from "./memory.ts";
import type { Freshness } from "./shared-informer-types.ts";

/** How the informer of one kind is doing. */
export type InformerStatus = {
  readonly type: ResourceType;
  /** Whether the first list is in its view. */
  readonly hasSynced: boolean;
  /** Why its list or watch last failed; undefined if they have brought anything since. */
  readonly lastError: unknown;
  readonly freshness: Freshness;
  readonly memory: MemoryFigure;
};
