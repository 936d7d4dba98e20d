/**
 * What an expression costs at least and at most, before it is evaluated. Sizes come from literals,
 * from what expressions make, and from the declared types that names and selections lead to.
 * Follows cel-go's estimate closely, because it decides which rules a definition may have.
 */
import type { CheckedExpr } from "../checker/checker.ts";
import type { CelEnvironment } from "../environment.ts";
import { length } from "../eval/text.ts";
import type { CallEstimate, EstimatedCall, EstimatedNode } from "../functions.ts";
import {
  type CallExpr,
  type ComprehensionExpr,
  type Expr,
  type ListExpr,
  type MapExpr,
  type NodeId,
  type SelectExpr,
} from "../parser/ast.ts";
import type { CostEstimate } from "../program.ts";
import { DYN, type CelType } from "../types.ts";
import type { CelValue } from "../values.ts";
import {
  AMOUNT_MAX,
  either,
  exactly,
  LIST_COST,
  MAP_COST,
  ONE,
  plus,
  SELECT_COST,
  STRUCT_COST,
  times,
  UNKNOWN,
  ZERO,
} from "./amount.ts";
import { LocalSizes, type EntrySize } from "./local-sizes.ts";
import { declaredSize } from "./declared-size.ts";

/** Estimates the cost of a checked expression. */
export function estimateCost(checked: CheckedExpr, environment: CelEnvironment): CostEstimate {
  return new Estimator(checked, environment).cost(checked.root);
}

type Path = readonly string[];

class Estimator {
  readonly #checked: CheckedExpr;
  readonly #environment: CelEnvironment;
  readonly #paths = new Map<NodeId, Path>();
  readonly #sizes = new Map<NodeId, CostEstimate>();
  readonly #entrySizes = new Map<NodeId, EntrySize>();
  readonly #locals = new LocalSizes();

  constructor(checked: CheckedExpr, environment: CelEnvironment) {
    this.#checked = checked;
    this.#environment = environment;
  }

  cost(expr: Expr): CostEstimate {
    switch (expr.kind) {
      case "literal":
      case "unspecified":
        return ZERO;
      case "ident":
        this.#paths.set(expr.id, this.#locals.find(expr.name)?.path ?? [this.#nameOf(expr)]);
        return exactly(SELECT_COST);
      case "select":
        return this.#selectCost(expr);
      case "call":
        return this.#callCost(expr);
      case "list":
        return this.#listCost(expr);
      case "map":
        return this.#mapCost(expr);
      case "struct":
        return plus(exactly(STRUCT_COST), ...expr.fields.map(({ value }) => this.cost(value)));
      case "comprehension":
        return isBinding(expr) ? this.#bindingCost(expr) : this.#loopCost(expr);
    }
  }

  #nameOf(expr: Expr & { readonly kind: "ident" }): string {
    return this.#checked.names.get(expr.id)?.name ?? expr.name;
  }

  #selectCost(expr: SelectExpr): CostEstimate {
    const resolved = this.#checked.names.get(expr.id);
    if (resolved !== undefined) {
      this.#paths.set(expr.id, [resolved.name]);
      return exactly(SELECT_COST);
    }
    const operandCost = this.cost(expr.operand);
    if (expr.isTest) return operandCost;
    this.#paths.set(expr.id, [...this.#pathOf(expr.operand), expr.field]);
    const { kind } = this.#typeOf(expr.operand);
    const isCounted = kind === "map" || kind === "object" || kind === "parameter";
    return isCounted ? plus(operandCost, exactly(SELECT_COST)) : operandCost;
  }

  #callCost(expr: CallExpr): CostEstimate {
    if (expr.name === "dyn" && expr.target === undefined) return this.#dynCost(expr);
    const argCosts = expr.args.map((arg) => this.cost(arg));
    const args = expr.args.map((arg) => this.#node(arg));
    const overloads = this.#checked.overloads.get(expr.id) ?? [];
    if (overloads.length === 0) return ZERO;
    const isMethod = expr.target !== undefined && !this.#isQualified(expr);
    const targetCost = isMethod && expr.target !== undefined ? this.cost(expr.target) : ZERO;
    const target = isMethod && expr.target !== undefined ? this.#node(expr.target) : undefined;
    let cost: CostEstimate = { min: AMOUNT_MAX, max: 0 };
    let size: CostEstimate | undefined;
    for (const overload of overloads) {
      const estimate = this.#overloadCost(expr, { overload, target, args }, argCosts);
      cost = either(cost, estimate.cost);
      if (estimate.size !== undefined) {
        size = size === undefined ? estimate.size : either(size, estimate.size);
      }
      if (overload === "index_list" || overload === "index_map")
        size = this.#indexed(expr, overload);
      size ??= this.#sizeOf(expr);
    }
    if (size !== undefined) this.#sizes.set(expr.id, size);
    return plus(targetCost, cost);
  }

  #isQualified(expr: CallExpr): boolean {
    const name = this.#checked.names.get(expr.id);
    return name?.kind === "function" && name.isQualified;
  }

  /** Notes what an index leads to, and gives its size. */
  #indexed(expr: CallExpr, overload: string): CostEstimate | undefined {
    const [container] = expr.args;
    if (container === undefined) return undefined;
    const step = overload === "index_list" ? "@items" : "@values";
    this.#paths.set(expr.id, [...this.#pathOf(container), step]);
    return this.#entrySizeOf(container)?.value;
  }

  #dynCost(expr: CallExpr): CostEstimate {
    const [arg] = expr.args;
    if (arg === undefined) return ONE;
    const cost = plus(ONE, this.cost(arg));
    this.#copySizes(expr, arg);
    return cost;
  }

  #overloadCost(
    expr: CallExpr,
    call: EstimatedCall,
    argCosts: readonly CostEstimate[],
  ): CallEstimate {
    const [first = ZERO, second = ZERO, third = ZERO] = argCosts;
    if (call.overload === "logical_and" || call.overload === "logical_or") {
      return { cost: { min: first.min, max: plus(first, second).max } };
    }
    if (call.overload === "conditional") {
      const [, then, otherwise] = expr.args;
      const size = either(call.args[1]?.size ?? UNKNOWN, call.args[2]?.size ?? UNKNOWN);
      if (then !== undefined && otherwise !== undefined)
        this.#joinEntrySizes(expr, then, otherwise);
      return { cost: plus(first, either(second, third)), size };
    }
    if (/^add_(string|bytes|list)$/.test(call.overload)) {
      const [left, right] = expr.args;
      if (left !== undefined && right !== undefined) this.#joinEntrySizes(expr, left, right);
    }
    const name = this.#checked.names.get(expr.id)?.name ?? expr.name;
    const declared = this.#environment.functions.get(name)?.cost?.estimate?.(call);
    const estimate = declared ?? { cost: ONE };
    return { ...estimate, cost: plus(estimate.cost, ...argCosts) };
  }

  /** Elements of the result are elements of one of the two. */
  #joinEntrySizes(expr: Expr, a: Expr, b: Expr): void {
    const left = this.#entrySizeOf(a);
    const right = this.#entrySizeOf(b);
    if (left === undefined || right === undefined) return;
    this.#entrySizes.set(expr.id, {
      container: left.container,
      key: either(left.key, right.key),
      value: either(left.value, right.value),
    });
  }

  #listCost(expr: ListExpr): CostEstimate {
    const costs = expr.elements.map((element) => this.cost(element));
    const value = this.#unionOfSizes(expr.elements);
    this.#entrySizes.set(expr.id, { container: "list", key: ONE, value });
    return plus(exactly(LIST_COST), ...costs);
  }

  #mapCost(expr: MapExpr): CostEstimate {
    const costs = expr.entries.flatMap(({ key, value }) => [this.cost(key), this.cost(value)]);
    this.#entrySizes.set(expr.id, {
      container: "map",
      key: this.#unionOfSizes(expr.entries.map(({ key }) => key)),
      value: this.#unionOfSizes(expr.entries.map(({ value }) => value)),
    });
    return plus(exactly(MAP_COST), ...costs);
  }

  #unionOfSizes(parts: readonly Expr[]): CostEstimate {
    if (parts.length === 0) return ZERO;
    const nothing: CostEstimate = { min: AMOUNT_MAX, max: 0 };
    return parts.map((part) => this.#sizeOf(part) ?? UNKNOWN).reduce(either, nothing);
  }

  #loopCost(expr: ComprehensionExpr): CostEstimate {
    const rangeCost = this.cost(expr.range);
    const initCost = this.cost(expr.init);
    this.#pushBinding(expr.accumulator, expr.init);
    this.#pushVariables(expr);
    const roundCost = plus(this.cost(expr.condition), this.cost(expr.step));
    this.#locals.pop(expr.variable);
    if (expr.variable2 !== undefined) this.#locals.pop(expr.variable2);
    const resultCost = this.cost(expr.result);
    this.#locals.pop(expr.accumulator);
    const rounds = this.#sizeOf(expr.range) ?? UNKNOWN;
    if (expr.init.kind === "literal") {
      const size = this.#sizeOf(expr.init);
      if (size !== undefined) this.#sizes.set(expr.id, size);
    } else if (expr.init.kind === "list" || expr.init.kind === "map") {
      this.#sizes.set(expr.id, rounds);
      const entrySize = this.#entrySizeOf(expr.step);
      if (entrySize !== undefined) this.#entrySizes.set(expr.id, entrySize);
    }
    return plus(rangeCost, initCost, resultCost, times(rounds, roundCost));
  }

  #pushVariables({ range, variable, variable2 }: ComprehensionExpr): void {
    const entry = this.#entrySizeOf(range);
    const isList = (entry?.container ?? this.#typeOf(range).kind) === "list";
    const path = this.#pathOf(range);
    const value = { path: [...path, isList ? "@items" : "@values"], size: entry?.value };
    const key = { path: [...path, isList ? "@indices" : "@keys"], size: entry?.key };
    if (variable2 !== undefined) {
      this.#locals.push(variable, { ...key, entry: undefined });
      this.#locals.push(variable2, { ...value, entry: undefined });
    } else this.#locals.push(variable, { ...(isList ? value : key), entry: undefined });
  }

  #bindingCost(expr: ComprehensionExpr): CostEstimate {
    const costs = [this.cost(expr.range), this.cost(expr.init)];
    this.#pushBinding(expr.accumulator, expr.init);
    costs.push(this.cost(expr.result));
    this.#locals.pop(expr.accumulator);
    this.#copySizes(expr, expr.result);
    return plus(ZERO, ...costs);
  }

  #pushBinding(name: string, value: Expr): void {
    this.#locals.push(name, {
      path: this.#pathOf(value),
      size: this.#sizeOf(value),
      entry: this.#entrySizeOf(value),
    });
  }

  #copySizes(to: Expr, from: Expr): void {
    const size = this.#sizeOf(from);
    if (size !== undefined) this.#sizes.set(to.id, size);
    const entry = this.#entrySizeOf(from);
    if (entry !== undefined) this.#entrySizes.set(to.id, entry);
  }

  #node(expr: Expr): EstimatedNode {
    const path = this.#pathOf(expr);
    const elementSize = path.length === 0 ? undefined : this.#declared([...path, "@items"]);
    return {
      type: this.#typeOf(expr),
      size: this.#sizeOf(expr) ?? UNKNOWN,
      elementSize: elementSize ?? UNKNOWN,
      literal: expr.kind === "literal" ? expr : undefined,
    };
  }

  #typeOf(expr: Expr): CelType {
    return this.#checked.types.get(expr.id) ?? DYN;
  }

  #pathOf(expr: Expr): Path {
    const local = expr.kind === "ident" ? this.#locals.find(expr.name) : undefined;
    return local?.path ?? this.#paths.get(expr.id) ?? [];
  }

  #sizeOf(expr: Expr): CostEstimate | undefined {
    const known = this.#sizes.get(expr.id) ?? ownSize(expr);
    if (known !== undefined) return known;
    const declared = this.#declared(this.#pathOf(expr));
    if (declared !== undefined) {
      this.#sizes.set(expr.id, declared);
      return declared;
    }
    if (isScalar(this.#typeOf(expr))) return ONE;
    return expr.kind === "ident" ? this.#locals.find(expr.name)?.size : undefined;
  }

  /**
   * The size that declared types allow at the end of a path. Validation rules have one root: there,
   * upstream takes every path to begin at `self`, also those of elements of constructed lists.
   */
  #declared([variable, ...steps]: Path): CostEstimate | undefined {
    const { variables } = this.#environment;
    if (variable === undefined) return undefined;
    const type = variables.get("self") ?? variables.get(variable);
    return type === undefined ? undefined : declaredSize(type, steps);
  }

  #entrySizeOf(expr: Expr): EntrySize | undefined {
    const known = this.#entrySizes.get(expr.id);
    if (known !== undefined) return known;
    return expr.kind === "ident" ? this.#locals.find(expr.name)?.entry : undefined;
  }
}

/** Bindings are loops over nothing that only make a name for their start value. */
function isBinding({ range, condition }: ComprehensionExpr): boolean {
  return (
    range.kind === "list" &&
    range.elements.length === 0 &&
    condition.kind === "literal" &&
    condition.value === false
  );
}

/** The size that shows in the expression itself. */
function ownSize(expr: Expr): CostEstimate | undefined {
  switch (expr.kind) {
    case "literal":
      return exactly(literalSize(expr.value));
    case "list":
      return exactly(expr.elements.length);
    case "map":
      return exactly(expr.entries.length);
    default:
      return undefined;
  }
}

function literalSize(value: CelValue): number {
  if (typeof value === "string") return length(value);
  return value instanceof Uint8Array ? value.length : 1;
}

function isScalar(type: CelType): boolean {
  switch (type.kind) {
    case "bool":
    case "double":
    case "duration":
    case "int":
    case "timestamp":
    case "uint":
      return true;
    case "optional":
      return isScalar(type.of);
    default:
      return false;
  }
}
