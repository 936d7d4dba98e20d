/**
 * The frame of the corpus' controllers: a loop as people write it by hand. It has plain views and a
 * plain client, so that every defect is the controller's own and nothing of the runtime hides it.
 */
import type { Context } from "../../../base/context.ts";
import type { Env } from "../../../base/env.ts";
import type { Client } from "../../../client/client.ts";
import type { ResourceType } from "../../../client/resource-type.ts";
import { createInformers } from "../../../informer/informers.ts";
import type { ApiObject } from "../../../machinery/object.ts";
import type { Program } from "../../actors/process.ts";

/** What a reconcile has in hand. */
export type Hand = {
  readonly client: Client;
  readonly context: Context;
  readonly env: Env;
  /** From the view, which is behind. */
  list<T extends ApiObject>(type: ResourceType<T>): readonly T[];
  /** By name, in the namespace `default`; from the view. */
  find<T extends ApiObject>(type: ResourceType<T>, name: string): T | undefined;
};

export type LoopOptions = {
  /** All kinds it has a view of; each change wakes it. */
  readonly watches: readonly ResourceType[];
  /** Kinds it has a view of that do not wake it. */
  readonly reads?: readonly ResourceType[];
  /** It looks again so often, whatever happens. */
  readonly everyMs?: number;
  /** Made anew in each life: what a controller keeps in memory. */
  readonly make: () => (hand: Hand) => Promise<void>;
};

const RETRY_MS = 1_000;

/** A process that runs the loop; a failed turn is tried again after a second. */
export function faultyLoop({ watches, reads = [], everyMs, make }: LoopOptions): Program {
  return ({ client, env }) => ({
    name: "loop",
    run: async (context: Context) => {
      const informers = createInformers({ client, env });
      const reconcile = make();
      const hand: Hand = {
        client,
        context,
        env,
        list: (type) => informers.for(type).lister.list(),
        find: (type, name) => informers.for(type).lister.get({ namespace: "default", name }),
      };
      const turns = turnsOf(() => reconcile(hand), env);
      for (const type of reads) informers.for(type);
      const views = watches.map((type) => informers.for(type));
      const running = informers.run(context);
      await Promise.all(views.map((view) => view.waitForSync(context.signal)));
      for (const view of views) view.addListener(turns.wake);
      turns.wake();
      if (everyMs !== undefined) void everySoOften(turns.wake, everyMs, env, context);
      await running;
    },
  });
}

/** One turn at a time; what wakes it during one leads to one more. */
function turnsOf(turn: () => Promise<void>, env: Env): { readonly wake: () => void } {
  let isBusy = false;
  let isWoken = false;
  const run = async (): Promise<void> => {
    isBusy = true;
    while (isWoken) {
      isWoken = false;
      try {
        await turn();
      } catch (error) {
        env.log.warn("a turn failed", { error });
        env.timers.after(RETRY_MS, wake);
      }
    }
    isBusy = false;
  };
  const wake = (): void => {
    isWoken = true;
    if (!isBusy) void run();
  };
  return { wake };
}

async function everySoOften(
  wake: () => void,
  everyMs: number,
  env: Env,
  { signal }: Context,
): Promise<void> {
  for (;;) {
    await env.timers.sleep(everyMs, signal);
    wake();
  }
}
