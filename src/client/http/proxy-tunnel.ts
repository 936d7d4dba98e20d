/** A way through a proxy: it is asked to CONNECT, and hands on bytes from then on. */
import { connect, type Socket } from "node:net";
import type { Env } from "../../base/env.ts";

/** An answer whose head is longer is none. */
const HEAD_BYTES_MAX = 16 * 1_024;

/** A socket that leads to `target`. Rejects with an error that names the proxy. */
export function connectThrough(
  proxy: URL,
  target: { readonly host: string; readonly port: number },
  limits: { readonly timeoutMs: number; readonly env: Pick<Env, "timers"> },
): Promise<Socket> {
  const host = target.host.includes(":") ? `[${target.host}]` : target.host;
  const place = `${host}:${target.port}`;
  const port = proxy.port === "" ? 80 : Number(proxy.port);
  return new Promise((resolve, reject) => {
    const socket = connect({ host: proxy.hostname.replace(/^\[(.*)\]$/, "$1"), port });
    const fail = (why: string): void => {
      timer.cancel();
      socket.destroy();
      reject(new Error(`proxy ${proxy.host}: ${why}`));
    };
    const timer = limits.env.timers.after(limits.timeoutMs, () => {
      fail(`not connected after ${limits.timeoutMs} ms`);
    });
    let head = Buffer.alloc(0);
    const onData = (chunk: Buffer): void => {
      head = Buffer.concat([head, chunk]);
      const end = head.indexOf("\r\n\r\n");
      if (end < 0) {
        if (head.length > HEAD_BYTES_MAX) fail("its answer is no HTTP");
        return;
      }
      const line = head.subarray(0, head.indexOf("\r\n")).toString("latin1");
      if (!/^HTTP\/1\.\d 2\d\d/.test(line)) {
        fail(`it does not connect to ${place}: ${line}`);
        return;
      }
      timer.cancel();
      socket.removeAllListeners();
      socket.pause();
      const rest = head.subarray(end + 4);
      if (rest.length > 0) socket.unshift(rest);
      resolve(socket);
    };
    socket.on("data", onData);
    socket.once("error", (error) => fail(error.message));
    socket.once("close", () => fail("it has closed the connection"));
    socket.once("connect", () => {
      socket.write(`CONNECT ${place} HTTP/1.1\r\nHost: ${place}\r\n${credentials(proxy)}\r\n`);
    });
  });
}

function credentials({ username, password }: URL): string {
  if (username === "") return "";
  const text = `${decodeURIComponent(username)}:${decodeURIComponent(password)}`;
  return `Proxy-Authorization: Basic ${Buffer.from(text).toString("base64")}\r\n`;
}
