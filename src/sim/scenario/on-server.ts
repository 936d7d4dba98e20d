/** Work with a server and a client outside of any run, in virtual time and without faults. */
import { type Context, rootContext } from "../../base/context.ts";
import { virtualEnv } from "../../base/virtual/virtual-env.ts";
import type { Client } from "../../client/client.ts";
import { RestClient } from "../../client/rest-client.ts";
import { openMemoryStore } from "../../store/memory-store.ts";
import type { Store } from "../../store/store.ts";
import type { Answering } from "../../controller-runtime/webhooks/answering.ts";
import { startServer } from "../actors/api-server.ts";
import { answering, calmAnswers, type SimWebhook } from "../actors/webhooks.ts";

export type Served = {
  readonly client: Client;
  readonly context: Context;
  /** Resolves when all kinds that are defined are served. */
  readonly synced: () => Promise<void>;
};

export type ServedWork = (served: Served) => Promise<void>;

export type OnServerOptions = {
  /** What the store begins with (default: nothing). */
  readonly copyOf?: Store | undefined;
  /** Are answered when the server calls them (default: none). */
  readonly webhooks?: readonly SimWebhook[];
};

/** The store as it is when the work is done. */
export async function onServer(
  work: ServedWork,
  { copyOf, webhooks = [] }: OnServerOptions = {},
): Promise<Store> {
  const env = virtualEnv();
  const stop = new AbortController();
  const context = rootContext(env, stop.signal);
  const store = await openMemoryStore(env, copyOf === undefined ? {} : { copyOf });
  let answers: Answering | undefined;
  const called = webhooks.length === 0 ? undefined : calmAnswers(() => answers);
  const server = startServer(store, env, context, called);
  const transport = server.as("setup");
  const client = new RestClient({ transport, env }, { fieldManager: "setup" });
  if (webhooks.length > 0) answers = answering(webhooks, { client, env });
  let isOver = false;
  const end = (): void => {
    isOver = true;
  };
  const done = work({ client, context, synced: () => server.synced() });
  done.then(end, end);
  await env.settle();
  for (let turns = 0; !isOver && turns < TURNS_MAX; turns += 1) {
    if (!(await env.step(SETUP_MS_MAX))) await env.settle();
  }
  stop.abort(new Error("the setup is over"));
  await done;
  await env.settle();
  return store;
}

const TURNS_MAX = 10_000;
const SETUP_MS_MAX = 60_000;
