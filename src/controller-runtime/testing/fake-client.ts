/** A `Client` over a `FakeStore`: what a server would answer, in this process and at once. */
import { Channel } from "../../base/channel.ts";
import type { Context } from "../../base/context.ts";
import type { Env } from "../../base/env.ts";
import type {
  Client,
  DeleteOptions,
  ListOptions,
  Patch,
  WatchOptions,
} from "../../client/client.ts";
import type { ResourceType } from "../../client/resource-type.ts";
import { TransportError } from "../../client/transport.ts";
import { EncodedObject } from "../../machinery/encoded.ts";
import { apiVersionOf } from "../../machinery/gvk.ts";
import { keyOf, type ObjectKey } from "../../machinery/key.ts";
import { parseLabelQuery } from "../../machinery/label-parser.ts";
import { matchesLabels } from "../../machinery/labels.ts";
import { matchesFields, parseFieldQuery } from "../../machinery/fields.ts";
import { apiTime } from "../../machinery/api-time.ts";
import { isApiObject, isFields, isTerminating, own } from "../../machinery/object.ts";
import type { ApiList, ApiObject } from "../../machinery/object.ts";
import { badRequest, expired, forbidden, methodNotAllowed } from "../../machinery/status.ts";
import { success, type Status } from "../../machinery/status.ts";
import { INITIAL_EVENTS_END_ANNOTATION, type WatchEvent } from "../../machinery/watch-event.ts";
import { applyFakePatch } from "./fake-patch.ts";
import { fieldOf, type FakeStore, type StoredEvent } from "./fake-store.ts";

/** One call, as a test sees it. */
export type FakeRequest = {
  /** `get`, `list`, `watch`, `create`, `update`, `patch`, `delete`; `update/status`, … */
  readonly verb: string;
  readonly type: ResourceType;
  readonly key: ObjectKey;
  /** The object, patch or options sent; undefined for reads. */
  readonly body: unknown;
  readonly context: Context;
};

/**
 * Looks at every call before it is served. Throws to refuse it; returns "lose-reply" to have it
 * served while the caller gets a `TransportError`.
 */
export type FakeInterceptor = (
  request: FakeRequest,
) => "serve" | "lose-reply" | Promise<"serve" | "lose-reply">;

const WATCH_BUFFER_MAX = 100_000;
const RETURNS_DELETED: ReadonlySet<string> = new Set([
  "Pod",
  "Service",
  "Namespace",
  "ServiceAccount",
  "PersistentVolume",
  "PersistentVolumeClaim",
]);

export function fakeClient(deps: {
  readonly store: FakeStore;
  readonly env: Env;
  readonly intercept: (request: FakeRequest) => Promise<"serve" | "lose-reply">;
}): Client {
  const { store, env } = deps;

  const call = async <R>(request: FakeRequest, serve: () => R): Promise<R> => {
    request.context.signal.throwIfAborted();
    const fate = await deps.intercept(request);
    const reply = serve();
    if (fate === "lose-reply") throw new TransportError("the reply was lost", { isRefused: false });
    return reply;
  };

  return {
    get: (type, key, context) =>
      call({ verb: "get", type, key, body: undefined, context }, () =>
        typed(type, store.get(type, key)),
      ),
    list: (type, options, context) =>
      call({ verb: "list", type, key: listKey(options), body: undefined, context }, () =>
        listPage(store, type, options),
      ),
    watch: (type, options, context) =>
      call({ verb: "watch", type, key: listKey(options), body: undefined, context }, () =>
        watchFrom(store, type, options, context),
      ),
    create: (type, object, context, options) => {
      const key = { namespace: object.metadata.namespace ?? "", name: object.metadata.name ?? "" };
      return call({ verb: "create", type, key, body: object, context }, () => {
        refuseTerminatingNamespace(store, type, key);
        const hasStatus = fieldOf(object, "status") !== undefined; // kept, but begins empty
        const born = withStatus(object, hasStatus ? {} : undefined);
        return typed(type, store.create(type, born, options?.dryRun));
      });
    },
    update: (type, object, context, options) =>
      call({ verb: "update", type, key: keyOf(object), body: object, context }, () =>
        typed(type, replace(store, type, object, "main", options?.dryRun)),
      ),
    updateStatus: (type, object, context, options) =>
      call({ verb: "update/status", type, key: keyOf(object), body: object, context }, () =>
        typed(type, replace(store, type, object, "status", options?.dryRun)),
      ),
    patch: (type, key, patch, context, options) => {
      const { subresource, dryRun } = options ?? {};
      const verb = subresource === undefined ? "patch" : `patch/${subresource}`;
      return call({ verb, type, key, body: patch, context }, () => {
        if (subresource !== undefined && subresource !== "status") throw methodNotAllowed();
        const view = subresource === "status" ? "status" : "main";
        return typed(type, patchStored(store, { type, key, patch, view, isDry: dryRun ?? false }));
      });
    },
    delete: (type, key, context, options = {}) =>
      call({ verb: "delete", type, key, body: options, context }, () =>
        deleteStored(store, type, key, options),
      ),
    deleteCollection: (type, options, context) =>
      call(
        { verb: "deletecollection", type, key: listKey(options), body: options, context },
        () => {
          for (const object of listPage(store, type, options).items) {
            deleteStored(store, type, keyOf(object), options);
          }
        },
      ),
    createSubresource: (type, key, subresource, body, context) =>
      call({ verb: `create/${subresource}`, type, key, body, context }, () => {
        if (subresource === "binding") return bind(store, type, key, body, env);
        if (subresource === "eviction") return deleteStored(store, type, key, {});
        throw methodNotAllowed();
      }),
    updateSubresource: (type, key, subresource, body, context) =>
      call({ verb: `update/${subresource}`, type, key, body, context }, () => {
        if (subresource !== "finalize" && subresource !== "status") throw methodNotAllowed();
        return replace(store, type, body, subresource, false);
      }),
  };
}

/** The store keeps what was put under a type, so what comes out under it has the type's form. */
export function typed<T extends ApiObject>(_type: ResourceType<T>, object: ApiObject): T {
  return object as T;
}

type View = "main" | "status" | "finalize";

function replace(
  store: FakeStore,
  type: ResourceType,
  given: ApiObject,
  view: View,
  isDry = false,
): ApiObject {
  const { uid, resourceVersion } = given.metadata;
  const expected = { uid, resourceVersion };
  return store.replace(type, keyOf(given), expected, (old) => inView(old, given, view), isDry);
}

/** `old` with that of `next` which a write to this view may change. */
function inView(old: ApiObject, next: ApiObject, view: View): ApiObject {
  if (view === "status") {
    const { annotations } = next.metadata;
    const metadata = { ...old.metadata, ...(annotations === undefined ? {} : { annotations }) };
    return withStatus({ ...old, metadata }, fieldOf(next, "status"));
  }
  if (view === "main") return withStatus(next, fieldOf(old, "status"));
  const spec = fieldOf(next, "spec");
  const finalizers = isFields(spec) ? own(spec, "finalizers") : undefined;
  const oldSpec = fieldOf(old, "spec");
  return withField(old, "spec", { ...(isFields(oldSpec) ? oldSpec : {}), finalizers });
}

function withStatus(
  object: ApiObject,
  status?: unknown,
): ApiObject & { readonly status?: unknown } {
  return withField(object, "status", status);
}

function withField(object: ApiObject, name: string, value: unknown): ApiObject {
  const entries = Object.entries(object).filter(([field]) => field !== name);
  const next: unknown = Object.fromEntries(
    value === undefined ? entries : [...entries, [name, value]],
  );
  return isApiObject(next) ? next : object;
}

function patchStored(
  store: FakeStore,
  call: {
    readonly type: ResourceType;
    readonly key: ObjectKey;
    readonly patch: Patch;
    readonly view: View;
    readonly isDry: boolean;
  },
): ApiObject {
  const patched = applyFakePatch(store.get(call.type, call.key), call.patch);
  if (!isApiObject(patched)) throw badRequest("a patched object keeps its metadata");
  const { uid, resourceVersion } = patched.metadata; // a patch may carry preconditions
  const change = (old: ApiObject): ApiObject => inView(old, patched, call.view);
  return store.replace(call.type, call.key, { uid, resourceVersion }, change, call.isDry);
}

function deleteStored<T extends ApiObject>(
  store: FakeStore,
  type: ResourceType<T>,
  key: ObjectKey,
  options: DeleteOptions,
): T | Status {
  const { object, isGone } = store.delete(type, key, options);
  if (!isGone || RETURNS_DELETED.has(type.kind)) return typed(type, object);
  const { uid = "" } = object.metadata;
  return success({ name: key.name, group: type.group, kind: type.resource, uid });
}

function bind(
  store: FakeStore,
  type: ResourceType,
  key: ObjectKey,
  binding: ApiObject,
  env: Env,
): Status {
  const target = fieldOf(binding, "target");
  const nodeName = isFields(target) ? own(target, "name") : undefined;
  const now = env.clock.now();
  const { uid } = binding.metadata;
  store.replace(type, key, { uid }, (pod) => {
    const spec = fieldOf(pod, "spec");
    const old = isFields(spec) ? own(spec, "nodeName") : undefined;
    if (old !== undefined && old !== "") throw forbidden(type, key.name, "pod is already assigned");
    const bound = withField(pod, "spec", { ...(isFields(spec) ? spec : {}), nodeName });
    return withScheduled(bound, now);
  });
  return success();
}

function withScheduled(pod: ApiObject, nowMs: number): ApiObject {
  const status = fieldOf(pod, "status");
  const lastTransitionTime = apiTime(nowMs);
  const scheduled = { type: "PodScheduled", status: "True", lastTransitionTime };
  const old = isFields(status) ? own(status, "conditions") : undefined;
  const others = (Array.isArray(old) ? old : []).filter(
    (item: unknown) => !isFields(item) || own(item, "type") !== "PodScheduled",
  );
  const conditions = [...others, scheduled];
  return withStatus(pod, { ...(isFields(status) ? status : {}), conditions });
}

function refuseTerminatingNamespace(store: FakeStore, type: ResourceType, key: ObjectKey): void {
  if (!type.isNamespaced) return;
  const namespaces = { group: "", version: "v1", kind: "Namespace", resource: "namespaces" };
  const namespace = store.find(
    { ...namespaces, isNamespaced: false },
    { namespace: "", name: key.namespace },
  );
  if (namespace === undefined || !isTerminating(namespace)) return;
  const message = `namespace ${key.namespace} is being terminated`;
  const why = `namespace ${key.namespace} takes no new content while it is being terminated`;
  throw forbidden(type, key.name, why, [
    { reason: "NamespaceTerminating", message, field: "metadata.namespace" },
  ]);
}

function listKey(options: ListOptions): ObjectKey {
  return { namespace: options.namespace ?? "", name: "" };
}

function listPage<T extends ApiObject>(
  store: FakeStore,
  type: ResourceType<T>,
  options: ListOptions,
): ApiList<T> {
  const selected = store.list(type).filter(selectedBy(options));
  const start = Number(options.continue ?? 0);
  const end = options.limit === undefined ? selected.length : start + options.limit;
  return {
    apiVersion: apiVersionOf(type),
    kind: `${type.kind}List`,
    metadata: {
      resourceVersion: String(store.revision),
      ...(end < selected.length ? { continue: String(end) } : {}),
    },
    items: selected.slice(start, end).map((object) => typed(type, object)),
  };
}

function selectedBy(options: ListOptions): (object: ApiObject) => boolean {
  const labels = parseLabelQuery(options.labelSelector ?? "");
  const fields = parseFieldQuery(options.fieldSelector ?? "");
  return (object) =>
    (options.namespace === undefined || object.metadata.namespace === options.namespace) &&
    matchesLabels(labels, object.metadata.labels) &&
    matchesFields(fields, (path) => scalarAt(object, path));
}

/** The scalar at a dotted path; an absent field is "". */
function scalarAt(object: ApiObject, path: string): string {
  const value = path
    .split(".")
    .reduce((node: unknown, name) => (isFields(node) ? own(node, name) : undefined), object);
  if (typeof value === "string") return value;
  return typeof value === "number" || typeof value === "boolean" ? String(value) : "";
}

function watchFrom<T extends ApiObject>(
  store: FakeStore,
  type: ResourceType<T>,
  options: WatchOptions,
  context: Context,
): AsyncIterable<readonly WatchEvent<T>[]> {
  const channel = new Channel<readonly WatchEvent<T>[]>({
    capacity: WATCH_BUFFER_MAX,
    whenFull: "end",
  });
  const isSelected = selectedBy(options);
  const send = (event: StoredEvent): void => {
    if (!isSelected(event.object)) return;
    const object = EncodedObject.fromValue(typed(type, event.object));
    channel.send([{ kind: event.kind, object }]);
  };
  const from = options.resourceVersion ?? "";
  const isStreamingList = options.sendInitialEvents === true;
  if (isStreamingList || from === "" || from === "0") {
    for (const object of store.list(type)) send({ kind: "ADDED", revision: 0, object });
    if (isStreamingList) channel.send([initialEventsEnd(type, String(store.revision))]);
  } else {
    if (Number(from) > store.revision) throw expired("too large resource version");
    for (const event of store.history(type)) if (event.revision > Number(from)) send(event);
  }
  const unsubscribe = store.subscribe(type, send);
  const stop = (): void => {
    unsubscribe();
    channel.close();
  };
  context.signal.addEventListener("abort", stop, { once: true });
  return channel;
}

function initialEventsEnd<T extends ApiObject>(
  type: ResourceType<T>,
  resourceVersion: string,
): WatchEvent<T> {
  const annotations = { [INITIAL_EVENTS_END_ANNOTATION]: "true" };
  const typeMeta = { apiVersion: apiVersionOf(type), kind: type.kind };
  const object = EncodedObject.fromValue({
    ...typeMeta,
    metadata: { resourceVersion, annotations },
  });
  return { kind: "BOOKMARK", resourceVersion, isInitialEventsEnd: true, object };
}
