/** Columns of a custom resource in tables: the name, then what its version asks for. */
import type { PrinterColumn } from "../../apis/apiextensions/v1/definition-conditions.ts";
import { humanDuration } from "../../apis/human-duration.ts";
import type { TableCell, TableColumn } from "../../apis/strategy.ts";
import { NAME_COLUMN, nameOf } from "../../apis/table-columns.ts";
import type { ApiObject } from "../../machinery/object.ts";
import { columnCell } from "../../schema/json-path/cells.ts";
import { parseJsonPath, type JsonPath } from "../../schema/json-path/json-path.ts";

export type CustomColumns = {
  readonly definitions: readonly TableColumn[];
  readonly row: (object: ApiObject, nowMs: number) => readonly TableCell[];
};

/** Shown if the version names no columns. */
const AGE: PrinterColumn = {
  name: "Age",
  type: "date",
  description: "When the object was created.",
  jsonPath: ".metadata.creationTimestamp",
};

type Column = { readonly type: string; readonly path: JsonPath | undefined };

export function customColumns(columns: readonly PrinterColumn[]): CustomColumns {
  const shown = columns.length === 0 ? [AGE] : columns;
  const parsed = shown.map(({ type, jsonPath }): Column => {
    const outcome = parseJsonPath(jsonPath);
    return { type, path: outcome.kind === "path" ? outcome.path : undefined };
  });
  return {
    definitions: [NAME_COLUMN, ...shown.map(columnDefinition)],
    row: (object, nowMs) => [nameOf(object), ...parsed.map((each) => cell(each, object, nowMs))],
  };
}

/** A path that cannot be read leaves its column empty, as upstream. */
function cell({ type, path }: Column, object: ApiObject, nowMs: number): TableCell {
  if (path === undefined) return null;
  return columnCell(type, path, object, (momentMs) => humanDuration(nowMs - momentMs));
}

const TYPES = ["string", "integer", "number", "boolean", "date"] as const;

function columnDefinition(column: PrinterColumn): TableColumn {
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
