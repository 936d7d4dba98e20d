/**
 * How an autoscaler scales, as the annotation of version 1 holds it: the fields of upstream's own
 * struct, with capital letters. They are read in any case, as upstream reads them.
 */
import type { GoStruct } from "../../go-struct.ts";
import { isFields, type Fields } from "../../../machinery/object.ts";
import { setField, type MutableFields } from "../../../machinery/json-value.ts";

export const behaviorStruct: GoStruct = {
  structs: {
    Behavior: "ScaleUp *Rules,ScaleDown *Rules",
    Rules: "StabilizationWindowSeconds *,SelectPolicy *,Policies []Policy,Tolerance *",
    Policy: "Type,Value int,PeriodSeconds int",
  },
  name: "Behavior",
};

const NAMES: ReadonlyMap<string, string> = new Map(
  [
    "scaleUp",
    "scaleDown",
    "stabilizationWindowSeconds",
    "selectPolicy",
    "policies",
    "tolerance",
    "type",
    "value",
    "periodSeconds",
  ].map((name) => [name.toLowerCase(), name]),
);

/** What the annotation says under the names of the fields; others are left out. */
export function readBehavior(noted: Fields): Fields {
  const made: MutableFields = {};
  for (const [key, value] of Object.entries(noted)) {
    const name = NAMES.get(key.toLowerCase());
    if (name !== undefined && value !== null) setField(made, name, readValue(value));
  }
  return made;
}

function readValue(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(readValue);
  return isFields(value) ? readBehavior(value) : value;
}
