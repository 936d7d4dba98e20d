/**
 * How functions are declared. An overload says what it takes and gives, and does it; its cost is
 * said for the function as a whole, because upstream counts by name.
 */
import type { CostEstimate } from "./program.ts";
import type { CelType } from "./types.ts";
import type { CelResult, CelValue } from "./values.ts";
import type { Macro } from "./parser/macro.ts";
import type { LiteralExpr } from "./parser/ast.ts";

/** The work of an overload. Arguments are values, never errors; a target is the first of them. */
export type Implementation = (args: readonly CelValue[]) => CelResult;

export type Overload = {
  /** As cel-go calls it: `add_int64`. */
  readonly id: string;
  /** Called as `target.function(…)`; the target is the first parameter. */
  readonly isMethod: boolean;
  readonly parameters: readonly CelType[];
  readonly result: CelType;
  /** Absent where the function does the work for all its overloads. */
  readonly run?: Implementation;
};

export type FunctionDeclaration = {
  readonly name: string;
  readonly overloads: readonly Overload[];
  /** The work of all overloads: it finds out from the values what to do. */
  readonly run?: Implementation;
  readonly cost?: FunctionCost;
};

/** What a call costs; the default is 1, before and at run time. */
export type FunctionCost = {
  /** Undefined: the default. */
  estimate?(call: EstimatedCall): CallEstimate | undefined;
  /** Undefined: the default. */
  actual?(call: ActualCall): number | undefined;
};

/** A call as the estimate sees it. */
export type EstimatedCall = {
  readonly overload: string;
  readonly target: EstimatedNode | undefined;
  readonly args: readonly EstimatedNode[];
};

export type ActualCall = {
  readonly overload: string;
  /** The target, if any, is the first. */
  readonly args: readonly CelValue[];
  readonly result: CelResult;
};

/** A target or an argument as the estimate sees it. */
export type EstimatedNode = {
  readonly type: CelType;
  /** Fewest and most characters, bytes, elements or entries; up to 2^64 if nothing is known. */
  readonly size: CostEstimate;
  /** The same of each element, if it is a list. */
  readonly elementSize: CostEstimate;
  /** Its value, if it is a literal. */
  readonly literal: LiteralExpr | undefined;
};

export type CallEstimate = {
  readonly cost: CostEstimate;
  /** Of the result; undefined: unknown. */
  readonly size?: CostEstimate;
};

/** Functions, macros and types that belong together. */
export type CelLibrary = {
  readonly name: string;
  readonly functions: readonly FunctionDeclaration[];
  readonly macros?: readonly Macro[];
  /** Types that expressions can name, by name. */
  readonly types?: ReadonlyMap<string, CelType>;
};

/** Declares a function of overloads that do their own work. */
export function declare(
  name: string,
  overloads: readonly Overload[],
  cost?: FunctionCost,
): FunctionDeclaration {
  return cost === undefined ? { name, overloads } : { name, overloads, cost };
}

/** An overload of the form `function(…)`. */
export function overload(
  id: string,
  parameters: readonly CelType[],
  result: CelType,
  run?: Implementation,
): Overload {
  const form = { id, isMethod: false, parameters, result };
  return run === undefined ? form : { ...form, run };
}

/** An overload of the form `target.function(…)`. */
export function method(
  id: string,
  parameters: readonly CelType[],
  result: CelType,
  run?: Implementation,
): Overload {
  return { ...overload(id, parameters, result, run), isMethod: true };
}
