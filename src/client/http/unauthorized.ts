/**
 * What a 401 says: servers answer it with one word. Who was refused, by what, and what to do about
 * it is known here, so it is added to the message, where every reader of the error finds it.
 */
import { X509Certificate } from "node:crypto";
import { EncodedObject } from "../../machinery/encoded.ts";
import { apiTime } from "../../machinery/api-time.ts";
import { isFields, own, type ApiObject } from "../../machinery/object.ts";
import type { ApiResponse } from "../../machinery/request.ts";
import { statusOf } from "../response.ts";
import type { ConnectionOptions, ShownCredentials } from "./connection-options.ts";

/** `response`, with advice in its message if it is a server's `Unauthorized`. */
export function withAdvice(
  response: ApiResponse,
  shown: ShownCredentials,
  options: Pick<ConnectionOptions, "server" | "caller">,
  nowMs: number,
): ApiResponse {
  const { body } = response;
  if (response.status !== 401 || body.kind !== "object") return response;
  const status = statusOf(body.object.value, 401);
  if (status === undefined) return response;
  const message = `${adviceFor(shown, options, nowMs)}${toldBy(status.message ?? "")}`;
  const told: object = { ...status, message };
  const object = EncodedObject.fromValue(told as ApiObject);
  return { ...response, body: { kind: "object", object } };
}

function adviceFor(
  { token, clientCertificate }: ShownCredentials,
  { server, caller }: Pick<ConnectionOptions, "server" | "caller">,
  nowMs: number,
): string {
  const of = caller === undefined ? "this program" : caller.name;
  const renewal = caller === undefined ? "" : `. ${caller.renewal}`;
  const refused = (what: string, endMs: number | undefined): string => {
    return `${server} does not accept the ${what} of ${of}${endText(endMs, nowMs)}${renewal}`;
  };
  if (token !== undefined) return refused("token", endOfToken(token));
  if (clientCertificate !== undefined) {
    return refused("client certificate", endOfCertificate(clientCertificate.certificate));
  }
  const shows = "shows neither token nor certificate";
  return `${server} wants to know who asks, and ${of} ${shows}${renewal}`;
}

function toldBy(message: string): string {
  return message === "" || message === "Unauthorized" ? "" : `. The server says: ${message}`;
}

function endText(endMs: number | undefined, nowMs: number): string {
  if (endMs === undefined || endMs > nowMs) return "";
  return `, which has expired at ${apiTime(endMs)}`;
}

/** Most tokens are JWTs, which say when they end; of others nothing is known. */
function endOfToken(token: string): number | undefined {
  const [, payload = ""] = token.split(".");
  try {
    const claims: unknown = JSON.parse(Buffer.from(payload, "base64url").toString());
    const seconds = isFields(claims) ? own(claims, "exp") : undefined;
    return validMs(typeof seconds === "number" ? seconds * 1_000 : Number.NaN);
  } catch {
    return undefined;
  }
}

function endOfCertificate(pem: string): number | undefined {
  try {
    return validMs(new X509Certificate(pem).validToDate.getTime());
  } catch {
    return undefined;
  }
}

/** Undefined: no moment that a date can say. */
function validMs(ms: number): number | undefined {
  return Math.abs(ms) <= 8.64e15 ? ms : undefined;
}
