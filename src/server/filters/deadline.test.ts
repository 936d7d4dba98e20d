import { expect, test } from "vitest";
import { aServer } from "../testing/test-server.ts";
import { GoDurationError, parseGoDuration } from "./go-duration.ts";

const MAPS = "/api/v1/namespaces/t/configmaps";

test("deadline: who asks for less time than an answer takes is told so", async () => {
  const server = await aServer();
  const pending = server.env.pendingTimers;
  const asked = server.call("GET", `${MAPS}?resourceVersion=999999&timeout=1s`);
  await server.env.advance(1_500);
  expect(await asked).toMatchObject({
    status: 504,
    value: {
      reason: "Timeout",
      message: "Timeout: request did not complete within the allotted timeout",
      details: {},
    },
  });
  await server.env.advance(3_000);
  expect(server.env.pendingTimers).toBe(pending);
});

test("deadline: an answer in time leaves no timer behind; watches have their own", async () => {
  const server = await aServer();
  const pending = server.env.pendingTimers;
  expect(await server.call("GET", `${MAPS}?timeout=10m`)).toMatchObject({ status: 200 });
  expect(server.env.pendingTimers).toBe(pending);
  const watch = await server.watch(`${MAPS}?watch=1&timeout=1s&timeoutSeconds=120`);
  await server.env.advance(100_000);
  expect(watch.isEnded()).toBe(false);
  await watch.stop();
});

test("deadline: a time that cannot be read is refused", async () => {
  const server = await aServer();
  expect(await server.call("GET", `${MAPS}?timeout=abc`)).toMatchObject({
    status: 400,
    headers: { "cache-control": "no-cache, private" },
    value: {
      message: 'invalid timeout specified in the request URL - time: invalid duration "abc"',
    },
  });
});

for (const [text, ms] of [
  ["1.5s", 1_500],
  ["2m30s", 150_000],
  ["-1h", -3_600_000],
  ["0", 0],
  [".5ms", 0.5],
] as const) {
  test(`durations: ${text} is ${ms} milliseconds`, () => {
    expect(parseGoDuration(text)).toBeCloseTo(ms);
  });
}

for (const [text, message] of [
  ["", 'time: invalid duration ""'],
  ["5", 'time: missing unit in duration "5"'],
  ["5x", 'time: unknown unit "x" in duration "5x"'],
  ["5__proto__", 'time: unknown unit "__proto__" in duration "5__proto__"'],
  ["s", 'time: invalid duration "s"'],
  ["99999999999999h", 'time: invalid duration "99999999999999h"'],
] as const) {
  test(`durations: ${JSON.stringify(text)} is none`, () => {
    expect(() => parseGoDuration(text)).toThrow(new GoDurationError(message));
  });
}
