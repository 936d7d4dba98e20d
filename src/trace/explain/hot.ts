/** Controllers that work without effect: how often, and what wakes them for nothing. */
import { compareText } from "../../machinery/key.ts";
import { outcomeOf, type ControllerFigures, type ReconcileRecord } from "../reconcile-record.ts";

/** Of what wakes a controller, and of its keys, no more than these are told. */
export const HOT_SHOWN_MAX = 5;

export type Count = { readonly what: string; readonly count: number };

/** A rate over less than this would say little. */
const RATE_MS_MIN = 60_000;

/** The sums are those since `sinceMs`; all else is of the newest reconciles, of `latest`. */
export type HotController = Omit<ControllerFigures, "recent"> & {
  readonly latest: {
    readonly reconciles: number;
    /** From the beginning of the oldest of them until now. */
    readonly spanMs: number;
    /** Over that span, or a minute if it is shorter. */
    readonly withoutEffectPerMinute: number;
  };
  /** What woke the newest reconciles that had no effect: `Pod event`, `timer`; most first. */
  readonly wakings: readonly Count[];
  /** For which keys they were; most first. */
  readonly keys: readonly Count[];
};

/** The one that now works most often without effect first. */
export function hotControllers(
  figures: readonly ControllerFigures[],
  nowMs: number,
): readonly HotController[] {
  const hot = figures.map(({ recent, ...sums }) => {
    const idle = recent.filter((record) => outcomeOf(record) === "without effect");
    const oldest = recent[0];
    const spanMs = oldest === undefined ? 0 : nowMs - (oldest.endMs - oldest.durationMs);
    const perMinute = (60_000 * idle.length) / Math.max(spanMs, RATE_MS_MIN);
    const withoutEffectPerMinute = Math.round(10 * perMinute) / 10;
    const latest = { reconciles: recent.length, spanMs, withoutEffectPerMinute };
    const [wakings, keys] = [counts(idle.flatMap(wakingsOf)), counts(idle.map(keyOf))];
    return { ...sums, latest, wakings, keys };
  });
  return hot.sort(
    (a, b) =>
      b.latest.withoutEffectPerMinute - a.latest.withoutEffectPerMinute ||
      b.withoutEffect - a.withoutEffect ||
      compareText(a.controller, b.controller),
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
