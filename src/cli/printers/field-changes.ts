/** Fields that are different, one in a line: `~ spec.replicas: 2 -> 3`, `+` new, `-` gone. */
import type { FieldChange } from "../../trace/facts.ts";

export function fieldChangeLines(fields: readonly FieldChange[]): readonly string[] {
  return fields.map(({ field, before, after }) => {
    if (before === undefined) return `+ ${field}: ${after ?? ""}`;
    if (after === undefined) return `- ${field}: ${before}`;
    return `~ ${field}: ${before} -> ${after}`;
  });
}
