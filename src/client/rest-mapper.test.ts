import { expect, test } from "vitest";
import { restMapperOf, UnknownKindError, type DiscoveredType } from "./rest-mapper.ts";

function aType(group: string, kind: string, shortNames: readonly string[]): DiscoveredType {
  const singular = kind.toLowerCase();
  const resource = `${singular}s`;
  const rest = { categories: [], verbs: ["get"], isNamespaced: true, version: "v1" };
  return { group, kind, resource, singular, shortNames, ...rest };
}

const mapper = restMapperOf([
  aType("", "Pod", ["po"]),
  aType("", "Event", ["ev"]),
  aType("apps", "Deployment", ["deploy"]),
  aType("events.k8s.io", "Event", ["ev"]),
]);

test.each([
  ["po", "", "Pod"],
  ["pod", "", "Pod"],
  ["Pods", "", "Pod"],
  ["pods.v1", "", "Pod"],
  ["deploy", "apps", "Deployment"],
  ["deployments.apps", "apps", "Deployment"],
  ["deployments.v1.apps", "apps", "Deployment"],
  ["ev", "", "Event"],
  ["events.events.k8s.io", "events.k8s.io", "Event"],
])("%s means the %s/%s", (word, group, kind) => {
  expect(mapper.resolve(word)).toMatchObject({ group, kind });
});

test("an unknown word is answered with what there is", () => {
  expect(() => mapper.resolve("gadget")).toThrow(UnknownKindError);
  expect(() => mapper.resolve("gadget")).toThrow(/deployments\.apps \(deploy\), events \(ev\)/);
  expect(() => mapper.resolve("pods.apps")).toThrow(/no kind called "pods.apps"/);
});

test("a kind in another version is answered with where it is served", () => {
  expect(mapper.forKind("apps/v1", "Deployment").resource).toBe("deployments");
  expect(() => mapper.forKind("apps/v1beta1", "Deployment")).toThrow(
    /Deployment is served as apps\/v1/,
  );
});
