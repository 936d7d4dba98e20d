/** Expressions of policies and webhooks, checked when they are written. */
import type { FieldError } from "../../../machinery/status.ts";
import type { Variable } from "./types.generated.ts";

/** What an expression can name besides the request and its objects. */
export type Declared = {
  /** `params` */
  readonly hasParams: boolean;
  /** `authorizer` and `authorizer.requestResource` */
  readonly hasAuthorizer: boolean;
  /** `Object{…}`, `JSONPatch{…}` and `jsonpatch.escapeKey()` */
  readonly hasPatchTypes?: boolean;
};

/** What an expression may come to. */
export type ResultKind = "any" | "bool" | "string" | "null" | "Object" | "list(JSONPatch)";

/** What is wrong with an expression. */
export function expressionErrors(
  _field: string,
  _expression: string,
  _results: readonly ResultKind[],
  _declared: Declared,
): readonly FieldError[] {
  return [];
}

/** The expressions of one policy: they may name its variables. */
export class PolicyExpressions {
  readonly #declared: Declared;

  constructor(declared: { readonly hasParams: boolean }) {
    this.#declared = { ...declared, hasAuthorizer: true };
  }

  /** What is wrong with a variable; from now on expressions can name it. */
  declare(field: string, variable: Variable): readonly FieldError[] {
    return this.errors(field, variable.expression, ["any"]);
  }

  /** What is wrong with an expression. */
  errors(
    field: string,
    expression: string,
    results: readonly ResultKind[],
    declared: Partial<Declared> = {},
  ): readonly FieldError[] {
    return expressionErrors(field, expression, results, { ...this.#declared, ...declared });
  }
}
