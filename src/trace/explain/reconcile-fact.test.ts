import { expect, test } from "vitest";
import { causeId } from "../../base/context.ts";
import { aCause, aChange, recordedFacts } from "../testing/recorded-facts.ts";
import { aReconcile } from "../testing/recorded-reconciles.ts";
import { reconcileFact } from "./reconcile-fact.ts";

test("a read is as far behind as others had changed the object since", async () => {
  const object = { apiVersion: "v1", kind: "Pod", namespace: "default", name: "web" };
  const own = aCause({ id: causeId("r-1") });
  const written = aChange({ revision: 7, cause: own });
  const facts = recordedFacts([
    aChange({ revision: 3 }),
    aChange({ revision: 4 }),
    aChange({ revision: 5, cause: own }),
    aChange({ revision: 6 }),
    written,
    aChange({ revision: 8 }),
  ]);
  const list = { kind: "list", apiVersion: "v1", of: "Pod", selector: "", count: 1 } as const;
  const reads = [
    { kind: "object", object, revision: 3 },
    { kind: "object", object, revision: 6 },
    { kind: "object", object, revision: 0 },
    { ...list, revision: 6 },
    { ...list, revision: 7 },
  ] as const;
  const fact = await reconcileFact(aReconcile({ reads }), written, facts);
  expect(fact.reads).toEqual([
    { kind: "object", object, revision: 3, behind: 2 },
    { kind: "object", object, revision: 6, behind: 0 },
    { kind: "object", object, revision: 0, behind: 0 },
    { ...list, revision: 6 },
  ]);
});
