import { expect, test } from "vitest";
import { queryOfLabels } from "../machinery/labels.ts";
import type { ApiObject, ObjectMeta, OwnerReference } from "../machinery/object.ts";
import { planClaim } from "./claim.ts";

const LEAVING = "2026-01-01T00:00:00Z";
const selector = queryOfLabels({ app: "web" });

const reference = (uid: string, controller: boolean): OwnerReference => ({
  apiVersion: "apps/v1",
  kind: "ReplicaSet",
  name: uid,
  uid,
  controller,
});

function anObject(name: string, meta: ObjectMeta): ApiObject {
  return { metadata: { name, namespace: "default", labels: { app: "web" }, ...meta } };
}

const mine = [reference("me", true)];
const objects = [
  anObject("mine", { ownerReferences: mine }),
  anObject("mine-leaving", { ownerReferences: mine, deletionTimestamp: LEAVING }),
  anObject("mine-other-labels", { ownerReferences: mine, labels: {} }),
  anObject("orphan", {}),
  anObject("orphan-with-owner", { ownerReferences: [reference("other", false)] }),
  anObject("orphan-leaving", { deletionTimestamp: LEAVING }),
  anObject("orphan-other-labels", { labels: {} }),
  anObject("orphan-elsewhere", { namespace: "elsewhere" }),
  anObject("theirs", { ownerReferences: [reference("other", true)] }),
];

for (const { name, owner, keep, adopt, release } of [
  {
    name: "keeps its own, adopts what nobody controls, releases what it no longer selects",
    owner: anObject("me", { uid: "me" }),
    keep: "mine mine-leaving",
    adopt: "orphan orphan-with-owner",
    release: "mine-other-labels",
  },
  {
    name: "that is being deleted takes nothing and gives nothing away",
    owner: anObject("me", { uid: "me", deletionTimestamp: LEAVING }),
    keep: "mine mine-leaving",
    adopt: "",
    release: "",
  },
]) {
  test(`an owner ${name}`, () => {
    const plan = planClaim(owner, selector, objects);
    const names = (list: readonly ApiObject[]): string =>
      list.map((object) => object.metadata.name).join(" ");
    expect([names(plan.keep), names(plan.adopt), names(plan.release)]).toEqual([
      keep,
      adopt,
      release,
    ]);
  });
}
