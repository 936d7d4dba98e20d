/** Rows of a watched table: columns come with the first event only, and widths stay as begun. */
import { own, type Fields } from "../../machinery/object.ts";
import { columnWidths, formatTable, readTable } from "./table.ts";

export type TableWatchOptions = Parameters<typeof readTable>[1] & {
  readonly hasHeadings: boolean;
};

export class TableWatch {
  readonly #options: TableWatchOptions;
  #columns: unknown;
  #widths: readonly number[] | undefined;

  constructor(options: TableWatchOptions) {
    this.#options = options;
  }

  /** The lines of one event's table, with headings above the first. */
  linesOf(table: Fields): readonly string[] {
    const columns = own(table, "columnDefinitions");
    if (Array.isArray(columns) && columns.length > 0) this.#columns = columns;
    const whole = { ...table, columnDefinitions: this.#columns };
    const { headings, rows } = readTable(whole, this.#options);
    if (rows.length === 0) return [];
    const isFirst = this.#widths === undefined && this.#options.hasHeadings;
    this.#widths ??= columnWidths(headings, rows);
    return formatTable(isFirst ? headings : [], rows, this.#widths);
  }
}
