/**
 * Gives every node a type and every call its overloads, and says what does not fit. Goes on after
 * a mistake as far as it can, so that one look shows as many as there are.
 */
import { candidateNames, type CelEnvironment } from "../environment.ts";
import type { FunctionDeclaration } from "../functions.ts";
import {
  OPERATOR,
  type CallExpr,
  type ComprehensionExpr,
  type Expr,
  type ListExpr,
  type MapExpr,
  type NodeId,
  type ParsedExpr,
  type SelectExpr,
  type StructExpr,
} from "../parser/ast.ts";
import type { Issue, Source } from "../parser/source.ts";
import {
  BOOL,
  BYTES,
  DOUBLE,
  DYN,
  ERROR,
  fieldType,
  INT,
  listOf,
  mapOf,
  NULL,
  optionalOf,
  parameter,
  sameType,
  STRING,
  typeOf,
  typeText,
  UINT,
  type CelObjectType,
  type CelType,
} from "../types.ts";
import type { CelValue } from "../values.ts";
import { Scopes } from "./scopes.ts";
import { assign, assignAll, isDynOrError, mostGeneral, substitute } from "./unify.ts";
import type { Substitution } from "./unify.ts";

/** What checking found out about the nodes. */
export type CheckedExpr = {
  readonly root: Expr;
  readonly types: ReadonlyMap<NodeId, CelType>;
  /** The overloads a call may turn out to be. */
  readonly overloads: ReadonlyMap<NodeId, readonly string[]>;
  /** The full name of a function, or of the variable or type that names or selections are. */
  readonly names: ReadonlyMap<NodeId, ResolvedName>;
};

export type ResolvedName =
  | { readonly kind: "variable"; readonly name: string }
  | { readonly kind: "local"; readonly name: string }
  | { readonly kind: "type"; readonly name: string }
  | {
      readonly kind: "function";
      readonly name: string;
      /** The target was only part of the name: `sets.contains(…)`. */
      readonly isQualified: boolean;
    };

/** Checks a parsed source. */
export function check(
  source: Source,
  parsed: ParsedExpr,
  environment: CelEnvironment,
): { readonly checked: CheckedExpr; readonly issues: readonly Issue[] } {
  return new Checker(source, parsed, environment).run();
}

class Checker {
  readonly #source: Source;
  readonly #parsed: ParsedExpr;
  readonly #environment: CelEnvironment;
  readonly #types = new Map<NodeId, CelType>();
  readonly #overloads = new Map<NodeId, readonly string[]>();
  readonly #names = new Map<NodeId, ResolvedName>();
  readonly #issues: Issue[] = [];
  readonly #scopes = new Scopes();
  #substitution: Substitution = new Map();
  #variableCount = 0;

  constructor(source: Source, parsed: ParsedExpr, environment: CelEnvironment) {
    this.#source = source;
    this.#parsed = parsed;
    this.#environment = environment;
  }

  run(): { readonly checked: CheckedExpr; readonly issues: readonly Issue[] } {
    const { root } = this.#parsed;
    this.#check(root);
    for (const [id, type] of this.#types) {
      this.#types.set(id, substitute(this.#substitution, type, "dyn"));
    }
    return {
      checked: { root, types: this.#types, overloads: this.#overloads, names: this.#names },
      issues: this.#issues,
    };
  }

  /** Checks a node and everything below it, and gives its type. */
  #check(expr: Expr): CelType {
    const type = this.#typeOf(expr);
    this.#types.set(expr.id, type);
    return type;
  }

  #typeOf(expr: Expr): CelType {
    switch (expr.kind) {
      case "literal":
        return literalType(expr.value);
      case "ident":
        return this.#identType(expr.id, expr.name);
      case "select":
        return this.#selectType(expr);
      case "call":
        return this.#callType(expr);
      case "list":
        return this.#listType(expr);
      case "map":
        return this.#mapType(expr);
      case "struct":
        return this.#structType(expr);
      case "comprehension":
        return this.#comprehensionType(expr);
      case "unspecified":
        return ERROR;
    }
  }

  #identType(id: NodeId, name: string): CelType {
    const found = this.#lookUp(id, name);
    if (found !== undefined) return found;
    this.#undeclared(id, name);
    return ERROR;
  }

  /** The type of what a name means, which is noted; undefined if it means nothing. */
  #lookUp(id: NodeId, name: string): CelType | undefined {
    const { container, variables, types } = this.#environment;
    const local = name.startsWith(".") ? undefined : this.#scopes.find(name);
    if (local !== undefined) {
      this.#names.set(id, { kind: "local", name });
      return local;
    }
    for (const candidate of candidateNames(container, name)) {
      const variable = variables.get(candidate);
      if (variable !== undefined) {
        this.#names.set(id, { kind: "variable", name: candidate });
        return variable;
      }
      const type = types.get(candidate) ?? this.#environment.objectTypeOf(candidate);
      if (type !== undefined) {
        this.#names.set(id, { kind: "type", name: candidate });
        return typeOf(type);
      }
    }
    return undefined;
  }

  #selectType(expr: SelectExpr): CelType {
    const qualified = expr.isTest ? undefined : qualifiedName(expr);
    // A name that begins with a local variable is a selection from it.
    const first = qualified?.split(".", 1)[0] ?? "";
    if (qualified !== undefined && this.#scopes.find(first) === undefined) {
      const found = this.#lookUp(expr.id, qualified);
      if (found !== undefined) return found;
    }
    const type = this.#fieldType(expr.id, expr.operand, expr.field, false);
    return expr.isTest ? BOOL : substitute(this.#substitution, type);
  }

  #fieldType(id: NodeId, operand: Expr, field: string, isOptional: boolean): CelType {
    const operandType = substitute(this.#substitution, this.#check(operand));
    const inner = operandType.kind === "optional" ? operandType.of : operandType;
    const result = this.#fieldTypeOf(id, inner, field);
    return isOptional || operandType.kind === "optional" ? optionalOf(result) : result;
  }

  #fieldTypeOf(id: NodeId, type: CelType, field: string): CelType {
    switch (type.kind) {
      case "map":
        return type.value;
      case "object": {
        const found = fieldType(type, field);
        if (found === undefined) this.#issue(id, missingField(type, field));
        return found ?? ERROR;
      }
      case "parameter":
        this.#fits(DYN, type);
        return DYN;
      default:
        if (!isDynOrError(type)) {
          this.#issue(id, `type '${typeText(type)}' does not support field selection`);
        }
        return DYN;
    }
  }

  #callType(expr: CallExpr): CelType {
    if (expr.name === OPERATOR.optionalSelect) return this.#optionalSelectType(expr);
    const argTypes = expr.args.map((arg) => this.#check(arg));
    if (expr.target === undefined) {
      const found = this.#function(expr.name);
      if (found === undefined) return this.#undeclared(expr.id, expr.name);
      this.#names.set(expr.id, { kind: "function", name: found.name, isQualified: false });
      return this.#resolve(expr, found, argTypes, false);
    }
    const prefix = qualifiedName(expr.target);
    const qualified = prefix === undefined ? undefined : this.#function(`${prefix}.${expr.name}`);
    if (qualified !== undefined) {
      this.#names.set(expr.id, { kind: "function", name: qualified.name, isQualified: true });
      return this.#resolve(expr, qualified, argTypes, false);
    }
    const targetType = this.#check(expr.target);
    const found = this.#function(expr.name);
    if (found === undefined) return this.#undeclared(expr.id, expr.name);
    this.#names.set(expr.id, { kind: "function", name: found.name, isQualified: false });
    return this.#resolve(expr, found, [targetType, ...argTypes], true);
  }

  #optionalSelectType(expr: CallExpr): CelType {
    const [operand, field] = expr.args;
    if (operand === undefined || field?.kind !== "literal" || typeof field.value !== "string") {
      this.#issue(expr.id, "unsupported optional field selection");
      return ERROR;
    }
    const type = this.#fieldType(expr.id, operand, field.value, true);
    this.#types.set(field.id, STRING);
    this.#overloads.set(expr.id, ["select_optional_field"]);
    return substitute(this.#substitution, type);
  }

  #function(name: string): FunctionDeclaration | undefined {
    for (const candidate of candidateNames(this.#environment.container, name)) {
      const found = this.#environment.functions.get(candidate);
      if (found !== undefined) return found;
    }
    return undefined;
  }

  /** Notes the overloads that fit, and gives the type of the result. */
  #resolve(
    expr: CallExpr,
    declaration: FunctionDeclaration,
    argTypes: readonly CelType[],
    isMethod: boolean,
  ): CelType {
    if (declaration.name === OPERATOR.and || declaration.name === OPERATOR.or) {
      return this.#resolveLogical(expr, declaration, argTypes);
    }
    const fitting: string[] = [];
    let result: CelType | undefined;
    for (const overload of declaration.overloads) {
      if (overload.isMethod !== isMethod) continue;
      const { parameters, result: resultType } = this.#instance(overload);
      const substitution = assignAll(this.#substitution, argTypes, parameters);
      if (substitution === undefined) continue;
      this.#substitution = substitution;
      fitting.push(overload.id);
      const type = substitute(substitution, resultType);
      if (result === undefined) result = type;
      else if (result.kind !== "dyn" && !sameType(type, result)) result = DYN;
    }
    if (result === undefined) {
      const signature = this.#signature(argTypes, isMethod);
      const found = `found no matching overload for '${declaration.name}'`;
      this.#issue(expr.id, `${found} applied to '${signature}'`);
      return ERROR;
    }
    this.#overloads.set(expr.id, fitting);
    return result;
  }

  #resolveLogical(
    expr: CallExpr,
    declaration: FunctionDeclaration,
    argTypes: readonly CelType[],
  ): CelType {
    let result = BOOL;
    for (const [index, type] of argTypes.entries()) {
      if (this.#fits(type, BOOL)) continue;
      this.#mismatch(expr.args[index]?.id ?? expr.id, BOOL, type);
      result = ERROR;
    }
    this.#overloads.set(
      expr.id,
      declaration.overloads.map(({ id }) => id),
    );
    return result;
  }

  /** An overload with type variables of its own. */
  #instance(overload: FunctionDeclaration["overloads"][number]): {
    readonly parameters: readonly CelType[];
    readonly result: CelType;
  } {
    const fresh = new Map<string, CelType>();
    const collect = (type: CelType): void => {
      if (type.kind === "parameter") {
        if (!fresh.has(type.name)) fresh.set(type.name, this.#newVariable());
      } else partsOfType(type).forEach(collect);
    };
    [overload.result, ...overload.parameters].forEach(collect);
    if (fresh.size === 0) return overload;
    return {
      parameters: overload.parameters.map((type) => substitute(fresh, type)),
      result: substitute(fresh, overload.result),
    };
  }

  #signature(argTypes: readonly CelType[], isMethod: boolean): string {
    const texts = argTypes.map((type) => typeText(substitute(this.#substitution, type, "dyn")));
    if (!isMethod) return `(${texts.join(", ")})`;
    return `${texts[0] ?? ""}.(${texts.slice(1).join(", ")})`;
  }

  #listType(expr: ListExpr): CelType {
    let type: CelType | undefined;
    for (const [index, element] of expr.elements.entries()) {
      const elementType = this.#check(element);
      const joined = expr.optional.has(index)
        ? this.#unwrapped(element.id, elementType)
        : elementType;
      type = this.#join(type, joined);
    }
    return listOf(type ?? this.#newVariable());
  }

  #mapType(expr: MapExpr): CelType {
    let keyType: CelType | undefined;
    let valueType: CelType | undefined;
    for (const { key, value, isOptional } of expr.entries) {
      keyType = this.#join(keyType, this.#check(key));
      const type = this.#check(value);
      const joined = isOptional ? this.#unwrapped(value.id, type) : type;
      valueType = this.#join(valueType, joined);
    }
    return mapOf(keyType ?? this.#newVariable(), valueType ?? this.#newVariable());
  }

  /** What is in a value written as `?value`. */
  #unwrapped(id: NodeId, type: CelType): CelType {
    if (type.kind === "optional") return type.of;
    if (type.kind !== "dyn") this.#mismatch(id, optionalOf(type), type);
    return type;
  }

  /** What fits both; types that have nothing in common are only refused in strict literals. */
  #join(previous: CelType | undefined, current: CelType): CelType {
    if (previous === undefined) return current;
    if (this.#fits(previous, current)) return mostGeneral(previous, current);
    return DYN;
  }

  #structType(expr: StructExpr): CelType {
    const { container, types, objectTypeOf } = this.#environment;
    const [name, type] =
      candidateNames(container, expr.typeName)
        .map((candidate) => [candidate, types.get(candidate) ?? objectTypeOf(candidate)] as const)
        .find(([, found]) => found !== undefined) ?? [];
    if (name === undefined || type === undefined) {
      return this.#undeclared(expr.id, expr.typeName);
    }
    if (type.kind !== "object") this.#issue(expr.id, `'${typeText(type)}' is not a message type`);
    this.#names.set(expr.id, { kind: "type", name });
    for (const field of expr.fields) {
      const valueType = this.#check(field.value);
      const wanted = type.kind === "object" ? this.#fieldTypeOf(field.id, type, field.name) : ERROR;
      const given = field.isOptional ? this.#unwrapped(field.value.id, valueType) : valueType;
      if (this.#fits(wanted, given)) continue;
      const types = `'${typeText(wanted)}' but provided type is '${typeText(given)}'`;
      this.#issue(field.id, `expected type of field '${field.name}' is ${types}`);
    }
    return type.kind === "object" ? type : ERROR;
  }

  #comprehensionType(expr: ComprehensionExpr): CelType {
    const rangeType = substitute(this.#substitution, this.#check(expr.range));
    const accumulatorType = this.#check(expr.init);
    const [first, second] = this.#loopTypes(expr, rangeType);
    this.#scopes.push([[expr.accumulator, accumulatorType]]);
    const variables: (readonly [string, CelType])[] = [[expr.variable, first]];
    if (expr.variable2 !== undefined) variables.push([expr.variable2, second]);
    this.#scopes.push(variables);
    const conditionType = this.#check(expr.condition);
    if (!this.#fits(BOOL, conditionType)) this.#mismatch(expr.condition.id, BOOL, conditionType);
    const stepType = this.#check(expr.step);
    if (!this.#fits(accumulatorType, stepType)) {
      this.#mismatch(expr.step.id, accumulatorType, stepType);
    }
    this.#scopes.pop();
    const result = this.#check(expr.result);
    this.#scopes.pop();
    return substitute(this.#substitution, result);
  }

  /** The types of the loop's variables; without a second one, the first is element or key. */
  #loopTypes(expr: ComprehensionExpr, range: CelType): readonly [CelType, CelType] {
    const hasTwo = expr.variable2 !== undefined;
    switch (range.kind) {
      case "list":
        return hasTwo ? [INT, range.element] : [range.element, ERROR];
      case "map":
        return [range.key, range.value];
      case "dyn":
      case "error":
      case "parameter":
        this.#fits(DYN, range);
        return [DYN, DYN];
      default: {
        const type = typeText(range);
        const what = `expression of type '${type}' cannot be range of a comprehension`;
        this.#issue(expr.range.id, `${what} (must be list, map, or dynamic)`);
        return [ERROR, ERROR];
      }
    }
  }

  /** Whether a type can be used as another; if so, type variables are bound accordingly. */
  #fits(from: CelType, to: CelType): boolean {
    const substitution = assign(this.#substitution, from, to);
    if (substitution === undefined) return false;
    this.#substitution = substitution;
    return true;
  }

  #newVariable(): CelType {
    this.#variableCount += 1;
    return parameter(`_var${this.#variableCount - 1}`);
  }

  #undeclared(id: NodeId, name: string): CelType {
    const { container } = this.#environment;
    this.#issue(id, `undeclared reference to '${name}' (in container '${container}')`);
    return ERROR;
  }

  #mismatch(id: NodeId, expected: CelType, actual: CelType): void {
    this.#issue(id, `expected type '${typeText(expected)}' but found '${typeText(actual)}'`);
  }

  #issue(id: NodeId, message: string): void {
    this.#issues.push({
      place: this.#source.placeOf(this.#parsed.offsets.get(id) ?? 0),
      message,
    });
  }
}

/** Types of libraries have no fields that upstream could look up. */
function missingField(type: CelObjectType, field: string): string {
  const isOpaque = type.shape === undefined && type.fields.size === 0;
  return isOpaque ? `unexpected failed resolution of '${type.name}'` : `undefined field '${field}'`;
}

/** `a.b.c` if an expression is nothing but names joined by dots. */
function qualifiedName(expr: Expr): string | undefined {
  if (expr.kind === "ident") return expr.name;
  if (expr.kind !== "select" || expr.isTest) return undefined;
  const prefix = qualifiedName(expr.operand);
  return prefix === undefined ? undefined : `${prefix}.${expr.field}`;
}

function partsOfType(type: CelType): readonly CelType[] {
  switch (type.kind) {
    case "list":
      return [type.element];
    case "map":
      return [type.key, type.value];
    case "optional":
    case "wrapper":
      return [type.of];
    case "type":
      return type.of === undefined ? [] : [type.of];
    case "opaque":
      return type.parameters;
    default:
      return [];
  }
}

function literalType(value: CelValue): CelType {
  switch (typeof value) {
    case "boolean":
      return BOOL;
    case "bigint":
      return INT;
    case "number":
      return DOUBLE;
    case "string":
      return STRING;
    default:
      if (value === null) return NULL;
      if (value instanceof Uint8Array) return BYTES;
      return UINT;
  }
}
