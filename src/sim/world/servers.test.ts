import { expect, test } from "vitest";
import type { Context } from "../../base/context.ts";
import type { Env } from "../../base/env.ts";
import { ConfigMap, Secret } from "../../client/builtin.ts";
import type { Client } from "../../client/client.ts";
import { createInformers } from "../../informer/informers.ts";
import type { ApiObject } from "../../machinery/object.ts";
import type { Program } from "../actors/process.ts";
import { eventually } from "../oracles/invariants.ts";
import { SimulationError } from "../report/simulation-error.ts";
import { create, type Operation } from "../scenario/operation.ts";
import { simulate, type SimulateOptions } from "../simulate.ts";
import { createA, probeSystem, runWith, storyOf } from "../testing/probe.ts";
import type { System } from "./run.ts";

type Life = { readonly client: Client; readonly env: Env; readonly context: Context };

const wait = { name: "wait", run: () => Promise.resolve() };
const CREATE = "server: probe: create configmaps default/a";
const RESTART = 'server: server after "wait"';
const CONNECTS = "server: probe connects";

/** A system whose process `probe` does this, and then nothing for ever. */
async function systemOf(
  act: (life: Life) => Promise<void>,
  operations: readonly Operation[] = [wait],
): Promise<System> {
  const { system } = await probeSystem(() => Promise.resolve(""), { operations });
  const program: Program = ({ client, env }) => ({
    name: "probe",
    run: async (context: Context) => {
      await act({ client, env, context });
      await env.timers.sleep(1e9, context.signal);
    },
  });
  return { ...system, processes: [{ name: "probe", program }] };
}

const messageOf = (error: unknown): string => (error instanceof Error ? error.message : "?");

const FATES: Readonly<Record<string, readonly RegExp[]>> = {
  "": [/^made$/, /already exists/],
  "crash before effect": [/connection was reset/, /^made$/],
  "crash after effect": [/connection was reset/, /already exists/],
};

for (const [fate, told] of Object.entries(FATES)) {
  test(`around a write: ${fate || "no crash"}; what was done is there afterwards`, async () => {
    const answers: string[] = [];
    const system = await systemOf(async ({ client, env, context }) => {
      for (const waitMs of [1_000, 5_000]) {
        await env.timers.sleep(waitMs, context.signal);
        answers.push(await createA(client, context).catch(messageOf));
      }
    });
    const result = await runWith(system, fate === "" ? {} : { [CREATE]: fate });
    for (const [nth, pattern] of told.entries()) expect(answers[nth]).toMatch(pattern);
    expect(storyOf(result, /^server: CRASHES/)).toHaveLength(fate === "" ? 0 : 1);
    expect(result.state.get(ConfigMap, "a")).toBeDefined();
  });
}

test("while the only server is away calls are refused, and people wait for it", async () => {
  const answers: string[] = [];
  const ask = async ({ client, env, context }: Life): Promise<void> => {
    for (let nth = 0; nth < 30; nth += 1) {
      await env.timers.sleep(5_000, context.signal);
      const key = { namespace: "default", name: "a" };
      answers.push(await client.get(ConfigMap, key, context).then(() => "found", messageOf));
    }
  };
  const again = create(ConfigMap, { metadata: { name: "a" } });
  const system = await systemOf(ask, [wait, again]);
  const taken = { [RESTART]: "away 60s", 'pace: after "wait"': "0" };
  const { events } = await runWith(system, taken);
  const made = events.find(({ what }) => what.startsWith("create configmaps default/a"));
  const away = events.find(({ what }) => what.startsWith("CRASHES"));
  expect((made?.atMs ?? 0) - (away?.atMs ?? 0)).toBe(60_000);
  const refused = answers.filter((answer) => answer.includes("no API server is up"));
  expect(refused.length).toBeGreaterThan(1);
  expect(answers.at(-1)).toBe("found");
});

test("no uid is given twice, whichever server gives it in whichever of its lives", async () => {
  const names = ["a", "b", "c", "d"];
  const operations = names.map((name) => create(ConfigMap, { metadata: { name } }));
  const system = await systemOf(() => Promise.resolve(), operations);
  const moments = operations.map(({ name }) => [`server: server after "${name}"`, "restart"]);
  const { state, events } = await runWith(system, Object.fromEntries(moments));
  const uids = names.map((name) => state.get(ConfigMap, name)?.metadata.uid);
  expect(new Set(uids).size).toBe(names.length);
  expect(events.filter(({ what }) => what.startsWith("CRASHES"))).toHaveLength(names.length);
});

test("a process comes to the other server when its own dies, or it is so decided", async () => {
  const one = await systemOf(async ({ client, env, context }) => {
    for (let nth = 0; nth < 60; nth += 1) {
      await env.timers.sleep(1_000, context.signal);
      await client.list(ConfigMap, {}, context).catch(() => undefined);
    }
  });
  const pace = { 'pace: after "wait"': "0" };
  const ways = async (taken: Readonly<Record<string, string>>): Promise<readonly string[]> => {
    const { points } = await runWith({ ...one, servers: 2 }, { ...pace, ...taken });
    const decided = points.filter(({ name }) => name.startsWith(CONNECTS));
    return decided.map(({ options }) => options.slice(1).join());
  };
  expect(await ways({})).toEqual(["to server-2"]);
  const died = 'server: server-2 after "wait"';
  const again = "world: probe late 2";
  // It is at the second one, which dies: of the one that is left there is no choice.
  expect(await ways({ [CONNECTS]: "to server-2", [died]: "away 60s" })).toEqual(["to server-2"]);
  // Both are there when it loses its connection: calm is the one that it had.
  expect(await ways({ [CONNECTS]: "to server-2", [again]: "lose connection" })).toEqual([
    "to server-2",
    "to server",
  ]);
});

type Copy = (map: ConfigMap) => Promise<void>;

/** Copies config maps into secrets; `watch` says how it hears of them. */
function copying(watch: (life: Life, copy: Copy) => Promise<void>): SimulateOptions {
  const copies: Program = ({ client, env }) => ({
    name: "copies",
    run: async (context: Context) => {
      const copy: Copy = async ({ metadata: { name = "", namespace } }) => {
        const metadata = { name, namespace: "default" };
        const secret = { apiVersion: "v1", kind: "Secret", metadata };
        if (namespace !== "default") return;
        await client.create<ApiObject>(Secret, secret, context).catch(() => undefined);
      };
      await watch({ client, env, context }, copy);
    },
  });
  const names = ["a", "b"];
  return {
    processes: { copies },
    scenario: names.map((name) => create(ConfigMap, { metadata: { name } })),
    invariants: [
      eventually("each text is copied", (state) => {
        return names.every((name) => {
          return state.get(ConfigMap, name) === undefined || state.get(Secret, name) !== undefined;
        });
      }),
    ],
    faults: ["server"],
    hasNodes: false,
    tapes: "",
  };
}

/** Listens once: when the stream ends it hears nothing more. */
const listensOnce = copying(async ({ client, env, context }, copy) => {
  try {
    for await (const events of await client.watch<ConfigMap>(ConfigMap, {}, context)) {
      for (const event of events) if (event.kind === "ADDED") await copy(event.object.value);
    }
  } catch {
    // It takes that for the end.
  }
  await env.timers.sleep(1e9, context.signal);
});

/** A view lists again when its stream has ended; what failed is tried again. */
const hasAView = copying(async ({ client, env, context }, copy) => {
  const maps = createInformers({ client, env });
  const view = maps.for(ConfigMap);
  const all = async (): Promise<void> => {
    for (const map of view.lister.list()) await copy(map);
  };
  const often = async (): Promise<void> => {
    for (;;) {
      await env.timers.sleep(60_000, context.signal);
      await all();
    }
  };
  await Promise.all([maps.run(context), often()]);
});

test("who does not listen again after a server's restart is found out", async () => {
  const error = await simulate({ ...listensOnce, runs: 30 }).catch((failure: unknown) => failure);
  if (!(error instanceof SimulationError)) throw error;
  expect(Object.values(error.tape.taken)).toEqual(["restart"]);
});

for (const servers of [1, 2]) {
  test(`who lists again holds out, whatever becomes of ${servers} API servers`, async () => {
    expect((await simulate({ ...hasAView, servers, runs: 25 })).runs).toBe(25);
  }, 60_000);
}

test("no servers at all are refused in words", async () => {
  const none = simulate({ ...hasAView, servers: 0 });
  await expect(none).rejects.toThrow("servers: must be a whole number from 1 to 5");
});
