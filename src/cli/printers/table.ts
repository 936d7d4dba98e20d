/** Tables as kubectl prints them: columns padded with three spaces, headings in capitals. */
import { labelsText } from "../../apis/table-columns.ts";
import { isFields, own, type Fields } from "../../machinery/object.ts";

const GAP = 3;

/** Lines of a table; the last column is not padded. */
export function formatTable(
  headings: readonly string[],
  rows: readonly (readonly string[])[],
  widths: readonly number[] = columnWidths(headings, rows),
): readonly string[] {
  const line = (cells: readonly string[]): string =>
    cells
      .map((cell, index) => (index === cells.length - 1 ? cell : cell.padEnd(widths[index] ?? 0)))
      .join(" ".repeat(GAP))
      .trimEnd();
  return [...(headings.length > 0 ? [line(headings)] : []), ...rows.map(line)];
}

/** The width of each column so that all of it lines up. */
export function columnWidths(
  headings: readonly string[],
  rows: readonly (readonly string[])[],
): readonly number[] {
  const columns = Math.max(headings.length, ...rows.map((row) => row.length));
  return Array.from({ length: columns }, (_, index) =>
    Math.max(...[headings, ...rows].map((cells) => cells[index]?.length ?? 0)),
  );
}

/** A server's `Table`, with the columns that are shown. */
export type PrintedTable = {
  readonly headings: readonly string[];
  readonly rows: readonly (readonly string[])[];
};

/** Reads a `Table` answer. `isWide` shows columns of lower priority too. */
export function readTable(
  table: Fields,
  options: {
    readonly isWide: boolean;
    readonly hasNamespace: boolean;
    readonly showLabels: boolean;
    /** Put before each name, e.g. `pod/`, when several kinds are listed. */
    readonly namePrefix: string;
  },
): PrintedTable {
  const columns = arrayOf(own(table, "columnDefinitions")).filter(isFields);
  const shown = columns
    .map((column, index) => ({ column, index }))
    .filter(({ column }) => options.isWide || own(column, "priority") === 0);
  const headings = shown.map(({ column }) => String(own(column, "name")).toUpperCase());
  const rows = arrayOf(own(table, "rows"))
    .filter(isFields)
    .map((row) => {
      const cells = arrayOf(own(row, "cells"));
      const texts = shown.map(({ column, index }) => {
        const text = cellText(cells[index]);
        return own(column, "name") === "Name" ? `${options.namePrefix}${text}` : text;
      });
      const meta = metadataOf(row);
      if (options.showLabels) texts.push(labelsText(labelsOf(meta)));
      return options.hasNamespace ? [textAt(meta, "namespace"), ...texts] : texts;
    });
  return {
    headings: [
      ...(options.hasNamespace ? ["NAMESPACE"] : []),
      ...headings,
      ...(options.showLabels ? ["LABELS"] : []),
    ],
    rows,
  };
}

/** Labels come as the server sent them: texts by name. */
function labelsOf(meta: Fields): Readonly<Record<string, string>> | undefined {
  const labels = own(meta, "labels");
  return isFields(labels) ? (labels as Readonly<Record<string, string>>) : undefined;
}

function metadataOf(row: Fields): Fields {
  const object = own(row, "object");
  const metadata = isFields(object) ? own(object, "metadata") : undefined;
  return isFields(metadata) ? metadata : {};
}

function textAt(fields: Fields, key: string): string {
  const value = own(fields, key);
  return typeof value === "string" ? value : "";
}

function cellText(cell: unknown): string {
  if (cell === null || cell === undefined) return "<none>";
  if (Array.isArray(cell)) return cell.map(String).join(",");
  return typeof cell === "object"
    ? JSON.stringify(cell)
    : String(cell as string | number | boolean);
}

function arrayOf(value: unknown): readonly unknown[] {
  return Array.isArray(value) ? value : [];
}
