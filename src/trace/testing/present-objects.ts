/** A present of a few objects, for tests. */
import type { ApiObject } from "../../machinery/object.ts";
import type { Present } from "../explain/not-ready/not-ready.ts";
import { eventsByUid } from "../explain/not-ready/told-event.ts";
import { isSameObject } from "../facts.ts";

/** Events among the objects are told of what they name. */
export function presentObjects(
  objects: readonly ApiObject[],
  nowMs: number,
  attempts: Present["attempts"] = () => [],
): Present {
  const told = eventsByUid(objects.filter(({ kind }) => kind === "Event"));
  const find = (isMeant: (object: ApiObject) => boolean): Promise<readonly ApiObject[]> =>
    Promise.resolve(objects.filter(isMeant));
  return {
    get: async (wanted) => {
      const [found] = await find(({ apiVersion = "", kind = "", metadata }) => {
        const { namespace = "", name = "" } = metadata;
        return isSameObject(wanted, { apiVersion, kind, namespace, name });
      });
      return found;
    },
    ownedBy: ({ metadata: { uid } }) =>
      find(({ metadata: { ownerReferences = [] } }) => ownerReferences.some((o) => o.uid === uid)),
    pods: (namespace) =>
      find(({ kind, metadata }) => kind === "Pod" && metadata.namespace === namespace),
    leaving: (namespace) =>
      find(({ metadata }) => {
        return metadata.namespace === namespace && metadata.deletionTimestamp !== undefined;
      }),
    events: ({ metadata: { uid = "" } }) => Promise.resolve(told.get(uid) ?? []),
    attempts,
    nowMs: () => nowMs,
  };
}
