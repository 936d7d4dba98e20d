import { expect, test } from "vitest";
import { podStrategy } from "../../apis/core/v1/pod.ts";
import { Entry, revision } from "../../store/store.ts";
import { encoded, valueOf, viewsOf } from "./entry-views.ts";
import { makeResource, type Resource } from "./resource.ts";

const pod = { apiVersion: "v1", kind: "Pod", metadata: { name: "a" }, spec: { tags: ["x"] } };

function anEntry(value: Uint8Array): Entry {
  return new Entry({ key: "/a", value, revision: revision(2), createRevision: revision(2) });
}

test("values of entries: who wrote one need not parse it, and nothing of theirs is frozen", () => {
  const { bytes, value } = encoded(pod);
  expect(value).toEqual(JSON.parse(new TextDecoder().decode(bytes)));
  expect(valueOf(anEntry(bytes))).toBe(value);
  expect(Object.isFrozen(value) && Object.isFrozen(value.metadata)).toBe(true);
  expect(Object.isFrozen(pod.spec.tags)).toBe(false);
});

test("values of entries: one of another process is parsed, once for all who look meanwhile", () => {
  const entry = anEntry(new TextEncoder().encode(JSON.stringify(pod)));
  const value = valueOf(entry);
  expect(value).toEqual(pod);
  expect(Object.isFrozen(value.metadata)).toBe(true);
  expect(valueOf(entry)).toBe(value);
});

test("views of entries: those of a converted resource are its own", () => {
  const entry = anEntry(new Uint8Array());
  const [plain, again] = [aResource(), aResource()];
  const conversion = {
    isOfOthers: false,
    fromStored: () => Promise.resolve([]),
    toStored: () => Promise.resolve(pod),
  };
  const [one, other] = [
    { ...aResource(), conversion },
    { ...aResource(), conversion },
  ];
  expect(viewsOf(entry, again)).toBe(viewsOf(entry, plain));
  expect(viewsOf(entry, one)).toBe(viewsOf(entry, one));
  expect(viewsOf(entry, other)).not.toBe(viewsOf(entry, one));
  expect(viewsOf(entry, one)).not.toBe(viewsOf(entry, plain));
});

function aResource(): Resource {
  return makeResource(podStrategy);
}
