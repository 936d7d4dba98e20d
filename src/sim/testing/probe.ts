/** Does one thing in each life and tells what came of it: for tests of what lies between. */
import type { Context } from "../../base/context.ts";
import { ConfigMap } from "../../client/builtin.ts";
import type { Client } from "../../client/client.ts";
import type { ApiObject } from "../../machinery/object.ts";
import type { Program } from "../actors/process.ts";
import { replayed } from "../choices/replayed.ts";
import { CALM } from "../choices/choices.ts";
import type { MakeOracle } from "../oracles/oracle.ts";
import { buildBase } from "../scenario/build-system.ts";
import type { Operation } from "../scenario/operation.ts";
import { runOnce, type RunResult, type RunSpec, type System } from "../world/run.ts";

/** What the probe does; what it answers, or the message of its error, is told. */
export type Act = (client: Client, context: Context) => Promise<string>;

/** Makes the ConfigMap `a`. */
export const createA: Act = async (client, context) => {
  const object = {
    apiVersion: "v1",
    kind: "ConfigMap",
    metadata: { name: "a", namespace: "default" },
  };
  await client.create<ApiObject>(ConfigMap, object, context);
  return "made";
};

/** A system of one process, `probe`. `told`: one line for each life that came to an end of it. */
export async function probeSystem(
  act: Act,
  { operations = [], oracles = [] }: ProbeOptions = {},
): Promise<{ readonly system: System; readonly told: string[] }> {
  const told: string[] = [];
  const base = await buildBase({ kinds: [], given: [] });
  const program: Program = ({ client }) => ({
    name: "probe",
    run: async (context: Context) => {
      const answer = await act(client, context).catch((error: unknown) => {
        return error instanceof Error ? error.message : String(error);
      });
      told.push(answer);
      await new Promise<void>((resolve) => {
        context.signal.addEventListener("abort", () => resolve(), { once: true });
      });
    },
  });
  const processes = [{ name: "probe", program }];
  const parts = { needsReference: false, hasCollector: false, hasNodes: false };
  return { system: { base, processes, operations, oracles, ...parts }, told };
}

type ProbeOptions = {
  readonly operations?: readonly Operation[];
  readonly oracles?: readonly MakeOracle[];
};

/** Runs it once with these decisions. */
export function runWith(
  system: System,
  taken: Readonly<Record<string, string>>,
  spec: Partial<RunSpec> = {},
): Promise<RunResult> {
  const wanted = new Map(Object.entries(taken));
  const source = wanted.size === 0 ? CALM : replayed(wanted);
  return runOnce(system, { seed: 1, source, isTold: true, keepsPoints: true, ...spec });
}

/** What the store has heard of it, and what it was told: `probe: CRASHES ...`. */
export function storyOf({ events }: RunResult, pattern: RegExp): readonly string[] {
  return events
    .map(({ actor, what }) => (what.startsWith(`${actor}: `) ? what : `${actor}: ${what}`))
    .filter((line) => pattern.test(line));
}
