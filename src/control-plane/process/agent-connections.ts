/**
 * Hands a client's connection on to a node's agent: the request is written anew for the agent, and
 * from then on bytes go both ways untouched, the agent's answer included. So whatever protocol the
 * two agree on, nothing here needs to know it.
 */
import { connect, type TLSSocket } from "node:tls";
import type { Context } from "../../base/context.ts";
import type { Env } from "../../base/env.ts";
import type { Client } from "../../client/client.ts";
import type { ClientConnection } from "../../server/http/client-connection.ts";
import { joinConnections } from "../../server/http/join-connections.ts";
import { agentAddress } from "../agent-address.ts";
import { dialRefusal, dialTimeout } from "../agent-failures.ts";

/** What the agents know the server by, PEM. */
export type AgentIdentity = {
  readonly certificate: string;
  readonly key: string;
  readonly authority: string;
};

export type AgentConnectionsDeps = {
  readonly env: Env;
  /** For the addresses of nodes. */
  readonly client: Client;
  readonly identity: AgentIdentity;
};

/** An agent that does not answer within this time is not waited for, in milliseconds. */
const CONNECT_MS_MAX = 10_000;

/** Headers that say what protocol is wanted. Others are between the client and the server. */
const FORWARDED = /^(connection|upgrade|x-stream-protocol-version|sec-websocket-.+|origin)$/;

/**
 * Connects `client` to the agent of `node` until one of them ends. Throws a `StatusError` when the
 * agent cannot be reached; then nothing was written to the client.
 */
export async function connectToAgent(
  node: string,
  target: string,
  client: ClientConnection,
  deps: AgentConnectionsDeps,
  context: Context,
): Promise<void> {
  const { host, port } = await agentAddress(node, deps.client, context);
  const agent = await dial(host, port, deps).catch((error: unknown) => {
    throw dialRefusal({ host, port }, error);
  });
  const { method, headers, socket, head } = client;
  const lines = Object.entries(headers)
    .filter(([name]) => FORWARDED.test(name))
    .map(([name, value]) => `${name}: ${value}\r\n`);
  agent.write(`${method} ${target} HTTP/1.1\r\nhost: ${host}:${port}\r\n${lines.join("")}\r\n`);
  if (head.length > 0) agent.write(head);
  await joinConnections(socket, agent, context.signal);
}

function dial(host: string, port: number, deps: AgentConnectionsDeps): Promise<TLSSocket> {
  const { certificate: cert, key, authority: ca } = deps.identity;
  return new Promise((resolve, reject) => {
    const options = {
      host,
      port,
      cert,
      key,
      ca,
      ALPNProtocols: ["http/1.1"],
      // An agent that has said all it has to say may still listen to the client's goodbye.
      allowHalfOpen: true,
    };
    const socket = connect(options);
    const timer = deps.env.timers.after(CONNECT_MS_MAX, () => {
      socket.destroy(dialTimeout({ host, port }));
    });
    socket.once("error", (error) => {
      timer.cancel();
      reject(error);
    });
    socket.once("secureConnect", () => {
      timer.cancel();
      resolve(socket);
    });
  });
}
