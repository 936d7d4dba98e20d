/** `node`: a node agent in this process, for a control plane anywhere. */
import { mkdirSync } from "node:fs";
import { resolve } from "node:path";
import { causeId, NO_CAUSE, type Context } from "../../base/context.ts";
import type { Env } from "../../base/env.ts";
import { realFiles } from "../../base/real/files.ts";
import { jsonLog } from "../../base/real/log.ts";
import { programVariable } from "../../base/real/program.ts";
import { childSignal } from "../../base/signals.ts";
import { TaskGroup } from "../../base/task-group.ts";
import { createEventRecorder } from "../../client/event-recorder.ts";
import type { ConnectionOptions } from "../../client/http/connection-options.ts";
import { httpTransport } from "../../client/http/http-transport.ts";
import { loadKubeconfig } from "../../client/node/kubeconfig.ts";
import { RestClient } from "../../client/rest-client.ts";
import { runNodeAgent, type LocalNodeOptions } from "../../node-agent/run-node-agent.ts";
import { NODE_CLIENTS_GROUP } from "../../control-plane/pki/cluster-pki.ts";
import type { SessionDeps } from "../session.ts";
import { UserError } from "../user-error.ts";

export type NodeCommandOptions = {
  readonly name: string;
  readonly directory: string;
  /** Chooses the addresses of its pods, so that nodes of one machine do not collide. */
  readonly index: number;
  readonly kubeconfig: string;
  readonly imageDirectories: readonly string[];
  readonly onStop: "stop-pods" | "leave";
  readonly heartbeatMs: number;
  readonly tier: "bubblewrap" | "plain" | undefined;
  /** End, leaving the pods, when standard input closes: whoever started this is gone. */
  readonly isTied: boolean;
};

/** 127.64.0.0/16 upwards; services have 127.96.0.0/16. */
const POD_RANGE_FIRST = 64;
export const NODE_INDEX_MAX = 31;
/** An earlier agent of this folder may still be ending, as after a kill -9 of the control plane. */
const LOCK_WAIT_MS = 20_000;
/** As upstream: a lease lasts four heartbeats. */
const LEASE_BEATS = 4;

export async function runNode(options: NodeCommandOptions, deps: SessionDeps): Promise<void> {
  if (options.index > NODE_INDEX_MAX) {
    throw new UserError(`--index is at most ${NODE_INDEX_MAX}`);
  }
  const directory = resolve(options.directory);
  mkdirSync(directory, { recursive: true, mode: 0o700 });
  const env: Env = { ...deps.env, log: jsonLog({ level: "info", clock: deps.env.clock }) };
  const { connection } = await loadKubeconfig(
    { path: resolve(options.kubeconfig) },
    { files: realFiles, variable: programVariable },
  );
  const transport = httpTransport({ ...connection, userAgent: "setpoint-node-agent" }, env);
  const client = new RestClient({ transport, env }, { fieldManager: "kubelet" });
  const recorder = createEventRecorder(
    { client, env },
    { component: "kubelet", host: options.name },
  );
  const stop = childSignal(deps.signal);
  if (options.isTied) abortWithParent(stop.abort);
  const cause = { ...NO_CAUSE, actor: `node-agent/${options.name}`, id: causeId(env.ids.uuid()) };
  const context: Context = { signal: stop.signal, cause, log: env.log };
  const tasks = new TaskGroup(stop.signal);
  tasks.spawn((signal) => recorder.run({ ...context, signal }));
  tasks.spawn((signal) =>
    runNodeAgent(
      agentOptions(options, directory, connection),
      { client, env, recorder },
      { ...context, signal },
    ),
  );
  try {
    await tasks.join();
  } finally {
    await transport.close();
    process.stdin.destroy();
  }
}

function agentOptions(
  options: NodeCommandOptions,
  directory: string,
  connection: ConnectionOptions,
): LocalNodeOptions {
  const { clientCertificate, authority } = connection;
  return {
    nodeName: options.name,
    directory,
    // Without its parent it must not stop pods: the next agent adopts them.
    onStop: (reason) => (reason instanceof ParentGoneError ? "leave" : options.onStop),
    leaseRenewMs: options.heartbeatMs,
    leaseSeconds: Math.max(1, Math.ceil((options.heartbeatMs * LEASE_BEATS) / 1_000)),
    statusMs: options.heartbeatMs,
    runtime: {
      imageDirs: options.imageDirectories.map((folder) => resolve(folder)),
      lockWaitMs: LOCK_WAIT_MS,
      podRange: `127.${POD_RANGE_FIRST + options.index}.0.0/16`,
      ...(options.tier === undefined ? {} : { tier: options.tier }),
    },
    // The agent serves logs with the certificate it has as a client; without one it serves none.
    ...(clientCertificate === undefined || authority === undefined
      ? {}
      : {
          server: {
            port: 0,
            certificate: clientCertificate.certificate,
            key: clientCertificate.key,
            clientAuthority: authority,
            clientGroups: [NODE_CLIENTS_GROUP],
          },
        }),
  };
}

/** The reason an agent ends for when whoever started it is gone. */
class ParentGoneError extends Error {
  override readonly name = "ParentGoneError";
}

/**
 * An agent may be killed at any moment without harm: so one whose parent is gone, and that does not
 * come to its end by itself (its server has gone as well), ends at once. The next one waits for it.
 */
const ORPHAN_MS_MAX = 3_000;

function abortWithParent(abort: (reason: unknown) => void): void {
  const end = (): void => {
    setTimeout(() => process.exit(0), ORPHAN_MS_MAX).unref();
    abort(new ParentGoneError("the process that started this agent is gone"));
  };
  process.stdin.once("end", end);
  process.stdin.once("error", end);
  process.stdin.resume();
}
