/** The ways in which keys come to a controller's queue. */
import { assert } from "../../base/assert.ts";
import type { Context } from "../../base/context.ts";
import type { Env } from "../../base/env.ts";
import type { ResourceType } from "../../client/resource-type.ts";
import type { InformerEvent, SharedInformer } from "../../informer/shared-informer-types.ts";
import { parseApiVersion } from "../../machinery/gvk.ts";
import { keyOf, keyText, type ObjectKey } from "../../machinery/key.ts";
import type { ApiObject } from "../../machinery/object.ts";
import { controllerOf } from "../../machinery/owners.ts";
import { LOW_PRIORITY, NORMAL_PRIORITY } from "../queue/priority.ts";
import type { Predicate } from "./predicates.ts";
import type { Enqueue, Source, Trigger } from "./source.ts";

/** Keys kept by a channel source that nobody has started yet. */
export const UNSTARTED_KEYS_MAX = 10_000;

/** Which changes of a watched kind wake keys. */
export type WatchSourceOptions<T extends ApiObject> = {
  /** For logs (default: `watch`). */
  readonly name?: string;
  /** Which events count (default: all). */
  readonly predicate?: Predicate<T>;
  /** Whether the keys are those of the objects: causes then tell of new specs. */
  readonly isOwn?: true;
};

/**
 * The keys that `map` finds in the objects of an informer. An update is asked about twice, with the
 * old object and the new, so that both the one left and the one joined are woken.
 */
export function watchSource<T extends ApiObject>(
  informer: SharedInformer<T>,
  map: (object: T, event: InformerEvent<T>) => readonly ObjectKey[],
  options: WatchSourceOptions<T> = {},
): Source {
  const { name = "watch", predicate = () => true } = options;
  return {
    name,
    start: (enqueue, context) => {
      const registration = informer.addListener((event) => {
        if (!predicate(event)) return;
        const trigger = marked(triggerOf(event, informer), event, options.isOwn);
        const priority = isNews(event) ? NORMAL_PRIORITY : LOW_PRIORITY;
        const keys = new Map<string, ObjectKey>();
        for (const object of statesOf(event)) {
          for (const key of map(object, event)) keys.set(keyText(key), key);
        }
        for (const key of keys.values()) enqueue(key, trigger, priority);
      });
      onAbort(context.signal, () => registration.remove());
    },
    waitForSync: (signal) => informer.waitForSync(signal),
    *replay() {
      for (const object of informer.lister.list()) {
        const event = { kind: "add", object, isInitial: true } as const;
        if (predicate(event)) yield* map(object, event);
      }
    },
  };
}

/** The objects of an informer themselves. */
export function ownSource<T extends ApiObject>(
  informer: SharedInformer<T>,
  options: WatchSourceOptions<T> = {},
): Source {
  return watchSource(informer, (object) => [keyOf(object)], {
    name: "own",
    ...options,
    isOwn: true,
  });
}

/** The managing owners, if of kind `owner`, of the objects of an informer. */
export function ownedSource<T extends ApiObject>(
  informer: SharedInformer<T>,
  owner: ResourceType,
  options: WatchSourceOptions<T> = {},
): Source {
  const map = (object: T): readonly ObjectKey[] => {
    const reference = controllerOf(object);
    if (reference === undefined || reference.kind !== owner.kind) return [];
    if (parseApiVersion(reference.apiVersion)?.group !== owner.group) return [];
    const namespace = owner.isNamespaced ? (object.metadata.namespace ?? "") : "";
    return [{ namespace, name: reference.name }];
  };
  return watchSource(informer, map, { name: `owned by ${owner.kind}`, ...options });
}

/** The given keys at once and then again and again, `periodMs` after each time. */
export function periodicSource(options: {
  readonly name: string;
  readonly periodMs: number;
  /** Asked each time. */
  readonly keys: () => readonly ObjectKey[];
  readonly env: Pick<Env, "timers">;
}): Source {
  const { name, periodMs, keys, env } = options;
  assert(periodMs > 0, "a period is positive");
  return {
    name,
    start: (enqueue, context) => {
      const turn = (): void => {
        for (const key of keys()) enqueue(key, { kind: "resync" });
        timer = env.timers.after(periodMs, turn);
      };
      let timer = env.timers.after(0, turn);
      onAbort(context.signal, () => timer.cancel());
    },
    waitForSync: () => Promise.resolve(),
  };
}

/** A source fed by other code of this process. */
export type ChannelSource = Source & {
  /** Wakes `key` in every controller that has started this source, or as soon as one does. */
  readonly wake: (key: ObjectKey, trigger: Trigger) => void;
};

/**
 * A source that wakes what its owner tells it to, with `wake(key, trigger)`: for webhooks, queues
 * and whatever else is outside of Kubernetes. Keys that are told before a controller has started
 * wait for it, each once; an assertion fails if they are too many.
 */
export function channelSource(name: string): ChannelSource {
  const started = new Set<Enqueue>();
  const early = new Map<string, { readonly key: ObjectKey; readonly trigger: Trigger }>();
  return {
    name,
    wake: (key, trigger) => {
      for (const enqueue of started) enqueue(key, trigger);
      if (started.size > 0) return;
      assert(early.size < UNSTARTED_KEYS_MAX, "a channel source is started before it is full");
      early.set(keyText(key), { key, trigger });
    },
    start: (enqueue, context) => {
      started.add(enqueue);
      onAbort(context.signal, () => started.delete(enqueue));
      for (const { key, trigger } of early.values()) enqueue(key, trigger);
      early.clear();
    },
    waitForSync: () => Promise.resolve(),
  };
}

/** Neither what was there at the start, nor an object shown again as it was. */
function isNews<T extends ApiObject>(event: InformerEvent<T>): boolean {
  if (event.kind === "add") return !event.isInitial;
  if (event.kind === "delete") return true;
  const { resourceVersion } = event.object.metadata;
  return resourceVersion === undefined || resourceVersion !== event.old.metadata.resourceVersion;
}

/** Tells of a new spec, or of a new object with the name of an old one. */
function marked<T extends ApiObject>(
  trigger: Trigger,
  event: InformerEvent<T>,
  isOwn: boolean | undefined,
): Trigger {
  if (isOwn !== true || event.kind !== "update" || trigger.kind !== "event") return trigger;
  const [old, next] = [event.old.metadata, event.object.metadata];
  const isNewSpec = old.generation !== next.generation || old.uid !== next.uid;
  return isNewSpec ? { ...trigger, isNewSpec } : trigger;
}

function statesOf<T extends ApiObject>(event: InformerEvent<T>): readonly T[] {
  return event.kind === "update" ? [event.old, event.object] : [event.object];
}

/** `informer` answers where the object cannot: the revision of a deletion that was missed. */
function triggerOf<T extends ApiObject>(
  event: InformerEvent<T>,
  informer: SharedInformer<T>,
): Trigger {
  if (event.kind === "add" && event.isInitial) return { kind: "initial" };
  const isGuess = event.kind === "delete" && event.isFinalStateUnknown;
  const { kind = "object", metadata } = event.object;
  const revision = isGuess ? informer.revision() : Number(metadata.resourceVersion ?? 0);
  return { kind: "event", revision, object: `${kind} ${keyText(keyOf(event.object))}` };
}

function onAbort(signal: Context["signal"], stop: () => void): void {
  if (signal.aborted) stop();
  else signal.addEventListener("abort", stop, { once: true });
}
