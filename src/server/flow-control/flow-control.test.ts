import { expect, test } from "vitest";
import type {
  FlowSchema,
  PolicyRulesWithSubjects,
} from "../../apis/flowcontrol/v1/types.generated.ts";
import type { Method } from "../../machinery/request.ts";
import { parseRequestInfo } from "../request-info.ts";
import { aServer } from "../testing/test-server.ts";
import { compareFlowSchemas, matchesFlowSchema } from "./match-flow-schema.ts";

const GROUP = "/apis/flowcontrol.apiserver.k8s.io/v1";
const SUBJECTS = [{ kind: "Group", group: { name: "devs" } }];
const USER = { name: "system:serviceaccount:t:robot", groups: ["devs"] };

function aSchema(rule: Partial<PolicyRulesWithSubjects>, name = "s", precedence = 500): FlowSchema {
  return {
    apiVersion: "flowcontrol.apiserver.k8s.io/v1",
    kind: "FlowSchema",
    metadata: { name },
    spec: {
      matchingPrecedence: precedence,
      priorityLevelConfiguration: { name: "level" },
      rules: [{ subjects: SUBJECTS, ...rule }],
    },
    status: {},
  };
}

function isMatched(rule: Partial<PolicyRulesWithSubjects>, method: Method, path: string): boolean {
  const request = { method, path, query: new URLSearchParams(), headers: {}, body: NO_BODY };
  return matchesFlowSchema(aSchema(rule), USER, parseRequestInfo(request));
}

const NO_BODY = { kind: "none" } as const;
const PODS = { verbs: ["get"], apiGroups: [""], resources: ["pods"], namespaces: ["t"] };
const POD = "/api/v1/namespaces/t/pods/a";

for (const [what, rule, path, want] of [
  ["its resource", { resourceRules: [PODS] }, POD, true],
  ["all namespaces", { resourceRules: [{ ...PODS, namespaces: ["*"] }] }, POD, true],
  ["another namespace", { resourceRules: [{ ...PODS, namespaces: ["x"] }] }, POD, false],
  ["another verb", { resourceRules: [{ ...PODS, verbs: ["list"] }] }, POD, false],
  ["another group", { resourceRules: [{ ...PODS, apiGroups: ["apps"] }] }, POD, false],
  ["a subresource", { resourceRules: [PODS] }, `${POD}/status`, false],
  [
    "a resource of the cluster",
    { resourceRules: [{ ...PODS, resources: ["nodes"], clusterScope: true }] },
    "/api/v1/nodes/a",
    true,
  ],
  [
    "a path",
    { nonResourceRules: [{ verbs: ["get"], nonResourceURLs: ["/healthz"] }] },
    "/healthz",
    true,
  ],
  [
    "a path below",
    { nonResourceRules: [{ verbs: ["*"], nonResourceURLs: ["/openapi/*"] }] },
    "/openapi/v2",
    true,
  ],
  [
    "a path beside",
    { nonResourceRules: [{ verbs: ["*"], nonResourceURLs: ["/openapi/*"] }] },
    "/openapix",
    false,
  ],
  ["a path, of resources", { resourceRules: [{ ...PODS, verbs: ["*"] }] }, "/healthz", false],
] as const) {
  test(`flow schemas: ${what} is ${want ? "" : "not "}matched`, () => {
    expect(isMatched(rule, "GET", path)).toBe(want);
  });
}

for (const [subject, want] of [
  [{ kind: "User", user: { name: "*" } }, true],
  [{ kind: "User", user: { name: USER.name } }, true],
  [{ kind: "User", user: { name: "robot" } }, false],
  [{ kind: "Group", group: { name: "ops" } }, false],
  [{ kind: "ServiceAccount", serviceAccount: { namespace: "t", name: "robot" } }, true],
  [{ kind: "ServiceAccount", serviceAccount: { namespace: "t", name: "*" } }, true],
  [{ kind: "ServiceAccount", serviceAccount: { namespace: "x", name: "*" } }, false],
  [{ kind: "Nobody" }, false],
] as const) {
  test(`flow schemas: ${JSON.stringify(subject)} is ${want ? "" : "not "}the user`, () => {
    expect(isMatched({ subjects: [subject], resourceRules: [PODS] }, "GET", POD)).toBe(want);
  });
}

test("flow schemas: are tried by precedence, then by name", () => {
  const names = [aSchema({}, "b", 7), aSchema({}, "c", 5), aSchema({}, "a", 7)]
    .sort(compareFlowSchemas)
    .map((schema) => schema.metadata.name);
  expect(names).toEqual(["c", "a", "b"]);
});

test("flow schemas: answers and refusals tell where the request belongs", async () => {
  const server = await aServer();
  const level = await server.call("POST", `${GROUP}/prioritylevelconfigurations`, {
    body: {
      metadata: { name: "level" },
      spec: { type: "Exempt", exempt: {} },
    },
  });
  expect(level.status).toBe(422); // one level is exempt, and it is not this
  const limited = await server.call("POST", `${GROUP}/prioritylevelconfigurations`, {
    body: {
      metadata: { name: "level" },
      spec: {
        type: "Limited",
        limited: { nominalConcurrencyShares: 5, limitResponse: { type: "Reject" } },
      },
    },
  });
  const rules = { resourceRules: [{ ...PODS, verbs: ["*"] }] };
  const { metadata, spec } = aSchema({
    ...rules,
    subjects: [{ kind: "User", user: { name: "*" } }],
  });
  const schema = await server.call("POST", `${GROUP}/flowschemas`, { body: { metadata, spec } });
  await server.env.advance(1_000);
  const want = {
    "x-kubernetes-pf-flowschema-uid": schema.value.metadata.uid,
    "x-kubernetes-pf-prioritylevel-uid": limited.value.metadata.uid,
  };
  expect(await server.call("GET", POD)).toMatchObject({ status: 404, headers: want });
  expect(await server.call("GET", "/api/v1/namespaces/t/pods")).toMatchObject({ headers: want });
  const other = await server.call("GET", "/api/v1/namespaces/t/configmaps");
  expect(Object.keys(other.headers)).not.toContain("x-kubernetes-pf-flowschema-uid");
});
