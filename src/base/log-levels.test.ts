import { expect, test } from "vitest";
import { isWritten, levelFor, parseLogWish } from "./log-levels.ts";

test("a wish names a level, a form and exceptions, in any order", () => {
  expect(parseLogWish(" json, warn,controller=sites:debug,informer=apps/v1:x:error ")).toEqual({
    level: "warn",
    form: "json",
    rules: [
      { field: "controller", value: "sites", level: "debug" },
      { field: "informer", value: "apps/v1:x", level: "error" },
    ],
    problems: [],
  });
  expect(parseLogWish("")).toEqual({ rules: [], problems: [] });
});

test("what is not understood is told, and the rest holds", () => {
  const { level, problems } = parseLogWish("debug,loud,controller=sites:trace,__proto__");
  expect(level).toBe("debug");
  expect(problems).toHaveLength(3);
  expect(problems[0]).toBe(
    '"loud" is no level (debug, info, warn, error, silent), form (json, text) or ' +
      "field=value:level",
  );
});

test("of several exceptions that fit the last one counts", () => {
  const { rules } = parseLogWish("controller=a:debug,namespace=x:error");
  const levels = { level: "info", rules } as const;
  expect(levelFor(levels, {})).toBe("info");
  expect(levelFor(levels, { controller: "a" })).toBe("debug");
  expect(levelFor(levels, { controller: "b" })).toBe("info");
  expect(levelFor(levels, { controller: "a", namespace: "x" })).toBe("error");
});

test("a level writes itself and what is heavier", () => {
  expect(isWritten("info", "info")).toBe(true);
  expect(isWritten("debug", "info")).toBe(false);
  expect(isWritten("error", "silent")).toBe(false);
});
