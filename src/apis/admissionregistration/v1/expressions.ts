/** Expressions of policies and webhooks, checked when they are written. */
import { compile } from "../../../cel/compile.ts";
import type { CelEnvironment } from "../../../cel/environment.ts";
import { APPLIED_OBJECT, JSON_PATCH } from "../../../cel/library/mutation.ts";
import {
  BOOL,
  DYN,
  listOf,
  NULL,
  sameType,
  STRING,
  typeText,
  type CelType,
} from "../../../cel/types.ts";
import type { FieldError } from "../../../machinery/status.ts";
import { invalid } from "../../field-errors.ts";
import { policyEnvironment, withVariables, type Declared } from "./policy-environment.ts";
import type { Variable } from "./types.generated.ts";

/** What an expression may come to. */
export type ResultKind = "bool" | "string" | "null" | "Object" | "list(JSONPatch)";

const RESULT_TYPES: Readonly<Record<ResultKind, CelType>> = {
  bool: BOOL,
  string: STRING,
  null: NULL,
  Object: APPLIED_OBJECT,
  "list(JSONPatch)": listOf(JSON_PATCH),
};

/** What is wrong with an expression on its own. */
export function expressionErrors(
  field: string,
  expression: string,
  results: readonly ResultKind[],
  declared: Declared,
): readonly FieldError[] {
  return check(field, expression, results, policyEnvironment(declared)).errors;
}

/** The expressions of one policy: they may name its variables, if it has any. */
export class PolicyExpressions {
  readonly #declared: Declared;
  /** Grows as variables are declared. Undefined: the policy has none, and none can be named. */
  readonly #types: Map<string, CelType> | undefined;

  constructor(declared: { readonly hasParams: boolean; readonly hasVariables: boolean }) {
    const { hasParams, hasVariables } = declared;
    this.#declared = { hasParams, hasAuthorizer: true };
    this.#types = hasVariables ? new Map() : undefined;
  }

  /** What is wrong with a variable; from now on expressions can name it. */
  declare(field: string, { name, expression }: Variable): readonly FieldError[] {
    const { type, errors } = check(field, expression, undefined, this.#environment({}));
    this.#types?.set(name, type);
    return errors;
  }

  /** What is wrong with an expression. */
  errors(
    field: string,
    expression: string,
    results: readonly ResultKind[],
    declared: Partial<Declared> = {},
  ): readonly FieldError[] {
    return check(field, expression, results, this.#environment(declared)).errors;
  }

  #environment(declared: Partial<Declared>): CelEnvironment {
    const environment = policyEnvironment({ ...this.#declared, ...declared });
    return this.#types === undefined ? environment : withVariables(environment, this.#types);
  }
}

type Checked = { readonly type: CelType; readonly errors: readonly FieldError[] };

/** `results` undefined: it may come to anything. */
function check(
  field: string,
  expression: string,
  results: readonly ResultKind[] | undefined,
  environment: CelEnvironment,
): Checked {
  const compilation = compile(expression, environment);
  if (compilation.kind === "errors") {
    const what = compilation.stage === "instantiation" ? "program instantiation" : "compilation";
    const detail = `${what} failed: ${compilation.message}`;
    return { type: DYN, errors: [invalid(field, expression, detail)] };
  }
  const { type } = compilation.program;
  const isWanted = results?.some((result) => sameType(type, RESULT_TYPES[result])) ?? true;
  if (isWanted) return { type, errors: [] };
  const wanted = (results ?? []).map((result) => printed(RESULT_TYPES[result]));
  const detail =
    wanted.length === 1
      ? `must evaluate to ${wanted[0]} but got ${printed(type)}`
      : `must evaluate to one of [${wanted.join(" ")}] but got ${printed(type)}`;
  return { type, errors: [invalid(field, expression, detail)] };
}

/** As cel-go names a type by itself; in its error messages it has other names for some. */
function printed(type: CelType): string {
  return type.kind === "null" ? "null_type" : typeText(type);
}
