import { expect, test } from "vitest";
import { aServer, type Answer } from "../testing/test-server.ts";

const MAPS = "/api/v1/namespaces/t/configmaps";

async function create(metadata: object, query = ""): Promise<Answer> {
  const server = await aServer();
  return server.call("POST", `${MAPS}${query}`, { body: { metadata } });
}

const owner = { apiVersion: "v1", kind: "Pod", name: "p", uid: "u" };

test("each thing wrong with a name is a cause of its own", async () => {
  const { value } = await create({ name: "a", labels: { "x/": "y" }, finalizers: ["a b"] });
  const fields = value.details.causes.map((cause: { field: string }) => cause.field);
  const [label, finalizer] = ["metadata.labels", "metadata.finalizers"];
  expect(fields).toEqual([label, label, finalizer, `${finalizer}[0]`]);
});

test("an object cannot wait for its dependents and leave them at once", async () => {
  const { value } = await create({ name: "a", finalizers: ["orphan", "foregroundDeletion"] });
  expect(value.message).toContain("orphan and foregroundDeletion cannot be both set");
});

test("events own nothing, and generations are not negative", async () => {
  const event = { ...owner, kind: "Event" };
  const { value } = await create({ name: "a", generation: -1, ownerReferences: [event] });
  expect(value.message).toContain("metadata.generation: Invalid value: -1");
  expect(value.message).toContain("/v1, Kind=Event is disallowed from being an owner");
});

test("an owner that is named twice counts once, and whoever did it is told", async () => {
  const { value, warnings } = await create({ name: "a", ownerReferences: [owner, owner] });
  expect(value.metadata.ownerReferences).toEqual([owner]);
  expect(warnings.join()).toContain("duplicate UID(s) observed: u");
  const managing = { ...owner, controller: true };
  const other = await create({ name: "a", ownerReferences: [owner, managing] });
  expect(other.value.metadata.ownerReferences).toEqual([owner, managing]);
});

test("only what is really stored may have no version yet", async () => {
  expect((await create({ name: "a", resourceVersion: "1" })).status).toBe(500);
  expect((await create({ name: "a", resourceVersion: "1" }, "?dryRun=All")).status).toBe(201);
});

test("whoever is refused is told all the same what is doubtful in the body", async () => {
  const { status, warnings } = await create({ nope: 1 });
  expect({ status, warnings }).toEqual({
    status: 422,
    warnings: ['unknown field "metadata.nope"'],
  });
});
