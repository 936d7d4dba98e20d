/** Evaluates the rules of one place, and words what they find. */
import type { Interruptible } from "../../base/interruptible.ts";
import type { Bindings, Evaluation } from "../../cel/program.ts";
import { fieldErrorText, type FieldError } from "../../machinery/status.ts";
import { invalid } from "../field-errors.ts";
import { child, fieldName } from "../field-path.ts";
import type { SchemaNode, ValidationRule } from "../schema-node.ts";
import { rulesOf, type CompiledRule, type Expression, type RuleSet } from "./compiled-rules.ts";

/** Cost left for an object; below 0 nothing more is evaluated. */
export type Budget = { left: number };

/** Bytes of a message that an expression makes. */
export const MESSAGE_BYTES_MAX: number = 5 * 1024;

/** A place with a value that is not null. */
export type RuledPlace = {
  readonly value: unknown;
  readonly old: unknown;
  readonly node: SchemaNode;
  readonly isResource: boolean;
  readonly path: string;
  /** Whether errors do not count, because nothing changed here. */
  readonly isForgiven: () => boolean;
  /** Told of errors that do not count. */
  readonly warn: (text: string) => void;
};

type Rules = RuleSet & { readonly kind: "rules" };

/** Errors of the rules of a place, in the order of the rules. */
export function* runRules(place: RuledPlace, budget: Budget): Interruptible<readonly FieldError[]> {
  const { node, path } = place;
  if (node.rules === undefined) return [];
  const set = rulesOf(node, place.isResource);
  if (set.kind === "hidden") {
    const problem = "failed to convert to declType for CEL validation rules";
    return [refused(path, node, `rule compiler initialization error: ${problem}`)];
  }
  if (budget.left <= 0) return [outOfBudget(place, budget)];
  const errors: FieldError[] = [];
  for (const rule of set.rules) {
    const found = runRule(rule, set, place, budget);
    if (found !== undefined) errors.push(found);
    if (budget.left < 0) break;
    yield;
  }
  return errors;
}

function runRule(
  compiled: CompiledRule,
  set: Rules,
  place: RuledPlace,
  budget: Budget,
): FieldError | undefined {
  const { node, path, old } = place;
  const { expression, rule } = compiled;
  if (expression === undefined) return undefined;
  if (expression.kind === "broken") {
    return refused(path, node, `rule compile error: ${expression.problem}`);
  }
  const hasOld = old !== undefined && old !== null;
  if (compiled.usesOldSelf && !hasOld && rule.optionalOldSelf !== true) return undefined;
  const bindings = { self: place.value, ...(hasOld ? { oldSelf: old } : {}) };
  const evaluation = expression.program.evaluate(bindings);
  if (evaluation.cost > budget.left) return outOfBudget(place, budget);
  budget.left -= evaluation.cost;
  if (evaluation.kind === "error") return evaluationError(evaluation, rule, place, budget);
  if (evaluation.value === true) return undefined;
  const known = set.usesOldSelf && rule.optionalOldSelf !== true ? bindings : selfOnly(bindings);
  return failedRule(compiled, known, place, budget);
}

/** As upstream: the message of a rule whose old value is optional cannot read it. */
function selfOnly({ self }: Bindings): Bindings {
  return { self };
}

/** What the rule says, unless nothing changed here. */
function failedRule(
  compiled: CompiledRule,
  bindings: Bindings,
  place: RuledPlace,
  budget: Budget,
): FieldError | undefined {
  const { rule, fieldPath } = compiled;
  const path = fieldPath === "" ? place.path : child(place.path, fieldPath);
  const message = messageOf(compiled.message, rule, bindings, budget);
  const error =
    message.kind === "refused"
      ? refused(path, place.node, message.problem)
      : worded(fieldName(path), place, message.text, rule.reason);
  if (compiled.usesOldSelf || !place.isForgiven()) return error;
  place.warn(`${error.field}: ${fieldErrorText(error)}`);
  return undefined;
}

function worded(
  field: string,
  { value, node }: RuledPlace,
  detail: string,
  reason: string | undefined,
): FieldError {
  const isShown = node.type !== "object" && node.type !== "array";
  const shown = isShown ? { value } : {};
  switch (reason) {
    case "FieldValueForbidden":
    case "FieldValueRequired":
      return { field, type: reason, detail };
    case "FieldValueDuplicate":
      return { field, type: reason, ...shown, detail: "" };
    case undefined:
    default:
      return { field, type: "FieldValueInvalid", ...shown, detail };
  }
}

type Message =
  | { readonly kind: "text"; readonly text: string }
  /** Not even the message could be paid for. */
  | { readonly kind: "refused"; readonly problem: string };

function messageOf(
  expression: Expression | undefined,
  rule: ValidationRule,
  bindings: Bindings,
  budget: Budget,
): Message {
  const { message = "" } = rule;
  const usual = message === "" ? `failed rule: ${rule.rule.trim()}` : message.trim();
  if (expression?.kind !== "program") return { kind: "text", text: usual };
  const evaluation = expression.program.evaluate(bindings);
  const problem = messageCostProblem(evaluation, rule, budget);
  if (problem !== undefined) {
    budget.left = -1;
    return { kind: "refused", problem };
  }
  budget.left -= evaluation.cost;
  return { kind: "text", text: messageText(evaluation) ?? usual };
}

function messageCostProblem(
  evaluation: Evaluation,
  rule: ValidationRule,
  budget: Budget,
): string | undefined {
  if (evaluation.cost > budget.left) {
    return (
      "messageExpression evaluation failed due to running out of cost budget, " +
      "no further validation rules will be run"
    );
  }
  if (evaluation.kind === "value" || evaluation.error.reason !== "budget") return undefined;
  const source = JSON.stringify(rule.messageExpression ?? "");
  return (
    "no further validation rules will be run due to call cost exceeds limit " +
    `for messageExpression: ${source}`
  );
}

/** One line, not too long, not empty; else the rule's own message is told. */
function messageText(evaluation: Evaluation): string | undefined {
  if (evaluation.kind === "error" || typeof evaluation.value !== "string") return undefined;
  const text = evaluation.value.trim();
  const isFine = text !== "" && !text.includes("\n");
  const bytes = new TextEncoder().encode(text).length;
  return isFine && bytes <= MESSAGE_BYTES_MAX ? text : undefined;
}

function evaluationError(
  { error }: Evaluation & { readonly kind: "error" },
  rule: ValidationRule,
  { path, node }: RuledPlace,
  budget: Budget,
): FieldError {
  const { message = "" } = rule;
  const what = message === "" ? rule.rule.trim() : message.trim();
  if (error.reason === "budget") {
    budget.left = -1;
    const why = "no further validation rules will be run due to call cost exceeds limit for rule";
    return refused(path, node, `'${error.message}': ${why}: ${what}`);
  }
  if (error.message.startsWith("no such overload")) {
    const why =
      "call arguments did not match a supported operator, " +
      "function or macro signature for rule";
    return refused(path, node, `'${error.message}': ${why}: ${what}`);
  }
  return refused(path, node, `${error.message} evaluating rule: ${what}`);
}

function outOfBudget({ path, node }: RuledPlace, budget: Budget): FieldError {
  budget.left = -1;
  const detail =
    "validation failed due to running out of cost budget, " +
    "no further validation rules will be run";
  return refused(path, node, detail);
}

function refused(path: string, node: SchemaNode, detail: string): FieldError {
  return invalid(fieldName(path), node.type, detail);
}
