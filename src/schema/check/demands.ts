/**
 * What is demanded of a schema. A definition that already violates a demand that came later is not
 * held to it when it is updated.
 */
import { isFields } from "../../machinery/object.ts";
import { compileNode } from "../compile.ts";
import { optionalTextAt, textAt, defaultAt, type SchemaProps } from "../schema-props.ts";
import { prune } from "../values/prune.ts";
import { setItemErrors } from "./extensions.ts";
import { checkListMapKeys } from "./list-map-keys.ts";
import { someSchema } from "./schema-walk.ts";

export type Demands = {
  /** Types are those of OpenAPI. */
  readonly knownTypes: boolean;
  /** Defaults hold nothing that pruning would drop. */
  readonly prunedDefaults: boolean;
  /** Items of sets are changed as a whole. */
  readonly atomicSets: boolean;
  /** Keys of map lists are always there. */
  readonly soundMapKeys: boolean;
};

export const TYPES: readonly string[] = [
  "array",
  "boolean",
  "integer",
  "number",
  "object",
  "string",
];

/** The demands after schemas like these; all of them for a new definition. */
export function demandsAfter(oldSchemas: readonly unknown[]): Demands {
  const old = oldSchemas.filter(isFields);
  const isUsual = (isViolation: (props: SchemaProps) => boolean): boolean =>
    !old.some((schema) => someSchema(schema, isViolation));
  return {
    knownTypes: isUsual((props) => !["", ...TYPES].includes(textAt(props, "type"))),
    prunedDefaults: isUsual(hasUnprunedDefault),
    atomicSets: isUsual(
      (props) =>
        optionalTextAt(props, "x-kubernetes-list-type") === "set" &&
        setItemErrors(props, "").length > 0,
    ),
    soundMapKeys: isUsual((props) => checkListMapKeys(props, "").length > 0),
  };
}

function hasUnprunedDefault(props: SchemaProps): boolean {
  const value = defaultAt(props);
  if (value === undefined) return false;
  return prune(value, compileNode(props), "part").value !== value;
}
