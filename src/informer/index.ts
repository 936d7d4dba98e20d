/**
 * `setpoint/informer`: local copies of a server's objects, kept by list and watch, with indexes and
 * with this process's own writes readable at once.
 *
 * @packageDocumentation
 */

export {
  createInformers,
  type InformerLease,
  type Informers,
  type InformersDeps,
  type InformersOptions,
} from "./informers.ts";
export type { InformerStatus } from "./informer-status.ts";
export { transform, type Transform } from "./kept.ts";
export { OWNER_UID_INDEX, type IndexFunctions, type Lister, type OwnWrites } from "./lister.ts";
export {
  listerWatcher,
  type ListerWatcher,
  type ListRequest,
  type Scope,
  type WatchRequest,
} from "./lister-watcher.ts";
export type { MemoryFigure } from "./memory.ts";
export { MemoryBudget, type MemoryOptions, type Packable } from "./packing/memory-budget.ts";
export type { ReflectorOptions } from "./reflector.ts";
export {
  ReflectingInformer,
  type SharedInformerDeps,
  type SharedInformerOptions,
} from "./shared-informer.ts";
export type {
  EventListener,
  Freshness,
  InformerEvent,
  ListenerOptions,
  Registration,
  SharedInformer,
} from "./shared-informer-types.ts";
export { index, type TypedIndex } from "./typed-index.ts";
