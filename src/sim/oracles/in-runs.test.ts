import { expect, test } from "vitest";
import { ConfigMap } from "../../client/builtin.ts";
import { createInformers } from "../../informer/informers.ts";
import type { Program } from "../actors/process.ts";
import { change, create } from "../scenario/operation.ts";
import { systemOf } from "../simulate.ts";
import { runWith } from "../testing/probe.ts";
import type { Client } from "../../client/client.ts";
import type { Env } from "../../base/env.ts";
import type { Context } from "../../base/context.ts";
import type { MakeOracle } from "./oracle.ts";
import { standardOracles } from "./standard-oracles.ts";

const A = { namespace: "default", name: "a" };
const made = create(ConfigMap, { metadata: { name: "a" }, data: { text: "first" } });

type Act = (client: Client, context: Context, env: Env) => Promise<void>;

/** A process that does this and is then idle. */
const doing =
  (act: Act): Program =>
  ({ client, env }) => ({
    name: "probe",
    run: async (context: Context) => {
      await act(client, context, env);
      await env.timers.sleep(IDLE_MS, context.signal);
    },
  });

const IDLE_MS = 365 * 86_400_000;

const AROUND = { given: [made], hasNodes: false, hasCollector: false };

/** Tells how much the oracles judged. */
function counted(counts: Map<string, number>): readonly MakeOracle[] {
  const more = (what: string): void => void counts.set(what, (counts.get(what) ?? 0) + 1);
  return standardOracles().map((make) => () => {
    const oracle = make();
    return {
      ...oracle,
      onCall: (call, scene) => {
        const check = oracle.onCall?.(call, scene);
        if (check === undefined) return undefined;
        return (response) => {
          more(`${oracle.name}: ${call.call.verb}`);
          return check(response);
        };
      },
      onStream: (call, scene) => {
        const check = oracle.onStream?.(call, scene);
        if (check === undefined) return undefined;
        const arrived: typeof check.arrived = (event) => {
          more(`${oracle.name}: ${event.kind}`);
          return check.arrived(event);
        };
        return { ...check, arrived };
      },
    };
  });
}

test("who reads, writes and watches the real server is not blamed, and is looked at", async () => {
  const counts = new Map<string, number>();
  let isDone = false;
  const act: Act = async (client, context) => {
    const found = await client.get(ConfigMap, A, context);
    await client.list(ConfigMap, { namespace: "default" }, context);
    await client.update(ConfigMap, { ...found, data: { text: "second" } }, context);
    await client.update(ConfigMap, { ...found, data: { text: "third" } }, context).catch(() => 0);
    const patch = { data: { text: "fourth" } };
    await client.patch(ConfigMap, A, { kind: "merge", patch }, context);
    await client.patch(ConfigMap, A, { kind: "merge", patch }, context);
    await client.delete(ConfigMap, A, context);
    await client.get(ConfigMap, A, context).catch(() => 0);
    isDone = true;
  };
  const watcher: Program = ({ client, env }) => ({
    name: "watcher",
    run: async (context: Context) => {
      const informers = createInformers({ client, env });
      informers.for(ConfigMap);
      await informers.run(context);
    },
  });
  const processes = { watcher, probe: doing(act) };
  const system = await systemOf({ ...AROUND, processes, scenario: [] });
  const { violation } = await runWith({ ...system, oracles: counted(counts) }, {});
  expect(violation).toBeUndefined();
  expect(isDone).toBe(true);
  expect(Object.fromEntries(counts)).toEqual({
    "one effect: delete": 1,
    "one effect: patch": 2,
    "one effect: update": 2,
    "true answers: get": 2,
    "true answers: list": 1,
    "whole streams: ADDED": 1,
    "whole streams: BOOKMARK": 2,
    "whole streams: DELETED": 1,
    "whole streams: MODIFIED": 2,
  });
});

test("an update that sets back what somebody has changed meanwhile is found in a run", async () => {
  const act: Act = async (client, context, env) => {
    const { metadata, ...found } = await client.get(ConfigMap, A, context);
    await env.timers.sleep(300_000, context.signal);
    const { resourceVersion: _any, ...unversioned } = metadata;
    await client.update(ConfigMap, { ...found, metadata: unversioned }, context);
  };
  const scenario = [change(ConfigMap, "a", { data: { text: "of people" } })];
  const system = await systemOf({ ...AROUND, processes: { probe: doing(act) }, scenario });
  const { violation } = await runWith(system, {});
  expect(violation).toMatchObject({
    oracle: "no lost updates",
    message: "probe set data.text of configmaps default/a back to what it was before",
  });
});
