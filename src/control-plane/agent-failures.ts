/**
 * A node's agent cannot be reached: told in upstream's words, without a reason, so that people find
 * what they know from other clusters.
 */
import { TransportError } from "../client/transport.ts";
import { plainRefusal, type StatusError } from "../machinery/status.ts";
import { causeText } from "../server/http/https-webhook-client.ts";

/** Where an agent listens. */
export type AgentPlace = { readonly host: string; readonly port: number };

/** For a connection that was to be handed on. */
export function dialRefusal(place: AgentPlace, error: unknown): StatusError {
  const why = causeText(rootOf(error), urlOf(place));
  return plainRefusal(500, "", `error dialing backend: ${why}`);
}

/** For a request that was to be answered from the agent. */
export function requestRefusal(place: AgentPlace, target: string, error: unknown): StatusError {
  const url = `${urlOf(place)}${target}`;
  return plainRefusal(500, "", `Get "${url}": ${causeText(rootOf(error), url)}`);
}

/** What a socket that took too long ends with. */
export function dialTimeout({ host, port }: AgentPlace): Error {
  return Object.assign(new Error("i/o timeout"), { code: "ETIMEDOUT", address: host, port });
}

function urlOf({ host, port }: AgentPlace): string {
  return `https://${host.includes(":") ? `[${host}]` : host}:${port}`;
}

function rootOf(error: unknown): unknown {
  return error instanceof TransportError ? (error.cause ?? error) : error;
}
