import type { Context } from "../base/context.ts";
import { Node } from "../client/builtin.ts";
import type { Client } from "../client/client.ts";
import { isStatus, notFound, serviceUnavailable } from "../machinery/status.ts";

/** Where the agent of a node listens. Throws a `StatusError` when nobody knows. */
export async function agentAddress(
  nodeName: string,
  client: Client,
  context: Context,
): Promise<{ readonly host: string; readonly port: number }> {
  const node = await nodeNamed(nodeName, client, context);
  const host = node.status.addresses?.find(({ type }) => type === "InternalIP")?.address;
  const port = node.status.daemonEndpoints?.kubeletEndpoint?.Port;
  if (host === undefined || port === undefined) {
    throw serviceUnavailable(`the agent of node ${nodeName} has not told where it listens`);
  }
  return { host, port };
}

async function nodeNamed(name: string, client: Client, context: Context): Promise<Node> {
  try {
    return await client.get(Node, { namespace: "", name }, context);
  } catch (error) {
    // Upstream tells it of pods, since that is what was asked for.
    if (isStatus(error, "NotFound")) throw notFound({ group: "", resource: "pods" }, name);
    throw error;
  }
}
