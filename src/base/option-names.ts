/**
 * Options by their names: one that is misspelt says so, to those as well who write JavaScript,
 * where no compiler does.
 */

/** The names of the options in `T`, each of them: the compiler sees to it that none is left out. */
export type OptionNames<T> = Readonly<Record<keyof T, true>>;

/**
 * Throws a `TypeError` for an option that is not known, with the name that was meant. One that is
 * undefined is as good as absent. `of` is the function that is called.
 *
 *     checkOptions("simulate", options, NAMES); // simulate: unknown option "retires"; did you …
 */
export function checkOptions<T extends object>(
  of: string,
  options: T,
  names: OptionNames<T>,
): void {
  for (const [name, value] of Object.entries(options)) {
    if (value === undefined || Object.hasOwn(names, name)) continue;
    const known = Object.keys(names);
    const meant = nearest(name, known);
    const hint =
      meant === undefined ? `known are ${known.toSorted().join(", ")}` : `did you mean ${meant}?`;
    throw new TypeError(`${of}: unknown option ${JSON.stringify(name)}; ${hint}`);
  }
}

/** What is a slip or two away; undefined: nothing is. */
export function nearest(name: string, known: readonly string[]): string | undefined {
  const [best] = known
    .map((each) => ({ each, slips: slipsBetween(name.toLowerCase(), each.toLowerCase()) }))
    .sort((a, b) => a.slips - b.slips);
  const slipsMax = Math.min(3, Math.ceil(name.length / 2));
  return best !== undefined && best.slips <= slipsMax ? best.each : undefined;
}

/** Letters that are missing, too many, or others. */
function slipsBetween(a: string, b: string): number {
  let row = Array.from({ length: b.length + 1 }, (_, at) => at);
  for (let line = 0; line < a.length; line += 1) {
    const next = [line + 1];
    for (let at = 0; at < b.length; at += 1) {
      const isOther = a[line] === b[at] ? 0 : 1;
      const [left = 0, above = 0, before = 0] = [next[at], row[at + 1], row[at]];
      next.push(Math.min(left + 1, above + 1, before + isOther));
    }
    row = next;
  }
  return row.at(-1) ?? 0;
}
