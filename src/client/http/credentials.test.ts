import { expect, onTestFinished, test } from "vitest";
import { aContext } from "../../base/testing/context.ts";
import { virtualEnv, type VirtualEnv } from "../../base/virtual/virtual-env.ts";
import type { ApiRequest, ApiResponse, Method } from "../../machinery/request.ts";
import type { Transport } from "../transport.ts";
import type { ConnectionOptions, ShownCredentials, TlsMaterial } from "./connection-options.ts";
import { httpTransport } from "./http-transport.ts";
import { anIdentityServer } from "./testing/identity-server.ts";
import { aCertificate } from "./testing/test-certificate.ts";

// TLS judges certificates by the real clock: the one thing here that is not virtual.
const DAY_MS = 86_400_000;
const validity = {
  notBefore: new Date(Date.now() - DAY_MS),
  notAfter: new Date(Date.now() + DAY_MS),
};
const server = await aCertificate(validity);
const nextServer = await aCertificate(validity);
const one = await aCertificate(validity, ["one.example"]);
const two = await aCertificate(validity, ["two.example"]);
const clients = [one.certificate, two.certificate];

type World = { readonly env: VirtualEnv; readonly transport: Transport };

function aTransport(options: ConnectionOptions): World {
  const env = virtualEnv();
  const transport = httpTransport(options, env);
  onTestFinished(() => transport.close());
  return { env, transport };
}

function send(
  { env, transport }: World,
  parts: { method?: Method; query?: string; body?: unknown } = {},
): Promise<ApiResponse> {
  const { method = "GET", query = "", body } = parts;
  const request: ApiRequest = {
    method,
    path: "/api/v1/namespaces/default/configmaps/a",
    query: new URLSearchParams(query),
    headers: {},
    body: body === undefined ? { kind: "none" } : { kind: "value", value: body },
  };
  return transport.send(request, aContext(env));
}

for (const protocol of ["h2", "https"] as const) {
  test(`${protocol}: a certificate that is replaced is shown by the next request`, async () => {
    const there = await anIdentityServer({ protocol, certificate: server, clients });
    let material: TlsMaterial = { authority: server.certificate, clientCertificate: one };
    const tlsMaterial = () => Promise.resolve(material);
    const world = aTransport({ server: there.url, tlsMaterial });
    await send(world);
    const { made } = there.connections;
    await send(world);
    expect(there.connections.made).toBe(made); // the same certificate, the same connection
    material = { authority: server.certificate, clientCertificate: two };
    await send(world);
    expect(there.seen.map(({ certificate }) => certificate?.trim())).toEqual(
      [one, one, two].map(({ certificate }) => certificate.trim()),
    );
    await expect.poll(() => there.connections.open).toBe(1); // that of before has ended
  });

  test(`${protocol}: a watch goes on when a certificate is replaced, to its own end`, async () => {
    const there = await anIdentityServer({ protocol, certificate: server, clients });
    let material: TlsMaterial = { authority: server.certificate, clientCertificate: one };
    const world = aTransport({ server: there.url, tlsMaterial: () => Promise.resolve(material) });
    const stop = new AbortController();
    const { body } = await world.transport.send(
      {
        method: "GET",
        path: "/api/v1/configmaps",
        query: new URLSearchParams("watch=1"),
        headers: {},
        body: { kind: "none" },
      },
      aContext(world.env, stop.signal),
    );
    if (body.kind !== "events") throw new Error("a watch");
    const events = body.events[Symbol.asyncIterator]();
    material = { authority: server.certificate, clientCertificate: two };
    await send(world);
    expect((await events.next()).value).toMatchObject([{ kind: "ADDED" }]);
    expect(there.connections.open).toBe(2);
    const last = events.next();
    stop.abort(new Error("enough"));
    await last.catch(() => undefined); // over
    await expect.poll(() => there.connections.open).toBe(1);
  });

  test(`${protocol}: a server with a certificate of another authority is believed`, async () => {
    const there = await anIdentityServer({ protocol, certificate: server });
    let material: TlsMaterial = { authority: server.certificate };
    const world = aTransport({ server: there.url, tlsMaterial: () => Promise.resolve(material) });
    await send(world);
    there.renew(nextServer);
    material = { authority: nextServer.certificate };
    expect((await send(world)).status).toBe(200);
  });

  test(`${protocol}: a server named otherwise is believed by tls-server-name only`, async () => {
    const other = await aCertificate(validity, ["api.example"]);
    const there = await anIdentityServer({ protocol, certificate: other });
    const options = { server: there.url, authority: other.certificate };
    const named = aTransport({ ...options, serverName: "api.example" });
    expect((await send(named)).status).toBe(200);
    const unnamed = send(aTransport(options));
    await expect(unnamed).rejects.toThrow("does not match");
  });

  test(`${protocol}: who is not known asks for another token, and sends once more`, async () => {
    const knows = ({ headers }: { headers: Readonly<Record<string, unknown>> }) =>
      headers["authorization"] === "Bearer new";
    const there = await anIdentityServer({ protocol, certificate: server, knows });
    let token = "old";
    const refused: ShownCredentials[] = [];
    const world = aTransport({
      server: there.url,
      authority: server.certificate,
      token: () => Promise.resolve(token),
      onUnauthorized: (shown) => {
        refused.push(shown);
        token = "new";
      },
    });
    const answer = await send(world, { method: "POST", body: { data: "kept" } });
    expect(answer.status).toBe(200);
    expect(refused).toMatchObject([{ token: "old" }]);
    expect(there.seen.map(({ headers, body }) => [headers["authorization"], body])).toEqual([
      ["Bearer old", '{"data":"kept"}'],
      ["Bearer new", '{"data":"kept"}'],
    ]);
  });

  test(`${protocol}: who is not known asks for another certificate, too`, async () => {
    const knows = ({ certificate }: { certificate: string | undefined }) =>
      certificate?.trim() === two.certificate.trim();
    const there = await anIdentityServer({ protocol, certificate: server, clients, knows });
    let clientCertificate = one;
    const world = aTransport({
      server: there.url,
      tlsMaterial: () => Promise.resolve({ authority: server.certificate, clientCertificate }),
      onUnauthorized: () => {
        clientCertificate = two;
      },
    });
    expect((await send(world)).status).toBe(200);
    expect(there.seen).toHaveLength(2);
  });
}

test("nothing is sent twice where the credentials are the same, or new ones refused", async () => {
  const knows = () => false;
  const there = await anIdentityServer({ protocol: "h2", certificate: server, knows });
  const options = { server: there.url, authority: server.certificate };
  const same = aTransport({ ...options, token: () => Promise.resolve("one") });
  expect((await send(same)).status).toBe(401);
  expect(there.seen).toHaveLength(1);
  let count = 0;
  const changing = aTransport({ ...options, token: () => Promise.resolve(`t${(count += 1)}`) });
  expect((await send(changing)).status).toBe(401);
  expect(there.seen).toHaveLength(3);
});

test("credentials that cannot be had anew are the error of the call", async () => {
  const knows = () => false;
  const there = await anIdentityServer({ protocol: "h2", certificate: server, knows });
  let calls = 0;
  const world = aTransport({
    server: there.url,
    authority: server.certificate,
    token: () => {
      calls += 1;
      return calls === 1 ? Promise.resolve("one") : Promise.reject(new Error("no program"));
    },
  });
  await expect(send(world)).rejects.toThrow("no program");
});

test("an empty token is not shown; who is acted as is, with all that is known", async () => {
  const there = await anIdentityServer({ protocol: "h2", certificate: server });
  const world = aTransport({
    server: there.url,
    authority: server.certificate,
    token: () => Promise.resolve(""),
    impersonate: {
      user: "jane",
      uid: "7",
      groups: ["a"],
      extra: { "example.com/Team": ["x", "y"], plain: ["z"] },
    },
  });
  await send(world);
  const headers = there.seen[0]?.headers ?? {};
  expect(headers["authorization"]).toBeUndefined();
  expect(headers).toMatchObject({
    "impersonate-user": "jane",
    "impersonate-uid": "7",
    "impersonate-group": "a",
    "impersonate-extra-example.com%2fteam": "x, y",
    "impersonate-extra-plain": "z",
  });
});

test("a certificate that its key does not fit is told as a connection not made", async () => {
  const there = await anIdentityServer({ protocol: "h2", certificate: server, clients });
  const clientCertificate = { certificate: one.certificate, key: two.key };
  const world = aTransport({
    server: there.url,
    authority: server.certificate,
    clientCertificate,
  });
  await expect(send(world)).rejects.toMatchObject({ name: "TransportError", isRefused: true });
});
