/**
 * The patches a fake cluster understands: merge patches whole, JSON patches on paths, and strategic
 * patches with the few merge keys that metadata and status lists have. The server's own patches are
 * complete; those here only have to agree with them on what controllers send.
 */
import type { Patch } from "../../client/client.ts";
import { isFields, own, type Fields } from "../../machinery/object.ts";
import { badRequest, plainRefusal } from "../../machinery/status.ts";
import { equalValues } from "../../machinery/json-value.ts";

/** What lists are merged by in a strategic patch; "" is a set of scalars. Others are replaced. */
const MERGE_KEYS: Readonly<Record<string, string>> = {
  ownerReferences: "uid",
  conditions: "type",
  finalizers: "",
  containers: "name",
  podIPs: "ip",
  hostIPs: "ip",
};

/** `document` after `patch`. */
export function applyFakePatch(document: unknown, patch: Patch): unknown {
  switch (patch.kind) {
    case "merge":
      return merge(document, patch.patch, "replace");
    case "strategic":
      return merge(document, patch.patch, "strategic");
    case "json":
      return patch.operations.reduce(applyOperation, document);
    case "apply":
      throw badRequest("the fake cluster has no server-side apply");
  }
}

type ListRule = "replace" | "strategic";

function merge(target: unknown, patch: unknown, rule: ListRule): unknown {
  if (!isFields(patch)) return patch;
  const result = new Map(Object.entries(isFields(target) ? target : {}));
  for (const [name, value] of Object.entries(patch)) {
    if (rule === "strategic" && name.startsWith("$")) continue; // directives of this level
    const removal = `$deleteFromPrimitiveList/${name}`;
    if (value === null) result.delete(name);
    else if (rule === "strategic" && Array.isArray(value) && Object.hasOwn(MERGE_KEYS, name)) {
      result.set(name, mergeList(result.get(name), value, MERGE_KEYS[name] ?? ""));
    } else result.set(name, merge(result.get(name), value, rule));
    if (Object.hasOwn(patch, removal)) removeScalars(result, name, patch[removal]);
  }
  for (const name of Object.keys(patch)) {
    const [directive, field] = name.split("/");
    if (rule !== "strategic" || directive !== "$deleteFromPrimitiveList") continue;
    if (field !== undefined) removeScalars(result, field, patch[name]);
  }
  return Object.fromEntries(result);
}

function removeScalars(fields: Map<string, unknown>, name: string, removed: unknown): void {
  const list = fields.get(name);
  if (!Array.isArray(list) || !Array.isArray(removed)) return;
  const left = list.filter((item) => !removed.includes(item));
  if (left.length === 0) fields.delete(name);
  else fields.set(name, left);
}

function mergeList(target: unknown, patch: readonly unknown[], key: string): readonly unknown[] {
  const old: readonly unknown[] = Array.isArray(target) ? target : [];
  if (key === "") return [...new Set([...old, ...patch])];
  return patch.reduce((list: readonly unknown[], item) => mergeItem(list, item, key), old);
}

function mergeItem(list: readonly unknown[], item: unknown, key: string): readonly unknown[] {
  if (!isFields(item)) return [...list, item];
  const isSame = (other: unknown): boolean => isFields(other) && own(other, key) === own(item, key);
  if (own(item, "$patch") === "delete") return list.filter((other) => !isSame(other));
  if (!list.some(isSame)) return [...list, item];
  return list.map((other) => (isSame(other) ? merge(other, item, "strategic") : other));
}

function applyOperation(document: unknown, operation: unknown): unknown {
  if (!isFields(operation) || typeof operation["path"] !== "string") {
    throw badRequest("a JSON patch operation has a path");
  }
  const path = operation["path"]
    .split("/")
    .slice(1)
    .map((part) => part.replaceAll("~1", "/").replaceAll("~0", "~"));
  return at(document, path, (old) => {
    switch (operation["op"]) {
      case "test":
        if (equalValues(old, operation["value"])) return { kind: "set", value: old };
        throw plainRefusal(422, "Invalid", `testing path ${operation["path"] as string} failed`);
      case "add":
      case "replace":
        return { kind: "set", value: operation["value"] };
      case "remove":
        return { kind: "remove" };
      default:
        throw badRequest("the fake cluster knows test, add, replace and remove");
    }
  });
}

type Change = { readonly kind: "set"; readonly value: unknown } | { readonly kind: "remove" };

function at(node: unknown, path: readonly string[], change: (old: unknown) => Change): unknown {
  const [head, ...rest] = path;
  if (head === undefined) {
    const result = change(node);
    return result.kind === "set" ? result.value : undefined;
  }
  if (Array.isArray(node)) return atItem(node, head, rest, change);
  const fields: Fields = isFields(node) ? node : {};
  const entries = Object.entries(fields).filter(([name]) => name !== head);
  const next = at(own(fields, head), rest, change);
  return Object.fromEntries(next === undefined ? entries : [...entries, [head, next]]);
}

function atItem(
  list: readonly unknown[],
  head: string,
  rest: readonly string[],
  change: (old: unknown) => Change,
): readonly unknown[] {
  const index = head === "-" ? list.length : Number(head);
  const next = at(list[index], rest, change);
  const isInsert = rest.length === 0 && index >= list.length;
  if (isInsert) return [...list, next];
  return list.flatMap((item, position) => {
    if (position !== index) return [item];
    return next === undefined ? [] : [next];
  });
}
