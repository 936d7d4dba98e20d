/**
 * The servers on which clients are compared: this program over HTTPS, and any other Kubernetes API
 * server that SETPOINT_CLUSTER names by its kubeconfig. On each, a namespace of the bench's own.
 */
import { randomBytes } from "node:crypto";
import { join } from "node:path";
import { causeId, type Context } from "../../src/base/context.ts";
import { realEnv } from "../../src/base/real/env.ts";
import { ConfigMap, Namespace, Pod, ServiceAccount } from "../../src/client/builtin.ts";
import { httpTransport } from "../../src/client/http/http-transport.ts";
import { loadKubeconfig } from "../../src/client/node/kubeconfig.ts";
import { RestClient } from "../../src/client/rest-client.ts";
import { realFiles } from "../../src/base/real/files.ts";
import { aNamespace, theServiceAccount } from "./objects.ts";
import { IS_SMOKE } from "./report.ts";
import { serveControlPlane } from "./served-control-plane.ts";
import { temporaryFolder } from "./temporary-folder.ts";

export type ComparedServer = {
  readonly name: string;
  /** A path. */
  readonly kubeconfig: string;
  readonly namespace: string;
  /** The bench's own, whatever the clients that are compared use. */
  readonly client: RestClient;
  readonly context: Context;
};

/** Asks `work` on each server, one after the other, and cleans up behind it. */
export async function onComparedServers(
  work: (server: ComparedServer) => Promise<void>,
): Promise<void> {
  {
    await using folder = await temporaryFolder();
    await using _server = await serveControlPlane({ store: "memory", directory: folder.path });
    await connected("Setpoint", join(folder.path, "kubeconfig"), work);
  }
  const another = process.env["SETPOINT_CLUSTER"] ?? "";
  if (another !== "") await connected("kube-apiserver", another, work);
  else if (!IS_SMOKE) console.log("\nSETPOINT_CLUSTER is not set: no other server is asked.");
}

async function connected(
  name: string,
  kubeconfig: string,
  work: (server: ComparedServer) => Promise<void>,
): Promise<void> {
  const env = realEnv({ level: "warn" });
  const { connection } = await loadKubeconfig({ path: kubeconfig }, { files: realFiles });
  const transport = httpTransport(connection, env);
  const client = new RestClient({ transport, env });
  const context: Context = {
    signal: new AbortController().signal,
    cause: { actor: "bench", id: causeId("bench"), triggers: [], traceparent: "" },
    log: env.log,
  };
  const namespace = `setpoint-bench-${randomBytes(4).toString("hex")}`;
  await client.create(Namespace, aNamespace(namespace), context);
  try {
    const account = theServiceAccount(namespace);
    await client.create(ServiceAccount, account, context).catch(() => undefined); // it was made
    await work({ name, kubeconfig, namespace, client, context });
  } finally {
    const all = { namespace, gracePeriodSeconds: 0 };
    await client.deleteCollection(Pod, all, context);
    await client.deleteCollection(ConfigMap, all, context);
    await client.delete(Namespace, { namespace: "", name: namespace }, context);
    await transport.close();
  }
}
