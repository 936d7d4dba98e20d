/** What every command but `up` starts from: a server, found by kubeconfig, and a way to talk. */
import { delimiter, resolve } from "node:path";
import type { Context } from "../base/context.ts";
import { causeId, NO_CAUSE } from "../base/context.ts";
import type { Env } from "../base/env.ts";
import { realFiles } from "../base/real/files.ts";
import { programVariable } from "../base/real/program.ts";
import { runProgram } from "../base/real/run-program.ts";
import { RestClient } from "../client/rest-client.ts";
import { createRestMapper, type RestMapper } from "../client/rest-mapper.ts";
import { httpTransport } from "../client/http/http-transport.ts";
import { loadKubeconfig, type ClusterAccess } from "../client/node/kubeconfig.ts";
import type { Transport } from "../client/transport.ts";
import type { Terminal } from "./terminal.ts";
import { UserError } from "./user-error.ts";

/** Flags of every command that talks to a server. */
export type ConnectionFlags = {
  readonly kubeconfig: string | undefined;
  readonly context: string | undefined;
  readonly namespace: string | undefined;
  readonly data: string;
};

/** A connected command. */
export type Session = {
  readonly client: RestClient;
  readonly transport: Transport;
  readonly env: Env;
  readonly context: Context;
  readonly terminal: Terminal;
  readonly namespace: string;
  /** The kinds the server knows, asked for once. */
  readonly mapper: () => Promise<RestMapper>;
};

/** What the process gives to a session. */
export type SessionDeps = {
  readonly env: Env;
  readonly terminal: Terminal;
  readonly signal: AbortSignal;
  /** The value of KUBECONFIG, if set. */
  readonly kubeconfigVariable: string | undefined;
};

/** Where `up` leaves the administrator's kubeconfig. */
export function kubeconfigPath(dataDirectory: string): string {
  return resolve(dataDirectory, "kubeconfig");
}

export async function openSession(flags: ConnectionFlags, deps: SessionDeps): Promise<Session> {
  const access = await findAccess(flags, deps);
  const transport = httpTransport(access.connection, deps.env);
  return sessionOver(transport, { ...deps, namespace: flags.namespace ?? access.namespace });
}

/** A session over any transport; `up` uses it in-process. */
export function sessionOver(
  transport: Transport,
  options: {
    readonly env: Env;
    readonly terminal: Terminal;
    readonly signal: AbortSignal;
    readonly namespace: string;
  },
): Session {
  const { env, terminal, signal, namespace } = options;
  const client = new RestClient({ transport, env }, { fieldManager: "setpoint" });
  const cause = { ...NO_CAUSE, actor: "setpoint", id: causeId(env.ids.uuid()) };
  const context: Context = { signal, cause, log: env.log };
  let mapper: Promise<RestMapper> | undefined;
  return {
    client,
    transport,
    env,
    context,
    terminal,
    namespace,
    mapper: () => (mapper ??= createRestMapper(client, context)),
  };
}

async function findAccess(flags: ConnectionFlags, deps: SessionDeps): Promise<ClusterAccess> {
  const named = flags.kubeconfig ?? deps.kubeconfigVariable;
  const path = named ?? kubeconfigPath(flags.data);
  if (named === undefined && (await realFiles.read(path)) === undefined) {
    throw new UserError(
      `there is no kubeconfig at ${path}`,
      "Start a control plane here with: setpoint up\n" +
        "Or name another with --kubeconfig, --data or the KUBECONFIG variable.",
    );
  }
  const context = flags.context === undefined ? {} : { context: flags.context };
  const credentials = { run: runProgram, clock: deps.env.clock };
  return loadKubeconfig(
    { path: absolute(path), ...context },
    { files: realFiles, variable: programVariable, credentials },
  );
}

/** Each path of a list such as KUBECONFIG may hold. */
function absolute(paths: string): string {
  return paths
    .split(delimiter)
    .filter((path) => path !== "")
    .map((path) => resolve(path))
    .join(delimiter);
}
