import { beforeAll, expect, test } from "vitest";
import { Channel } from "../../base/channel.ts";
import { ConfigMap } from "../../client/builtin.ts";
import { createA, probeSystem, runWith, storyOf, type Act } from "../testing/probe.ts";
import type { System } from "../world/run.ts";

const CREATE = "call: probe: create configmaps default/a";
const LOST = /connection was reset/;

/** What a fate does to the first attempt: to the store, to the caller, and to the life after. */
type Case = {
  readonly fate: string;
  /** What each life was told, one after the other. */
  readonly told: readonly RegExp[];
  readonly deaths: number;
  /** When the object was made, in milliseconds; undefined: never. */
  readonly madeAtMs: number | undefined;
};

const CASES: readonly Case[] = [
  { fate: "", told: [/made/], deaths: 0, madeAtMs: 0 },
  // Nothing came of the first life; the second does it.
  { fate: "crash before effect", told: [/made/], deaths: 1, madeAtMs: 1_000 },
  { fate: "crash after effect", told: [/already exists/], deaths: 1, madeAtMs: 0 },
  { fate: "crash after answer", told: [/made/, /already exists/], deaths: 1, madeAtMs: 0 },
  { fate: "lost before effect", told: [LOST], deaths: 0, madeAtMs: undefined },
  { fate: "lost after effect", told: [LOST], deaths: 0, madeAtMs: 0 },
  // The client asks again by itself, after the second that it was told to wait.
  { fate: "too many requests", told: [/made/], deaths: 0, madeAtMs: 1_000 },
  { fate: "internal error", told: [/an accident/], deaths: 0, madeAtMs: undefined },
  { fate: "unavailable", told: [/not available/], deaths: 0, madeAtMs: undefined },
];

let system: System;
let told: string[];

beforeAll(async () => {
  ({ system, told } = await probeSystem(createA));
});

for (const { fate, deaths, madeAtMs, ...expected } of CASES) {
  const effect = madeAtMs === undefined ? "nothing is made" : `it is made at ${madeAtMs} ms`;
  test(`${fate === "" ? "no fault" : fate}: ${effect}, as the caller hears or not`, async () => {
    told.length = 0;
    const result = await runWith(system, fate === "" ? {} : { [CREATE]: fate });
    const writes = result.events.filter(({ what }) => what.startsWith("create configmaps"));
    expect(writes.map(({ atMs }) => atMs)).toEqual(madeAtMs === undefined ? [] : [madeAtMs]);
    expect(result.state.get(ConfigMap, "a") !== undefined).toBe(madeAtMs !== undefined);
    expect(told).toHaveLength(expected.told.length);
    for (const [nth, pattern] of expected.told.entries()) expect(told[nth]).toMatch(pattern);
    expect(storyOf(result, /CRASHES/)).toHaveLength(deaths);
    expect([...result.taken]).toEqual(fate === "" ? [] : [[CREATE, fate]]);
  });
}

test("somebody else's write is a conflict for those who name a version", async () => {
  const act: Act = async (client, context) => {
    await createA(client, context);
    const key = { namespace: "default", name: "a" };
    const { resourceVersion } = (await client.get(ConfigMap, key, context)).metadata;
    const fields = { metadata: { resourceVersion }, data: { k: "v" } };
    await client.patch(ConfigMap, key, { kind: "merge", patch: fields }, context);
    return "patched";
  };
  const probe = await probeSystem(act);
  const PATCH = "call: probe: patch configmaps default/a";
  const result = await runWith(probe.system, { [PATCH]: "conflict", [CREATE]: "conflict" });
  expect(probe.told[0]).toMatch(/modified/);
  expect(result.state.get(ConfigMap, "a")?.data).toBeUndefined();
  expect([...result.taken.keys()]).toEqual([PATCH]);
});

test("requests and answers take their time, each as it was decided", async () => {
  told.length = 0;
  const about = "latency: probe: create configmaps default/a";
  const slow = { [`${about}, request`]: "3s", [`${about}, answer`]: "200ms" };
  const { events } = await runWith(system, slow);
  const at = (pattern: RegExp) => events.find(({ what }) => pattern.test(what))?.atMs;
  expect([at(/^create configmaps/), at(/: 201$/)]).toEqual([3_000, 3_200]);
});

test("who is cut off reaches nobody, and is told so; afterwards all is as before", async () => {
  const moments = new Channel<number>({ capacity: 10, whenFull: "end" });
  const waits: Act = async (client, context) => {
    const answers: string[] = [];
    for await (const moment of moments) {
      const key = { namespace: "default", name: "a" };
      const answer = await client.get(ConfigMap, key, context).then(
        () => "found",
        (error: unknown) => (error instanceof Error ? error.message : "?"),
      );
      answers.push(`${moment}: ${answer}`);
      if (answers.length === 2) break;
    }
    return answers.join("; ");
  };
  const ask = (moment: number) => ({
    name: `ask ${moment}`,
    run: () => {
      moments.send(moment);
      return Promise.resolve();
    },
  });
  const probe = await probeSystem(waits, { operations: [ask(1), ask(2)] });
  const taken = { 'world: probe after "ask 1"': "partition 30s", 'pace: after "ask 1"': "60s" };
  await runWith(probe.system, taken);
  expect(probe.told).toEqual([
    expect.stringMatching(/^1: .*connection was reset; 2: .*"a" not found$/),
  ]);
});
