import fc from "fast-check";
import { expect, test } from "vitest";
import type { ChangeFact } from "../facts.ts";
import { aCause, aChange, ofController, recordedFacts } from "../testing/recorded-facts.ts";
import { storyOf, STORY_CHANGES_MAX, type Story } from "./why.ts";

function object(kind: string, name: string): ChangeFact["object"] {
  return { apiVersion: "v1", kind, namespace: "default", name, uid: `u-${name}` };
}

/** `107 <- 104 <- 101 request`, branches in brackets. */
function text({ change, because, ends, link }: Story): string {
  const mark = link === "inferred" ? "?" : "";
  const parts = [
    ...because.map(text),
    ...ends.map((end) => ("revisions" in end ? `${end.kind} ${end.revisions.join()}` : end.kind)),
  ];
  const causes = parts.length === 1 ? parts.join() : `[${parts.join("; ")}]`;
  return `${mark}${change.revision} <- ${causes}`;
}

async function told(revision: number, changes: readonly ChangeFact[]): Promise<string> {
  const story = await storyOf(revision, recordedFacts(changes));
  return story === undefined ? "nothing" : text(story);
}

test("goes back from a pod to the request that led to it", async () => {
  const changes = [
    aChange({ revision: 101, object: object("Deployment", "d") }),
    aChange({ revision: 104, cause: ofController("deployment", [101]) }),
    aChange({ revision: 107, cause: ofController("replicaset", [104]) }),
  ];
  expect(await told(107, changes)).toBe("107 <- 104 <- 101 <- request");
  expect(await told(99, changes)).toBe("nothing");
});

test("a branch ends at what made its writer act, besides changes", async () => {
  const changes = [
    aChange({ revision: 1, cause: { ...ofController("gc", []), roots: ["start"] } }),
    aChange({ revision: 2, cause: { ...ofController("gc", [1]), roots: ["timer", "retry"] } }),
    aChange({ revision: 3, cause: aCause({ user: "", triggers: [2] }) }),
    aChange({ revision: 4, cause: aCause({ user: "system:apiserver" }) }),
    aChange({ revision: 5, cause: aCause({ user: "system:node:n", roots: ["external"] }) }),
  ];
  expect(await told(3, changes)).toBe("3 <- 2 <- [1 <- start; timer; retry]");
  expect(await told(4, changes)).toBe("4 <- server");
  expect(await told(5, changes)).toBe("5 <- external");
});

test("tells each change once, and says what it does not know any more", async () => {
  const changes = [
    aChange({ revision: 5, cause: ofController("timer", []) }),
    aChange({ revision: 6, cause: ofController("a", [3, 5]) }),
    aChange({ revision: 7, cause: ofController("b", [5, 6]) }),
  ];
  expect(await told(7, changes)).toBe("7 <- [5 <- own-accord; 6 <- [forgotten 3; told 5]]");
});

test("a claim that something later led to a change is not believed", async () => {
  const changes = [
    aChange({ revision: 5, cause: aCause({ triggers: [5, 6] }) }),
    aChange({ revision: 6, cause: aCause({ triggers: [5] }) }),
  ];
  expect(await told(6, changes)).toBe("6 <- 5 <- request");
});

test("infers what led a controller to write that does not say it", async () => {
  const user = "system:kube-controller-manager";
  const changes = [
    aChange({ revision: 1, object: object("Deployment", "d"), what: "created" }),
    aChange({ revision: 2, object: object("Deployment", "other"), what: "created" }),
    aChange({
      revision: 3,
      what: "created",
      object: object("ReplicaSet", "r"),
      owners: [{ kind: "Deployment", name: "d", uid: "u-d" }],
      cause: aCause({ user }),
    }),
    aChange({ revision: 4, object: object("Node", "n"), cause: aCause({ user }) }),
  ];
  expect(await told(3, changes)).toBe("3 <- ?1 <- request");
  expect(await told(4, changes)).toBe("4 <- unknown");
});

test("an object that has gone went because somebody had asked it to", async () => {
  const cause = aCause({ user: "system:node:n", actor: "kubelet" });
  const changes = [
    aChange({ revision: 1, what: "created" }),
    aChange({ revision: 2, what: "deletion-requested" }),
    aChange({ revision: 3, what: "deleted", cause }),
  ];
  expect(await told(3, changes)).toBe("3 <- ?2 <- request");
});

test("every branch of every story ends, and no change is told twice", async () => {
  const anyPast = fc.array(fc.array(fc.integer({ min: 1, max: 60 }), { maxLength: 6 }), {
    minLength: 1,
    maxLength: 50,
  });
  await fc.assert(
    fc.asyncProperty(anyPast, async (past) => {
      const changes = past.map((triggers, index) =>
        aChange({ revision: index + 1, cause: aCause({ triggers }) }),
      );
      const story = await storyOf(past.length, recordedFacts(changes));
      const revisions: number[] = [];
      const visit = ({ change, because, ends }: Story): void => {
        revisions.push(change.revision);
        expect(because.length + ends.length).toBeGreaterThan(0);
        for (const each of because) {
          expect(each.change.revision).toBeLessThan(change.revision);
          visit(each);
        }
      };
      if (story !== undefined) visit(story);
      expect(new Set(revisions).size).toBe(revisions.length);
    }),
  );
});

test("a story without end is cut", async () => {
  const changes = Array.from({ length: STORY_CHANGES_MAX + 50 }, (_, index) =>
    aChange({ revision: index + 1, cause: aCause({ triggers: index === 0 ? [] : [index] }) }),
  );
  const story = await storyOf(changes.length, recordedFacts(changes));
  let depth = 0;
  let last = story;
  for (let at = story; at !== undefined; at = at.because[0]) [depth, last] = [depth + 1, at];
  expect(depth).toBe(STORY_CHANGES_MAX);
  expect(last?.ends).toEqual([{ kind: "cut" }]);
});
