/** How the parts of a control plane are. Read only, made when asked for, and deprecated. */
import type { Strategy, TableCell } from "../../strategy.ts";
import { column, NAME_COLUMN, nameOf } from "../../table-columns.ts";
import { unstoredKind } from "../../unstored-kind.ts";
import { componentStatusSchema } from "./schema.generated.ts";
import type { ComponentCondition, ComponentStatus } from "./types.generated.ts";

const ordinary = unstoredKind<ComponentStatus>(
  { group: "", version: "v1", kind: "ComponentStatus", isNamespaced: false },
  componentStatusSchema,
);

export const componentStatusStrategy: Strategy<ComponentStatus> = {
  ...ordinary,
  names: {
    ...ordinary.names,
    plural: "componentstatuses",
    singular: "componentstatus",
    shortNames: ["cs"],
  },
  verbs: ["get", "list"],
  columns: [
    NAME_COLUMN,
    column("Status", "Status of the component conditions"),
    column("Message", "Message of the component conditions"),
    column("Error", "Error of the component conditions"),
  ],
  row: (component) => [nameOf(component), ...healthCells(component)],
};

function healthCells({ conditions = [] }: ComponentStatus): readonly TableCell[] {
  const healthy = conditions.find((each) => each.type === "Healthy");
  return [statusText(healthy), healthy?.message ?? "", healthy?.error ?? ""];
}

function statusText(condition: ComponentCondition | undefined): string {
  if (condition?.status === "True") return "Healthy";
  return condition?.status === "False" ? "Unhealthy" : "Unknown";
}
