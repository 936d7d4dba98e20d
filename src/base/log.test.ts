import { expect, test } from "vitest";
import { jsonLine, textLine } from "./log-lines.ts";
import { parseLogWish } from "./log-levels.ts";
import { logTo, type LogRecord } from "./log.ts";

const clock = { now: () => 1_000, monotonic: () => 0 };

function aLog(wish = "info") {
  const records: LogRecord[] = [];
  const { level = "info", rules } = parseLogWish(wish);
  const log = logTo({ sink: (record) => records.push(record), levels: { level, rules }, clock });
  return { log, records };
}

test("a sink gets level, message and fields, those of the log first", () => {
  const { log, records } = aLog();
  const error = new Error("no");
  log.with({ controller: "sites" }).warn("it failed", { error, retryInMs: 5 });
  expect(records).toMatchObject([
    {
      timeMs: 1_000,
      level: "warn",
      message: "it failed",
      fields: { controller: "sites", error: { message: "no" }, retryInMs: 5 },
    },
  ]);
  expect(records[0]?.error).toBe(error);
});

test("levels go by the fields of the log", () => {
  const { log, records } = aLog("warn,controller=sites:debug");
  log.info("not written");
  log.with({ controller: "other" }).info("not written");
  log.with({ controller: "sites" }).with({ name: "a" }).debug("written");
  expect(records.map(({ message }) => message)).toEqual(["written"]);
});

test("fields of a line that is not written are not looked at", () => {
  const { log } = aLog();
  let looks = 0;
  const fields = {
    get costly(): number {
      looks += 1;
      return looks;
    },
  };
  log.debug("not written", fields);
  expect(looks).toBe(0);
});

test("a log never throws, whatever it is given and whatever becomes of the line", () => {
  const saved: string[] = [];
  const broken = logTo({
    sink: () => {
      throw new Error("the disk is full");
    },
    fallback: ({ message }) => {
      saved.push(message);
      throw new Error("that as well");
    },
    levels: { level: "debug", rules: [] },
    clock,
  });
  const hostile = {
    get bad(): never {
      throw new Error("no");
    },
  };
  broken.with(hostile).info("one", hostile);
  const circle: Record<string, unknown> = {};
  circle["circle"] = circle;
  broken.error("two", circle);
  expect(saved).toEqual(["one", "two"]);
});

const RECORD: LogRecord = { timeMs: 0, level: "info", message: "works", fields: {} };

test("JSON lines keep their own names; a field of such a name gives way", () => {
  const fields = { level: 5, message: "mine", workers: 1 };
  expect(jsonLine({ ...RECORD, fields }, "T")).toBe(
    '{"time":"T","level":"info","message":"works","level_":5,"message_":"mine","workers":1}',
  );
});

test("a line for people is one line, and nothing in it moves a cursor", () => {
  const fields = { name: "a\n\u001b[2J\u202e", path: "/a/b.c:1", list: [1, "x"], empty: "" };
  expect(textLine({ ...RECORD, message: "odd\u009b1m", fields }, "T")).toBe(
    'T INFO  odd\\u009b1m  name="a\\n\\u001b[2J\\u202e" path=/a/b.c:1 list=[1,"x"] empty=""',
  );
});

test("of an error people see what happened, why, and where it came from", () => {
  const stack = "TypeError: x\n    at async plan (file:///a/plan.ts:12:3)\n    at run (b.ts:1:1)";
  const cause = { name: "Error", message: "gone", stack: "Error: gone" };
  const error = { name: "TypeError", message: "no key", stack, cause };
  expect(textLine({ ...RECORD, level: "error", fields: { error } }, "T")).toBe(
    'T ERROR works  error="TypeError: no key; because Error: gone" at=file:///a/plan.ts:12:3',
  );
});

test("colors are there where they are asked for", () => {
  const line = textLine({ ...RECORD, fields: { a: 1 } }, "T", { hasColors: true });
  expect(line).toBe("\u001b[2mT\u001b[0m \u001b[32mINFO \u001b[0m works  \u001b[2ma=\u001b[0m1");
});
