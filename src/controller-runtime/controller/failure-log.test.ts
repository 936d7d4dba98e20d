import { expect, test } from "vitest";
import { AssertionError } from "../../base/assert.ts";
import { virtualEnv } from "../../base/virtual/virtual-env.ts";
import { conflict } from "../../machinery/status.ts";
import type { Trigger } from "../sources/source.ts";
import { failureKind, FailureLog, FAILING_KEYS_MAX, turnFields } from "./failure-log.ts";
import { TerminalError } from "./outcome.ts";

const env = virtualEnv();

/** Levels of the lines that failures leave, one after the other, of one key. */
function levels(errors: readonly unknown[]): readonly string[] {
  const { log, lines } = virtualEnv();
  const failures = new FailureLog();
  for (const error of errors) {
    if (error === undefined) failures.succeeded("a", log);
    else failures.failed("a", failureKind(error), { error }, log);
  }
  return lines.map(({ level }) => level);
}

test("a failure is told of once, and again when its reason changes", () => {
  const [one, two] = [new Error("one"), new Error("two")];
  expect(levels([one, one, one, two, two, one])).toEqual([
    "warn",
    "debug",
    "debug",
    "warn",
    "debug",
    "warn",
  ]);
});

test("numbers make no other reason", () => {
  expect(levels([new Error("at 12:30"), new Error("at 12:31")])).toEqual(["warn", "debug"]);
});

test("what keeps failing is an error the tenth, the hundredth and the thousandth time", () => {
  const all = levels(Array.from({ length: 1_500 }, () => new Error("no")));
  const errors = all.flatMap((level, index) => (level === "error" ? [index + 1] : []));
  expect(errors).toEqual([10, 100, 1_000]);
});

test("a defect, and what is not tried again, is an error at once; a conflict is ordinary", () => {
  expect(levels([new AssertionError("x"), new AssertionError("x")])).toEqual(["error", "debug"]);
  expect(levels([new TerminalError("x"), new TerminalError("x")])).toEqual(["error", "debug"]);
  expect(levels(["thrown text"])).toEqual(["error"]);
  const gr = { group: "", resource: "things" };
  expect(levels([conflict(gr, "a", "newer"), conflict(gr, "a", "newer")])).toEqual([
    "debug",
    "debug",
  ]);
});

test("success after failures is told of, and forgets them", () => {
  expect(levels([undefined, new Error("no"), new Error("no"), undefined, undefined])).toEqual([
    "warn",
    "debug",
    "info",
  ]);
  expect(levels([new Error("no"), undefined, new Error("no")])).toEqual(["warn", "info", "warn"]);
});

test("so many keys are remembered and no more: the oldest is told of anew", () => {
  const { log, lines } = virtualEnv();
  const failures = new FailureLog();
  const error = new Error("no");
  for (let index = 0; index <= FAILING_KEYS_MAX; index += 1) {
    failures.failed(`key-${index}`, "ordinary", { error }, log);
  }
  failures.failed(`key-${FAILING_KEYS_MAX}`, "ordinary", { error }, log);
  failures.failed("key-0", "ordinary", { error }, log);
  expect(lines.slice(-2).map(({ level }) => level)).toEqual(["debug", "warn"]);
});

test("a reconcile's lines say which object, which run and why", () => {
  const event = (name: string): Trigger => ({
    kind: "event",
    object: `Site default/${name}`,
    revision: 7,
  });
  const causes: readonly Trigger[] = [event("a"), { kind: "timer" }, event("b"), event("c")];
  expect(turnFields("default/a", causes, "id-1")).toEqual({
    namespace: "default",
    name: "a",
    reconcileID: "id-1",
    causes: "Site default/a @7, timer, Site default/b @7 and 1 more",
  });
  expect(turnFields("node-1", [], env.ids.uuid())).not.toHaveProperty("namespace");
});
