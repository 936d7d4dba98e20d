/**
 * Authorization: may this user do this?
 *
 * Promises of every authorizer: the same question gets the same answer until something it depends
 * on is written; a write that was acknowledged counts from then on; names are compared as they are,
 * whatever they are; what its rules list, it allows. Non-promises: that an answer needs no waiting,
 * and that rules tell everything (`isComplete`). `conformance.ts` runs over every implementation.
 */
import type { Context } from "../../base/context.ts";
import type { FieldRequirement } from "../../machinery/fields.ts";
import type { LabelRequirement } from "../../machinery/labels.ts";
import type { UserInfo } from "../../machinery/request.ts";

/** Something done to objects of a resource. */
export type ResourceAccess = {
  readonly kind: "resource";
  readonly user: UserInfo;
  /** Those of requests, and others that are only ever asked for: `impersonate`, `escalate`, … */
  readonly verb: string;
  readonly group: string;
  readonly version: string;
  /** Plural. */
  readonly resource: string;
  /** "" for the main endpoint. */
  readonly subresource: string;
  /** "" for cluster-scoped resources and for all namespaces. */
  readonly namespace: string;
  /** "" for no object in particular. */
  readonly name: string;
  /** What of a collection is read or deleted; none: all of it. */
  readonly fields?: readonly FieldRequirement[];
  readonly labels?: readonly LabelRequirement[];
};

/** Something asked of a path that is not about objects. */
export type PathAccess = {
  readonly kind: "path";
  readonly user: UserInfo;
  readonly verb: string;
  readonly path: string;
};

export type Access = ResourceAccess | PathAccess;

/**
 * `denied` ends the question, `undecided` leaves it to others; who is left undecided by everybody
 * is refused. `reason` is for people, `problem` says what could not be looked at; both may be "".
 */
export type Decision = {
  readonly kind: "allowed" | "denied" | "undecided";
  readonly reason: string;
  readonly problem: string;
};

/** What a user may do, as far as it can be listed. */
export type RuleList = {
  readonly resourceRules: readonly ResourceRule[];
  readonly pathRules: readonly PathRule[];
  /** Whether nothing else is allowed. */
  readonly isComplete: boolean;
  /** What could not be looked at; "" if nothing. */
  readonly problem: string;
};

/** Empty `resourceNames`: all objects. "*": everything, also before the slash of a subresource. */
export type ResourceRule = {
  readonly verbs: readonly string[];
  readonly apiGroups: readonly string[];
  readonly resources: readonly string[];
  readonly resourceNames: readonly string[];
};

/** A path that ends in "*" is a beginning. */
export type PathRule = { readonly verbs: readonly string[]; readonly paths: readonly string[] };

/** See the header of this file. */
export interface Authorizer {
  authorize(access: Access, context: Context): Decision | Promise<Decision>;
  /** Rules in a namespace; "": those that hold for the whole cluster. */
  rulesOf(user: UserInfo, namespace: string, context: Context): RuleList | Promise<RuleList>;
}

export const ALLOWED: Decision = { kind: "allowed", reason: "", problem: "" };
export const UNDECIDED: Decision = { kind: "undecided", reason: "", problem: "" };

/** Nothing is known to be allowed. */
export const NO_RULES: RuleList = {
  resourceRules: [],
  pathRules: [],
  isComplete: true,
  problem: "",
};

export const AUTHENTICATED_GROUP = "system:authenticated";
export const UNAUTHENTICATED_GROUP = "system:unauthenticated";

/** No opinion, for a reason people may want to know. */
export function undecided(reason: string): Decision {
  return { kind: "undecided", reason, problem: "" };
}

/** Asks each in turn: the first that allows or denies has decided. */
export function firstToDecide(authorizers: readonly Authorizer[]): Authorizer {
  return {
    authorize: (access, context) => decide(authorizers, 0, [], access, context),
    rulesOf: async (user, namespace, context) => {
      const lists: RuleList[] = [];
      for (const authorizer of authorizers) {
        lists.push(await authorizer.rulesOf(user, namespace, context));
      }
      return {
        resourceRules: lists.flatMap((list) => list.resourceRules),
        pathRules: lists.flatMap((list) => list.pathRules),
        isComplete: lists.every((list) => list.isComplete),
        problem: joinTexts(lists.map((list) => list.problem)),
      };
    },
  };
}

/** Without a promise as long as nobody needs to wait: this is on the path of every request. */
function decide(
  authorizers: readonly Authorizer[],
  from: number,
  before: readonly Decision[],
  access: Access,
  context: Context,
): Decision | Promise<Decision> {
  const asked = [...before];
  for (let index = from; index < authorizers.length; index += 1) {
    const decision = authorizers[index]?.authorize(access, context) ?? UNDECIDED;
    if (decision instanceof Promise) {
      return decision.then((settled) =>
        settled.kind === "undecided"
          ? decide(authorizers, index + 1, [...asked, settled], access, context)
          : settled,
      );
    }
    if (decision.kind !== "undecided") return decision;
    asked.push(decision);
  }
  return {
    kind: "undecided",
    reason: asked
      .map(({ reason }) => reason)
      .filter((reason) => reason !== "")
      .join("\n"),
    problem: joinTexts(asked.map(({ problem }) => problem)),
  };
}

/** Several texts as one, each once: `a`, or `[a, b]`. */
export function joinTexts(texts: readonly string[]): string {
  const different = [...new Set(texts)].filter((text) => text !== "");
  const [only = ""] = different;
  return different.length <= 1 ? only : `[${different.join(", ")}]`;
}
