/**
 * Calculating with costs and sizes: ranges of whole numbers that end at 2^64, as upstream's do.
 * Nothing here becomes negative, infinite or NaN.
 */
import type { CostEstimate } from "../program.ts";

/** The end of all amounts, and what is taken for what is not known. */
export const AMOUNT_MAX: number = 2 ** 64;

/** Cost of going through a string, for each character. */
export const STRING_FACTOR = 0.1;
/** Cost of a regular expression, for each of its characters and each unit of the text's cost. */
export const REGEX_FACTOR = 0.25;
export const SELECT_COST = 1;
export const LIST_COST = 10;
export const MAP_COST = 30;
export const STRUCT_COST = 40;

export const UNKNOWN: CostEstimate = { min: 0, max: AMOUNT_MAX };
export const ZERO: CostEstimate = { min: 0, max: 0 };
export const ONE: CostEstimate = { min: 1, max: 1 };

export function exactly(amount: number): CostEstimate {
  const limited = limit(amount);
  return { min: limited, max: limited };
}

export function plus(...amounts: readonly CostEstimate[]): CostEstimate {
  return amounts.reduce((sum, amount) => ({
    min: limit(sum.min + amount.min),
    max: limit(sum.max + amount.max),
  }));
}

export function times(a: CostEstimate, b: CostEstimate): CostEstimate {
  return { min: limit(a.min * b.min), max: limit(a.max * b.max) };
}

/** Scaled and rounded up. */
export function scaled(amount: CostEstimate, factor: number): CostEstimate {
  return { min: scaledUp(amount.min, factor), max: scaledUp(amount.max, factor) };
}

/** The same for one number. */
export function scaledUp(amount: number, factor: number): number {
  return limit(Math.ceil(amount * factor));
}

/** The range that has both in it. */
export function either(a: CostEstimate, b: CostEstimate): CostEstimate {
  return { min: Math.min(a.min, b.min), max: Math.max(a.max, b.max) };
}

export function limit(amount: number): number {
  return Math.min(amount, AMOUNT_MAX);
}
