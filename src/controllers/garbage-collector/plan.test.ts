import { describe, expect, test } from "vitest";
import type { ApiObject } from "../../machinery/object.ts";
import { planLeaving, planOwned, type OwnerState } from "./plan.ts";

const FOREGROUND = "foregroundDeletion";
const ORPHAN = "orphan";

function anObject(options: {
  readonly finalizers?: readonly string[];
  readonly isTerminating?: boolean;
}): ApiObject {
  const { finalizers = [], isTerminating = false } = options;
  return {
    metadata: {
      name: "a",
      uid: "me",
      finalizers,
      ...(isTerminating ? { deletionTimestamp: "2026-01-01T00:00:00Z" } : {}),
    },
  };
}

const leaving = anObject({ isTerminating: true, finalizers: [FOREGROUND] });

describe("plan for an object on its way out", () => {
  for (const { name, object, blockers, plan } of [
    { name: "is none while it stays", object: anObject({}), blockers: [], plan: undefined },
    {
      name: "keeps it when something else holds it",
      object: anObject({ isTerminating: true, finalizers: ["x/y"] }),
      blockers: [],
      plan: { kind: "keep" },
    },
    {
      name: "orphans when asked to",
      object: anObject({ isTerminating: true, finalizers: ["x/y", ORPHAN] }),
      blockers: [anObject({})],
      plan: { kind: "orphan-dependents" },
    },
    {
      name: "waits for a dependent that blocks",
      object: leaving,
      blockers: [anObject({})],
      plan: { kind: "keep" },
    },
    {
      name: "ends a foreground deletion that nothing blocks",
      object: leaving,
      blockers: [],
      plan: { kind: "finish-foreground" },
    },
  ]) {
    test(name, () => expect(planLeaving(object, blockers)).toEqual(plan));
  }
});

describe("plan for an object by the states of its owners", () => {
  const collected = (propagation: string, isUnblocking = false): object => ({
    kind: "delete",
    propagation,
    isUnblocking,
  });
  for (const { name, owners, object = anObject({}), dependents = [], plan } of [
    { name: "no owners: keep", owners: "", plan: { kind: "keep" } },
    { name: "a solid owner: keep", owners: "a:solid", plan: { kind: "keep" } },
    { name: "an unknown owner: keep", owners: "a:unknown", plan: { kind: "keep" } },
    {
      name: "one solid owner: strip the others",
      owners: "a:solid b:dangling c:waiting",
      plan: { kind: "strip-owners", uids: ["b", "c"] },
    },
    {
      name: "an unknown owner beside a dangling one: strip, do not delete",
      owners: "a:unknown b:dangling",
      plan: { kind: "strip-owners", uids: ["b"] },
    },
    { name: "all gone: delete", owners: "a:dangling b:dangling", plan: collected("Background") },
    {
      name: "all gone, orphan finalizer put on before: honour it",
      owners: "a:dangling",
      object: anObject({ finalizers: [ORPHAN] }),
      plan: collected("Orphan"),
    },
    {
      name: "all gone, foreground finalizer put on before: honour it",
      owners: "a:dangling",
      object: anObject({ finalizers: [FOREGROUND] }),
      plan: collected("Foreground"),
    },
    {
      name: "a waiting owner, no dependents: delete",
      owners: "a:waiting",
      plan: collected("Background"),
    },
    {
      name: "a waiting owner, with dependents: these go first",
      owners: "a:waiting b:dangling",
      dependents: [anObject({})],
      plan: collected("Foreground"),
    },
    {
      name: "a waiting owner, in a circle: stop blocking",
      owners: "a:waiting",
      dependents: [leaving],
      plan: collected("Foreground", true),
    },
  ]) {
    test(name, () => {
      const states = owners
        .split(" ")
        .filter((text) => text !== "")
        .map((text) => text.split(":") as [string, OwnerState]);
      expect(planOwned(object, new Map(states), dependents)).toEqual(plan);
    });
  }
});
