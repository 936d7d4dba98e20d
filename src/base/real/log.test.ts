import { expect, test } from "vitest";
import type { LogRecord } from "../log.ts";
import { programLog } from "./log.ts";

const clock = { now: () => 0, monotonic: () => 0 };

type Place = { readonly isTerminal?: boolean; readonly variables?: Record<string, string> };

/** The lines that a program writes there. */
function linesOf({ isTerminal = false, variables = {} }: Place): readonly string[] {
  const lines: string[] = [];
  const output = { isTerminal, write: (line: string) => void lines.push(line) };
  const log = programLog({ clock, output, variable: (name) => variables[name] });
  log.debug("close");
  log.info("works", { workers: 2 });
  return lines;
}

const JSON_LINE =
  '{"time":"1970-01-01T00:00:00.000Z","level":"info","message":"works","workers":2}';
const TEXT_LINE = "1970-01-01T00:00:00.000Z INFO  works  workers=2";

test("machines get JSON, a terminal gets words, in colors unless it minds", () => {
  expect(linesOf({})).toEqual([JSON_LINE]);
  expect(linesOf({ isTerminal: true })[0]).toContain("\u001b[32mINFO");
  expect(linesOf({ isTerminal: true, variables: { NO_COLOR: "1" } })).toEqual([TEXT_LINE]);
  expect(linesOf({ isTerminal: true, variables: { TERM: "dumb" } })).toEqual([TEXT_LINE]);
});

test("SETPOINT_LOG goes before what the program says", () => {
  expect(linesOf({ variables: { SETPOINT_LOG: "text" } })).toEqual([TEXT_LINE]);
  expect(linesOf({ isTerminal: true, variables: { SETPOINT_LOG: "json" } })).toEqual([JSON_LINE]);
  expect(linesOf({ variables: { SETPOINT_LOG: "debug" } })).toHaveLength(2);
  expect(linesOf({ variables: { SETPOINT_LOG: "silent" } })).toEqual([]);
});

test("a wish that is not understood is told in the log", () => {
  const [first = ""] = linesOf({ variables: { SETPOINT_LOG: "loud" } });
  expect(JSON.parse(first)).toMatchObject({
    level: "warn",
    message: "SETPOINT_LOG is not understood",
  });
});

test("a sink gets the lines; those it cannot take are written", () => {
  const records: LogRecord[] = [];
  const lines: string[] = [];
  const log = programLog({
    clock,
    variable: () => undefined,
    output: { isTerminal: false, write: (line) => void lines.push(line) },
    sink: (record) => {
      if (record.level === "error") throw new Error("not this one");
      records.push(record);
    },
  });
  log.info("taken");
  log.error("written");
  expect(records.map(({ message }) => message)).toEqual(["taken"]);
  expect(lines).toHaveLength(1);
});
