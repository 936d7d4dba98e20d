/**
 * The conditions of a kind, declared once: a misspelt type or reason is a compile error, and the
 * condition that sums them up is kept by itself.
 */
import { labelValueProblem } from "../../machinery/names.ts";
import type { Condition } from "../../machinery/conditions.ts";
import { NOT_YET_KNOWN, summaryOf, type Severity, type SummaryPart } from "./summary.ts";

/** One condition of a kind: what it may say, and what that means for the summary. */
export type ConditionDeclaration = {
  /** Why it can be as it is, whatever its status: CamelCase words. */
  readonly reasons: readonly string[];
  /** `negative`: it is bad if it is True, as `Degraded` is. Default `positive`. */
  readonly polarity?: "positive" | "negative";
  /** Default `error`. */
  readonly severity?: Severity;
};

/** Conditions by their type, such as `Serving`. */
export type ConditionDeclarations = Readonly<Record<string, ConditionDeclaration>>;

/** How conditions are summed up. */
export type ConditionsOptions = {
  /** The condition that sums up all others (default `Ready`). */
  readonly summary?: string;
};

/** What conditions are written into: `ctx` of a reconcile. */
export type HasConditions = {
  readonly status: {
    readonly conditions: readonly Condition[];
    condition(
      type: string,
      status: boolean | "True" | "False" | "Unknown",
      reason: string,
      message?: string,
    ): void;
    /** Of the object that the status is about. */
    readonly generation: number | undefined;
  };
};

/** Made by `defineConditions()`. */
export type Conditions<D extends ConditionDeclarations = ConditionDeclarations> = {
  /** As they are declared, without the summary. */
  readonly types: readonly (keyof D & string)[];
  readonly summary: string;
  /**
   * Sets one of them, and the summary with it. Those that were never set are Unknown from here on,
   * so that the status names all there are.
   */
  set<K extends keyof D & string>(
    context: HasConditions,
    type: K,
    status: boolean | "True" | "False" | "Unknown",
    reason: D[K]["reasons"][number],
    message?: string,
  ): void;
  /** Sums up what the status says now. A controller with `conditions` does it after each run. */
  sumUp(context: HasConditions): void;
};

/**
 * Declares the conditions of a kind. Throws `TypeError` for names that an API server would refuse.
 *
 *     const SiteConditions = defineConditions({
 *       DatabaseReady: { reasons: ["Running", "Starting"] },
 *       BackedUp: { reasons: ["Done", "Late"], severity: "warning" },
 *       Degraded: { reasons: ["FewReplicas", "AsExpected"], polarity: "negative" },
 *     });
 *     SiteConditions.set(ctx, "DatabaseReady", false, "Starting", "0 of 1 pods are ready");
 */
export function defineConditions<const D extends ConditionDeclarations>(
  declarations: D,
  { summary = "Ready" }: ConditionsOptions = {},
): Conditions<D> {
  const parts = Object.entries(declarations).map(([type, declaration]) =>
    partOf(type, declaration, summary),
  );
  if (parts.length === 0) throw new TypeError("conditions: none are declared");
  const types = Object.keys(declarations).filter((type): type is keyof D & string => type !== "");
  const sumUp = ({ status }: HasConditions): void => {
    for (const { type } of parts) {
      if (status.conditions.some((condition) => condition.type === type)) continue;
      status.condition(type, "Unknown", NOT_YET_KNOWN);
    }
    const { conditions, generation } = status;
    const { status: sum, reason, message } = summaryOf(parts, conditions, generation);
    status.condition(summary, sum, reason, message);
  };
  return {
    types,
    summary,
    set: (context, type, status, reason, message) => {
      const declared = Object.hasOwn(declarations, type) ? declarations[type] : undefined;
      if (declared === undefined) throw new TypeError(`condition ${type} is not declared`);
      if (!declared.reasons.includes(reason)) {
        throw new TypeError(`condition ${type} has no reason ${reason}`);
      }
      context.status.condition(type, status, reason, message);
      sumUp(context);
    },
    sumUp,
  };
}

/** As an API server checks it. */
const REASON = /^[A-Za-z](?:[A-Za-z0-9_,:]*[A-Za-z0-9_])?$/;

function partOf(
  type: string,
  { reasons, polarity = "positive", severity = "error" }: ConditionDeclaration,
  summary: string,
): SummaryPart {
  const problem = type === "" ? "is empty" : labelValueProblem(type);
  if (problem !== undefined) throw new TypeError(`condition "${type}": ${problem}`);
  if (type === summary) throw new TypeError(`condition ${type} is the summary of the others`);
  const wrong = reasons.find((reason) => !REASON.test(reason));
  if (wrong !== undefined || reasons.length === 0) {
    throw new TypeError(`condition ${type}: reasons are CamelCase words, not "${wrong ?? ""}"`);
  }
  return { type, severity, good: polarity === "positive" ? "True" : "False" };
}
