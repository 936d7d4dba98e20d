/** What a kubeconfig says, against a server that looks at who calls. */
import { expect, onTestFinished, test } from "vitest";
import { aContext } from "../../base/testing/context.ts";
import type { Files } from "../../base/files.ts";
import { virtualEnv, type VirtualEnv } from "../../base/virtual/virtual-env.ts";
import type { ProgramRun } from "../../base/real/run-program.ts";
import { httpTransport } from "../http/http-transport.ts";
import {
  anIdentityServer,
  type IdentityServer,
  type IdentityServerOptions,
} from "../http/testing/identity-server.ts";
import { aCertificate, type TestCertificate } from "../http/testing/test-certificate.ts";
import { inClusterAccess, loadKubeconfig, type KubeconfigDeps } from "./kubeconfig.ts";

// TLS judges certificates by the real clock: the one thing here that is not virtual.
const DAY_MS = 86_400_000;
const validity = {
  notBefore: new Date(Date.now() - DAY_MS),
  notAfter: new Date(Date.now() + DAY_MS),
};
const server = await aCertificate(validity);
const nextServer = await aCertificate(validity, ["127.0.0.1", "next.example"]);
const one = await aCertificate(validity, ["one.example"]);
const two = await aCertificate(validity, ["two.example"]);

const V1 = "client.authentication.k8s.io/v1";
const FILES_USER = "client-certificate: u.crt\nclient-key: u.key";
const EXEC_USER = `exec: {apiVersion: ${V1}, command: cloud}`;

class SomeFiles implements Files {
  readonly contents = new Map<string, string>();
  reads = 0;
  read(path: string): Promise<Uint8Array | undefined> {
    this.reads += 1;
    const content = this.contents.get(path);
    return Promise.resolve(content === undefined ? undefined : new TextEncoder().encode(content));
  }
  write(path: string, content: Uint8Array): Promise<void> {
    this.contents.set(path, new TextDecoder().decode(content));
    return Promise.resolve();
  }
  list(): Promise<readonly string[]> {
    return Promise.resolve([]);
  }
  remove(): Promise<void> {
    return Promise.resolve();
  }
  show({ certificate, key }: TestCertificate): void {
    this.contents.set("/k/u.crt", certificate);
    this.contents.set("/k/u.key", key);
  }
}

type World = {
  readonly env: VirtualEnv;
  readonly files: SomeFiles;
  readonly there: IdentityServer;
  readonly runs: readonly ProgramRun[];
  /** What the programs answer from now on. */
  readonly answers: object[];
  readonly ask: () => Promise<number>;
  /** The names of the certificates that were shown. */
  readonly shown: () => readonly string[];
};

async function aWorld(user: string, options: Partial<IdentityServerOptions> = {}): Promise<World> {
  const clients = [one.certificate, two.certificate];
  const there = await anIdentityServer({
    protocol: "h2",
    certificate: server,
    clients,
    ...options,
  });
  const files = new SomeFiles();
  files.show(one);
  files.contents.set("/k/ca.crt", server.certificate);
  files.contents.set("/k/token", "token-one");
  files.contents.set("/k/config", aKubeconfig(there.url, user));
  const env = virtualEnv();
  const runs: ProgramRun[] = [];
  const answers: object[] = [];
  const run = (each: ProgramRun) => {
    const status = answers[Math.min(runs.length, answers.length - 1)];
    runs.push(each);
    const output = JSON.stringify({ apiVersion: V1, kind: "ExecCredential", status });
    return Promise.resolve({ exitCode: 0, output });
  };
  const deps: KubeconfigDeps = { files, credentials: { run, clock: env.clock } };
  const { connection } = await loadKubeconfig({ path: "/k/config" }, deps);
  const transport = httpTransport(connection, env);
  onTestFinished(() => transport.close());
  const ask = async (): Promise<number> => {
    const query = new URLSearchParams();
    const request = { ...EMPTY_GET, path: "/x", query, headers: {} };
    const { status } = await transport.send(request, aContext(env));
    return status;
  };
  const shown = () => there.seen.map(({ certificate }) => nameOf(certificate));
  return { env, files, there, runs, answers, ask, shown };
}

const EMPTY_GET = { method: "GET", body: { kind: "none" } } as const;

function aKubeconfig(url: string, user: string): string {
  return [
    "current-context: dev",
    "contexts: [{name: dev, context: {cluster: c, user: u}}]",
    `clusters: [{name: c, cluster: {server: '${url}', certificate-authority: ca.crt}}]`,
    "users:",
    "- name: u",
    "  user:",
    ...user.split("\n").map((line) => `    ${line}`),
  ].join("\n");
}

function nameOf(certificate: string | undefined): string {
  const known = Object.entries({ one, two });
  const found = known.find(([, each]) => each.certificate.trim() === certificate?.trim());
  return found?.[0] ?? "none";
}

test("certificates in files are read anew when they are replaced", async () => {
  const { env, files, ask, shown } = await aWorld(FILES_USER);
  await ask();
  files.show(two);
  await env.advance(9_000);
  await ask(); // looked at a moment ago
  await env.advance(1_000);
  await ask();
  expect(shown()).toEqual(["one", "one", "two"]);
});

test("files are not read for each request", async () => {
  const { files, ask } = await aWorld(FILES_USER);
  const { reads } = files;
  for (let count = 0; count < 20; count += 1) await ask();
  expect(files.reads).toBe(reads);
});

test("a certificate whose new key has not come yet, and one half written, wait", async () => {
  const { env, files, ask, shown } = await aWorld(FILES_USER);
  files.contents.set("/k/u.crt", two.certificate);
  await env.advance(10_000);
  await ask();
  files.contents.set("/k/u.crt", two.certificate.slice(0, 100));
  await env.advance(10_000);
  await ask();
  files.contents.delete("/k/u.crt");
  await env.advance(10_000);
  await ask();
  files.show(two);
  await env.advance(10_000);
  await ask();
  expect(shown()).toEqual(["one", "one", "one", "two"]);
});

test("a server whose authority is replaced is believed when the file says so", async () => {
  const { env, files, there, ask } = await aWorld(FILES_USER, { protocol: "https" });
  await ask();
  there.renew(nextServer);
  files.contents.set("/k/ca.crt", "-----BEGIN CERTIFICATE-----"); // not written yet
  await env.advance(10_000);
  expect(await ask()).toBe(200); // over the connection there is
  files.contents.set("/k/ca.crt", nextServer.certificate);
  await env.advance(10_000);
  expect(await ask()).toBe(200);
  expect(there.connections.made).toBeGreaterThan(1);
});

test("who is not known any more looks at the files at once, and sends again", async () => {
  const { files, ask, shown } = await aWorld(FILES_USER, {
    knows: ({ certificate }) => nameOf(certificate) === "two",
  });
  files.show(two);
  expect(await ask()).toBe(200);
  expect(shown()).toEqual(["one", "two"]);
});

test("a token that was replaced in its file between two looks is shown at once", async () => {
  const { files, there, ask } = await aWorld("tokenFile: token");
  await ask();
  files.contents.set("/k/token", "token-two");
  await ask();
  const tokens = there.seen.map(({ headers }) => headers["authorization"]);
  expect(tokens).toEqual(["Bearer token-one", "Bearer token-two"]);
});

const exec = (pair: TestCertificate, expirationTimestamp: string) => ({
  clientCertificateData: pair.certificate,
  clientKeyData: pair.key,
  expirationTimestamp,
});

test("a program's certificate is shown, and the next one before it expires", async () => {
  const { env, answers, runs, ask, shown, there } = await aWorld(EXEC_USER);
  answers.push(exec(one, "2026-01-01T00:10:00Z"), exec(two, "2026-01-01T00:20:00Z"));
  expect(runs).toHaveLength(0); // nothing is run before the first request
  await ask();
  await env.advance(580_000);
  await ask();
  expect(runs).toHaveLength(1);
  await env.advance(11_000);
  await ask();
  expect(shown()).toEqual(["one", "one", "two"]);
  expect(runs).toHaveLength(2);
  expect(there.seen.map(({ headers }) => headers["authorization"])).toEqual([
    undefined,
    undefined,
    undefined,
  ]);
});

test("a program is asked again when the server does not know its certificate", async () => {
  const { env, answers, ask, shown } = await aWorld(EXEC_USER, {
    knows: ({ certificate }) => nameOf(certificate) !== "one" || env.clock.now() < revokedMs,
  });
  const revokedMs = env.clock.now() + 60_000;
  answers.push(exec(one, "2027-01-01T00:00:00Z"), exec(two, "2027-01-01T00:00:00Z"));
  expect(await ask()).toBe(200);
  await env.advance(60_000);
  expect(await ask()).toBe(200);
  expect(shown()).toEqual(["one", "one", "two"]);
});

test("a program is asked again when the server does not know its token", async () => {
  let valid = "one";
  const { env, answers, ask, runs } = await aWorld(EXEC_USER, {
    knows: ({ headers }) => headers["authorization"] === `Bearer ${valid}`,
  });
  answers.push({ token: "one" }, { token: "two" });
  expect(await ask()).toBe(200);
  valid = "two";
  await env.advance(60_000);
  expect(await Promise.all([ask(), ask(), ask()])).toEqual([200, 200, 200]);
  expect(runs).toHaveLength(2);
});

test("a pod believes its cluster after the authority was replaced", async () => {
  const there = await anIdentityServer({ protocol: "https", certificate: server });
  const { host, port } = { host: "127.0.0.1", port: new URL(there.url).port };
  const folder = "/var/run/secrets/kubernetes.io/serviceaccount";
  const files = new SomeFiles();
  files.contents.set(`${folder}/ca.crt`, server.certificate);
  files.contents.set(`${folder}/namespace`, "web");
  files.contents.set(`${folder}/token`, "t");
  const env = virtualEnv();
  const { connection } = await inClusterAccess({ host, port }, { files, clock: env.clock });
  there.renew(nextServer);
  files.contents.set(`${folder}/ca.crt`, nextServer.certificate);
  await env.advance(10_000);
  const transport = httpTransport(connection, env);
  onTestFinished(() => transport.close());
  const query = new URLSearchParams();
  const request = { ...EMPTY_GET, path: "/x", query, headers: {} };
  expect((await transport.send(request, aContext(env))).status).toBe(200);
});
