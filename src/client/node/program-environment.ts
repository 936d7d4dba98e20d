/** The client a program gets without being told where its server is. */
import { homedir } from "node:os";
import { join } from "node:path";
import type { Env } from "../../base/env.ts";
import { realEnv } from "../../base/real/env.ts";
import { realFiles } from "../../base/real/files.ts";
import { runProgram } from "../../base/real/run-program.ts";
import { programVariable } from "../../base/real/program.ts";
import { countedTransport, type CountingOptions } from "../http/counted-transport.ts";
import { RestClient } from "../rest-client.ts";
import type { Transport } from "../transport.ts";
import { countedRun } from "./counted-run.ts";
import {
  inClusterAccess,
  loadKubeconfig,
  type ClusterAccess,
  type KubeconfigDeps,
} from "./kubeconfig.ts";
import { KubeconfigError } from "./kubeconfig-error.ts";
import type { Variable } from "./proxy-environment.ts";

export type AccessDeps = KubeconfigDeps & {
  readonly variable: Variable;
  readonly home: string;
};

/**
 * In the order client-go has: the files KUBECONFIG names, the pod's own cluster, `~/.kube/config`.
 * Throws `KubeconfigError` that says what to do if there is none of them.
 */
export async function accessOfProgram(
  deps: AccessDeps,
  { context }: Pick<ProgramClientOptions, "context"> = {},
): Promise<ClusterAccess> {
  const { files, variable, home } = deps;
  const named = variable("KUBECONFIG") ?? "";
  if (named !== "") return loadKubeconfig({ path: named, context }, deps);
  const [host, port] = [variable("KUBERNETES_SERVICE_HOST"), variable("KUBERNETES_SERVICE_PORT")];
  const isInside = host !== undefined && port !== undefined && context === undefined;
  if (isInside) return inClusterAccess({ host, port }, deps);
  const path = join(home, ".kube", "config");
  if ((await files.read(path)) !== undefined) return loadKubeconfig({ path, context }, deps);
  throw new KubeconfigError(
    "no cluster is known: set KUBECONFIG to a kubeconfig (`setpoint up` prints the path of its " +
      `own), run inside of a cluster, or keep one at ${path}`,
  );
}

/** A client with the connections it is the only user of. */
export type ProgramClient = {
  readonly client: RestClient;
  /** The address of the cluster; undefined before the first call has found it. */
  server(): string | undefined;
  /** Ends the connections; without it they keep the program alive for a while. */
  close(): Promise<void>;
};

/**
 * What a program's client can be told besides where the cluster is. `fieldManager` is the writer's
 * name in managedFields (default `setpoint`), `env` the world (default: the real one).
 */
export type ProgramClientOptions = CountingOptions & {
  /**
   * The context of the kubeconfig (default: its current one). One that is named is looked for in
   * kubeconfigs only, even inside of a cluster.
   */
  readonly context?: string | undefined;
  /** Name of the writer in managedFields and causes (default `setpoint`). */
  readonly fieldManager?: string;
  /** Default: the real world. */
  readonly env?: Env;
};

/**
 * A client of the cluster this program's environment names. Nothing is read before the first call;
 * the first call throws `KubeconfigError` if there is no cluster.
 */
export function clientOfProgram(options: ProgramClientOptions = {}): ProgramClient {
  const { env = realEnv(), fieldManager, metrics, context } = options;
  const deps = {
    files: realFiles,
    credentials: { run: countedRun(runProgram, metrics), clock: env.clock },
    variable: programVariable,
    home: homedir(),
  };
  let server: string | undefined;
  const transport = lateTransport(async () => {
    const { connection } = await accessOfProgram(deps, { context });
    ({ server } = connection);
    return countedTransport(connection, options, env);
  });
  const named = fieldManager === undefined ? {} : { fieldManager };
  const client = new RestClient({ transport, env }, named);
  return { client, server: () => server, close: () => transport.close() };
}

/** A transport that is made at the first request; one that could not be made is tried again. */
function lateTransport(make: () => Promise<Transport>): Transport {
  let made: Promise<Transport> | undefined;
  const get = (): Promise<Transport> => {
    made ??= make().catch((error: unknown) => {
      made = undefined;
      throw error;
    });
    return made;
  };
  return {
    send: async (request, context) => (await get()).send(request, context),
    close: async () => {
      if (made !== undefined) await (await made).close();
    },
  };
}
