/**
 * A cluster for controller tests: an API without validation, in this process and in virtual time,
 * with informers that can lag and calls that can fail. What a controller promises must hold here
 * under any delay of its view; what a server promises is tested with the server.
 */
import type { Env } from "../../base/env.ts";
import type { Client } from "../../client/client.ts";
import type { EventRecorder } from "../../client/event-recorder-types.ts";
import type { ResourceType } from "../../client/resource-type.ts";
import type { Informers } from "../../informer/informers.ts";
import type { GroupVersionKind } from "../../machinery/gvk.ts";
import type { ObjectKey } from "../../machinery/key.ts";
import type { ApiObject } from "../../machinery/object.ts";
import type { ControllerDeps } from "../controller/controller-spec.ts";
import { observingClient } from "../own-writes.ts";
import { fakeClient, typed, type FakeInterceptor, type FakeRequest } from "./fake-client.ts";
import { FakeLag, fakeInformers } from "./fake-informers.ts";
import { FakeStore } from "./fake-store.ts";

/** What a controller told people. */
export type RecordedEvent = {
  readonly type: "Normal" | "Warning";
  readonly object: ApiObject;
  readonly gvk: GroupVersionKind;
  readonly reason: string;
  readonly message: string;
};

export type FakeCluster = {
  /** What a user at a terminal has: writes that no controller's lister shows before the watch. */
  readonly client: Client;
  readonly informers: Informers;
  /** For the controllers of this cluster, which share a process and so their own writes. */
  readonly deps: ControllerDeps;
  readonly events: readonly RecordedEvent[];
  /** Every call so far, refused ones included. */
  readonly requests: readonly FakeRequest[];
  /** Makes the informers late. */
  readonly lag: FakeLag;
  revision(): number;
  /** Puts an object, status included, as if it had always been there. */
  seed<T extends ApiObject>(type: ResourceType<T>, object: T): T;
  /** The stored truth, whatever the informers show. */
  find<T extends ApiObject>(type: ResourceType<T>, key: ObjectKey): T | undefined;
  list<T extends ApiObject>(type: ResourceType<T>, namespace?: string): readonly T[];
  /** Removes an object at once, whatever holds it. */
  vanish(type: ResourceType, key: ObjectKey): void;
  /** Decides the fate of every later call; without an argument all are served again. */
  intercept(interceptor?: FakeInterceptor): void;
};

/** An empty cluster. */
export function fakeCluster(env: Env): FakeCluster {
  const store = new FakeStore(env);
  const lag = new FakeLag(env);
  const requests: FakeRequest[] = [];
  const events: RecordedEvent[] = [];
  let interceptor: FakeInterceptor | undefined;

  const client = fakeClient({
    store,
    env,
    intercept: async (request) => {
      requests.push(request);
      return interceptor === undefined ? "serve" : interceptor(request);
    },
  });
  const informers = fakeInformers(store, lag);
  const record =
    (type: RecordedEvent["type"]): EventRecorder["normal"] =>
    (object, gvk, reason, message) => {
      events.push({ type, object, gvk, reason, message });
    };
  const recorder: EventRecorder = { normal: record("Normal"), warning: record("Warning") };

  return {
    client,
    informers,
    deps: { client: observingClient(client, informers), informers, recorder, env },
    events,
    requests,
    lag,
    revision: () => store.revision,
    seed: (type, object) => typed(type, store.seed(type, object)),
    find: (type, key) => {
      const object = store.find(type, key);
      return object === undefined ? undefined : typed(type, object);
    },
    list: (type, namespace) =>
      store
        .list(type)
        .filter((object) => namespace === undefined || object.metadata.namespace === namespace)
        .map((object) => typed(type, object)),
    vanish: (type, key) => store.vanish(type, key),
    intercept: (next) => {
      interceptor = next;
    },
  };
}
