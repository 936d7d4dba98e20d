/**
 * Kinds whose objects are questions: the server answers them and keeps nothing. Served like other
 * kinds as far as clients can see: discovered, described, decoded strictly.
 */
import type { ApiObject } from "../machinery/object.ts";
import type { StructuralSchema } from "../schema/structural-schema.ts";
import { canonicalForm } from "./canonical-form.ts";
import { ORDINARY } from "./ordinary.ts";
import type { ResourceNames, Strategy } from "./strategy.ts";

/** A kind that can be created, and nothing else. */
export function unstoredKind<T extends ApiObject>(
  names: Pick<ResourceNames, "group" | "version" | "kind" | "isNamespaced">,
  schema: StructuralSchema,
): Strategy<T> {
  const singular = names.kind.toLowerCase();
  return {
    ...ORDINARY,
    names: { ...names, plural: `${singular}s`, singular, shortNames: [], categories: [] },
    schema,
    verbs: ["create"],
    nameProblem: () => undefined,
    applyDefaults: (object) => canonicalForm(object, schema),
    validate: () => [],
    isCollectionDeletable: false,
    columns: [],
    row: () => [],
  };
}
