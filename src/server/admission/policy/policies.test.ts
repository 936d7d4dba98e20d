import { expect, test } from "vitest";
import { aServer, type Answer, type TestServer } from "../../testing/test-server.ts";

const GROUP = "/apis/admissionregistration.k8s.io/v1";
const MAPS = "/api/v1/namespaces/t/configmaps";
const MAP_RULES = {
  resourceRules: [
    {
      operations: ["CREATE", "UPDATE"],
      apiGroups: [""],
      apiVersions: ["v1"],
      resources: ["configmaps"],
    },
  ],
};

async function make(server: TestServer, plural: string, name: string, spec: object): Promise<void> {
  const body = { metadata: { name }, spec };
  const { status, value } = await server.call("POST", `${GROUP}/${plural}`, { body });
  expect([status, value.message]).toEqual([201, undefined]);
}

async function validate(server: TestServer, spec: object, binding: object = {}): Promise<void> {
  const whole = { matchConstraints: MAP_RULES, ...spec };
  await make(server, "validatingadmissionpolicies", "vp", whole);
  const bound = { policyName: "vp", validationActions: ["Deny"], ...binding };
  await make(server, "validatingadmissionpolicybindings", "vb", bound);
}

async function mutate(server: TestServer, spec: object, binding: object = {}): Promise<void> {
  const whole = { matchConstraints: MAP_RULES, reinvocationPolicy: "Never", ...spec };
  await make(server, "mutatingadmissionpolicies", "mp", whole);
  await make(server, "mutatingadmissionpolicybindings", "mb", { policyName: "mp", ...binding });
}

function post(server: TestServer, name: string, more: object = {}): Promise<Answer> {
  return server.call("POST", MAPS, { body: { metadata: { name }, ...more } });
}

const DENIED = "ValidatingAdmissionPolicy 'vp' with binding 'vb' denied request: ";

test("a policy refuses what its expression says is wrong, in its words", async () => {
  const server = await aServer();
  const validations = [{ expression: "object.metadata.name != 'evil'", message: "no evil" }];
  await validate(server, { validations });
  expect((await post(server, "good")).status).toBe(201);
  const message = `configmaps "evil" is forbidden: ${DENIED}no evil`;
  expect((await post(server, "evil")).value).toMatchObject({
    code: 422,
    reason: "Invalid",
    message,
    details: { name: "evil", kind: "configmaps", causes: [{ message: `${DENIED}no evil` }] },
  });
});

test("a policy may make its message, choose its reason, and use variables", async () => {
  const server = await aServer();
  const expression = "variables.size < 2";
  await validate(server, {
    variables: [
      { name: "data", expression: "has(object.data) ? object.data : {}" },
      { name: "size", expression: "variables.data.size()" },
    ],
    validations: [
      { expression, messageExpression: "'size ' + string(variables.size)", reason: "Forbidden" },
    ],
  });
  expect((await post(server, "a", { data: { a: "1" } })).status).toBe(201);
  const { status, value } = await post(server, "b", { data: { a: "1", b: "2" } });
  expect([status, value.reason, value.message]).toEqual([
    403,
    "Forbidden",
    `configmaps "b" is forbidden: ${DENIED}size 2`,
  ]);
});

test("without a message, the expression that was false is named", async () => {
  const server = await aServer();
  await validate(server, { validations: [{ expression: "request.operation == 'UPDATE'" }] });
  expect((await post(server, "a")).value.message).toBe(
    `configmaps "a" is forbidden: ${DENIED}failed expression: request.operation == 'UPDATE'`,
  );
});

test("a binding may warn instead of refusing", async () => {
  const server = await aServer();
  const validations = [{ expression: "false", message: "careful" }];
  await validate(server, { validations }, { validationActions: ["Warn", "Audit"] });
  const { status, warnings } = await post(server, "a");
  expect([status, warnings]).toEqual([
    201,
    ["Validation failed for ValidatingAdmissionPolicy 'vp' with binding 'vb': careful"],
  ]);
});

test("an expression that fails refuses, unless its policy is to be passed over", async () => {
  const text = "object.data.x == '1'";
  const validations = [{ expression: text }];
  const strict = await aServer();
  await validate(strict, { validations });
  expect((await post(strict, "a")).value.message).toBe(
    `configmaps "a" is forbidden: ${DENIED}` +
      `expression '${text}' resulted in error: no such key: data`,
  );
  const lenient = await aServer();
  await validate(lenient, { validations, failurePolicy: "Ignore" });
  expect((await post(lenient, "a")).status).toBe(201);
});

test("parameters come from the objects a binding names", async () => {
  const server = await aServer();
  await post(server, "limits", { data: { max: "1" } });
  const spec = {
    paramKind: { apiVersion: "v1", kind: "ConfigMap" },
    validations: [{ expression: "object.data.size() <= int(params.data.max)", message: "big" }],
  };
  const paramRef = { name: "limits", namespace: "t", parameterNotFoundAction: "Deny" };
  await validate(server, spec, { paramRef });
  expect((await post(server, "a", { data: { a: "1" } })).status).toBe(201);
  expect((await post(server, "b", { data: { a: "1", b: "1" } })).value.message).toContain("big");
  await server.call("DELETE", `${MAPS}/limits`);
  expect((await post(server, "c", { data: { a: "1" } })).value.message).toBe(
    `configmaps "c" is forbidden: ${DENIED}failed to configure binding: ` +
      "no params found for policy binding with `Deny` parameterNotFoundAction",
  );
});

test("policies know the namespace, the old object and who asks", async () => {
  const server = await aServer();
  const validations = [
    {
      expression:
        "namespaceObject.metadata.name == 't' && request.userInfo.username == 'admin' && " +
        "(oldObject == null || oldObject.data.a == object.data.a) && " +
        "authorizer.group('').resource('pods').namespace('t').check('get').allowed()",
    },
  ];
  await validate(server, { validations });
  expect((await post(server, "a", { data: { a: "1" } })).status).toBe(201);
  const changed = await server.call("PUT", `${MAPS}/a`, {
    body: { metadata: { name: "a" }, data: { a: "2" } },
  });
  expect(changed.status).toBe(422);
});

test("conditions and the binding's own rules choose what is looked at", async () => {
  const server = await aServer();
  const matchConditions = [{ name: "named", expression: "object.metadata.name.startsWith('x')" }];
  const objectSelector = { matchLabels: { strict: "yes" } };
  await validate(
    server,
    { matchConditions, validations: [{ expression: "false" }] },
    { matchResources: { objectSelector } },
  );
  const labels = { strict: "yes" };
  const body = (name: string): object => ({ metadata: { name, labels } });
  expect((await server.call("POST", MAPS, { body: body("a") })).status).toBe(201);
  expect((await post(server, "x")).status).toBe(201);
  expect((await server.call("POST", MAPS, { body: body("xx") })).status).toBe(422);
});

test("a mutating policy applies a configuration to new objects", async () => {
  const server = await aServer();
  const expression =
    "Object{metadata: Object.metadata{labels: {'team': namespaceObject.metadata.name}}}";
  await mutate(server, {
    mutations: [{ patchType: "ApplyConfiguration", applyConfiguration: { expression } }],
  });
  const { value } = await post(server, "a", { data: { kept: "1" } });
  expect([value.metadata.labels, value.data]).toEqual([{ team: "t" }, { kept: "1" }]);
});

test("a mutating policy patches, each mutation what the one before made", async () => {
  const server = await aServer();
  const patch = (expression: string): object => ({
    patchType: "JSONPatch",
    jsonPatch: { expression },
  });
  await mutate(server, {
    mutations: [
      patch("[JSONPatch{op: 'add', path: '/data', value: {'a': '1'}}]"),
      patch(
        "[JSONPatch{op: 'add', path: '/data/' + jsonpatch.escapeKey('b'), " +
          "value: object.data.a + '2'}]",
      ),
    ],
  });
  expect((await post(server, "m")).value.data).toEqual({ a: "1", b: "12" });
});

test("a mutation that cannot be refuses, in the words of policies", async () => {
  const server = await aServer();
  const expression = "[JSONPatch{op: 'remove', path: '/data/none'}]";
  await mutate(server, { mutations: [{ patchType: "JSONPatch", jsonPatch: { expression } }] });
  const { status, value } = await post(server, "m");
  expect([status, value.reason]).toEqual([403, "Invalid"]);
  expect(value.message).toMatch(/^policy 'mp' with binding 'mb' denied request: JSON Patch: /);
});
