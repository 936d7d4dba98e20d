/**
 * The generation of an object rises when what is wanted of it changes, and only then; identity and
 * age never change. Kinds that count nothing have no generation.
 */
import { equalValues } from "../../machinery/json-value.ts";
import { own, type ApiObject } from "../../machinery/object.ts";
import type { MakeOracle } from "./oracle.ts";

export const generationsCount: MakeOracle = () => ({
  name: "generations count",
  onWrite: ({ key, verb, before, after }) => {
    if (before === undefined || after === undefined) return undefined;
    const [old, next] = [before.metadata, after.metadata];
    if (old.uid !== next.uid) return `${key} has another uid, without having been deleted`;
    if (old.creationTimestamp !== next.creationTimestamp) return `${key} has another age`;
    const [was = 0, is = 0] = [old.generation, next.generation];
    if (is < was) return `${key}: generation ${is} after ${was}`;
    if (was === 0) return undefined;
    const isOther = !equalValues(own({ ...before }, "spec"), own({ ...after }, "spec"));
    const isPart = verb.includes("/"); // a pod's node is no change of what is wanted of it
    if (is === was)
      return isOther && !isPart ? `${key}: another spec in the same generation ${is}` : undefined;
    return isOther || isOtherwiseCounted(before, after)
      ? undefined
      : `${key}: generation ${is} after ${was}, and its spec is the same`;
  },
});

/** A deletion counts, too; some kinds count annotations, some have no spec. */
function isOtherwiseCounted(before: ApiObject, after: ApiObject): boolean {
  const [old, next] = [before.metadata, after.metadata];
  if (old.deletionTimestamp !== next.deletionTimestamp) return true;
  if (!equalValues(old.annotations, next.annotations)) return true;
  const { metadata: _old, status: _was, ...others } = { status: undefined, ...before };
  const { metadata: _next, status: _is, ...now } = { status: undefined, ...after };
  return !equalValues(others, now);
}
