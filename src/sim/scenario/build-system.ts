/** Makes what every run of a simulation begins with, once. */
import { createNamespaces } from "../../control-plane/bootstrap/bootstrap.ts";
import { RestClient } from "../../client/rest-client.ts";
import { rootContext } from "../../base/context.ts";
import { virtualEnv } from "../../base/virtual/virtual-env.ts";
import { installDefinitions } from "../../client/resource/install-definitions.ts";
import type { DefinedResource } from "../../client/resource/define-resource.ts";
import { openMemoryStore } from "../../store/memory-store.ts";
import type { Store } from "../../store/store.ts";
import { startServer } from "../actors/api-server.ts";
import type { Operation } from "./operation.ts";

export type BaseOptions = {
  /** Kinds whose definitions are there. */
  readonly kinds: readonly DefinedResource[];
  /** Done before the first run, without faults. */
  readonly given: readonly Operation[];
};

/** A store with namespaces, definitions and what is given. */
export async function buildBase({ kinds, given }: BaseOptions): Promise<Store> {
  const env = virtualEnv();
  const stop = new AbortController();
  const context = rootContext(env, stop.signal);
  const store = await openMemoryStore(env);
  const server = startServer(store, env, context);
  const transport = server.as("setup");
  const client = new RestClient({ transport, env }, { fieldManager: "setup" });
  const work = async (): Promise<void> => {
    await createNamespaces(client, context);
    await installDefinitions(kinds, client, context);
    await server.synced();
    for (const operation of given) await operation.run(client, context);
  };
  let isOver = false;
  const end = (): void => {
    isOver = true;
  };
  const done = work();
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
