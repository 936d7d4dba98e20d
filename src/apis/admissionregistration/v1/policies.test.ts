import { expect, test } from "vitest";
import { created, NOW_MS, refusalOf, updateRefusalOf } from "../../testing.ts";
import { mutatingPolicyStrategy } from "./mutating-policy.ts";
import { validatingPolicyBindingStrategy } from "./policy-binding.ts";
import { validatingPolicyStrategy } from "./validating-policy.ts";

const rule = {
  apiGroups: [""],
  apiVersions: ["v1"],
  operations: ["CREATE"],
  resources: ["configmaps"],
};
const matchConstraints = { resourceRules: [rule] };

function aSpec(fields: object): object {
  return { matchConstraints, validations: [{ expression: "true" }], ...fields };
}

test("a policy is told where it holds and what follows when it fails", () => {
  const policy = created(validatingPolicyStrategy, { spec: aSpec({}) });
  expect(policy.spec).toEqual({
    failurePolicy: "Fail",
    matchConstraints: {
      matchPolicy: "Equivalent",
      namespaceSelector: {},
      objectSelector: {},
      resourceRules: [{ ...rule, scope: "*" }],
    },
    validations: [{ expression: "true" }],
  });
});

const PARAMS = { apiVersion: "v1", kind: "ConfigMap" };

for (const { name, spec, told } of [
  {
    name: "it says nothing",
    spec: { matchConstraints },
    told:
      "[spec.validations: Required value: validations or auditAnnotations must contain at least " +
      "one item, spec.auditAnnotations: Required value: validations or auditAnnotations must " +
      "contain at least one item]",
  },
  {
    name: "it holds nowhere",
    spec: { validations: [{ expression: "true" }] },
    told: "spec.matchConstraints: Required value",
  },
  {
    name: "its expression names what is not there",
    spec: aSpec({ validations: [{ expression: "objekt.spec.replicas > 1" }] }),
    told:
      'spec.validations[0].expression: Invalid value: "objekt.spec.replicas > 1": compilation ' +
      "failed: ERROR: <input>:1:1: undeclared reference to 'objekt' (in container '')\n" +
      " | objekt.spec.replicas > 1\n | ^",
  },
  {
    name: "it names parameters it does not have",
    spec: aSpec({ validations: [{ expression: "params.max > 1" }] }),
    told: "undeclared reference to 'params'",
  },
  {
    name: "its expression does not come to yes or no",
    spec: aSpec({ validations: [{ expression: "1 + 1" }] }),
    told: 'spec.validations[0].expression: Invalid value: "1 + 1": must evaluate to bool but got int',
  },
  {
    name: "its message is a number",
    spec: aSpec({ validations: [{ expression: "true", messageExpression: "1" }] }),
    told:
      'spec.validations[0].messageExpression: Invalid value: "1": must evaluate to string but ' +
      "got int",
  },
  {
    name: "its message has lines",
    spec: aSpec({ validations: [{ expression: "true", message: "a\nb" }] }),
    told: 'spec.validations[0].message: Invalid value: "a\\nb": message must not contain line breaks',
  },
  {
    name: "its reason is none",
    spec: aSpec({ validations: [{ expression: "true", reason: "NotFound" }] }),
    told:
      'spec.validations[0].reason: Unsupported value: "NotFound": supported values: "Forbidden", ' +
      '"Invalid", "RequestEntityTooLarge"',
  },
  {
    name: "its annotation is neither text nor nothing",
    spec: aSpec({ auditAnnotations: [{ key: "k", valueExpression: "true" }] }),
    told:
      'spec.auditAnnotations[0].valueExpression: Invalid value: "true": must evaluate to one of ' +
      "[string null_type] but got bool",
  },
  {
    name: "its variable is no name",
    spec: aSpec({ variables: [{ name: "for", expression: "1" }] }),
    told: 'spec.variables[0].name: Invalid value: "for": must be a valid CEL identifier',
  },
  {
    name: "it names a variable that comes later",
    spec: aSpec({
      variables: [
        { name: "a", expression: "variables.b" },
        { name: "b", expression: "1" },
      ],
    }),
    told: "undefined field 'b'",
  },
  {
    name: "its conditions share a name",
    spec: aSpec({
      matchConditions: [
        { name: "c", expression: "true" },
        { name: "c", expression: "has(object.a)" },
      ],
    }),
    told: 'spec.matchConditions[1].name: Duplicate value: "c"',
  },
  {
    name: "its parameters are of no version",
    spec: aSpec({ paramKind: { apiVersion: "a/b/c", kind: "K" } }),
    told: 'spec.paramKind.apiVersion: Invalid value: "a/b/c": unexpected GroupVersion string: a/b/c',
  },
  {
    name: "all resources are named, and one of them",
    spec: aSpec({
      matchConstraints: { resourceRules: [{ ...rule, resources: ["pods/*", "pods/log"] }] },
    }),
    told: "if 'pods/*' is present, must not specify pods/log",
  },
]) {
  test(`a validating policy is refused if ${name}`, () => {
    expect(refusalOf(validatingPolicyStrategy, { spec })).toContain(told);
  });
}

test("expressions can name the request, its objects, parameters, variables and who asks", () => {
  const spec = aSpec({
    paramKind: PARAMS,
    variables: [
      { name: "names", expression: "object.spec.containers.map(c, c.name)" },
      { name: "count", expression: "variables.names.size()" },
    ],
    matchConditions: [{ name: "own", expression: "request.userInfo.username != 'me'" }],
    validations: [
      {
        expression:
          "variables.count < int(params.data.max) && oldObject == null && " +
          "namespaceObject.metadata.name != 'kube-system' && " +
          "authorizer.requestResource.check('delete').allowed()",
        messageExpression: "'at most ' + params.data.max",
      },
    ],
    auditAnnotations: [{ key: "count", valueExpression: "string(variables.count)" }],
  });
  expect(refusalOf(validatingPolicyStrategy, { spec })).toBe("");
});

test("what a message says cannot depend on what somebody may do", () => {
  const expression = "authorizer.path('/x').check('get').allowed() ? 'a' : 'b'";
  const validations = [{ expression: "true", messageExpression: expression }];
  const told = refusalOf(validatingPolicyStrategy, { spec: aSpec({ validations }) });
  expect(told).toContain("undeclared reference to 'authorizer'");
});

test("the controller's word on a policy must be whole", () => {
  const policy = created(validatingPolicyStrategy, { spec: aSpec({}) });
  const status = { typeChecking: { expressionWarnings: [{ fieldRef: "", warning: "" }] } };
  const errors = validatingPolicyStrategy.status?.validateUpdate({ ...policy, status }, policy);
  expect(errors?.map(({ field }) => field)).toEqual([
    "status.typeChecking.expressionWarnings[0].warning",
    "status.typeChecking.expressionWarnings[0].fieldRef",
  ]);
});

const MUTATION = {
  patchType: "JSONPatch",
  jsonPatch: { expression: "[JSONPatch{op: 'add', path: '/data/a', value: 'b'}]" },
};

for (const { name, fields, told } of [
  { name: "nothing", fields: {}, told: "" },
  {
    name: "a configuration",
    fields: {
      mutations: [
        {
          patchType: "ApplyConfiguration",
          applyConfiguration: { expression: "Object{spec: Object.spec{replicas: 3}}" },
        },
      ],
    },
    told: "",
  },
  {
    name: "no mutation",
    fields: { mutations: [] },
    told: "spec.mutations: Required value: mutations must contain at least one item",
  },
  {
    name: "a mutation without its part",
    fields: { mutations: [{ patchType: "JSONPatch" }] },
    told: "spec.mutations[0].jsonPatch: Required value: must be specified when patchType is JSONPatch",
  },
  {
    name: "a mutation that comes to a number",
    fields: { mutations: [{ patchType: "JSONPatch", jsonPatch: { expression: "1" } }] },
    told:
      'spec.mutations[0].jsonPatch.expression: Invalid value: "1": must evaluate to ' +
      "list(JSONPatch) but got int",
  },
  {
    name: "no word on being called again",
    fields: { reinvocationPolicy: "" },
    told: "spec.reinvocationPolicy: Required value",
  },
]) {
  test(`a mutating policy with ${name} is told: ${told}`, () => {
    const spec = {
      matchConstraints,
      mutations: [MUTATION],
      reinvocationPolicy: "Never",
      ...fields,
    };
    expect(refusalOf(mutatingPolicyStrategy, { spec })).toBe(told);
  });
}

test("conditions that were there before an update are not compiled again", () => {
  const matchConditions = [{ name: "c", expression: "true" }];
  const old = created(validatingPolicyStrategy, { spec: aSpec({ matchConditions }) });
  const broken = {
    ...old,
    spec: { ...old.spec, matchConditions: [{ name: "c", expression: "(" }] },
  };
  expect(updateRefusalOf(validatingPolicyStrategy, broken, (same) => same)).toBe("");
  expect(updateRefusalOf(validatingPolicyStrategy, old, () => broken)).toContain("Syntax error");
});

test("a binding names its policy, its parameters and what follows", () => {
  const refused = (spec: object): string => refusalOf(validatingPolicyBindingStrategy, { spec });
  expect(refused({ policyName: "p", validationActions: ["Deny"] })).toBe("");
  expect(refused({ policyName: "p", validationActions: ["Deny", "Warn"] })).toContain(
    "must not contain both Deny and Warn",
  );
  expect(refused({ validationActions: [] })).toBe(
    "[spec.policyName: Required value, spec.validationActions: Required value: at least one " +
      "validation action is required]",
  );
  expect(refused({ policyName: "p", validationActions: ["Deny"], paramRef: {} })).toBe(
    "[spec.paramRef: Required value: one of name or selector must be specified, " +
      "spec.paramRef.parameterNotFoundAction: Required value]",
  );
});

test("a binding shows its parameters as far as they are named", () => {
  const row = (paramRef: object | undefined): unknown => {
    const spec = { policyName: "p", validationActions: ["Deny"], ...(paramRef && { paramRef }) };
    const binding = created(validatingPolicyBindingStrategy, { spec });
    return validatingPolicyBindingStrategy.row(binding, NOW_MS).slice(1, 3);
  };
  expect(row(undefined)).toEqual(["p", "<unset>"]);
  expect(row({ name: "a" })).toEqual(["p", "*/a"]);
  expect(row({ name: "a", namespace: "n" })).toEqual(["p", "n/a"]);
});
