/** Reads the logs of pods from the agents of their nodes, over mutual TLS. */
import type { Context } from "../base/context.ts";
import type { Pod } from "../client/builtin.ts";
import type { Client } from "../client/client.ts";
import { TransportError, type Transport } from "../client/transport.ts";
import type { ApiObject } from "../machinery/object.ts";
import { badRequest, internalError } from "../machinery/status.ts";
import type { LogOptions, NodeLogs } from "../server/node-logs.ts";
import { agentAddress } from "./agent-address.ts";
import { requestRefusal } from "./agent-failures.ts";

export type NodeLogsDeps = {
  /** For the addresses of nodes. Asked for late, because it is made from the server itself. */
  readonly client: () => Client;
  /** A transport to an agent; kept and used again. */
  readonly connect: (url: string) => Transport;
};

/** Node logs over the agents' HTTPS servers. `close()` ends its connections. */
export class AgentLogs implements NodeLogs {
  readonly #deps: NodeLogsDeps;
  readonly #transports = new Map<string, Transport>();

  constructor(deps: NodeLogsDeps) {
    this.#deps = deps;
  }

  async open(
    pod: ApiObject,
    options: LogOptions,
    context: Context,
  ): Promise<AsyncIterable<Uint8Array>> {
    const { namespace = "", name = "" } = pod.metadata;
    const { nodeName = "" } = (pod as Pod).spec;
    const address = await agentAddress(nodeName, this.#deps.client(), context);
    const transport = this.#transportTo(`https://${address.host}:${address.port}`);
    const path = ["containerLogs", namespace, name, options.container].map(encodeURIComponent);
    const query = logQuery(options);
    const request = {
      method: "GET",
      path: `/${path.join("/")}`,
      query,
      headers: {},
      body: { kind: "none" },
    } as const;
    const response = await transport.send(request, context).catch((error: unknown) => {
      if (!(error instanceof TransportError)) throw error;
      const search = query.size === 0 ? "" : `?${query.toString()}`;
      throw requestRefusal(address, `${request.path}${search}`, error);
    });
    const { body, status } = response;
    if (status !== 200) {
      const text = body.kind === "bytes" ? new TextDecoder().decode(body.bytes) : "";
      throw status < 500 ? badRequest(text.trim()) : internalError(text.trim());
    }
    if (body.kind === "stream") return body.chunks;
    return chunksOf(body.kind === "bytes" ? body.bytes : new Uint8Array());
  }

  async close(): Promise<void> {
    await Promise.all([...this.#transports.values()].map((transport) => transport.close()));
    this.#transports.clear();
  }

  #transportTo(url: string): Transport {
    const known = this.#transports.get(url);
    if (known !== undefined) return known;
    const transport = this.#deps.connect(url);
    this.#transports.set(url, transport);
    return transport;
  }
}

function logQuery(options: LogOptions): URLSearchParams {
  const query = new URLSearchParams();
  const set = (name: string, value: string | number | undefined): void => {
    if (value !== undefined) query.set(name, String(value));
  };
  if (options.isFollowed) query.set("follow", "true");
  if (options.isPrevious) query.set("previous", "true");
  if (options.hasTimestamps) query.set("timestamps", "true");
  set("sinceSeconds", options.sinceSeconds);
  set("sinceTime", options.sinceTime);
  set("tailLines", options.tailLines);
  set("limitBytes", options.limitBytes);
  return query;
}

async function* chunksOf(bytes: Uint8Array): AsyncGenerator<Uint8Array> {
  yield bytes;
}
