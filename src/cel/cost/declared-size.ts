/** Sizes that declared types allow. */
import type { CostEstimate } from "../program.ts";
import type { CelType } from "../types.ts";

/** The size of what `steps` lead to within a type; undefined if nothing is known of it. */
export function declaredSize(type: CelType, steps: readonly string[]): CostEstimate | undefined {
  let current: CelType | undefined = type.kind === "optional" ? type.of : type;
  for (const step of steps) {
    current = current === undefined ? undefined : partAt(current, step);
  }
  const max = current?.shape?.sizeMax;
  return max === undefined ? undefined : { min: 0, max };
}

function partAt(type: CelType, step: string): CelType | undefined {
  switch (step) {
    case "@items":
    case "@values":
      if (type.kind === "list") return type.element;
      return type.kind === "map" ? type.value : undefined;
    case "@keys":
      return type.kind === "map" ? type.key : undefined;
    default:
      // Upstream does not find fields here whose names are reserved and not escaped.
      return type.kind === "object" ? type.fields.get(step) : undefined;
  }
}
