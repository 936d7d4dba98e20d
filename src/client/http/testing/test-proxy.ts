/** Small proxies for tests: one that connects or hands requests on, and one that speaks SOCKS5. */
import { once } from "node:events";
import { request } from "node:http";
import { connect, createServer, type AddressInfo, type Server, type Socket } from "node:net";
import { createServer as createTlsServer } from "node:tls";
import { onTestFinished } from "vitest";
import type { TestCertificate } from "./test-certificate.ts";

export type TestProxy = {
  readonly port: number;
  /** What it was asked for: heads of HTTP, or `user:password host:port` of SOCKS. */
  readonly asked: readonly string[];
};

/** A proxy over HTTP, or HTTPS with a certificate. `refusal`: what it answers everything with. */
export async function anHttpProxy(
  options: { readonly refusal?: string; readonly certificate?: TestCertificate } = {},
): Promise<TestProxy> {
  const { certificate, refusal } = options;
  const asked: string[] = [];
  const onClient = (client: Socket): void => {
    client.on("error", () => undefined);
    client.on("data", (head: Buffer) => {
      asked.push(head.toString());
      if (refusal !== undefined) client.end(refusal);
      else if (head.toString().startsWith("CONNECT ")) open(client, head.toString());
      else hand(client, head.toString());
    });
  };
  const server =
    certificate === undefined
      ? createServer(onClient)
      : createTlsServer({ cert: certificate.certificate, key: certificate.key }, onClient);
  return { port: await listening(server), asked };
}

function open(client: Socket, head: string): void {
  client.removeAllListeners("data");
  const port = /^CONNECT [^ ]+:(\d+) /.exec(head)?.[1];
  const upstream = joined(client, Number(port));
  upstream.once("connect", () => {
    client.write("HTTP/1.1 200 Connection established\r\n\r\n");
    client.pipe(upstream).pipe(client);
  });
}

/** A request in clear, with its whole address; one without a body is all that tests send. */
function hand(client: Socket, head: string): void {
  const [method, url] = head.split(" ");
  request(url ?? "", { method: method ?? "GET" }, (answer) => {
    client.write(`HTTP/1.1 ${answer.statusCode} Passed\r\ncontent-length: 0\r\n\r\n`);
    answer.resume();
  }).end();
}

/** A SOCKS5 proxy that wants `login` (`user:password`) if there is one. */
export async function aSocksProxy(login?: string): Promise<TestProxy> {
  const asked: string[] = [];
  const server = createServer((client) => {
    client.on("error", () => undefined);
    void serveSocks(client, login, (place) => asked.push(place));
  });
  return { port: await listening(server), asked };
}

async function serveSocks(
  client: Socket,
  login: string | undefined,
  note: (place: string) => void,
): Promise<void> {
  const next = async (): Promise<Buffer> => {
    const [chunk] = (await once(client, "data")) as [Buffer];
    return chunk;
  };
  await next(); // version and methods
  client.write(Buffer.from([5, login === undefined ? 0 : 2]));
  let user = "";
  if (login !== undefined) {
    const answer = await next();
    const length = answer[1] ?? 0;
    user = `${answer.toString("latin1", 2, 2 + length)}:${answer.toString("latin1", 3 + length)}`;
    client.write(Buffer.from([1, user === login ? 0 : 1]));
    if (user !== login) return;
    user = `${user} `;
  }
  const wish = await next();
  const isName = wish[3] === 3;
  const host = isName ? wish.toString("latin1", 5, wish.length - 2) : wish.subarray(4, 8).join(".");
  const port = wish.readUInt16BE(wish.length - 2);
  note(`${user}${host}:${port}`);
  const upstream = joined(client, port);
  upstream.once("connect", () => {
    client.write(Buffer.from([5, 0, 0, 1, 0, 0, 0, 0, 0, 0]));
    client.pipe(upstream).pipe(client);
  });
}

/** Wherever it is asked for, the tests' servers are on this machine. */
function joined(client: Socket, port: number): Socket {
  const upstream = connect({ host: "127.0.0.1", port });
  upstream.on("error", () => client.destroy());
  client.on("close", () => upstream.destroy());
  return upstream;
}

async function listening(server: Server): Promise<number> {
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  onTestFinished(() => void server.close());
  return (server.address() as AddressInfo).port;
}
