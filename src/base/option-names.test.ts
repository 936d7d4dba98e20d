import { expect, test } from "vitest";
import { checkOptions, type OptionNames } from "./option-names.ts";

type Options = { readonly retries?: number; readonly waitMsMax?: number; readonly env?: object };
const NAMES: OptionNames<Options> = { retries: true, waitMsMax: true, env: true };

function said(options: object): string {
  try {
    checkOptions<object>("call", options, NAMES);
  } catch (error) {
    return String(error);
  }
  return "";
}

test("a misspelt option is refused with the name that was meant", () => {
  expect(said({ retires: 1 })).toBe(
    'TypeError: call: unknown option "retires"; did you mean retries?',
  );
  for (const [name, meant] of [
    ["waitMs", "waitMsMax"],
    ["WaitMSMax", "waitMsMax"],
    ["retry", "retries"],
    ["evn", "env"],
  ] as const) {
    expect(said({ [name]: 1 })).toContain(`did you mean ${meant}?`);
  }
});

test("of an option that is like none, all that are known are told", () => {
  for (const name of ["x", "constructor", "", "concurrency"]) {
    expect(said({ [name]: 1 })).toMatch(/; known are env, retries, waitMsMax$/);
  }
});

test("known options pass, and one that is undefined is as good as absent", () => {
  expect(said({ retries: 1, env: {} })).toBe("");
  expect(said({ retires: undefined })).toBe("");
  expect(said({ retires: null })).not.toBe("");
});
