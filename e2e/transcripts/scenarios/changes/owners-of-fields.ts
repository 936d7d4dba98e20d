import type { Asked, Scenario } from "../../scenario.ts";

const MAPS = "/api/v1/namespaces/owners-of-fields/configmaps";
const LAST_APPLIED = "kubectl.kubernetes.io/last-applied-configuration";

/** How owners of fields come and go: from client-side to server-side apply, sent, and forgotten. */
export const ownersOfFields: Scenario = {
  name: "owners-of-fields",
  namespace: "owners-of-fields",
  steps: [
    {
      method: "POST",
      path: `${MAPS}?fieldManager=kubectl-client-side-apply`,
      body: map({ data: { x: "1", y: "1" }, ...annotated({ data: { x: "1", y: "1" } }) }),
    },
    apply("kubectl", { data: { x: "2" } }),
    merge({ data: { y: "7" } }, "other"),
    apply("kubectl", { data: { y: "8" } }),
    apply("kubectl", { data: {} }),
    merge({ metadata: { managedFields: [{}] } }, "x"),
    merge({ data: { q: "1" } }, "x"),
    apply("m", { data: { q: "2" } }),
    merge({ metadata: { managedFields: [] } }, "x"),
    { method: "PUT", path: `${MAPS}/a?fieldManager=p`, body: map({ data: { q: "5" } }) },
    withOwner({ operation: "Update", apiVersion: "v1" }),
    withOwner({ operation: "Apply", apiVersion: "v1", time: "2020-01-01T00:00:00Z" }),
    withOwner({ operation: "Own", apiVersion: "v1" }),
    withOwner({ operation: "Apply", apiVersion: "v9" }),
    withOwner({ operation: "Apply", apiVersion: "v1", fieldsV1: { "k:{": {} } }),
    withOwner({ operation: "Apply", apiVersion: "v1", manager: "z".repeat(200) }),
    withOwner({ operation: "Update", apiVersion: "v1", subresource: "status" }),
    { method: "GET", path: `${MAPS}/a` },
    ...["curl/8.1 (x)", "a b c/1", "/x", "x".repeat(200)].map((agent, index): Asked => ({
      method: "POST",
      path: MAPS,
      headers: { "user-agent": agent },
      body: map({ metadata: { name: `u${index}` }, data: { a: "1" } }),
    })),
    merge({}, "nobody"),
    merge({ data: null }, "nobody"),
  ],
};

function map(parts: object = {}): object {
  return { apiVersion: "v1", kind: "ConfigMap", metadata: { name: "a" }, ...parts };
}

function annotated(parts: object): object {
  return {
    metadata: { name: "a", annotations: { [LAST_APPLIED]: `${JSON.stringify(map(parts))}\n` } },
  };
}

function apply(manager: string, parts: object): Asked {
  const path = `${MAPS}/a?fieldManager=${manager}`;
  return { method: "PATCH", path, contentType: "application/apply-patch+yaml", body: map(parts) };
}

function merge(body: object, manager: string): Asked {
  return { method: "PATCH", path: `${MAPS}/a?fieldManager=${manager}`, body };
}

function withOwner(entry: object): Asked {
  const fields = { manager: "z", fieldsType: "FieldsV1", fieldsV1: { "f:data": { "f:q": {} } } };
  return merge({ metadata: { managedFields: [{ ...fields, ...entry }] } }, "mf");
}
