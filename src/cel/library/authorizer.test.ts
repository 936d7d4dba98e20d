import { expect, test } from "vitest";
import { compile } from "../compile.ts";
import { declareEnvironment } from "../environment.ts";
import {
  AUTHORIZER,
  authorizerValue,
  RESOURCE_CHECK,
  resourceCheckValue,
  type AuthorizationQuestion,
  type CelAuthorizer,
} from "./authorizer.ts";

/** Allows `get`, fails at `list`, and remembers what it was asked. */
class RecordingAuthorizer implements CelAuthorizer {
  readonly questions: AuthorizationQuestion[] = [];

  check(question: AuthorizationQuestion): ReturnType<CelAuthorizer["check"]> {
    this.questions.push(question);
    if (question.verb === "list") return { isAllowed: false, reason: "", error: "broken" };
    return { isAllowed: question.verb === "get", reason: "a role says so" };
  }
}

const environment = declareEnvironment({
  variables: { authorizer: AUTHORIZER, "authorizer.requestResource": RESOURCE_CHECK },
});

function evaluate(source: string, authorizer: CelAuthorizer): unknown {
  const compilation = compile(source, environment);
  if (compilation.kind === "errors") throw new Error(compilation.message);
  const resource = {
    group: "apps",
    resource: "deployments",
    subresource: "scale",
    namespace: "default",
    name: "web",
  };
  const evaluation = compilation.program.evaluate({
    authorizer: authorizerValue(authorizer),
    "authorizer.requestResource": resourceCheckValue(authorizer, resource),
  });
  return evaluation.kind === "value" ? evaluation.value : evaluation.error.message;
}

test("a question has all that the expression says", () => {
  const authorizer = new RecordingAuthorizer();
  const source =
    "authorizer.serviceAccount('ns', 'robot').group('apps').resource('deployments')" +
    ".subresource('status').namespace('default').name('web').fieldSelector('a=b')" +
    ".labelSelector('c in (d)').check('get').allowed()";
  expect(evaluate(source, authorizer)).toBe(true);
  expect(authorizer.questions).toEqual([
    {
      serviceAccount: { namespace: "ns", name: "robot" },
      verb: "get",
      on: {
        kind: "resource",
        group: "apps",
        resource: "deployments",
        subresource: "status",
        namespace: "default",
        name: "web",
        fieldSelector: "a=b",
        labelSelector: "c in (d)",
      },
    },
  ]);
});

test("paths and the resource of the request can be asked for", () => {
  const authorizer = new RecordingAuthorizer();
  expect(evaluate("authorizer.path('/healthz').check('get').reason()", authorizer)).toBe(
    "a role says so",
  );
  expect(evaluate("authorizer.requestResource.check('create').allowed()", authorizer)).toBe(false);
  expect(authorizer.questions.map(({ on }) => on.kind)).toEqual(["path", "resource"]);
});

test("what goes wrong while deciding is an answer, too", () => {
  const authorizer = new RecordingAuthorizer();
  const decision = "authorizer.group('').resource('pods').check('list')";
  expect(evaluate(`${decision}.errored() && ${decision}.error() == 'broken'`, authorizer)).toBe(
    true,
  );
});

test("questions about nothing are refused", () => {
  const authorizer = new RecordingAuthorizer();
  expect(evaluate("authorizer.path(' ').check('get').allowed()", authorizer)).toBe(
    "path must not be empty",
  );
  expect(evaluate("authorizer.group('').resource('').check('get').allowed()", authorizer)).toBe(
    "resource must not be empty",
  );
  const account = "authorizer.serviceAccount('ns', 'Robot').path('/').check('get').allowed()";
  expect(evaluate(account, authorizer)).toBe("Invalid service account name");
});

test("two questions are as many as one evaluation can afford", () => {
  const authorizer = new RecordingAuthorizer();
  const question = "authorizer.path('/').check('get').allowed()";
  expect(evaluate(`${question} && ${question}`, authorizer)).toBe(true);
  expect(evaluate(`${question} && ${question} && ${question}`, authorizer)).toBe(
    "operation cancelled: actual cost limit exceeded",
  );
});
