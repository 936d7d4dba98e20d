/** What people type: objects, goals, durations. */
import { expect, test } from "vitest";
import { parseGoal } from "./commands/wait.ts";
import { parseObjectArguments } from "./object-arguments.ts";
import { duration, wholeNumber } from "./programs/flags.ts";

test.each([
  { words: ["pods"], parsed: [{ word: "pods", names: [] }] },
  {
    words: ["pods,svc"],
    parsed: [
      { word: "pods", names: [] },
      { word: "svc", names: [] },
    ],
  },
  { words: ["pod", "a", "b"], parsed: [{ word: "pod", names: ["a", "b"] }] },
  {
    words: ["pod/a", "deploy/b"],
    parsed: [
      { word: "pod", names: ["a"] },
      { word: "deploy", names: ["b"] },
    ],
  },
])("$words names objects", ({ words, parsed }) => {
  expect(parseObjectArguments(words, { isNameRequired: false })).toEqual(parsed);
});

test.each([
  { words: [], says: /name what you mean/ },
  { words: ["pod/"], says: /not of the form kind\/name/ },
  { words: ["pod/a/b"], says: /not of the form kind\/name/ },
  { words: ["pod", "deploy/b"], says: /cannot follow/ },
])("$words is refused", ({ words, says }) => {
  expect(() => parseObjectArguments(words, { isNameRequired: false })).toThrow(says);
});

test("a command on one object asks for its name", () => {
  expect(() => parseObjectArguments(["deploy"], { isNameRequired: true })).toThrow(
    /a name is missing/,
  );
});

const pod = (status: unknown) => ({
  apiVersion: "v1",
  kind: "Pod",
  metadata: { name: "a" },
  status,
});
const ready = (status: string) => pod({ conditions: [{ type: "Ready", status }] });

test.each([
  { goal: "condition=Ready", object: ready("True"), isMet: true },
  { goal: "condition=ready", object: ready("True"), isMet: true },
  { goal: "condition=Ready", object: ready("False"), isMet: false },
  { goal: "condition=Ready=false", object: ready("False"), isMet: true },
  { goal: "condition=Ready", object: undefined, isMet: false },
  { goal: "delete", object: undefined, isMet: true },
  { goal: "delete", object: ready("True"), isMet: false },
  { goal: "create", object: ready("True"), isMet: true },
  { goal: "jsonpath={.status.phase}=Running", object: pod({ phase: "Running" }), isMet: true },
  { goal: "jsonpath={.status.phase}=Running", object: pod({ phase: "Pending" }), isMet: false },
  {
    goal: "jsonpath={.status.list[1].a}=2",
    object: pod({ list: [{ a: 1 }, { a: 2 }] }),
    isMet: true,
  },
  { goal: "jsonpath={.status.constructor}", object: pod({}), isMet: false },
])("--for $goal on $object is met: $isMet", ({ goal, object, isMet }) => {
  expect(parseGoal(goal).isMet(object)).toBe(isMet);
});

test("an unknown goal says what there is", () => {
  expect(() => parseGoal("soon")).toThrow(/nothing to wait for/);
});

test.each([
  ["30s", 30_000],
  ["1m30s", 90_000],
  ["500ms", 500],
  ["1.5h", 5_400_000],
  ["0", 0],
])("%s is a duration", (text, ms) => {
  expect(duration("--timeout")(text)).toBe(ms);
});

test.each(["", "30", "s", "1x", "1s2"])("%j is no duration", (text) => {
  expect(() => duration("--timeout")(text)).toThrow(/--timeout takes a duration/);
});

test("numbers are whole and not too small", () => {
  expect(wholeNumber("--replicas", 0)("3")).toBe(3);
  for (const text of ["-1", "1.5", "many", "1e99"]) {
    expect(() => wholeNumber("--replicas", 0)(text)).toThrow(/--replicas takes a whole number/);
  }
});
