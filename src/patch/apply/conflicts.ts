/** Conflicts of an apply with the owners of fields, as they are told. */
import type { FieldSet } from "./field-set.ts";
import { pathsOf } from "./field-set.ts";
import { identityOf } from "./managed-fields.ts";
import { compareBytes, pathText, type FieldPath } from "./path-element.ts";
import { printedText } from "./go-text.ts";

/** One field that somebody else owns. */
export type Conflict = {
  /** Identifier. */
  readonly manager: string;
  readonly path: FieldPath;
};

export type ConflictCause = { readonly message: string; readonly field: string };

/** Sorted by manager, then in the order of the fields. */
export function conflictsOf(owned: ReadonlyMap<string, FieldSet>): readonly Conflict[] {
  return [...owned.keys()]
    .sort(compareBytes)
    .flatMap((manager) =>
      pathsOf(owned.get(manager) ?? new Map()).map((path) => ({ manager, path })),
    );
}

/** `Apply failed with 1 conflict: conflict with "m1": .data.a` */
export function conflictMessage(conflicts: readonly Conflict[]): string {
  const [first] = conflicts;
  if (first !== undefined && conflicts.length === 1) {
    const who = managerText(first.manager);
    return `Apply failed with 1 conflict: conflict with ${who}: ${pathText(first.path)}`;
  }
  const byManager = Map.groupBy(conflicts, ({ manager }) => manager);
  const lines = [...byManager].flatMap(([manager, each]) => [
    `conflicts with ${managerText(manager)}:`,
    ...each.map(({ path }) => `- ${pathText(path)}`),
  ]);
  return `Apply failed with ${conflicts.length} conflicts: ${lines.join("\n")}`;
}

export function conflictCauses(conflicts: readonly Conflict[]): readonly ConflictCause[] {
  return conflicts.map(({ manager, path }) => ({
    message: `conflict with ${managerText(manager)}`,
    field: pathText(path),
  }));
}

/** `"kubectl-edit" with subresource "scale" using apps/v1` */
function managerText(identifier: string): string {
  const { manager, operation, apiVersion, subresource } = identityOf(identifier);
  const within = subresource === "" ? "" : ` with subresource ${printedText(subresource)}`;
  const using = operation === "Update" ? ` using ${apiVersion}` : "";
  return `${printedText(manager)}${within}${using}`;
}
