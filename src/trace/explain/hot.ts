/** Controllers that work without effect: how often, and what wakes them for nothing. */
import { compareText } from "../../machinery/key.ts";
import { outcomeOf, type ControllerFigures, type ReconcileRecord } from "../reconcile-record.ts";

/** Of what wakes a controller, and of its keys, no more than these are told. */
export const HOT_SHOWN_MAX = 5;

export type Count = { readonly what: string; readonly count: number };

export type HotController = Omit<ControllerFigures, "recent"> & {
  /** What woke the newest reconciles that had no effect: `Pod event`, `timer`; most first. */
  readonly wakings: readonly Count[];
  /** For which keys they were; most first. */
  readonly keys: readonly Count[];
};

/** The one that has worked most often without effect first. */
export function hotControllers(figures: readonly ControllerFigures[]): readonly HotController[] {
  const hot = figures.map(({ recent, ...sums }) => {
    const idle = recent.filter((record) => outcomeOf(record) === "without effect");
    return { ...sums, wakings: counts(idle.flatMap(wakingsOf)), keys: counts(idle.map(keyOf)) };
  });
  return hot.sort(
    (a, b) => b.withoutEffect - a.withoutEffect || compareText(a.controller, b.controller),
  );
}

/** Each once, though many objects of a kind may have woken it. */
function wakingsOf({ causes }: ReconcileRecord): readonly string[] {
  const kinds = causes.map((cause) => {
    const [kind = ""] = cause.split(" ", 1);
    return /@\d+$/.test(cause) ? `${kind} event` : kind;
  });
  return [...new Set(kinds)];
}

function keyOf({ key }: ReconcileRecord): string {
  return key;
}

function counts(words: readonly string[]): readonly Count[] {
  const byWord = new Map<string, number>();
  for (const word of words) byWord.set(word, (byWord.get(word) ?? 0) + 1);
  const all = [...byWord].map(([what, count]) => ({ what, count }));
  all.sort((a, b) => b.count - a.count || compareText(a.what, b.what));
  return all.slice(0, HOT_SHOWN_MAX);
}
