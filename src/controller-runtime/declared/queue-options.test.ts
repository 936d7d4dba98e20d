import { expect, test } from "vitest";
import { ConfigMap } from "../../client/builtin.ts";
import { controller } from "./controller.ts";
import type { ControllerOptions } from "./declared-controller.ts";
import { queueOptionsOf, type QueueOptions } from "./queue-options.ts";

test("what is not asked for costs nothing: the controller knows of no pace and no tenants", () => {
  expect(queueOptionsOf("sites", { every: "1h" })).toEqual({});
});

test("lengths of time are read as everywhere", () => {
  expect(queueOptionsOf("sites", { atMostEvery: "5s", debounce: "200ms" })).toEqual({
    pace: { atMostEveryMs: 5_000, quietMs: 200 },
  });
  expect(queueOptionsOf("sites", { debounce: { quiet: 100, atMost: "1s" } })).toEqual({
    pace: { quietMs: 100, quietMsMax: 1_000 },
  });
});

/** As a program without types may say it. */
function unchecked(text: string): QueueOptions {
  return JSON.parse(text) as QueueOptions;
}

test.each([
  ['{"atMostEvery":"5 s"}', "sites: atMostEvery: 5 s is no duration: give milliseconds, or a text"],
  ['{"atMostEvery":0}', "sites: atMostEvery: it is longer than nothing; leave the option out"],
  ['{"atMostEvery":-1}', "sites: atMostEvery: -1 is no duration"],
  ['{"debounce":"soon"}', "sites: debounce: soon is no duration"],
  ['{"debounce":{"quiet":"0s"}}', "sites: debounce.quiet: it is longer than nothing"],
  ['{"debounce":{}}', "sites: debounce.quiet: undefined is no duration"],
  [
    '{"debounce":{"quiet":"5s","atMost":"1s"}}',
    "sites: debounce.atMost (1s) is shorter than debounce.quiet (5s)",
  ],
  [
    '{"every":"1s","atMostEvery":"5s"}',
    "sites: every (1s) asks for more than atMostEvery (5s) allows",
  ],
  ['{"every":0}', "sites: every: it is longer than nothing"],
  ['{"timeout":"soon"}', "sites: timeout: soon is no duration"],
  ['{"timeout":0}', "sites: timeout: it is longer than nothing"],
  ['{"concurrency":"2"}', "sites: concurrency: 2 is no whole number from 1 on"],
  ['{"concurrency":0}', "sites: concurrency: 0 is no whole number from 1 on"],
  ['{"retry":{"min":"x"}}', "sites: retry.min: x is no duration"],
  ['{"retry":{"min":"5m","max":"1s"}}', "sites: retry.max: 1s is shorter than retry.min (5m)"],
  ['{"retry":{"min":"5m"}}', "sites: retry.max: 60000 ms is shorter than retry.min (5m)"],
  ['{"fairBy":"namespace"}', "sites: fairBy is a function of a key, such as ({ namespace })"],
])("%s is refused where the controller is declared, in words that name the option", (text, why) => {
  const options: ControllerOptions<ConfigMap> = {
    name: "sites",
    reconcile: (_, ctx) => Promise.resolve(ctx.done()),
    ...unchecked(text),
  };
  expect(() => controller(ConfigMap, options)).toThrow(`controller ${why}`);
});
