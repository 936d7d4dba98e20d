/** Informers whose views tell a recorder what is read from them. */
import type { ResourceType } from "../../client/resource-type.ts";
import type { Informers } from "../../informer/informers.ts";
import type { Lister } from "../../informer/lister.ts";
import type { SharedInformer } from "../../informer/shared-informer-types.ts";
import { apiVersionOf } from "../../machinery/gvk.ts";
import { keyOf, type ObjectKey } from "../../machinery/key.ts";
import type { ApiObject } from "../../machinery/object.ts";
import type { ReadRecord } from "../../trace/reconcile-record.ts";
import type { TurnRecorder } from "./turn-recorder.ts";

/** `informers`, the same but for that. */
export function recordedInformers(informers: Informers, recorder: TurnRecorder): Informers {
  const scopeOf = informers.scopeOf?.bind(informers);
  return {
    for: (type, indexes) => recordedInformer(type, informers.for(type, indexes), recorder),
    acquire: (type, indexes) => {
      const { informer, release } = informers.acquire(type, indexes);
      return { informer: recordedInformer(type, informer, recorder), release };
    },
    peek: (type) => {
      const informer = informers.peek(type);
      return informer && recordedInformer(type, informer, recorder);
    },
    ...(scopeOf === undefined ? {} : { scopeOf }),
    run: (context) => informers.run(context),
    waitForSync: (signal) => informers.waitForSync(signal),
    status: () => informers.status(),
  };
}

function recordedInformer<T extends ApiObject>(
  type: ResourceType<T>,
  informer: SharedInformer<T>,
  recorder: TurnRecorder,
): SharedInformer<T> {
  const lister = recordedLister(type, informer, recorder);
  return {
    lister,
    ownWrites: informer.ownWrites,
    by: (index, value) => lister.by(index, value),
    addListener: (listener, options) => informer.addListener(listener, options),
    hasSynced: () => informer.hasSynced(),
    revision: () => informer.revision(),
    freshness: () => informer.freshness(),
    memory: () => informer.memory(),
    waitForSync: (signal) => informer.waitForSync(signal),
    run: (context) => informer.run(context),
  };
}

function recordedLister<T extends ApiObject>(
  type: ResourceType<T>,
  informer: SharedInformer<T>,
  recorder: TurnRecorder,
): Lister<T> {
  const { lister } = informer;
  const { kind } = type;
  const apiVersion = apiVersionOf(type);
  const listed = (found: readonly T[], selector: () => string): readonly T[] => {
    recorder.readHere((): ReadRecord => {
      const revision = informer.revision();
      const count = found.length;
      return { kind: "list", apiVersion, of: kind, selector: selector(), count, revision };
    });
    return found;
  };
  return {
    get: (key) => {
      const found = lister.get(key);
      recorder.readHere(() => objectRead(type, key, found));
      return found;
    },
    list: (options) =>
      listed(lister.list(options), () => {
        const { namespace, labels } = options ?? {};
        const parts = namespace === undefined ? [] : [`namespace ${namespace}`];
        return [...parts, ...(labels === undefined ? [] : ["by labels"])].join(", ");
      }),
    byIndex: (index, value) => listed(lister.byIndex(index, value), () => `${index} ${value}`),
    by: (index, value) => listed(lister.by(index, value), () => `an index, ${value}`),
  };
}

/** `found` undefined: there is none. */
export function objectRead(
  type: ResourceType,
  key: ObjectKey,
  found: ApiObject | undefined,
): ReadRecord {
  const { namespace, name } = found === undefined ? key : keyOf(found);
  const object = { apiVersion: apiVersionOf(type), kind: type.kind, namespace, name };
  return { kind: "object", object, revision: revisionOf(found) };
}

/** 0: none is told. */
export function revisionOf(object: ApiObject | undefined): number {
  const revision = Number(object?.metadata.resourceVersion ?? "0");
  return Number.isSafeInteger(revision) ? revision : 0;
}
