import { createServer, type AddressInfo } from "node:net";
import { once } from "node:events";
import { expect, onTestFinished, test } from "vitest";
import { aContext } from "../../base/testing/context.ts";
import { virtualEnv } from "../../base/virtual/virtual-env.ts";
import type { ApiResponse } from "../../machinery/request.ts";
import type { ConnectionOptions } from "./connection-options.ts";
import { httpTransport } from "./http-transport.ts";
import { aCertificate } from "./testing/test-certificate.ts";
import { anHttpProxy, aSocksProxy } from "./testing/test-proxy.ts";
import { startTestServer, type TestProtocol } from "./testing/test-server.ts";

const DAY_MS = 86_400_000;
const certificate = await aCertificate(
  { notBefore: new Date(Date.now() - DAY_MS), notAfter: new Date(Date.now() + DAY_MS) },
  ["127.0.0.1", "api.example"],
);

const request = {
  method: "GET",
  path: "/version",
  query: new URLSearchParams(),
  headers: {},
  body: { kind: "none" },
} as const;

/** Sends one request to a server by `options`; the server's address is the answer. */
async function checkPasses(
  protocol: TestProtocol,
  options: (host: string) => Partial<ConnectionOptions>,
): Promise<string> {
  const env = virtualEnv();
  const answer: ApiResponse = { status: 200, headers: {}, warnings: [], body: { kind: "none" } };
  const dispatch = (): Promise<ApiResponse> => Promise.resolve(answer);
  const server = await startTestServer({ protocol, certificate, dispatch, env });
  const { host } = new URL(server.url);
  const { certificate: authority } = certificate;
  const transport = httpTransport({ server: server.url, authority, ...options(host) }, env);
  expect((await transport.send(request, aContext(env))).status).toBe(200);
  expect((await transport.send(request, aContext(env))).status).toBe(200);
  await transport.close();
  await server.close();
  expect(env.pendingTimers).toBe(0);
  return host;
}

const LOGIN = `Proxy-Authorization: Basic ${btoa("me:s cret")}\r\n`;

test.each(["h2", "https"] as const)("%s goes through a proxy that connects", async (protocol) => {
  const { asked, port } = await anHttpProxy();
  const proxy = `http://me:s%20cret@127.0.0.1:${port}`;
  const host = await checkPasses(protocol, () => ({ proxy }));
  expect(asked[0]).toContain(`CONNECT ${host} HTTP/1.1\r\n`);
  expect(asked[0]).toContain(LOGIN);
});

test("requests in clear are handed to the proxy, with the login", async () => {
  const { asked, port } = await anHttpProxy();
  const proxy = `http://me:s%20cret@127.0.0.1:${port}`;
  const host = await checkPasses("http", () => ({ proxy }));
  expect(asked[0]).toContain(`GET http://${host}/version HTTP/1.1\r\n`);
  expect(asked[0]?.toLowerCase()).toContain(LOGIN.toLowerCase());
  expect(asked[0]?.toLowerCase()).toContain(`host: ${host}\r\n`);
});

test.each(["h2", "https", "http"] as const)(
  "%s goes through a proxy that is reached by https",
  async (protocol) => {
    const { asked, port } = await anHttpProxy({ certificate });
    await checkPasses(protocol, () => ({ proxy: `https://127.0.0.1:${port}` }));
    expect(asked.length).toBeGreaterThan(0);
  },
);

test("an https proxy that is not known is refused, unless nothing is verified", async () => {
  const { port } = await anHttpProxy({ certificate });
  const env = virtualEnv();
  const proxy = `https://127.0.0.1:${port}`;
  const transport = httpTransport({ server: "https://a", proxy }, env);
  await expect(transport.send(request, aContext(env))).rejects.toMatchObject({
    isRefused: true,
    message: expect.stringMatching(
      /^cannot connect to a:443: proxy 127\.0\.0\.1:\d+: self-signed certificate/,
    ) as string,
  });
  await transport.close();
  await checkPasses("h2", () => ({ proxy, isUnverified: true }));
});

test.each(["h2", "https", "http"] as const)(
  "%s goes through a SOCKS5 proxy, which looks up the name",
  async (protocol) => {
    const { asked, port } = await aSocksProxy();
    let place = "";
    await checkPasses(protocol, (host) => {
      place = `api.example:${host.split(":")[1]}`;
      const scheme = protocol === "http" ? "http" : "https";
      return { proxy: `socks5://127.0.0.1:${port}`, server: `${scheme}://${place}` };
    });
    expect(asked[0]).toBe(place);
  },
);

test("a SOCKS5 proxy is told who asks", async () => {
  const { asked, port } = await aSocksProxy("me:s cret");
  const host = await checkPasses("h2", () => ({ proxy: `socks5://me:s%20cret@127.0.0.1:${port}` }));
  expect(asked[0]).toBe(`me:s cret ${host}`);
});

test("a SOCKS5 proxy that does not take the login is named", async () => {
  const { port } = await aSocksProxy("me:secret");
  const env = virtualEnv();
  const options = { server: "https://a", proxy: `socks5://me:wrong@127.0.0.1:${port}` };
  const transport = httpTransport(options, env);
  await expect(transport.send(request, aContext(env))).rejects.toMatchObject({
    isRefused: true,
    message: `cannot connect to a:443: proxy 127.0.0.1:${port}: Socks5 Authentication failed`,
  });
  await transport.close();
  expect(env.pendingTimers).toBe(0);
});

test.each(["http", "https"])(
  "a proxy that does not connect is named, and the request had no effect (%s)",
  async (scheme) => {
    const refusal = "HTTP/1.1 407 Proxy Authentication Required\r\n\r\n";
    const { port } = await anHttpProxy({
      refusal,
      ...(scheme === "https" ? { certificate } : {}),
    });
    const env = virtualEnv();
    const transport = httpTransport(
      {
        server: "https://127.0.0.1:1",
        proxy: `${scheme}://127.0.0.1:${port}`,
        authority: certificate.certificate,
      },
      env,
    );
    await expect(transport.send(request, aContext(env))).rejects.toMatchObject({
      isRefused: true,
      message: expect.stringMatching(
        /proxy 127\.0\.0\.1:\d+: it does not connect to 127\.0\.0\.1:1: HTTP\/1\.1 407/,
      ) as string,
    });
    await transport.close();
  },
);

test("a proxy that says nothing is given up", async () => {
  const server = createServer((socket) => socket.on("error", () => undefined).resume());
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  onTestFinished(() => void server.close());
  const env = virtualEnv();
  for (const scheme of ["http", "socks5"]) {
    const proxy = `${scheme}://127.0.0.1:${(server.address() as AddressInfo).port}`;
    const transport = httpTransport({ server: "https://a", proxy }, env);
    const sending = transport.send(request, aContext(env));
    const connected = once(server, "connection");
    const refused = expect(sending).rejects.toThrow("not connected after 10000 ms");
    await connected;
    await env.advance(10_000);
    await refused;
    await transport.close();
    expect(env.pendingTimers).toBe(0);
  }
});

test("a proxy of another kind is refused at once, without telling its password", () => {
  const options = { server: "https://a", proxy: "ftp://me:secret@b" };
  expect(() => httpTransport(options, virtualEnv())).toThrow(
    "proxy: ftp://b is no http, https or socks5 URL; others are not known",
  );
});
