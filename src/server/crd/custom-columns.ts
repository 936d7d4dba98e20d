/** Columns of a custom resource as `kubectl get` shows them: the name, then what the version says. */
import type { CustomResourceColumnDefinition } from "../../apis/apiextensions/v1/types.generated.ts";
import { humanAge } from "../../apis/human-duration.ts";
import type { TableCell, TableColumn } from "../../apis/strategy.ts";
import { NAME_COLUMN, nameOf } from "../../apis/table-columns.ts";
import { parseApiTime } from "../../machinery/api-time.ts";
import type { ApiObject } from "../../machinery/object.ts";
import { columnReader, type ColumnReader } from "./column-path.ts";

export type CustomColumns = {
  readonly definitions: readonly TableColumn[];
  readonly row: (object: ApiObject, nowMs: number) => readonly TableCell[];
};

/** Shown if the version names no columns. */
const AGE: CustomResourceColumnDefinition = {
  name: "Age",
  type: "date",
  description: "When the object was created.",
  jsonPath: ".metadata.creationTimestamp",
};

export function customColumns(columns: readonly CustomResourceColumnDefinition[]): CustomColumns {
  const shown = columns.length === 0 ? [AGE] : columns;
  const readers = shown.map((column) => ({ column, read: columnReader(column.jsonPath) }));
  return {
    definitions: [NAME_COLUMN, ...shown.map(columnDefinition)],
    row: (object, nowMs) => [
      nameOf(object),
      ...readers.map(({ column, read }) => cell(column.type, read, object, nowMs)),
    ],
  };
}

const TYPES = ["string", "integer", "number", "boolean", "date"] as const;

function columnDefinition(column: CustomResourceColumnDefinition): TableColumn {
  const { name, format, description = "", jsonPath, priority = 0 } = column;
  const ownWords = `Custom resource definition column (in JSONPath format): ${jsonPath}`;
  return {
    name,
    type: TYPES.find((type) => type === column.type) ?? "string",
    ...(format === undefined ? {} : { format }),
    description: description === "" ? ownWords : description,
    priority,
  };
}

/** Null where there is nothing, or nothing of the column's type. */
function cell(type: string, read: ColumnReader, object: ApiObject, nowMs: number): TableCell {
  if (type === "string") return read.text(object) ?? null;
  const value = read.first(object);
  switch (type) {
    case "integer":
      return typeof value === "number" ? Math.trunc(value) : null;
    case "number":
      return typeof value === "number" ? value : null;
    case "boolean":
      return typeof value === "boolean" ? value : null;
    case "date":
      return typeof value === "string" ? dateCell(value, nowMs) : null;
    default:
      return null;
  }
}

function dateCell(text: string, nowMs: number): TableCell {
  return Number.isNaN(parseApiTime(text)) ? "<invalid>" : humanAge(text, nowMs);
}
