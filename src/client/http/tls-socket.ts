/** Connections with TLS, made before any request is sent on them: failing here has no effect. */
import { isIP, type LookupFunction } from "node:net";
import {
  checkServerIdentity,
  connect,
  type ConnectionOptions as TlsOptions,
  type TLSSocket,
} from "node:tls";
import type { Env } from "../../base/env.ts";
import { TransportError } from "../transport.ts";
import type { Connection } from "./connection-options.ts";
import { connectThrough, type ProxyLimits } from "./proxy-tunnel.ts";

/** A dead peer is found by TCP, too, where nothing else watches the connection. */
export const TCP_KEEP_ALIVE_MS = 30_000;

/** Options for `tls` and `https`, without a protocol. */
export function tlsOptions(connection: Connection): TlsOptions {
  const { authority, clientCertificate, serverName } = connection;
  const isAddress = isIP(serverName) !== 0;
  // An address cannot be a server name on the wire. Where another one than that connected to is
  // expected, it is checked by hand; Node then makes a connection for each HTTP/1.1 request.
  const isCheckedHere = isAddress && serverName !== connection.host;
  return {
    host: connection.host,
    port: connection.port,
    rejectUnauthorized: !connection.isUnverified,
    ...(isAddress ? {} : { servername: serverName }),
    ...(isCheckedHere
      ? {
          checkServerIdentity: (_host, certificate) => checkServerIdentity(serverName, certificate),
        }
      : {}),
    ...lookupOf(connection),
    ...(authority === undefined ? {} : { ca: authority }),
    ...(clientCertificate === undefined
      ? {}
      : { cert: clientCertificate.certificate, key: clientCertificate.key }),
  };
}

/** For `net`, `tls` and `http`: how the connection finds its host. */
export function lookupOf({ lookup }: Pick<Connection, "lookup">): {
  readonly lookup?: LookupFunction;
} {
  return lookup === undefined ? {} : { lookup };
}

/** A socket whose handshake is done. Rejects with a `TransportError` that means no effect. */
export async function connectTls(
  connection: Connection,
  protocols: readonly string[],
  env: Pick<Env, "timers">,
): Promise<TLSSocket> {
  const { proxy } = connection;
  const options = { ...tlsOptions(connection), ALPNProtocols: [...protocols] };
  const refuse = (cause: unknown): never => {
    throw refused(connection, cause);
  };
  const through =
    proxy === undefined
      ? {}
      : {
          socket: await connectThrough(proxy, connection, proxyLimits(connection, env)).catch(
            refuse,
          ),
        };
  let socket: TLSSocket;
  try {
    socket = connect({ ...options, ...through });
  } catch (cause) {
    throw refused(connection, unusable(cause));
  }
  return handshake(socket, connection, env);
}

/** How the proxy of a connection is reached. */
export function proxyLimits(connection: Connection, env: Pick<Env, "timers">): ProxyLimits {
  const { authority, connectTimeoutMs, isUnverified } = connection;
  return { timeoutMs: connectTimeoutMs, env, authority, isUnverified };
}

function handshake(
  socket: TLSSocket,
  connection: Connection,
  env: Pick<Env, "timers">,
): Promise<TLSSocket> {
  return new Promise((resolve, reject) => {
    const timer = env.timers.after(connection.connectTimeoutMs, () => {
      socket.destroy(new Error(`not connected after ${connection.connectTimeoutMs} ms`));
    });
    const onError = (error: Error): void => {
      timer.cancel();
      reject(refused(connection, error));
    };
    socket.once("error", onError);
    socket.once("secureConnect", () => {
      timer.cancel();
      socket.off("error", onError);
      socket.setNoDelay(true);
      socket.setKeepAlive(true, TCP_KEEP_ALIVE_MS);
      resolve(socket);
    });
  });
}

/** What OpenSSL says of a certificate that is none, or that its key does not fit, names neither. */
function unusable(cause: unknown): Error {
  const why = cause instanceof Error ? cause.message : String(cause);
  const message = "the client certificate, its key or the authority cannot be used";
  return new Error(`${message}: ${why}`, { cause });
}

/** The connection could not be made. */
export function refused(connection: Connection, cause: unknown): TransportError {
  const why = cause instanceof Error ? messageOf(cause) : String(cause);
  const place = `${connection.host}:${connection.port}`;
  return new TransportError(`cannot connect to ${place}: ${why}`, { isRefused: true, cause });
}

/** Several addresses failed: their own messages say more than the one of their sum. */
function messageOf(error: Error): string {
  if (error.message !== "" || !(error instanceof AggregateError)) return error.message;
  const reasons = error.errors.map((each: unknown) => (each instanceof Error ? each.message : ""));
  return reasons.join("; ");
}
