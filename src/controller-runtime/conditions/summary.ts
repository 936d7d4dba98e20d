/** One condition made of several. Pure. */
import type { Condition } from "../../machinery/conditions.ts";

/**
 * How much a condition that is not as it should be says about the whole. `error`: it is not ready
 * (default). `warning`: it is, and the summary says what is wrong. `info`: nothing.
 */
export type Severity = "error" | "warning" | "info";

/** A condition that counts for the summary. */
export type SummaryPart = {
  readonly type: string;
  readonly severity: Severity;
  /** What is good: "True", or with negative polarity "False". */
  readonly good: "True" | "False";
};

export type Summary = {
  readonly status: "True" | "False" | "Unknown";
  readonly reason: string;
  readonly message: string;
};

/** The reason of a condition that nobody has set yet. */
export const NOT_YET_KNOWN = "NotYetKnown";
/** The reason of a summary with nothing to say. */
export const ALL_GOOD = "AllGood";

/**
 * False if one part is bad, else Unknown if one is not known, else True; with the reason of the
 * first such part in the order they were declared, and all of their messages. What was said for an
 * earlier generation than `generation` is not known for this one.
 */
export function summaryOf(
  parts: readonly SummaryPart[],
  conditions: readonly Condition[],
  generation: number | undefined,
): Summary {
  const judged = parts
    .filter(({ severity }) => severity !== "info")
    .map((part) => judge(part, conditions, generation));
  const of = (verdict: Judged["verdict"], severity: Severity): readonly Judged[] =>
    judged.filter((one) => one.verdict === verdict && one.severity === severity);
  const bad = of("bad", "error");
  if (bad.length > 0) return said("False", bad);
  const unknown = of("unknown", "error");
  if (unknown.length > 0) return said("Unknown", unknown);
  const warned = of("bad", "warning");
  if (warned.length > 0) return said("True", warned);
  return { status: "True", reason: ALL_GOOD, message: "" };
}

type Judged = {
  readonly type: string;
  readonly severity: Severity;
  readonly verdict: "good" | "bad" | "unknown";
  readonly reason: string;
  readonly message: string;
};

function judge(
  { type, severity, good }: SummaryPart,
  conditions: readonly Condition[],
  generation: number | undefined,
): Judged {
  const found = conditions.find((condition) => condition.type === type);
  const observed = found?.observedGeneration ?? generation;
  const isStale = generation !== undefined && observed !== undefined && observed < generation;
  if (found === undefined || isStale) {
    const message = found === undefined ? "" : "not known for the newest spec";
    return { type, severity, verdict: "unknown", reason: NOT_YET_KNOWN, message };
  }
  const { status, reason = NOT_YET_KNOWN, message = "" } = found;
  const isKnown = status === "True" || status === "False";
  const verdict = isKnown ? (status === good ? "good" : "bad") : "unknown";
  return { type, severity, verdict, reason, message };
}

function said(status: Summary["status"], about: readonly Judged[]): Summary {
  const [first] = about;
  const messages = about.map(({ type, message, reason }) => `${type}: ${message || reason}`);
  return { status, reason: first?.reason ?? ALL_GOOD, message: messages.join("; ") };
}
