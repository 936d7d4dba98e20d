/** Conditions of flow schemas and priority levels. */
import type { FieldError } from "../../../machinery/status.ts";
import { duplicate, errorIf, required } from "../../field-errors.ts";

/** What is wrong with conditions: each has a type, and one of its own. */
export function conditionErrors(
  field: string,
  conditions: readonly { readonly type?: string }[] | undefined,
): readonly FieldError[] {
  const types = new Set<string>();
  return (conditions ?? []).flatMap(({ type = "" }, index) => {
    const path = `${field}[${index}].type`;
    const isTaken = types.has(type);
    types.add(type);
    return [...errorIf(isTaken, duplicate(path, type)), ...errorIf(type === "", required(path))];
  });
}
