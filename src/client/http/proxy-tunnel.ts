/** Ways through a proxy: it is asked to connect, and hands on bytes from then on. */
import { connect, type Socket } from "node:net";
import { connect as connectTls, getCACertificates } from "node:tls";
import type { Env } from "../../base/env.ts";
import { errorText } from "../../base/error-text.ts";
import { isSocks, placeOf, proxyAuthorization } from "./proxy-address.ts";
import { askSocks } from "./socks-tunnel.ts";

/** An answer whose head is longer is none. */
const HEAD_BYTES_MAX = 16 * 1_024;

type Place = { readonly host: string; readonly port: number };

/** How a proxy is reached. */
export type ProxyLimits = {
  readonly timeoutMs: number;
  readonly env: Pick<Env, "timers">;
  /** Of an `https` proxy: PEM of authorities that are believed besides the system's. */
  readonly authority: string | undefined;
  /** Of an `https` proxy: believe any certificate. */
  readonly isUnverified: boolean;
};

/** A socket that leads to `target`. Rejects with an error that names the proxy. */
export function connectThrough(proxy: URL, target: Place, limits: ProxyLimits): Promise<Socket> {
  return reach(proxy, limits, (socket) =>
    isSocks(proxy)
      ? askSocks(socket, proxy, target, limits.timeoutMs)
      : askConnect(socket, proxy, target),
  );
}

/** A socket that leads to the proxy itself, to which requests in clear are handed whole. */
export function connectTo(proxy: URL, limits: ProxyLimits): Promise<Socket> {
  return reach(proxy, limits, () => Promise.resolve());
}

/** A socket to the proxy on which `ask` has been done, all of it within the time. */
async function reach(
  proxy: URL,
  limits: ProxyLimits,
  ask: (socket: Socket) => Promise<void>,
): Promise<Socket> {
  const socket = open(proxy, limits);
  const { promise: lost, reject: lose } = Promise.withResolvers<never>();
  lost.catch(() => undefined); // told to whoever waits at that moment
  const onClose = (): void => lose(new Error("it has closed the connection"));
  socket.on("error", lose);
  socket.on("close", onClose);
  const timer = limits.env.timers.after(limits.timeoutMs, () => {
    lose(new Error(`not connected after ${limits.timeoutMs} ms`));
  });
  const isReady = proxy.protocol === "https:" ? "secureConnect" : "connect";
  try {
    await Promise.race([lost, new Promise<void>((resolve) => socket.once(isReady, resolve))]);
    await Promise.race([lost, ask(socket)]);
  } catch (error) {
    socket.destroy(); // its listener for errors stays: none of what comes now is news
    throw new Error(`proxy ${proxy.host}: ${errorText(error)}`, { cause: error });
  } finally {
    timer.cancel();
  }
  socket.off("error", lose);
  socket.off("close", onClose);
  return socket;
}

function open(proxy: URL, limits: ProxyLimits): Socket {
  const place = placeOf(proxy);
  if (proxy.protocol !== "https:") return connect(place);
  const { authority, isUnverified } = limits;
  return connectTls({
    ...place,
    ...(/[a-z]/i.test(place.host) && !place.host.includes(":") ? { servername: place.host } : {}),
    rejectUnauthorized: !isUnverified,
    ...(authority === undefined ? {} : { ca: [...getCACertificates("default"), authority] }),
  });
}

function askConnect(socket: Socket, proxy: URL, target: Place): Promise<void> {
  const host = target.host.includes(":") ? `[${target.host}]` : target.host;
  const place = `${host}:${target.port}`;
  return new Promise((resolve, reject) => {
    let head = Buffer.alloc(0);
    const onData = (chunk: Buffer): void => {
      head = Buffer.concat([head, chunk]);
      const end = head.indexOf("\r\n\r\n");
      if (end < 0) {
        if (head.length > HEAD_BYTES_MAX) reject(new Error("its answer is no HTTP"));
        return;
      }
      socket.off("data", onData);
      socket.pause();
      const line = head.subarray(0, head.indexOf("\r\n")).toString("latin1");
      if (!/^HTTP\/1\.\d 2\d\d/.test(line)) {
        reject(new Error(`it does not connect to ${place}: ${line}`));
        return;
      }
      const rest = head.subarray(end + 4);
      if (rest.length > 0) socket.unshift(rest);
      resolve();
    };
    socket.on("data", onData);
    const authorization = proxyAuthorization(proxy);
    const credentials =
      authorization === undefined ? "" : `Proxy-Authorization: ${authorization}\r\n`;
    socket.write(`CONNECT ${place} HTTP/1.1\r\nHost: ${place}\r\n${credentials}\r\n`);
  });
}
