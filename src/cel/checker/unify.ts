/**
 * Whether a value of one type can be used where another is expected, and what type variables stand
 * for then. Follows cel-go, whose rules are more lenient than the specification: `dyn` fits
 * everywhere and everything fits it, and null fits all types but scalars, lists and maps.
 */
import { DYN, ERROR, sameType, type CelType } from "../types.ts";

/** What type variables stand for, by their names. */
export type Substitution = ReadonlyMap<string, CelType>;

/** The substitution under which `from` can be used as `to`; undefined if it cannot. */
export function assign(
  substitution: Substitution,
  from: CelType,
  to: CelType,
): Substitution | undefined {
  return assignAll(substitution, [from], [to]);
}

/** The same for several types at once. */
export function assignAll(
  substitution: Substitution,
  from: readonly CelType[],
  to: readonly CelType[],
): Substitution | undefined {
  const unifier = new Unifier(substitution);
  return unifier.allFit(from, to) ? unifier.substitution : undefined;
}

/** The type with its variables replaced; those that stand for nothing become `dyn` if so asked. */
export function substitute(
  substitution: Substitution,
  type: CelType,
  free: "keep" | "dyn" = "keep",
): CelType {
  switch (type.kind) {
    case "parameter": {
      const known = substitution.get(type.name);
      if (known !== undefined) return substitute(substitution, known, free);
      return free === "dyn" ? DYN : type;
    }
    case "list":
      return { ...type, element: substitute(substitution, type.element, free) };
    case "map": {
      const key = substitute(substitution, type.key, free);
      return { ...type, key, value: substitute(substitution, type.value, free) };
    }
    case "optional":
    case "wrapper":
      return { ...type, of: substitute(substitution, type.of, free) };
    case "type":
      if (type.of === undefined) return type;
      return { ...type, of: substitute(substitution, type.of, free) };
    case "opaque":
      return {
        ...type,
        parameters: type.parameters.map((part) => substitute(substitution, part, free)),
      };
    default:
      return type;
  }
}

/** The more general of two types that fit each other. */
export function mostGeneral(a: CelType, b: CelType): CelType {
  return isAsGeneral(a, b) ? a : b;
}

export function isDynOrError(type: CelType): boolean {
  return type.kind === "dyn" || type.kind === "error";
}

/** Whether `a` is the same as `b`, or `b` with parts of it open. */
function isAsGeneral(a: CelType, b: CelType): boolean {
  if (a.kind === "dyn" || a.kind === "parameter") return true;
  if (b.kind === "dyn" || b.kind === "parameter") return false;
  if (a.kind === "list" && b.kind === "list") return isAsGeneral(a.element, b.element);
  if (a.kind === "map" && b.kind === "map") {
    return isAsGeneral(a.key, b.key) && isAsGeneral(a.value, b.value);
  }
  if (a.kind === "optional" && b.kind === "optional") return isAsGeneral(a.of, b.of);
  if (a.kind === "type" && b.kind === "type") return true;
  if (a.kind === "opaque" && b.kind === "opaque") {
    return (
      a.name === b.name &&
      a.parameters.length === b.parameters.length &&
      a.parameters.every((part, index) => isAsGeneral(part, b.parameters[index] ?? ERROR))
    );
  }
  return sameType(a, b);
}

class Unifier {
  readonly #known: Map<string, CelType>;

  constructor(substitution: Substitution) {
    this.#known = new Map(substitution);
  }

  get substitution(): Substitution {
    return this.#known;
  }

  allFit(from: readonly CelType[], to: readonly CelType[]): boolean {
    if (from.length !== to.length) return false;
    return from.every((type, index) => this.#fits(type, to[index] ?? ERROR));
  }

  #fits(from: CelType, to: CelType): boolean {
    if (to.kind === "parameter") {
      const found = this.#canStandFor(to, from);
      if (found !== "open") return found === "yes";
    }
    if (from.kind === "parameter") return this.#canStandFor(from, to) === "yes";
    if (isDynOrError(from) || isDynOrError(to)) return true;
    if (from.kind === "null") return takesNull(to);
    if (to.kind === "null") return takesNull(from);
    return this.#fitsConcrete(from, to);
  }

  #fitsConcrete(from: CelType, to: CelType): boolean {
    if (to.kind === "wrapper") {
      return this.#fits(from.kind === "wrapper" ? from.of : from, to.of);
    }
    // A value that may be null can be used as if it were not.
    if (from.kind === "wrapper") return this.#fits(from.of, to);
    if (from.kind === "list" && to.kind === "list") return this.#fits(from.element, to.element);
    if (from.kind === "map" && to.kind === "map") {
      return this.#fits(from.key, to.key) && this.#fits(from.value, to.value);
    }
    if (from.kind === "optional" && to.kind === "optional") return this.#fits(from.of, to.of);
    if (from.kind === "type") return to.kind === "type";
    if (from.kind === "opaque" && to.kind === "opaque") {
      return from.name === to.name && this.allFit(from.parameters, to.parameters);
    }
    return sameType(from, to);
  }

  /** Whether the variable can stand for `type`; "open" if it cannot, but is not bound either. */
  #canStandFor(variable: CelType & { readonly kind: "parameter" }, type: CelType): Answer {
    if (sameType(variable, type)) return "yes";
    const known = this.#known.get(variable.name);
    if (known !== undefined) {
      if (sameType(type, known)) return "yes";
      if (!this.#fits(type, known)) return "no";
      const general = mostGeneral(type, known);
      if (!this.#occursIn(variable, general)) this.#known.set(variable.name, general);
      return "yes";
    }
    if (this.#occursIn(variable, type)) return "open";
    this.#known.set(variable.name, type);
    return "yes";
  }

  /** Whether a type speaks of the variable, so that it cannot stand for it. */
  #occursIn(variable: CelType & { readonly kind: "parameter" }, type: CelType): boolean {
    switch (type.kind) {
      case "parameter": {
        if (type.name === variable.name) return true;
        const known = this.#known.get(type.name);
        return known !== undefined && this.#occursIn(variable, known);
      }
      case "list":
        return this.#occursIn(variable, type.element);
      case "map":
        return this.#occursIn(variable, type.key) || this.#occursIn(variable, type.value);
      case "optional":
      case "wrapper":
        return this.#occursIn(variable, type.of);
      case "type":
        return type.of !== undefined && this.#occursIn(variable, type.of);
      case "opaque":
        return type.parameters.some((part) => this.#occursIn(variable, part));
      default:
        return false;
    }
  }
}

type Answer = "yes" | "no" | "open";

/** Types that null can be used as. */
function takesNull(type: CelType): boolean {
  switch (type.kind) {
    case "null":
    case "wrapper":
    case "object":
    case "opaque":
    case "optional":
    case "timestamp":
    case "duration":
      return true;
    default:
      return false;
  }
}
