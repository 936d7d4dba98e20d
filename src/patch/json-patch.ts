/**
 * JSON patches (RFC 6902), all operations or none, with the liberties upstream takes: what is not
 * there is null to `test` and `copy`, `replace` sets fields that were not there, a value that is
 * not given is null, indexes below zero count from the end, and the document as a whole can only be
 * tested and replaced. The document is never changed, and what no operation touches is shared with
 * the result.
 */
import { equalValues, isDeeperThan, VALUE_DEPTH_MAX } from "../machinery/json-value.ts";
import { isFields, own, type Fields } from "../machinery/object.ts";
import { parsePointer } from "./json-pointer.ts";
import { PatchError } from "./patch-error.ts";
import { PatchedDocument } from "./patched-document.ts";

export { PatchError } from "./patch-error.ts";

/** Operations of one patch. */
export const JSON_PATCH_OPERATIONS_MAX = 10_000;

/** Values that the copies of one patch may add up to: copies of copies double with each. */
export const JSON_PATCH_COPIED_VALUES_MAX = 100_000;

type Operation = {
  readonly op: "add" | "remove" | "replace" | "move" | "copy" | "test";
  readonly path: readonly string[];
  readonly from: readonly string[];
  readonly value: unknown;
};

/**
 * `document` after all operations. Throws a `PatchError`: `malformed` if `operations` is not a list
 * of objects or too long, `unprocessable` if an operation is wrong or does not fit the document.
 */
export function applyJsonPatch(document: unknown, operations: unknown): unknown {
  if (!Array.isArray(operations) || !operations.every(isFields)) {
    throw new PatchError("malformed", "a JSON patch is a list of operations");
  }
  if (operations.length > JSON_PATCH_OPERATIONS_MAX) {
    const limit = `The allowed maximum operations in a JSON patch is ${JSON_PATCH_OPERATIONS_MAX}`;
    throw new PatchError("malformed", `${limit}, got ${operations.length}`);
  }
  const patched = new PatchedDocument(document);
  let copiedCount = 0;
  for (const fields of operations) {
    const operation = parseOperation(fields);
    if (operation.op === "copy") {
      copiedCount += countValues(patched.field(operation.from), JSON_PATCH_COPIED_VALUES_MAX);
    }
    if (copiedCount > JSON_PATCH_COPIED_VALUES_MAX) {
      throw new PatchError("unprocessable", "the copies of the patch add up to too much");
    }
    apply(patched, operation);
  }
  if (isDeeperThan(patched.value, VALUE_DEPTH_MAX)) {
    throw new PatchError("unprocessable", `exceeded max depth of ${VALUE_DEPTH_MAX}`);
  }
  return patched.value;
}

function apply(document: PatchedDocument, operation: Operation): void {
  const { op, path, from, value } = operation;
  switch (op) {
    case "add":
      return document.add(path, value);
    case "remove":
      document.remove(path);
      return undefined;
    case "replace":
      return document.replace(path, value);
    case "move":
      return move(document, from, path);
    case "copy":
      return document.add(path, document.share(from));
    case "test":
      if (!equalValues(document.field(path), value)) {
        throw new PatchError("unprocessable", "a test of the patch failed");
      }
  }
}

function move(document: PatchedDocument, from: readonly string[], path: readonly string[]): void {
  const value = document.get(from);
  document.remove(from);
  document.add(path, value);
}

function parseOperation(fields: Fields): Operation {
  const op = own(fields, "op");
  switch (op) {
    case "replace":
    case "test": {
      const path = pointer(fields, op, "path");
      return { op, path, from: [], value: own(fields, "value") ?? null };
    }
    case "add": {
      const path = place(fields, op, "path");
      return { op, path, from: [], value: own(fields, "value") ?? null };
    }
    case "remove":
      return { op, path: place(fields, op, "path"), from: [], value: undefined };
    case "move":
    case "copy": {
      const path = place(fields, op, "path");
      return { op, path, from: place(fields, op, "from"), value: undefined };
    }
    default:
      throw new PatchError("unprocessable", `unknown operation ${JSON.stringify(op)}`);
  }
}

function pointer(fields: Fields, op: string, key: "path" | "from"): readonly string[] {
  const text = own(fields, key);
  if (typeof text !== "string") throw missing(op, key);
  return parsePointer(text);
}

/** A pointer into the document, not to all of it. */
function place(fields: Fields, op: string, key: "path" | "from"): readonly string[] {
  const steps = pointer(fields, op, key);
  if (steps.length > 0) return steps;
  throw new PatchError("unprocessable", `the operation ${op} is not for the whole document`);
}

function missing(op: string, member: string): PatchError {
  return new PatchError("unprocessable", `the operation ${op} needs a ${member}`);
}

/** How many values `value` is made of; counts no further than just beyond `countMax`. */
function countValues(value: unknown, countMax: number): number {
  const pending: unknown[] = [value];
  let count = 0;
  while (pending.length > 0 && count <= countMax) {
    const item = pending.pop();
    count += 1;
    if (typeof item === "string") count += Math.floor(item.length / 16);
    if (typeof item !== "object" || item === null) continue;
    for (const member of Array.isArray(item) ? item : Object.values(item)) pending.push(member);
  }
  return count;
}
