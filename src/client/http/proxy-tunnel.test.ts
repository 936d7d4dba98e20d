import { once } from "node:events";
import { connect, createServer, type AddressInfo, type Server } from "node:net";
import { expect, onTestFinished, test } from "vitest";
import { aContext } from "../../base/testing/context.ts";
import { virtualEnv } from "../../base/virtual/virtual-env.ts";
import type { ApiResponse } from "../../machinery/request.ts";
import { httpTransport } from "./http-transport.ts";
import { aCertificate } from "./testing/test-certificate.ts";
import { startTestServer } from "./testing/test-server.ts";

const DAY_MS = 86_400_000;
const certificate = await aCertificate({
  notBefore: new Date(Date.now() - DAY_MS),
  notAfter: new Date(Date.now() + DAY_MS),
});

/** A proxy that connects, or answers `refusal`; what it was asked is in `heads`. */
async function aProxy(refusal?: string): Promise<{ url: string; heads: string[] }> {
  const heads: string[] = [];
  const server: Server = createServer((client) => {
    client.once("data", (head: Buffer) => {
      heads.push(head.toString());
      if (refusal !== undefined) {
        client.end(refusal);
        return;
      }
      const [, port] = /^CONNECT [^ ]+:(\d+) /.exec(head.toString()) ?? [];
      const upstream = connect({ host: "127.0.0.1", port: Number(port) }, () => {
        client.write("HTTP/1.1 200 Connection established\r\n\r\n");
        client.pipe(upstream).pipe(client);
      });
      upstream.on("error", () => client.destroy());
      client.on("error", () => upstream.destroy());
    });
  });
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  onTestFinished(() => void server.close());
  return { url: `http://me:secret@127.0.0.1:${(server.address() as AddressInfo).port}`, heads };
}

const request = {
  method: "GET",
  path: "/version",
  query: new URLSearchParams(),
  headers: {},
  body: { kind: "none" },
} as const;

test.each(["h2", "https"] as const)("%s goes through a proxy that connects", async (protocol) => {
  const env = virtualEnv();
  const answer: ApiResponse = { status: 200, headers: {}, warnings: [], body: { kind: "none" } };
  const dispatch = (): Promise<ApiResponse> => Promise.resolve(answer);
  const server = await startTestServer({ protocol, certificate, dispatch, env });
  const proxy = await aProxy();
  const options = { server: server.url, authority: certificate.certificate, proxy: proxy.url };
  const transport = httpTransport(options, env);
  expect((await transport.send(request, aContext(env))).status).toBe(200);
  const { host } = new URL(server.url);
  expect(proxy.heads[0]).toContain(`CONNECT ${host} HTTP/1.1\r\n`);
  expect(proxy.heads[0]).toContain(`Proxy-Authorization: Basic ${btoa("me:secret")}\r\n`);
  await transport.close();
  await server.close();
});

test("a proxy that does not connect is named, and the request had no effect", async () => {
  const env = virtualEnv();
  const { url } = await aProxy("HTTP/1.1 407 Proxy Authentication Required\r\n\r\n");
  const transport = httpTransport({ server: "https://127.0.0.1:1", proxy: url }, env);
  await expect(transport.send(request, aContext(env))).rejects.toMatchObject({
    isRefused: true,
    message: expect.stringMatching(
      /proxy 127\.0\.0\.1:\d+: it does not connect to 127\.0\.0\.1:1: HTTP\/1\.1 407/,
    ) as string,
  });
  await transport.close();
});

test("a proxy of another kind is refused at once", () => {
  const options = { server: "https://a", proxy: "socks5://b" };
  expect(() => httpTransport(options, virtualEnv())).toThrow('proxy: "socks5://b" is no http URL');
});
