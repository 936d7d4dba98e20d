/** How a bench speaks: its question, how it was asked, and a table of figures with their spread. */
import { machineLine } from "../machine.ts";

/** Run only as long as it takes to see that the bench still works. */
export const IS_SMOKE: boolean = process.argv.includes("--smoke");

/** The question in one sentence, then lines on how the answer is found. */
export function printQuestion(question: string, notes: readonly string[]): void {
  console.log(question);
  for (const note of notes) console.log(`  ${note}`);
  console.log(`  ${machineLine()}${IS_SMOKE ? "; smoke run: the figures mean nothing" : ""}`);
}

/** Columns as wide as their widest cell; all but the first are numbers and stand to the right. */
export function printTable(title: string, rows: readonly (readonly string[])[]): void {
  const widths = (rows[0] ?? []).map((_, column) =>
    Math.max(...rows.map((row) => (row[column] ?? "").length)),
  );
  console.log(`\n${title}`);
  for (const row of rows) {
    const cells = row.map((cell, column) => {
      const width = widths[column] ?? 0;
      return column === 0 ? cell.padEnd(width) : cell.padStart(width);
    });
    console.log(`  ${cells.join("  ")}`);
  }
}

/** `12,300 (11,900..12,800)`: the median of the rounds, their least and their greatest. */
export function spread(rounds: readonly number[], digits = 0): string {
  if (rounds.length === 1) return figure(median(rounds), digits);
  const least = figure(Math.min(...rounds), digits);
  return `${figure(median(rounds), digits)} (${least}..${figure(Math.max(...rounds), digits)})`;
}

export function figure(value: number, digits = 0): string {
  return value.toLocaleString("en", {
    minimumFractionDigits: digits,
    maximumFractionDigits: digits,
  });
}

/** The middle one; of an even number, the mean of the two in the middle. */
export function median(values: readonly number[]): number {
  const sorted = values.toSorted((a, b) => a - b);
  const upper = sorted[Math.floor(sorted.length / 2)] ?? Number.NaN;
  const lower = sorted[Math.ceil(sorted.length / 2) - 1] ?? Number.NaN;
  return (lower + upper) / 2;
}
