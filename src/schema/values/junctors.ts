/**
 * `anyOf`, `oneOf`, `allOf` and `not`. Where no alternative fits, the errors of the one that came
 * furthest are told besides.
 */
import { quoted } from "../../machinery/go-quote.ts";
import type { SchemaNode, ValueChecks } from "../schema-node.ts";
import type { ValueErrors } from "./value-errors.ts";

/** Holds the value against one alternative, into a collection of its own. */
export type Trial = (node: SchemaNode) => ValueErrors;

/** Whether a place has alternatives at all. */
export function hasJunctors({ anyOf, oneOf, allOf, not }: ValueChecks): boolean {
  return (anyOf ?? oneOf ?? allOf ?? not) !== undefined;
}

/** Checks a value that is not null against the alternatives of a place. */
export function checkJunctors(
  checks: ValueChecks,
  path: string,
  tried: Trial,
  errors: ValueErrors,
): void {
  if (checks.anyOf !== undefined) checkAnyOf(checks.anyOf, path, tried, errors);
  if (checks.oneOf !== undefined) checkOneOf(checks.oneOf, path, tried, errors);
  if (checks.allOf !== undefined) checkAllOf(checks.allOf, path, tried, errors);
  if (checks.not !== undefined && tried(checks.not).size === 0) {
    errors.complain(`${quoted(path)} must not validate the schema (not)`);
  }
}

function checkAnyOf(
  branches: readonly SchemaNode[],
  path: string,
  tried: Trial,
  errors: ValueErrors,
): void {
  let best: ValueErrors | undefined;
  for (const branch of branches) {
    const outcome = tried(branch);
    if (outcome.size === 0) {
      errors.matches += outcome.matches;
      return;
    }
    if (best === undefined || outcome.matches > best.matches) best = outcome;
  }
  errors.complain(`${quoted(path)} must validate at least one schema (anyOf)`);
  if (best !== undefined) errors.merge(best);
}

function checkOneOf(
  branches: readonly SchemaNode[],
  path: string,
  tried: Trial,
  errors: ValueErrors,
): void {
  let best: ValueErrors | undefined;
  let first: ValueErrors | undefined;
  let valid = 0;
  for (const branch of branches) {
    const outcome = tried(branch);
    if (outcome.size === 0) {
      valid += 1;
      first ??= outcome;
    } else if (best === undefined || outcome.matches > best.matches) best = outcome;
  }
  if (valid === 1) {
    errors.matches += first?.matches ?? 0;
    return;
  }
  const found = valid === 0 ? "Found none valid" : `Found ${valid} valid alternatives`;
  errors.complain(`${quoted(path)} must validate one and only one schema (oneOf). ${found}`);
  if (valid === 0 && best !== undefined) errors.merge(best);
}

function checkAllOf(
  branches: readonly SchemaNode[],
  path: string,
  tried: Trial,
  errors: ValueErrors,
): void {
  let valid = 0;
  for (const branch of branches) {
    const outcome = tried(branch);
    if (outcome.size === 0) valid += 1;
    errors.merge(outcome);
  }
  if (valid === branches.length) return;
  const none = valid === 0 ? ". None validated" : "";
  errors.complain(`${quoted(path)} must validate all the schemas (allOf)${none}`);
}
