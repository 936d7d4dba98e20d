import { expect, test } from "vitest";
import { newestAnnotations, REVISION_HISTORY_LENGTH_MAX, scaleAnnotations } from "./revisions.ts";
import { aDeployment } from "./testing.ts";

const PREFIX = "deployment.kubernetes.io";
const revision = (value: string): Record<string, string> => ({ [`${PREFIX}/revision`]: value });

test("a new ReplicaSet gets its revision and what people wrote on the Deployment", () => {
  const annotations = {
    "kubernetes.io/change-cause": "new image",
    "kubectl.kubernetes.io/last-applied-configuration": "{}",
    "deprecated.deployment.rollback.to": "3",
    [`${PREFIX}/revision`]: "4",
    [`${PREFIX}/revision-history`]: "1",
    [`${PREFIX}/desired-replicas`]: "9",
    [`${PREFIX}/max-replicas`]: "9",
  };
  expect(newestAnnotations(aDeployment({}, { annotations }), {}, 5)).toEqual({
    "kubernetes.io/change-cause": "new image",
    ...revision("5"),
  });
});

test("one that was rolled back to keeps its earlier revisions as history", () => {
  const first = newestAnnotations(aDeployment(), revision("1"), 3);
  expect(first).toEqual({ ...revision("3"), [`${PREFIX}/revision-history`]: "1" });
  const second = newestAnnotations(aDeployment(), first, 5);
  expect(second).toEqual({ ...revision("5"), [`${PREFIX}/revision-history`]: "1,3" });
});

test("the highest revision is kept as it is", () => {
  expect(newestAnnotations(aDeployment(), revision("7"), 5)).toEqual(revision("7"));
  expect(newestAnnotations(aDeployment(), revision("5"), 5)).toEqual(revision("5"));
});

test("a revision that is no number is left alone", () => {
  expect(newestAnnotations(aDeployment(), revision("x"), 5)).toEqual(revision("x"));
});

test("a long history loses its oldest revisions", () => {
  const long = Array.from({ length: 700 }, (_, index) => index + 1000).join(",");
  const own = { ...revision("2000"), [`${PREFIX}/revision-history`]: long };
  const history = newestAnnotations(aDeployment(), own, 3000)[`${PREFIX}/revision-history`] ?? "";
  expect(history.length).toBeLessThanOrEqual(REVISION_HISTORY_LENGTH_MAX);
  expect(history.endsWith(",1699,2000")).toBe(true);
});

test("scaling notes the wanted number, and the most there may be", () => {
  expect(scaleAnnotations(aDeployment({ replicas: 10 }))).toEqual({
    [`${PREFIX}/desired-replicas`]: "10",
    [`${PREFIX}/max-replicas`]: "13",
  });
});
