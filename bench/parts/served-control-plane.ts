/**
 * A control plane in a process of its own, reached over HTTPS: otherwise the client's work and the
 * server's would share one thread, and the figures would be of neither.
 */
import { fork, type ChildProcess } from "node:child_process";
import { once } from "node:events";
import { join } from "node:path";
import { realEnv } from "../../src/base/real/env.ts";
import { realFiles } from "../../src/base/real/files.ts";
import { httpTransport } from "../../src/client/http/http-transport.ts";
import { loadKubeconfig } from "../../src/client/node/kubeconfig.ts";
import { RestClient } from "../../src/client/rest-client.ts";

/** A client with a connection of its own. */
export type Connected = AsyncDisposable & { readonly client: RestClient };

export type ServedControlPlane = AsyncDisposable & {
  /** As administrator, over one HTTP/2 connection. */
  connect(): Promise<Connected>;
  /** Of the server's process. */
  heapBytes(): Promise<number>;
};

/** Starts it without controllers; its keys, and with lmdb its data, go into `directory`. */
export async function serveControlPlane(options: {
  readonly store: "memory" | "lmdb";
  readonly directory: string;
}): Promise<ServedControlPlane> {
  const { store, directory } = options;
  const child = fork(join(import.meta.dirname, "server-process.ts"), [store, directory]);
  await answer(child);
  return {
    connect: async () => {
      const path = join(directory, "kubeconfig");
      const { connection } = await loadKubeconfig({ path }, { files: realFiles });
      const env = realEnv({ level: "warn" });
      const transport = httpTransport(connection, env);
      const client = new RestClient({ transport, env });
      return { client, [Symbol.asyncDispose]: () => transport.close() };
    },
    heapBytes: async () => {
      const reply = answer(child);
      child.send("heap");
      return Number(await reply);
    },
    [Symbol.asyncDispose]: async () => {
      const ended = once(child, "exit");
      child.disconnect();
      await ended;
    },
  };
}

/** The child's next message; rejects if it ends before. */
async function answer(child: ChildProcess): Promise<unknown> {
  return new Promise((resolve, reject) => {
    const onExit = (code: number | null): void =>
      reject(new Error(`the server's process has ended with ${code ?? "a signal"}`));
    child.once("exit", onExit);
    child.once("message", (message) => {
      child.off("exit", onExit);
      resolve(message);
    });
  });
}
