/**
 * Questions to the authorizer: `authorizer.group("apps").resource("deployments").check("get")`.
 * Declare a variable of type `AUTHORIZER` (or `RESOURCE_CHECK`) and bind an `authorizerValue` (or a
 * `resourceCheckValue`) to it; the answers come from the `CelAuthorizer` that it is made with.
 */
import { dnsLabelProblem, dnsSubdomainProblem } from "../../machinery/names.ts";
import { CelError, noSuchOverload } from "../cel-error.ts";
import { AUTHORIZATION_CHECK_COST, SELECTOR_COST } from "../cost/kubernetes-costs.ts";
import { declare, method, type CelLibrary, type FunctionDeclaration } from "../functions.ts";
import { BOOL, objectType, STRING, type CelObjectType } from "../types.ts";
import type { CelOpaque, CelResult, CelValue } from "../values.ts";

export const AUTHORIZER: CelObjectType = objectType("kubernetes.authorization.Authorizer", {});
export const RESOURCE_CHECK: CelObjectType = objectType(
  "kubernetes.authorization.ResourceCheck",
  {},
);
const PATH_CHECK: CelObjectType = objectType("kubernetes.authorization.PathCheck", {});
const GROUP_CHECK: CelObjectType = objectType("kubernetes.authorization.GroupCheck", {});
const DECISION: CelObjectType = objectType("kubernetes.authorization.Decision", {});

/** Who decides. Answers at once: an expression does not wait. */
export interface CelAuthorizer {
  check(question: AuthorizationQuestion): AuthorizationAnswer;
}

/** Whether somebody may do something. */
export type AuthorizationQuestion = {
  /** Another user than the one of the request: a service account. */
  readonly serviceAccount?: { readonly namespace: string; readonly name: string };
  readonly verb: string;
  readonly on:
    | { readonly kind: "path"; readonly path: string }
    | {
        readonly kind: "resource";
        readonly group: string;
        readonly resource: string;
        readonly subresource: string;
        readonly namespace: string;
        readonly name: string;
        /** As they are written; "" if there are none. */
        readonly fieldSelector: string;
        readonly labelSelector: string;
      };
};

export type AuthorizationAnswer = {
  readonly isAllowed: boolean;
  readonly reason: string;
  /** What went wrong while deciding. */
  readonly error?: string;
};

/** Where and on what a resource check asks; all but `resource` may be "". */
export type CheckedResource = {
  readonly group: string;
  readonly resource: string;
  readonly subresource: string;
  readonly namespace: string;
  readonly name: string;
};

/** The value of the variable `authorizer`. */
export function authorizerValue(authorizer: CelAuthorizer): CelValue {
  return new Check(AUTHORIZER, { authorizer });
}

/** The value of the variable `authorizer.requestResource`. */
export function resourceCheckValue(authorizer: CelAuthorizer, resource: CheckedResource): CelValue {
  return new Check(RESOURCE_CHECK, { authorizer, ...resource });
}

type CheckState = Partial<CheckedResource> & {
  readonly authorizer: CelAuthorizer;
  readonly serviceAccount?: { readonly namespace: string; readonly name: string };
  readonly path?: string;
  readonly fieldSelector?: string;
  readonly labelSelector?: string;
  readonly answer?: AuthorizationAnswer;
};

/** A question that is being put together, or its answer. */
class Check implements CelOpaque {
  readonly kind = "opaque";
  readonly type: CelObjectType;
  readonly state: CheckState;

  constructor(type: CelObjectType, state: CheckState) {
    this.type = type;
    this.state = state;
  }

  equals(other: CelOpaque): boolean {
    return other instanceof Check && JSON.stringify(other.shown()) === JSON.stringify(this.shown());
  }

  shown(): unknown {
    return { ...this.state, authorizer: undefined };
  }
}

export const AUTHORIZER_LIBRARY: CelLibrary = {
  name: "kubernetes.authz",
  functions: [
    builder("path", "authorizer_path", AUTHORIZER, PATH_CHECK, (state, path) =>
      path.trim() === "" ? new CelError("path must not be empty") : { ...state, path },
    ),
    builder("group", "authorizer_group", AUTHORIZER, GROUP_CHECK, (state, group) => ({
      ...state,
      group,
    })),
    declare("serviceAccount", [
      method("authorizer_serviceaccount", [AUTHORIZER, STRING, STRING], AUTHORIZER, serviceAccount),
    ]),
    builder("resource", "groupcheck_resource", GROUP_CHECK, RESOURCE_CHECK, (state, resource) =>
      resource.trim() === "" ? new CelError("resource must not be empty") : { ...state, resource },
    ),
    resourceBuilder("subresource", "resourcecheck_subresource"),
    resourceBuilder("namespace", "resourcecheck_namespace"),
    resourceBuilder("name", "resourcecheck_name"),
    { ...resourceBuilder("fieldSelector", "authorizer_fieldselector"), cost: SELECTOR_COST },
    { ...resourceBuilder("labelSelector", "authorizer_labelselector"), cost: SELECTOR_COST },
    declare(
      "check",
      [
        method("pathcheck_check", [PATH_CHECK, STRING], DECISION, check),
        method("resourcecheck_check", [RESOURCE_CHECK, STRING], DECISION, check),
      ],
      AUTHORIZATION_CHECK_COST,
    ),
    decision("errored", "decision_errored", BOOL, ({ error }) => error !== undefined),
    decision("error", "decision_error", STRING, ({ error }) => error ?? ""),
    decision("allowed", "decision_allowed", BOOL, ({ isAllowed }) => isAllowed),
    decision("reason", "decision_reason", STRING, ({ reason }) => reason),
  ],
};

function builder(
  name: string,
  id: string,
  from: CelObjectType,
  to: CelObjectType,
  build: (state: CheckState, text: string) => CheckState | CelError,
): FunctionDeclaration {
  const run = ([value = null, text = null]: readonly CelValue[]): CelResult => {
    if (!(value instanceof Check) || typeof text !== "string") return noSuchOverload();
    const state = build(value.state, text);
    return state instanceof CelError ? state : new Check(to, state);
  };
  return declare(name, [method(id, [from, STRING], to, run)]);
}

function resourceBuilder(
  name: "subresource" | "namespace" | "name" | "fieldSelector" | "labelSelector",
  id: string,
): FunctionDeclaration {
  return builder(name, id, RESOURCE_CHECK, RESOURCE_CHECK, (state, text) => ({
    ...state,
    [name]: text,
  }));
}

function serviceAccount(args: readonly CelValue[]): CelResult {
  const [value = null, namespace = null, name = null] = args;
  if (!(value instanceof Check)) return noSuchOverload();
  if (typeof namespace !== "string" || typeof name !== "string") return noSuchOverload();
  if (dnsSubdomainProblem(name) !== undefined) return new CelError("Invalid service account name");
  if (dnsLabelProblem(namespace) !== undefined) {
    return new CelError("Invalid service account namespace");
  }
  return new Check(AUTHORIZER, { ...value.state, serviceAccount: { namespace, name } });
}

function check([value = null, verb = null]: readonly CelValue[]): CelResult {
  if (!(value instanceof Check) || typeof verb !== "string") return noSuchOverload();
  const { state } = value;
  const { path, serviceAccount: account } = state;
  const question: AuthorizationQuestion = {
    verb,
    on: path === undefined ? checkedResource(state) : { kind: "path", path },
    ...(account === undefined ? {} : { serviceAccount: account }),
  };
  return new Check(DECISION, { ...state, answer: state.authorizer.check(question) });
}

function checkedResource(state: CheckState): AuthorizationQuestion["on"] {
  return {
    kind: "resource",
    group: state.group ?? "",
    resource: state.resource ?? "",
    subresource: state.subresource ?? "",
    namespace: state.namespace ?? "",
    name: state.name ?? "",
    fieldSelector: state.fieldSelector ?? "",
    labelSelector: state.labelSelector ?? "",
  };
}

function decision(
  name: string,
  id: string,
  type: FunctionDeclaration["overloads"][number]["result"],
  read: (answer: AuthorizationAnswer) => CelValue,
): FunctionDeclaration {
  return declare(name, [
    method(id, [DECISION], type, ([value = null]) => {
      const answer = value instanceof Check ? value.state.answer : undefined;
      return answer === undefined ? noSuchOverload() : read(answer);
    }),
  ]);
}
