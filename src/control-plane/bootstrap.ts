/** The objects every control plane has from its first moment on. */
import type { Context } from "../base/context.ts";
import { Namespace } from "../client/builtin.ts";
import type { Client } from "../client/client.ts";
import { isStatus } from "../machinery/status.ts";

/** Upstream's four; `kube-node-lease` holds the heartbeats of nodes. */
export const SYSTEM_NAMESPACES: readonly string[] = [
  "default",
  "kube-system",
  "kube-public",
  "kube-node-lease",
];

/** Creates what is missing; what is there is left as it is. */
export async function createBootstrapObjects(client: Client, context: Context): Promise<void> {
  await Promise.all(SYSTEM_NAMESPACES.map((name) => createNamespace(client, name, context)));
}

async function createNamespace(client: Client, name: string, context: Context): Promise<void> {
  try {
    const namespace: Namespace = {
      apiVersion: "v1",
      kind: "Namespace",
      metadata: { name },
      spec: {},
      status: {},
    };
    await client.create(Namespace, namespace, context);
  } catch (error) {
    if (!isStatus(error, "AlreadyExists")) throw error;
  }
}
