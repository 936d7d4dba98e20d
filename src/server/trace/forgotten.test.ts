import { expect, test } from "vitest";
import { revision } from "../../store/store.ts";
import { aServer, type TestServer } from "../testing/test-server.ts";

const PATH = "/apis/trace.setpoint.dev/v1alpha1/explanations";
const MAPS = "/api/v1/namespaces/default/configmaps";
const object = { apiVersion: "v1", kind: "ConfigMap", namespace: "default", name: "m" };

type Row = { readonly revision: number; readonly what: string; readonly isOlderThanKept?: true };
type Status = {
  readonly note?: string;
  readonly problem?: string;
  readonly history?: readonly Row[];
  readonly story?: { readonly change: Row };
};

async function ask(server: TestServer, spec: object): Promise<Status> {
  const { value } = await server.call("POST", PATH, { body: { spec: { object, ...spec } } });
  return value.status;
}

async function patch(server: TestServer, data: object): Promise<number> {
  const contentType = "application/merge-patch+json";
  const { value } = await server.call("PATCH", `${MAPS}/m`, { body: { data }, contentType });
  return Number(value.metadata.resourceVersion);
}

/** A map that was changed twice, of which only what came after the first change is kept. */
async function aForgottenPast(): Promise<{ server: TestServer; first: number; second: number }> {
  const server = await aServer();
  await server.call("POST", MAPS, {
    body: { metadata: { name: "m" }, data: { a: "1", "x.y": "1" } },
  });
  const first = await patch(server, { a: "2" });
  const second = await patch(server, { b: "1" });
  await server.store.compact(revision(first), server.context);
  return { server, first, second };
}

test("an object older than what is kept was there already, and is not said to be new", async () => {
  const { server, first, second } = await aForgottenPast();
  const { history, problem } = await ask(server, { question: "History" });
  expect(problem).toBeUndefined();
  expect(history?.map(({ revision: at, what }) => [at, what])).toEqual([
    [second, "changed"],
    [first, "changed"],
  ]);
  expect(history?.map(({ isOlderThanKept }) => isOlderThanKept)).toEqual([undefined, true]);
});

test("why an object is there that is older than what is kept: that, and the rest", async () => {
  const { server, first, second } = await aForgottenPast();
  const { note, history, problem } = await ask(server, { question: "Why" });
  expect(problem).toBeUndefined();
  expect(note).toMatch(
    /^ConfigMap default\/m was created before \S+Z, older than what is kept: hist/,
  );
  expect(history?.map(({ revision: at }) => at)).toEqual([second, first]);
});

test("a field that has not changed since is told so; one that has, with its change", async () => {
  const { server, first, second } = await aForgottenPast();
  const old = await ask(server, { question: "WhyChanged", field: "data.a" });
  expect(old.note).toContain("data.a of ConfigMap default/m has not changed since");
  expect(old.note).toContain(`(@${first})`);
  const { story } = await ask(server, { question: "WhyChanged", field: "data.b" });
  expect(story?.change.revision).toBe(second);
});

test("a field that never was, and what is no field, are no creation", async () => {
  const { server } = await aForgottenPast();
  const why = (field: string): Promise<Status> => ask(server, { question: "WhyChanged", field });
  expect((await why("data.c")).problem).toContain('no such field "data.c", neither now nor before');
  expect((await why("[")).problem).toMatch(/^"\[" names no field; write it as spec\.replicas, /);
  expect((await why("metadata.resourceVersion")).problem).toContain("keeps books");
  expect((await why("data.x.y")).note).toContain('data["x.y"] of ConfigMap');
});

test("of an object that never was, nothing is a result", async () => {
  const server = await aServer();
  for (const question of ["History", "Fights", "Why", "WhyDeleted"]) {
    const { problem } = await ask(server, { question });
    expect(problem).toMatch(/^nothing is recorded of ConfigMap default\/m/);
  }
});

test("a revision is asked about together with the object that it is a change of", async () => {
  const { server, second } = await aForgottenPast();
  const { story } = await ask(server, { question: "Why", revision: second });
  expect(story?.change.revision).toBe(second);
  const other = { ...object, name: "other" };
  const { problem } = await ask(server, { question: "Why", revision: second, object: other });
  expect(problem).toBe(
    `revision ${second} is no change of ConfigMap default/other, but of ConfigMap default/m`,
  );
});
