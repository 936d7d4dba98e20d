import type { Asked, Scenario } from "../../scenario.ts";
import { AS_TABLE, COLUMNS, post, remove } from "./requests.ts";

const GROUP = "/apis/admissionregistration.k8s.io/v1";
const POLICIES = `${GROUP}/validatingadmissionpolicies`;
const BINDINGS = `${GROUP}/validatingadmissionpolicybindings`;
const MUTATING = `${GROUP}/mutatingadmissionpolicies`;
const MUTATING_BINDINGS = `${GROUP}/mutatingadmissionpolicybindings`;
const MAPS = "/api/v1/namespaces/access-policies/configmaps?dryRun=All";

function about(label: string): object {
  return {
    namespaceSelector: { matchLabels: { "kubernetes.io/metadata.name": "access-policies" } },
    objectSelector: { matchLabels: { t: label } },
    resourceRules: [
      {
        apiGroups: [""],
        apiVersions: ["v1"],
        operations: ["CREATE"],
        resources: ["configmaps"],
      },
    ],
  };
}

function policy(name: string, spec: object, ...validationActions: readonly string[]): Asked[] {
  const metadata = { name: `access-${name}` };
  return [
    post(POLICIES, { metadata, spec: { matchConstraints: about(name), ...spec } }),
    post(
      `${BINDINGS}${COLUMNS}`,
      { metadata, spec: { policyName: metadata.name, validationActions } },
      AS_TABLE,
    ),
  ];
}

/** Asked for until the policy is seen: `status` is that of a policy at work. */
function map(label: string, status: number, data: object): Asked {
  const metadata = { name: "m", labels: { t: label } };
  return post(MAPS, { metadata, data }, { until: { status } });
}

const DOUBTS = "ValidatingAdmissionPolicy 'access-doubts' with binding 'access-doubts'";
const DOUBT = `299 - "Validation failed for ${DOUBTS}: hm"`;

/** Policies in expressions: how they refuse, warn, fail and change. */
export const policies: Scenario = {
  name: "access-policies",
  namespace: "access-policies",
  steps: [
    ...policy(
      "words",
      {
        variables: [{ name: "size", expression: "object.data.size()" }],
        validations: [
          { expression: "!('x' in object.data)" },
          { expression: "!('y' in object.data)", message: "no y", reason: "Forbidden" },
          {
            expression: "variables.size < 2",
            messageExpression: "'has ' + string(variables.size)",
          },
          { expression: "object.data.z == 'z'" },
        ],
      },
      "Deny",
    ),
    map("words", 422, { x: "1" }),
    map("words", 403, { y: "1" }),
    map("words", 422, { p: "1", q: "1" }),
    map("words", 422, { q: "1" }),
    map("words", 201, { z: "z" }),
    ...policy("doubts", { validations: [{ expression: "false", message: "hm" }] }, "Warn", "Audit"),
    post(
      MAPS,
      { metadata: { name: "m", labels: { t: "doubts" } }, data: {} },
      {
        until: {
          "headers.warning": DOUBT,
        },
      },
    ),
    post(MUTATING, {
      metadata: { name: "access-more" },
      spec: {
        matchConstraints: about("more"),
        reinvocationPolicy: "Never",
        mutations: [
          {
            patchType: "ApplyConfiguration",
            applyConfiguration: { expression: "Object{data: {'more': object.data.x}}" },
          },
        ],
      },
    }),
    post(MUTATING_BINDINGS, {
      metadata: { name: "access-more" },
      spec: { policyName: "access-more" },
    }),
    post(
      MAPS,
      { metadata: { name: "m", labels: { t: "more" } }, data: { x: "1" } },
      { until: { "body.data.more": "1" } },
    ),
    ...["words", "doubts"].flatMap((name) => [
      remove(`${BINDINGS}/access-${name}`),
      remove(`${POLICIES}/access-${name}`),
    ]),
    remove(`${MUTATING_BINDINGS}/access-more`),
    remove(`${MUTATING}/access-more`),
  ],
};
