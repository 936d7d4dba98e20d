/**
 * A checked tree as functions that evaluate it: names are looked up, overloads chosen and literals
 * made once, so that an evaluation only does what depends on its variables.
 */
import { CelError, noSuchOverload } from "../cel-error.ts";
import type { CheckedExpr } from "../checker/checker.ts";
import { LIST_COST, MAP_COST, SELECT_COST, STRUCT_COST } from "../cost/amount.ts";
import type { CelEnvironment } from "../environment.ts";
import type { FunctionDeclaration, Implementation } from "../functions.ts";
import { CONVERSION_NAMES } from "../library/conversions.ts";
import { compiledRegex } from "../library/regex-cache.ts";
import {
  OPERATOR,
  type CallExpr,
  type Expr,
  type ListExpr,
  type MapExpr,
  type SelectExpr,
  type StructExpr,
} from "../parser/ast.ts";
import {
  CelOptional,
  CelStruct,
  CelTypeValue,
  NONE,
  type CelResult,
  type CelValue,
} from "../values.ts";
import { planLoop } from "./fold.ts";
import type { Frame, Step } from "./frame.ts";
import { ArrayList } from "./lists.ts";
import { isScalarKey, mapKeyOf } from "./map-keys.ts";
import { EntryMap } from "./maps.ts";
import { dispatch } from "./overloads.ts";
import { isError } from "./runtime-types.ts";
import { isPresent, select, selectOptional } from "./select.ts";
import { show } from "./show.ts";

/** A literal of the expression is wrong in a way that only shows when it is made. */
export class PlanningFailed extends Error {
  override readonly name = "PlanningFailed";
}

/** Plans the evaluation of a checked expression. */
export function plan(checked: CheckedExpr, environment: CelEnvironment): Step {
  return new Planner(checked, environment).step(checked.root);
}

/** A step, and what the steps around it must know of it. */
type Planned = {
  readonly step: Step;
  /** The value, if it is the same in every evaluation. */
  readonly constant?: CelValue;
  /**
   * Names, selections and indexes: selecting from them costs less than from other steps. What they
   * begin with is not counted where they are an index or a branch; a condition begins with nothing.
   */
  readonly path?: "named" | "conditional";
};

export class Planner {
  readonly #checked: CheckedExpr;
  readonly #environment: CelEnvironment;
  /** Places of the local variables in scope, innermost last. */
  readonly #locals: (readonly [string, number])[] = [];
  #placeCount = 0;

  constructor(checked: CheckedExpr, environment: CelEnvironment) {
    this.#checked = checked;
    this.#environment = environment;
  }

  step(expr: Expr): Step {
    return this.#plan(expr).step;
  }

  /** Opens the scope of a local variable, and gives its place in the frame. */
  declare(name: string): number {
    const place = this.#placeCount;
    this.#placeCount += 1;
    this.#locals.push([name, place]);
    return place;
  }

  /** Closes the innermost scope. */
  leave(): void {
    this.#locals.pop();
  }

  #plan(expr: Expr): Planned {
    switch (expr.kind) {
      case "literal":
        return constant(expr.value);
      case "ident":
        return this.#name(expr.id, expr.name);
      case "select":
        return this.#select(expr);
      case "call":
        return this.#call(expr);
      case "list":
        return this.#list(expr);
      case "map":
        return this.#map(expr);
      case "struct":
        return { step: this.#struct(expr) };
      case "comprehension":
        return { step: planLoop(expr, this) };
      case "unspecified":
        return { step: () => new CelError("no such overload") };
    }
  }

  #name(id: number, written: string): Planned {
    const resolved = this.#checked.names.get(id);
    const name = resolved?.name ?? written;
    if (resolved?.kind === "type") {
      const type = this.#environment.types.get(name);
      return constant(new CelTypeValue(typeValueName(type?.kind ?? "", name)));
    }
    const local = this.#locals.findLast(([candidate]) => candidate === name);
    if (resolved?.kind === "local" && local !== undefined) {
      const [, place] = local;
      return {
        path: "named",
        step: (frame) => {
          frame.charge(SELECT_COST);
          return frame.locals[place] ?? null;
        },
      };
    }
    return {
      path: "named",
      step: (frame) => {
        frame.charge(SELECT_COST);
        return frame.variable(name);
      },
    };
  }

  #select(expr: SelectExpr): Planned {
    if (this.#checked.names.has(expr.id)) return this.#name(expr.id, expr.field);
    const { step: operand, path } = this.#plan(expr.operand);
    const { field, isTest } = expr;
    // Upstream counts what is no path as one first, and gives one back for a presence test.
    const base = (path === undefined ? SELECT_COST : 0) - (isTest ? SELECT_COST : 0);
    return {
      path: "named",
      step: (frame) => {
        const value = operand(frame);
        frame.charge(base);
        if (isError(value)) return value;
        return isTest ? tested(frame, value, field) : selected(frame, value, field);
      },
    };
  }

  #call(expr: CallExpr): Planned {
    const [first, second] = expr.args;
    if (first !== undefined && second !== undefined) {
      switch (expr.name) {
        case OPERATOR.and:
          return { step: logical(this.step(first), this.step(second), false) };
        case OPERATOR.or:
          return { step: logical(this.step(first), this.step(second), true) };
        case OPERATOR.conditional:
          return this.#conditional(first, second, expr.args[2]);
        case OPERATOR.index:
          return this.#index(first, second, selected);
        case OPERATOR.optionalIndex:
        case OPERATOR.optionalSelect:
          return this.#index(first, second, optionallySelected);
        case OPERATOR.in: {
          const membership = this.#constantMembership(first, second);
          if (membership !== undefined) return membership;
          break;
        }
      }
    }
    if (expr.name === OPERATOR.notStrictlyFalse && first !== undefined) {
      return { step: notStrictlyFalse(this.step(first)) };
    }
    if (expr.target !== undefined && first !== undefined) {
      if (expr.name === "or" || expr.name === "orValue") {
        return { step: this.#optionalOr(expr.target, first, expr.name === "orValue") };
      }
    }
    return this.#functionCall(expr);
  }

  #conditional(condition: Expr, then: Expr, otherwise: Expr | undefined): Planned {
    const test = this.step(condition);
    const whenTrue = withoutBase(this.#plan(then));
    const whenFalse = otherwise === undefined ? whenTrue : withoutBase(this.#plan(otherwise));
    return {
      path: "conditional",
      step: (frame) => {
        const value = test(frame);
        if (value === true) return whenTrue(frame);
        if (value === false) return whenFalse(frame);
        return isError(value) ? value : noSuchOverload();
      },
    };
  }

  #index(
    operand: Expr,
    index: Expr,
    look: (frame: Frame, container: CelValue, key: CelValue) => CelResult,
  ): Planned {
    const { step: container, path } = this.#plan(operand);
    const planned = this.#plan(index);
    checkKey(planned.constant);
    const key = withoutBase(planned);
    const base = path === undefined ? SELECT_COST : 0;
    return {
      path: "named",
      step: (frame) => {
        const value = container(frame);
        frame.charge(base);
        if (isError(value)) return value;
        const at = key(frame);
        if (!isError(at)) return look(frame, value, at);
        if (look === selected) frame.charge(SELECT_COST);
        return at;
      },
    };
  }

  /** `x in ["a", "b"]` is looked up at once and costs nothing. */
  #constantMembership(item: Expr, list: Expr): Planned | undefined {
    if (list.kind !== "list") return undefined;
    // Nothing is in an empty list, and what might be is not even looked at.
    if (list.elements.length === 0) return constant(false);
    const elements = this.#plan(list).constant;
    if (elements === undefined) return undefined;
    const values = list.elements.flatMap((element) =>
      element.kind === "literal" ? [element.value] : [],
    );
    if (values.length !== list.elements.length) return undefined;
    if (!values.every(isScalarKey)) return undefined;
    const keys = new Set(values.map(mapKeyOf));
    const step = this.step(item);
    return {
      step: (frame) => {
        const value = step(frame);
        return isError(value) ? value : keys.has(mapKeyOf(value));
      },
    };
  }

  #optionalOr(target: Expr, alternative: Expr, isValue: boolean): Step {
    const step = this.step(target);
    const otherwise = this.step(alternative);
    return (frame) => {
      const value = step(frame);
      if (isError(value)) return value;
      if (!(value instanceof CelOptional)) return noSuchOverload();
      if (value.value === undefined) return otherwise(frame);
      return isValue ? value.value : value;
    };
  }

  #functionCall(expr: CallExpr): Planned {
    const resolved = this.#checked.names.get(expr.id);
    const isQualified = resolved?.kind === "function" && resolved.isQualified;
    const declaration = this.#environment.functions.get(resolved?.name ?? expr.name);
    if (declaration === undefined) throw new PlanningFailed(`no such overload: ${expr.name}`);
    const hasTarget = expr.target !== undefined && !isQualified;
    const argExprs = hasTarget && expr.target ? [expr.target, ...expr.args] : expr.args;
    const args = argExprs.map((arg) => this.#plan(arg));
    const overloads = this.#checked.overloads.get(expr.id) ?? [];
    const run = implementation(declaration, overloads);
    const [argument] = args;
    if (args.length === 1 && argument?.constant !== undefined && CONVERSION_NAMES.has(expr.name)) {
      const value = run([argument.constant]);
      if (isError(value)) throw new PlanningFailed(value.message);
      return constant(value);
    }
    const pattern = PATTERN_FUNCTIONS.has(declaration.name) ? args[1]?.constant : undefined;
    checkPattern(pattern);
    const overload = overloads.length === 1 ? (overloads[0] ?? "") : "";
    const isDispatched = overloads.length > 1 && declaration.run === undefined;
    const stopsAtError = args.length > 2 || isDispatched || pattern !== undefined;
    return { step: callStep(args, run, declaration, { overload, stopsAtError }) };
  }

  #list(expr: ListExpr): Planned {
    const elements = expr.elements.map((element) => this.#plan(element));
    const steps = elements.map(({ step }) => step);
    const { optional } = expr;
    const make: Step = (frame) => {
      const list = madeList(frame, steps, optional);
      frame.charge(LIST_COST);
      return list;
    };
    const constants = elements.flatMap((element) =>
      element.constant === undefined ? [] : [element.constant],
    );
    if (optional.size > 0 || constants.length < elements.length) return { step: make };
    return constant(ArrayList.of(constants));
  }

  #map(expr: MapExpr): Planned {
    const entries = expr.entries.map(({ key, value, isOptional }) => ({
      key: this.#plan(key),
      value: this.#plan(value),
      isOptional,
    }));
    const make: Step = (frame) => {
      const map = madeMap(frame, entries);
      frame.charge(MAP_COST);
      return map;
    };
    const isConstant = entries.every(
      ({ key, value, isOptional }) =>
        !isOptional && key.constant !== undefined && value.constant !== undefined,
    );
    if (!isConstant) return { step: make };
    const made = entries.map(
      ({ key, value }) => [key.constant ?? null, value.constant ?? null] as const,
    );
    return constant(EntryMap.of(made));
  }

  #struct(expr: StructExpr): Step {
    const resolved = this.#checked.names.get(expr.id);
    const typeName = resolved?.name ?? expr.typeName;
    const fields = expr.fields.map((field) => ({ ...field, step: this.step(field.value) }));
    return (frame) => {
      const made = new Map<string, CelValue>();
      for (const { name, step, isOptional } of fields) {
        const value = step(frame);
        if (isError(value)) return value;
        if (!isOptional) made.set(name, value);
        else if (!(value instanceof CelOptional)) return notOptional(name, value);
        else if (value.value !== undefined) made.set(name, value.value);
      }
      frame.charge(STRUCT_COST);
      return new CelStruct(typeName, made);
    };
  }
}

function constant(value: CelValue): Planned {
  return { step: () => value, constant: value };
}

/** Types are known by the names of their values, which are not always those in expressions. */
function typeValueName(kind: string, name: string): string {
  return kind === "list" || kind === "map" ? kind : name;
}

/** The step, not counting what a path begins with. */
function withoutBase({ step, path }: Planned): Step {
  if (path !== "named") return step;
  return (frame) => {
    const value = step(frame);
    frame.charge(-SELECT_COST);
    return value;
  };
}

function selected(frame: Frame, container: CelValue, key: CelValue): CelResult {
  const isAbsent = container instanceof CelOptional && container.value === undefined;
  const found = select(container, key);
  const isFound = !isAbsent && found !== NONE;
  if (isFound) frame.charge(SELECT_COST);
  return found;
}

function optionallySelected(frame: Frame, container: CelValue, key: CelValue): CelResult {
  const found = selectOptional(container, key);
  if (found !== NONE) frame.charge(SELECT_COST);
  return found;
}

function tested(frame: Frame, container: CelValue, key: CelValue): CelResult {
  const result = isPresent(container, key);
  // What is not in an optional is not looked at.
  if (!(container instanceof CelOptional) || result === true) frame.charge(SELECT_COST);
  return result;
}

/** Constants that can never be a key are refused before any evaluation. */
function checkKey(key: CelValue | undefined): void {
  if (key === null) throw new PlanningFailed("invalid qualifier type: types.Null");
}

/** Functions whose second argument is a pattern. */
const PATTERN_FUNCTIONS: ReadonlySet<string> = new Set(["matches", "find", "findAll"]);

function checkPattern(pattern: CelValue | undefined): void {
  if (typeof pattern !== "string") return;
  const regex = compiledRegex(pattern);
  if (regex instanceof CelError) throw new PlanningFailed(regex.message);
}

/** What does the work of a call with the overloads that checking left. */
function implementation(declaration: FunctionDeclaration, ids: readonly string[]): Implementation {
  if (declaration.run !== undefined) return declaration.run;
  const overloads = declaration.overloads.filter(({ id }) => ids.includes(id));
  return (args) => dispatch(declaration, overloads, args);
}

function callStep(
  args: readonly Planned[],
  run: Implementation,
  declaration: FunctionDeclaration,
  { overload, stopsAtError }: { readonly overload: string; readonly stopsAtError: boolean },
): Step {
  const steps = args.map(({ step }) => step);
  const last = steps.length - 1;
  const { cost } = declaration;
  return (frame) => {
    const values: CelValue[] = [];
    let error: CelError | undefined;
    for (let index = 0; index <= last; index += 1) {
      const value = steps[index]?.(frame) ?? null;
      if (isError(value)) {
        error ??= value;
        // Arguments that are missing keep upstream from counting the call.
        if (stopsAtError && index < last) return error;
        // For the count of costs, an error is a value without a size.
        values.push(null);
      } else values.push(value);
    }
    const result = error ?? run(values);
    frame.charge(cost?.actual?.({ overload, args: values, result }) ?? 1);
    return result;
  };
}

/** `&&` and `||`: what decides wins over what is wrong, on whichever side it is. */
function logical(left: Step, right: Step, deciding: boolean): Step {
  return (frame) => {
    const first = left(frame);
    if (first === deciding) return deciding;
    const second = right(frame);
    if (second === deciding) return deciding;
    if (typeof first !== "boolean") return isError(first) ? first : noSuchOverload();
    if (typeof second !== "boolean") return isError(second) ? second : noSuchOverload();
    return !deciding;
  };
}

/** Whether a loop that looks for false goes on: it does after errors. */
function notStrictlyFalse(step: Step): Step {
  return (frame) => {
    const value = step(frame);
    frame.charge(1);
    return typeof value === "boolean" ? value : true;
  };
}

function madeList(frame: Frame, steps: readonly Step[], optional: ReadonlySet<number>): CelResult {
  const values: CelValue[] = [];
  for (const [index, step] of steps.entries()) {
    const value = step(frame);
    if (isError(value)) return value;
    if (!optional.has(index)) values.push(value);
    else if (!(value instanceof CelOptional)) {
      const what = "cannot initialize optional list element from non-optional value";
      return new CelError(`${what} ${show(value)}`);
    } else if (value.value !== undefined) values.push(value.value);
  }
  return ArrayList.of(values);
}

type PlannedEntry = {
  readonly key: Planned;
  readonly value: Planned;
  readonly isOptional: boolean;
};

function madeMap(frame: Frame, entries: readonly PlannedEntry[]): CelResult {
  const made: (readonly [CelValue, CelValue])[] = [];
  for (const { key, value, isOptional } of entries) {
    const keyValue = key.step(frame);
    if (isError(keyValue)) return keyValue;
    const entry = mapEntry(keyValue, value.step(frame), isOptional);
    if (entry instanceof CelError) return entry;
    if (entry !== undefined) made.push(entry);
  }
  return EntryMap.of(made);
}

function mapEntry(
  key: CelValue,
  value: CelResult,
  isOptional: boolean,
): readonly [CelValue, CelValue] | CelError | undefined {
  if (isError(value)) return value;
  if (!isOptional) return [key, value];
  if (!(value instanceof CelOptional)) return notOptional(show(key), value);
  return value.value === undefined ? undefined : [key, value.value];
}

function notOptional(name: string, value: CelValue): CelError {
  const what = `cannot initialize optional entry '${name}' from non-optional value`;
  return new CelError(`${what} ${show(value)}`);
}
