/** A Scale in a table: the same columns for every kind, but for custom resources in other words. */
import type { Scale } from "../../apis/autoscaling/v1/types.generated.ts";
import type { TableColumn } from "../../apis/strategy.ts";
import { AGE_COLUMN, ageOf, column, NAME_COLUMN, nameOf } from "../../apis/table-columns.ts";
import type { ApiObject } from "../../machinery/object.ts";
import type { Resource } from "../registry/resource.ts";
import type { ExpectedKind } from "./body.ts";

const REPLICAS: readonly TableColumn[] = [
  column("Desired", "Replicas that are wanted.", "integer"),
  column("Available", "Replicas that there are.", "integer"),
];

const { format: _format, ...PLAIN_NAME } = NAME_COLUMN;

const COLUMNS: readonly TableColumn[] = [PLAIN_NAME, ...REPLICAS, AGE_COLUMN];
const CUSTOM_COLUMNS: readonly TableColumn[] = [
  NAME_COLUMN,
  ...REPLICAS,
  { ...AGE_COLUMN, type: "date" },
];

/** The resource `parent` as far as its Scales are shown. */
export function shownAsScale(parent: Resource, { group, version, kind }: ExpectedKind): Resource {
  const columns = parent.custom === undefined ? COLUMNS : CUSTOM_COLUMNS;
  const row = (object: ApiObject, nowMs: number): readonly (string | number)[] => {
    const { spec, status } = object as Scale;
    return [nameOf(object), spec.replicas ?? 0, status.replicas, ageOf(object, nowMs)];
  };
  const apiVersion = `${group}/${version}`;
  const strategy = { ...parent.strategy, columns, row };
  return { ...parent, group, version, kind, apiVersion, strategy };
}
