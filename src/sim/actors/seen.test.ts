import { expect, test } from "vitest";
import { EncodedObject } from "../../machinery/encoded.ts";
import type { ApiObject } from "../../machinery/object.ts";
import { Seen } from "./seen.ts";

const at = (resourceVersion: string, name = "a"): ApiObject => ({
  apiVersion: "v1",
  kind: "ConfigMap",
  metadata: { namespace: "default", name, resourceVersion },
});

test("what was shown last counts by its revision, not by when it came", () => {
  const seen = new Seen();
  seen.note("apps", "configmaps", at("7"));
  seen.note("apps", "configmaps", at("5"));
  expect(seen.last("apps", "configmaps", at("9"))?.revision).toBe(7);
  seen.note("apps", "configmaps", at("12"));
  expect(seen.last("apps", "configmaps", at("9"))?.revision).toBe(12);
});

test("answers show their objects, lists all of theirs, and a refusal shows nothing", () => {
  const seen = new Seen();
  const head = { status: 200, headers: {}, warnings: [] };
  const items = [at("3", "b"), at("4", "c")].map((item) => EncodedObject.fromValue(item));
  const list = { kind: "list", apiVersion: "v1", listKind: "ConfigMapList", metadata: {} } as const;
  seen.noteAnswer("apps", "configmaps", { ...head, body: { ...list, items } });
  const status: ApiObject = { apiVersion: "v1", kind: "Status", metadata: { name: "x" } };
  const refusal = { kind: "object", object: EncodedObject.fromValue(status) } as const;
  seen.noteAnswer("apps", "configmaps", { ...head, status: 409, body: refusal });
  expect(seen.last("apps", "configmaps", at("0", "c"))?.revision).toBe(4);
  expect(seen.last("apps", "configmaps", { metadata: { name: "x" } })).toBeUndefined();
});

test("a new life knows nothing, and others do not forget with it", () => {
  const seen = new Seen();
  for (const actor of ["apps", "apps-2"]) seen.note(actor, "configmaps", at("3"));
  seen.forget("apps");
  expect(seen.last("apps", "configmaps", at("3"))).toBeUndefined();
  expect(seen.last("apps-2", "configmaps", at("3"))?.revision).toBe(3);
});
