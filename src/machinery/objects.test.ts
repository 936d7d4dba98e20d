import { expect, test } from "vitest";
import { isConditionTrue, setCondition, type Condition } from "./conditions.ts";
import { EncodedObject } from "./encoded.ts";
import { hasFinalizer, withoutFinalizer } from "./finalizers.ts";
import { apiVersionOf, groupResource, parseApiVersion } from "./gvk.ts";
import { compareKeys, keyOf, keyText, parseKey } from "./key.ts";
import { isApiObject, own, type ApiObject } from "./object.ts";
import { controllerOf, controllerReference, isControlledBy } from "./owners.ts";
import { fieldErrorText, invalid, isStatus, notFound } from "./status.ts";

test("API versions are written with a group, and without for the core group", () => {
  for (const apiVersion of ["v1", "apps/v1", "example.dev/v1beta1"]) {
    const parsed = parseApiVersion(apiVersion);
    expect(parsed && apiVersionOf(parsed)).toBe(apiVersion);
  }
  expect(parseApiVersion("a/b/c")).toBeUndefined();
  expect(groupResource({ group: "", resource: "pods" })).toBe("pods");
  expect(groupResource({ group: "apps", resource: "deployments" })).toBe("deployments.apps");
});

test("keys are written and read back, and ordered by namespace, then name", () => {
  const keys = [
    { namespace: "b", name: "a" },
    { namespace: "a", name: "b" },
    { namespace: "", name: "z" },
    { namespace: "a", name: "a-1" },
  ];
  expect(keys.map((key) => parseKey(keyText(key)))).toEqual(keys);
  expect(keys.toSorted(compareKeys).map(keyText)).toEqual(["z", "a/a-1", "a/b", "b/a"]);
  expect(keyOf({ metadata: { name: "x" } })).toEqual({ namespace: "", name: "x" });
});

test("own fields are read, and what a prototype has is not", () => {
  expect(own({ a: 1 }, "a")).toBe(1);
  expect(own({}, "constructor")).toBeUndefined();
  expect(isApiObject({ metadata: {} })).toBe(true);
  for (const value of [null, [], "x", {}, { metadata: [] }]) expect(isApiObject(value)).toBe(false);
});

test("an encoded object is frozen, and either form makes the other", () => {
  const value: ApiObject = { metadata: { name: "x", labels: { a: "b" } } };
  const made = EncodedObject.fromValue(value);
  const read = EncodedObject.fromBytes(made.bytes);
  expect(read.value).toEqual(value);
  expect(read.value).toBe(read.value);
  expect(Object.isFrozen(read.value.metadata.labels)).toBe(true);
  expect(new TextDecoder().decode(made.bytes)).toBe(JSON.stringify(value));
});

const READY: Condition = { type: "Ready", status: "False", reason: "Starting" };

test("a condition's transition time moves only when its status changes", () => {
  const first = setCondition(undefined, READY, "t1");
  expect(first).toEqual([{ ...READY, lastTransitionTime: "t1" }]);
  const renamed = setCondition(first, { ...READY, reason: "Pulling" }, "t2");
  expect(renamed).toEqual([{ ...READY, reason: "Pulling", lastTransitionTime: "t1" }]);
  const ready = setCondition(renamed, { type: "Ready", status: "True" }, "t3");
  expect(ready).toMatchObject([{ status: "True", lastTransitionTime: "t3" }]);
  expect([isConditionTrue(renamed, "Ready"), isConditionTrue(ready, "Ready")]).toEqual([
    false,
    true,
  ]);
});

test("setting a condition to what it is gives back the very same list", () => {
  const conditions = setCondition([{ type: "Other", status: "True" }], READY, "t1");
  expect(setCondition(conditions, READY, "t2")).toBe(conditions);
});

test("an object is controlled by the owner its reference names by uid", () => {
  const owner: ApiObject = { metadata: { name: "web", uid: "u1" } };
  const gvk = { group: "apps", version: "v1", kind: "ReplicaSet" };
  const reference = controllerReference(owner, gvk);
  const other = { apiVersion: "v1", kind: "Node", name: "web", uid: "u2" };
  const owned: ApiObject = { metadata: { ownerReferences: [other, reference] } };
  expect(controllerOf(owned)).toMatchObject({ apiVersion: "apps/v1", uid: "u1" });
  expect(isControlledBy(owned, owner)).toBe(true);
  expect(isControlledBy(owned, { metadata: { name: "web", uid: "u2" } })).toBe(false);
  expect(isControlledBy({ metadata: {} }, { metadata: { name: "unsaved" } })).toBe(false);
});

test("finalizers are found and taken away", () => {
  const object: ApiObject = { metadata: { finalizers: ["a/b", "orphan"] } };
  expect([hasFinalizer(object, "orphan"), hasFinalizer({ metadata: {} }, "orphan")]).toEqual([
    true,
    false,
  ]);
  expect(withoutFinalizer(object, "orphan")).toEqual(["a/b"]);
});

test("refusals are statuses in upstream's words", () => {
  const missing = notFound({ group: "apps", resource: "deployments" }, "web");
  expect(missing.status).toMatchObject({
    message: 'deployments.apps "web" not found',
    code: 404,
    reason: "NotFound",
    details: { name: "web", group: "apps", kind: "deployments" },
  });
  expect([isStatus(missing, "NotFound"), isStatus(missing, "Conflict")]).toEqual([true, false]);
  expect(isStatus(new Error("x"))).toBe(false);

  const replicas = {
    field: "spec.replicas",
    type: "FieldValueInvalid",
    value: -1,
    detail: "must be greater than or equal to 0",
  } as const;
  const name = { field: "metadata.name", type: "FieldValueRequired", detail: "" } as const;
  expect(fieldErrorText(name)).toBe("Required value");
  expect(invalid({ group: "apps", kind: "Deployment" }, "web", [replicas, name]).message).toBe(
    'Deployment.apps "web" is invalid: [spec.replicas: Invalid value: -1: ' +
      "must be greater than or equal to 0, metadata.name: Required value]",
  );
});
