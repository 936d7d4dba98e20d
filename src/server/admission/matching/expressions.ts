/**
 * Expressions of webhooks and policies against one review. They are compiled once for the object
 * that holds them, in the environment in which they were checked when it was written.
 *
 * An authorizer may have to wait where an expression cannot: then the evaluation is thrown away,
 * and made again when the answer is known.
 */
import { policyEnvironment } from "../../../apis/admissionregistration/v1/policy-environment.ts";
import type { Context } from "../../../base/context.ts";
import { compile } from "../../../cel/compile.ts";
import type { CelEnvironment } from "../../../cel/environment.ts";
import {
  authorizerValue,
  resourceCheckValue,
  type AuthorizationAnswer,
  type AuthorizationQuestion,
} from "../../../cel/library/authorizer.ts";
import type { Bindings, CelProgram, Evaluation } from "../../../cel/program.ts";
import { CelError } from "../../../cel/cel-error.ts";
import { OBJECT_COST_MAX } from "../../../cel/limits.ts";
import type { UserInfo } from "../../../machinery/request.ts";
import { parseFieldQuery } from "../../../machinery/fields.ts";
import { parseLabelQuery } from "../../../machinery/label-parser.ts";
import { serviceAccountGroups, serviceAccountUser } from "../../authn/service-account/user-name.ts";
import type { Access, Authorizer, Decision } from "../../authz/authorizer.ts";
import { admissionRequest } from "./admission-request.ts";
import type { MatchedReview } from "./matched-review.ts";

/** An expression that was checked; undefined: it was stored before it could be. */
export type Expression = { readonly text: string; readonly program: CelProgram | CelError };

export function expressionOf(text: string, environment: CelEnvironment): Expression {
  const trimmed = text.trim();
  const compilation = compile(trimmed, environment);
  const program =
    compilation.kind === "ok" ? compilation.program : new CelError(compilation.message);
  return { text: trimmed, program };
}

/** Of webhooks: no parameters, no variables. */
export const WEBHOOK_ENVIRONMENT: CelEnvironment = policyEnvironment({
  hasParams: false,
  hasAuthorizer: true,
});

/** Answers that one evaluation may have to wait for, one after another. */
export const WAITS_MAX = 64;

/** What expressions can name, and who answers their questions. */
export class Evaluator {
  readonly #bindings: Bindings;
  readonly #answers: AuthorizerAnswers;
  /** What all evaluations may cost together is bounded, besides what each may. */
  #spent = 0;

  constructor(matched: MatchedReview, authorizer: Authorizer, context: Context) {
    const { review, object, old, namespace, resource } = matched;
    this.#answers = new AuthorizerAnswers(review.user, authorizer, context);
    const { subresource, name } = review;
    const place = { group: resource.group, resource: resource.resource, subresource, name };
    const asked = { ...place, namespace: review.namespace };
    this.#bindings = {
      object: object ?? null,
      oldObject: old ?? null,
      request: admissionRequest(matched),
      namespaceObject:
        namespace === undefined
          ? null
          : {
              metadata: { ...namespace.metadata, UID: namespace.metadata.uid },
              spec: namespace.spec,
              status: namespace.status,
            },
      authorizer: authorizerValue(this.#answers),
      "authorizer.requestResource": resourceCheckValue(this.#answers, asked),
    };
  }

  /** `more`: parameters and variables; called anew for each try. */
  async evaluate({ program }: Expression, more: () => Bindings = () => ({})): Promise<Evaluation> {
    if (program instanceof CelError) return { kind: "error", error: program, cost: 0 };
    for (let waits = 0; ; waits += 1) {
      if (this.#spent > OBJECT_COST_MAX) return OUT_OF_BUDGET;
      const evaluation = program.evaluate({ ...this.#bindings, ...more() });
      this.#spent += evaluation.cost;
      if (waits >= WAITS_MAX || !(await this.#answers.settle())) return evaluation;
    }
  }

  /** Within an expression, for variables. */
  evaluateNow({ program }: Expression, more: Bindings): Evaluation {
    if (program instanceof CelError) return { kind: "error", error: program, cost: 0 };
    if (this.#spent > OBJECT_COST_MAX) return OUT_OF_BUDGET;
    const evaluation = program.evaluate({ ...this.#bindings, ...more });
    this.#spent += evaluation.cost;
    return evaluation;
  }
}

const OUT_OF_BUDGET: Evaluation = {
  kind: "error",
  error: new CelError(
    "validation failed due to running out of cost budget, " +
      "no further validation rules will be run",
    "budget",
  ),
  cost: 0,
};

class AuthorizerAnswers {
  readonly #user: UserInfo;
  readonly #authorizer: Authorizer;
  readonly #context: Context;
  readonly #known = new Map<string, AuthorizationAnswer>();
  readonly #pending = new Map<string, Promise<Decision>>();

  constructor(user: UserInfo, authorizer: Authorizer, context: Context) {
    this.#user = user;
    this.#authorizer = authorizer;
    this.#context = context;
  }

  check(question: AuthorizationQuestion): AuthorizationAnswer {
    const key = JSON.stringify(question);
    const known = this.#known.get(key);
    if (known !== undefined) return known;
    const access = accessOf(question, this.#user);
    const decision = this.#authorizer.authorize(access, this.#context);
    if (decision instanceof Promise) {
      this.#pending.set(key, decision);
      return { isAllowed: false, reason: "" };
    }
    return answerOf(decision);
  }

  /** Whether there were answers to wait for; they are known now. */
  async settle(): Promise<boolean> {
    if (this.#pending.size === 0) return false;
    for (const [key, decision] of this.#pending) this.#known.set(key, answerOf(await decision));
    this.#pending.clear();
    return true;
  }
}

function answerOf({ kind, reason, problem }: Decision): AuthorizationAnswer {
  const error = problem === "" ? {} : { error: problem };
  return { isAllowed: kind === "allowed", reason, ...error };
}

function accessOf({ serviceAccount, verb, on }: AuthorizationQuestion, asking: UserInfo): Access {
  const user =
    serviceAccount === undefined
      ? asking
      : {
          name: serviceAccountUser(serviceAccount.namespace, serviceAccount.name),
          groups: serviceAccountGroups(serviceAccount.namespace),
        };
  if (on.kind === "path") return { kind: "path", user, verb, path: on.path };
  const { group, resource, subresource, namespace, name, fieldSelector, labelSelector } = on;
  return {
    kind: "resource",
    user,
    verb,
    group,
    version: "*",
    resource,
    subresource,
    namespace,
    name,
    ...(fieldSelector === "" ? {} : { fields: parseFieldQuery(fieldSelector).requirements }),
    ...(labelSelector === "" ? {} : { labels: parseLabelQuery(labelSelector).requirements }),
  };
}
