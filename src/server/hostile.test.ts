/** Whatever is sent, the answer is a refusal or a success, never a defect. */
import fc from "fast-check";
import { expect, test } from "vitest";
import type { Method } from "../machinery/request.ts";
import { isOldPath } from "./testing/judge-answer.ts";
import { aServer } from "./testing/test-server.ts";

const MAPS = "/api/v1/namespaces/t/configmaps";

const word = fc.oneof(
  fc.constantFrom(
    "api",
    "apis",
    "v1",
    "apps",
    "namespaces",
    "t",
    "pods",
    "configmaps",
    "deployments",
    "services",
    "status",
    "scale",
    "binding",
    "watch",
    "finalize",
    "__proto__",
    "constructor",
    "..",
    "%2f",
    "%ff",
    "",
  ),
  fc.string({ maxLength: 8 }).map(encodeURIComponent),
);
const path = fc.oneof(
  fc.array(word, { maxLength: 8 }).map((words) => `/${words.join("/")}`),
  fc
    .tuple(fc.constantFrom(MAPS, "/api/v1/pods", "/apis/apps/v1/namespaces/t/deployments"), word)
    .map(([base, last]) => `${base}/${last}`),
);
const query = fc.dictionary(
  fc.constantFrom(
    "labelSelector",
    "fieldSelector",
    "limit",
    "continue",
    "dryRun",
    "fieldValidation",
    "resourceVersionMatch",
    "propagationPolicy",
    "gracePeriodSeconds",
    "includeObject",
    "pretty",
  ),
  fc.oneof(fc.string({ maxLength: 20 }), fc.constantFrom("All", "Exact", "0", "-1", "true")),
  { maxKeys: 3 },
);
const body = fc.oneof(
  fc.string({ maxLength: 40 }),
  fc.json({ maxDepth: 4 }),
  fc
    .object({ maxDepth: 3 })
    .map((value) => JSON.stringify({ metadata: value, spec: value, data: value })),
);
const method = fc.constantFrom<Method>("GET", "HEAD", "OPTIONS", "POST", "PUT", "PATCH", "DELETE");
const contentType = fc.constantFrom(
  "application/json",
  "application/yaml",
  "application/json-patch+json",
  "application/merge-patch+json",
  "application/strategic-merge-patch+json",
  "application/apply-patch+yaml",
  "application/vnd.kubernetes.protobuf",
  "text/plain",
);

test("hostile: no request makes the server fail", async () => {
  const server = await aServer();
  await server.call("POST", MAPS, { body: { metadata: { name: "a" }, data: { k: "v" } } });
  await fc.assert(
    fc.asyncProperty(
      method,
      path,
      query,
      body,
      contentType,
      async (verb, at, asked, sent, type) => {
        const target = `${at}?${new URLSearchParams(asked).toString()}`;
        const hasBody = verb !== "GET" && verb !== "HEAD";
        const answer = await server.call(verb, target, {
          ...(hasBody ? { body: sent } : {}),
          contentType: type,
        });
        const defects = server.env.lines.filter((line) => line.level === "error");
        expect(defects).toEqual([]);
        if (answer.status < 500 || isOldPath(target)) return;
        if (answer.value.reason === undefined) return; // upstream's, of patches that do not merge
        expect(answer.value.message).toContain("should not be set on");
      },
    ),
    { numRuns: 1_500 },
  );
});

test("hostile: deep JSON and YAML are refused at a depth, with the place", async () => {
  const server = await aServer();
  await server.call("POST", MAPS, { body: { metadata: { name: "a" } } });
  const before = server.store.status().revision;
  const deep = `${"[".repeat(100_000)}${"]".repeat(100_000)}`;
  for (const contentType of ["application/json", "application/yaml"]) {
    const answer = await server.call("POST", MAPS, { body: deep, contentType });
    expect(answer).toMatchObject({ status: 400 });
    expect(answer.value.message).toMatch(/line 1, column \d+/);
  }
  const patch = { body: deep, contentType: "application/merge-patch+json" };
  expect(await server.call("PATCH", `${MAPS}/a`, patch)).toMatchObject({ status: 400 });
  expect(server.store.status().revision).toBe(before);
});

test("hostile: broken YAML is refused with line and column", async () => {
  const server = await aServer();
  const body = "apiVersion: v1\nkind: ConfigMap\nmetadata:\n  name: x\n data: {\n";
  const answer = await server.call("POST", MAPS, { body, contentType: "application/yaml" });
  expect(answer).toMatchObject({ status: 400 });
  expect(answer.value.message).toMatch(/: yaml: .*line 5, column \d+/);
});

test("hostile: prototype names are ordinary in paths, selectors and patches", async () => {
  const server = await aServer();
  await server.call("POST", MAPS, { body: { metadata: { name: "a" } } });
  for (const name of ["__proto__", "constructor", "toString"]) {
    expect((await server.call("GET", `/api/v1/namespaces/t/${name}`)).status).toBe(404);
    expect((await server.call("GET", `${MAPS}?fieldSelector=${name}%3Dx`)).status).toBe(400);
    expect((await server.call("GET", `${MAPS}?labelSelector=${name}%3Dx`)).status).toBe(
      name === "__proto__" ? 400 : 200,
    );
    const patched = await server.call("PATCH", `${MAPS}/a`, {
      body: [{ op: "add", path: `/${name}`, value: { polluted: true } }],
      contentType: "application/json-patch+json",
    });
    expect(patched.status).toBeLessThan(500);
  }
  expect(Object.hasOwn(Object.prototype, "polluted")).toBe(false);
});
