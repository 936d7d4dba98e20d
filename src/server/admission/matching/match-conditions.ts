/** Conditions that all must hold before a webhook is called or a policy looks at a request. */
import type { Bindings } from "../../../cel/program.ts";
import type { Evaluator, Expression } from "./expressions.ts";

export type ConditionResult =
  | { readonly kind: "matched" }
  | { readonly kind: "unmatched" }
  /** None is false, and some could not be told. */
  | { readonly kind: "failed"; readonly message: string };

export async function checkConditions(
  conditions: readonly Expression[],
  evaluator: Evaluator,
  more?: () => Bindings,
): Promise<ConditionResult> {
  const errors: string[] = [];
  for (const condition of conditions) {
    const evaluation = await evaluator.evaluate(condition, more);
    if (evaluation.kind === "error") errors.push(errorText(condition, evaluation.error.message));
    else if (evaluation.value === false) return { kind: "unmatched" };
  }
  if (errors.length === 0) return { kind: "matched" };
  const different = [...new Set(errors)];
  const message = different.length === 1 ? different.join() : `[${different.join(", ")}]`;
  return { kind: "failed", message };
}

/** In upstream's words. */
export function errorText({ text }: Expression, message: string): string {
  return `expression '${text}' resulted in error: ${message}`;
}
