/** Requests off the wire: paths, headers and bodies, each within its limit. */
import type { Http2ServerRequest } from "node:http2";
import type { Socket } from "node:net";
import type { TLSSocket } from "node:tls";
import type { ApiRequest, Method, RequestBody } from "../../machinery/request.ts";
import { methodNotAllowed, plainRefusal, tooLarge } from "../../machinery/status.ts";
import type { ClientCertificate, Credentials } from "../authn/authenticator.ts";
import { isIdentityHeader, VALUE_SEPARATOR } from "../authn/identity-headers.ts";

const METHODS: readonly Method[] = ["GET", "HEAD", "OPTIONS", "POST", "PUT", "PATCH", "DELETE"];

/** The connection ended before the request did: there is nobody to answer. */
export class RequestAbortedError extends Error {
  override readonly name = "RequestAbortedError";
}

/** Everything but the body. Throws a `StatusError`. */
export function readHead(request: Http2ServerRequest): Omit<ApiRequest, "body"> {
  const url = request.url ?? "/";
  const question = url.indexOf("?");
  const path = question < 0 ? url : url.slice(0, question);
  if (!path.startsWith("/")) throw plainRefusal(400, "BadRequest", "the path must be absolute");
  const query = new URLSearchParams(question < 0 ? "" : url.slice(question + 1));
  return { method: methodOf(request), path, query, headers: headersOf(request) };
}

/**
 * The body, as long as it is within the limit. A longer one is refused at the first byte too many,
 * or before the first byte if its length is announced.
 */
export async function readBody(
  request: Http2ServerRequest,
  bytesMax: number,
): Promise<RequestBody> {
  const announced = request.headers["content-length"];
  if (announced !== undefined && Number(announced) > bytesMax) throw bodyTooLarge(bytesMax);
  const chunks: Buffer[] = [];
  let length = 0;
  let hasEnded = false;
  await new Promise<void>((resolve, reject) => {
    request.on("data", (chunk: Buffer) => {
      length += chunk.length;
      if (length > bytesMax) {
        request.removeAllListeners("data");
        reject(bodyTooLarge(bytesMax));
        return;
      }
      chunks.push(chunk);
    });
    // Every request closes in the end; an error with its stack is made only for one that was cut.
    const abort = (): void => {
      if (!hasEnded) reject(new RequestAbortedError());
    };
    request.once("end", () => {
      hasEnded = true;
      resolve();
    });
    request.once("error", reject);
    request.once("aborted", abort);
    request.once("close", abort);
  });
  // An aborted HTTP/2 request ends like a complete one; only its length gives it away.
  const isCut = announced !== undefined && Number(announced) !== length;
  if (request.aborted || isCut) throw new RequestAbortedError();
  return length === 0 ? { kind: "none" } : { kind: "bytes", bytes: Buffer.concat(chunks, length) };
}

type Shown = Pick<Credentials, "certificate" | "shownCertificate">;

const certificates = new WeakMap<TLSSocket, Shown>();

/** What the connection and the headers say about who is there. */
export function credentialsOf(request: Http2ServerRequest): Credentials {
  const { authorization } = request.headers;
  return { ...certificateOf(request), authorization };
}

/** Read once a connection: its certificate does not change. */
function certificateOf(request: Http2ServerRequest): Shown {
  const socket = tlsSocketOf(request);
  if (socket === undefined) return { certificate: undefined };
  const known = certificates.get(socket);
  if (known !== undefined) return known;
  const shownCertificate = socket.getPeerCertificate().raw;
  const certificate = socket.authorized ? subjectOf(socket) : undefined;
  const shown = { certificate, shownCertificate };
  certificates.set(socket, shown);
  return shown;
}

function tlsSocketOf(request: Http2ServerRequest): TLSSocket | undefined {
  // HTTP/1.1 requests have no session, whatever the types say.
  const session = (request as Partial<Http2ServerRequest>).stream?.session;
  const socket = session?.socket ?? request.socket;
  return isTls(socket) ? socket : undefined;
}

/** The socket of a session is a proxy, which knows fields only when they are read. */
function isTls(socket: Socket | TLSSocket): socket is TLSSocket {
  return (socket as Partial<TLSSocket>).authorized !== undefined;
}

function subjectOf(socket: TLSSocket): ClientCertificate | undefined {
  const { subject, fingerprint256 } = socket.getPeerCertificate();
  if (subject === undefined) return undefined;
  const { CN, O } = subject as unknown as Readonly<Record<string, string | readonly string[]>>;
  const organizations = O === undefined ? [] : typeof O === "string" ? [O] : O;
  const fingerprint = fingerprint256.replaceAll(":", "").toLowerCase();
  return { commonName: typeof CN === "string" ? CN : "", organizations, fingerprint };
}

function methodOf(request: Http2ServerRequest): Method {
  const method = METHODS.find((each) => each === request.method);
  if (method === undefined) throw methodNotAllowed();
  return method;
}

function headersOf(request: Http2ServerRequest): Readonly<Record<string, string>> {
  const entries = Object.entries(request.headers).flatMap(
    ([name, value]): readonly (readonly [string, string])[] => {
      if (name.startsWith(":") || value === undefined) return [];
      if (isIdentityHeader(name)) return [[name, valuesOf(request, name).join(VALUE_SEPARATOR)]];
      return [[name, typeof value === "string" ? value : value.join(", ")]];
    },
  );
  return Object.fromEntries(entries);
}

/** The values of a header as they were sent, one by one. */
function valuesOf({ rawHeaders }: Http2ServerRequest, name: string): readonly string[] {
  return rawHeaders.filter(
    (_value, index) => index % 2 === 1 && rawHeaders[index - 1]?.toLowerCase() === name,
  );
}

function bodyTooLarge(bytesMax: number): Error {
  return tooLarge(`Request entity too large: limit is ${bytesMax}`);
}
