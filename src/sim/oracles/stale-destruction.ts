/**
 * Who destroys has read what it destroys: deletes, takes finalizers away, scales down. A
 * precondition on the uid or on the resource version says the same to the server.
 */
import { equalValues } from "../../machinery/json-value.ts";
import { isFields, own, type ApiObject } from "../../machinery/object.ts";
import type { ApiRequest } from "../../machinery/request.ts";
import type { ReconcileRecord } from "../../trace/reconcile-record.ts";
import { keyCalled } from "./called-object.ts";
import { ENVIRONMENT } from "./deletions.ts";
import type { Invariant } from "./invariants.ts";
import type { Scene, Write } from "./oracle.ts";
import { wantedOf } from "./reference.ts";

/**
 * @public No deletion, removal of a finalizer or scaling down on the strength of an old state: the
 * reconcile that does it has read the version that it destroys, or one in which the same was
 * wanted, or names the uid or resource version as a precondition. It needs controllers under a
 * manager, as what their reconciles read is recorded.
 *
 *     await simulate({ controllers: [sites], scenario, invariants: [noStaleDestruction()] });
 */
export function noStaleDestruction(): Invariant {
  const name = "no stale destruction";
  return {
    name,
    make: () => {
      /** By process and object: whether its last write has named what it means. */
      const guarded = new Map<string, boolean>();
      return {
        name,
        readsReconciles: true,
        onCall: ({ actor, call, request }) => {
          if (call.isWrite) guarded.set(`${actor} ${keyCalled(call)}`, isGuarded(request));
          return undefined;
        },
        onWrite: (write, scene) => {
          const { actor, key } = write;
          const what = destruction(write);
          if (what === undefined || ENVIRONMENT.includes(actor)) return undefined;
          if (guarded.get(`${actor} ${key}`) !== false) return undefined;
          return staleRead(write, what, scene);
        },
      };
    },
  };
}

/** What of the object is destroyed; undefined: nothing. */
function destruction({ verb, before, after }: Write): string | undefined {
  if (before === undefined || before.metadata.deletionTimestamp !== undefined) {
    return before === undefined ? undefined : lostFinalizer(before, after);
  }
  if (verb === "delete") return "deletes";
  if (after === undefined) return undefined;
  const [was, is] = [replicasOf(before), replicasOf(after)];
  if (was !== undefined && is !== undefined && is < was) return `scales down to ${is}`;
  return lostFinalizer(before, after);
}

function lostFinalizer(before: ApiObject, after: ApiObject | undefined): string | undefined {
  const left = after?.metadata.finalizers ?? [];
  const lost = (before.metadata.finalizers ?? []).find((name) => !left.includes(name));
  return lost === undefined ? undefined : `takes ${lost} from`;
}

function replicasOf(object: ApiObject): number | undefined {
  const spec: unknown = own({ ...object }, "spec");
  const replicas = isFields(spec) ? own(spec, "replicas") : undefined;
  return typeof replicas === "number" ? replicas : undefined;
}

/** Whether the server is told which object, or which version of it, is meant. */
function isGuarded({ body }: ApiRequest): boolean {
  if (body.kind !== "value") return false;
  if (Array.isArray(body.value)) return body.value.some((step) => isTest(step)); // a JSON patch
  if (!isFields(body.value)) return false;
  const { metadata, preconditions } = body.value;
  return [metadata, preconditions].some((part) => {
    return isFields(part) && (own(part, "resourceVersion") ?? own(part, "uid")) !== undefined;
  });
}

function isTest(step: unknown): boolean {
  return isFields(step) && step["op"] === "test";
}

/** Undefined: it has read what it destroys, or it is not known what it has read. */
function staleRead(write: Write, what: string, { past, reconciles }: Scene): string | undefined {
  const { actor, key, resource, before, beforeRevision, cause, revision } = write;
  const record = reconciles?.find(cause.id);
  if (record === undefined || record.readsDropped > 0 || before === undefined) return undefined;
  const read = newestRead(record, before);
  if (read === undefined || read >= beforeRevision) return undefined;
  const known = past.versionAt(key, read);
  const isSame = known?.object?.metadata.uid === before.metadata.uid;
  if (isSame && known?.object !== undefined && isAsWanted(known.object, before)) return undefined;
  const { namespace = "", name = "" } = before.metadata;
  const version = known === undefined ? "none" : `its version ${known.revision}`;
  return (
    `${actor} (${cause.actor}) ${what} ${resource} ${namespace}/${name} at revision ${revision}: ` +
    `that is version ${beforeRevision}, and its reconcile of ${record.key} had read ${version}` +
    `${isSame ? "" : ", of another object"}; name the uid or resourceVersion as a precondition`
  );
}

/** The newest state in which the reconcile may have seen the object; undefined: it did not look. */
function newestRead(record: ReconcileRecord, object: ApiObject): number | undefined {
  const { namespace = "", name = "" } = object.metadata;
  const revisions = record.reads.flatMap((read) => {
    if (read.kind === "list") return read.of === object.kind ? [read.revision] : [];
    const { kind, namespace: place, name: called } = read.object;
    return kind === object.kind && place === namespace && called === name ? [read.revision] : [];
  });
  // That there was none is no reason to destroy it: the reason lies elsewhere.
  const newest = Math.max(0, ...revisions);
  return newest === 0 ? undefined : newest;
}

/** Status goes its own way, and so do places and addresses. */
function isAsWanted(known: ApiObject, before: ApiObject): boolean {
  return equalValues(wantedOf(known), wantedOf(before));
}
