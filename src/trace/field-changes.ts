/** The fields that a change made different, as they may be told: what a Secret holds never is. */
import { isFields } from "../machinery/object.ts";
import type { ApiObject } from "../machinery/object.ts";
import { differencesOf, type PathStep } from "./differences.ts";
import type { FieldChange } from "./facts.ts";

/** In place of what a Secret holds. */
const SECRET = "(secret)";
/** Where `kubectl apply` keeps a copy of all that it was given. */
const APPLIED = "kubectl.kubernetes.io/last-applied-configuration";
const HOLDERS: ReadonlySet<string> = new Set(["data", "stringData"]);

/** Undefined stands for no object. `textOf` puts a value into words. */
export function fieldChangesOf(
  before: ApiObject | undefined,
  after: ApiObject | undefined,
  textOf: (value: unknown) => string,
): readonly FieldChange[] {
  const isOfSecret = isSecret(after ?? before);
  return differencesOf(before ?? {}, after ?? {}).map(({ path, text: field, ...values }) => {
    const told = (value: unknown): string => {
      if (!isOfSecret) return textOf(value);
      return isHeld(path) ? SECRET : textOf(withoutCopy(value));
    };
    return {
      field,
      ...(values.before === undefined ? {} : { before: told(values.before) }),
      ...(values.after === undefined ? {} : { after: told(values.after) }),
    };
  });
}

/** The object; of a Secret with the names of what it holds, and nothing of that itself. */
export function withoutSecrets(object: ApiObject): ApiObject {
  if (!isSecret(object)) return object;
  const shown = Object.entries(object).map(([name, value]: [string, unknown]) => {
    if (!HOLDERS.has(name) || !isFields(value)) return [name, withoutCopy(value)];
    return [name, Object.fromEntries(Object.keys(value).map((key) => [key, SECRET]))];
  });
  return { ...object, ...Object.fromEntries(shown) };
}

function isSecret(object: ApiObject | undefined): boolean {
  return object?.kind === "Secret" && object.apiVersion === "v1";
}

function isHeld([first, , third]: readonly PathStep[]): boolean {
  return (typeof first === "string" && HOLDERS.has(first)) || third === APPLIED;
}

/** Metadata, or annotations, without the copy of a Secret among them. */
function withoutCopy(value: unknown): unknown {
  if (!isFields(value)) return value;
  const shown = Object.entries(value).map(([name, each]: [string, unknown]) => {
    if (name === APPLIED) return [name, SECRET];
    return [name, name === "annotations" ? withoutCopy(each) : each];
  });
  return Object.fromEntries(shown);
}
