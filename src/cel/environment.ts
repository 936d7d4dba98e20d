/**
 * What an expression may use: variables, functions, macros and types. An environment is made once
 * and used for many expressions.
 */
import { assert } from "../base/assert.ts";
import type { CelLibrary, FunctionDeclaration } from "./functions.ts";
import { KUBERNETES_LIBRARIES } from "./library/kubernetes.ts";
import { STANDARD_LIBRARY } from "./library/standard.ts";
import { macroTable, type MacroTable } from "./parser/macro.ts";
import type { CelObjectType, CelType } from "./types.ts";

export type EnvironmentOptions = {
  /** Types of the variables, by name; a name may have dots. */
  readonly variables: Readonly<Record<string, CelType>>;
  /** Besides the standard library. Default: those of Kubernetes 1.36. */
  readonly libraries?: readonly CelLibrary[];
  /** Object types that expressions can construct, such as `Object.spec{…}`. Default: none. */
  readonly objectTypeOf?: (name: string) => CelObjectType | undefined;
  /** Names are looked up in this namespace first. Default: "", which is none. */
  readonly container?: string;
  /** Whether fields may be named in backquotes. Default: false, as in Kubernetes. */
  readonly quotedNames?: boolean;
  /**
   * Whether literals are looked into: patterns, times and formats must be valid, and elements of a
   * list or a map of one type. Default: true.
   */
  readonly strictLiterals?: boolean;
};

/** What expressions may use; made by `declareEnvironment`. */
export type CelEnvironment = {
  readonly variables: ReadonlyMap<string, CelType>;
  readonly functions: ReadonlyMap<string, FunctionDeclaration>;
  readonly macros: MacroTable;
  /** Types that expressions can name. */
  readonly types: ReadonlyMap<string, CelType>;
  readonly objectTypeOf: (name: string) => CelObjectType | undefined;
  readonly container: string;
  readonly quotedNames: boolean;
  readonly strictLiterals: boolean;
};

/**
 * Declares what expressions may use.
 *
 * ```ts
 * const environment = declareEnvironment({ variables: { self: INT, oldSelf: INT } });
 * ```
 */
export function declareEnvironment(options: EnvironmentOptions): CelEnvironment {
  const libraries = [STANDARD_LIBRARY, ...(options.libraries ?? KUBERNETES_LIBRARIES)];
  const functions = new Map<string, FunctionDeclaration>();
  for (const declaration of libraries.flatMap((library) => library.functions)) {
    const present = functions.get(declaration.name);
    const merged = present === undefined ? declaration : merge(present, declaration);
    functions.set(declaration.name, merged);
  }
  return {
    variables: new Map(Object.entries(options.variables)),
    functions,
    macros: macroTable(libraries.flatMap((library) => library.macros ?? [])),
    types: new Map(libraries.flatMap((library) => [...(library.types ?? [])])),
    objectTypeOf: options.objectTypeOf ?? (() => undefined),
    container: options.container ?? "",
    quotedNames: options.quotedNames ?? false,
    strictLiterals: options.strictLiterals ?? true,
  };
}

/** A function of which two libraries have overloads. */
function merge(a: FunctionDeclaration, b: FunctionDeclaration): FunctionDeclaration {
  const ids = new Set(a.overloads.map(({ id }) => id));
  assert(!b.overloads.some(({ id }) => ids.has(id)), "an overload is declared once");
  const run = a.run ?? b.run;
  const cost = a.cost ?? b.cost;
  return {
    name: a.name,
    overloads: [...a.overloads, ...b.overloads],
    ...(run === undefined ? {} : { run }),
    ...(cost === undefined ? {} : { cost }),
  };
}

/** The names an unqualified one may mean, the most specific first. */
export function candidateNames(container: string, name: string): readonly string[] {
  if (name.startsWith(".")) return [name.slice(1)];
  const names: string[] = [];
  for (let prefix = container; prefix !== ""; prefix = prefix.slice(0, prefix.lastIndexOf("."))) {
    names.push(`${prefix}.${name}`);
    if (!prefix.includes(".")) break;
  }
  return [...names, name];
}
