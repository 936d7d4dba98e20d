import { createPrivateKey, X509Certificate } from "node:crypto";
import { copyFile, mkdtemp, readFile, rm, stat, truncate } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, expect, test } from "vitest";
import { realFiles } from "../../base/real/files.ts";
import { virtualEnv } from "../../base/virtual/virtual-env.ts";
import { openClusterPki, type ClusterPki } from "./cluster-pki.ts";

const folders: string[] = [];

afterEach(async () => {
  for (const folder of folders.splice(0)) await rm(folder, { recursive: true });
});

async function aFolder(): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), "setpoint-pki-"));
  folders.push(folder);
  return folder;
}

async function open(directory: string | undefined, env = virtualEnv()): Promise<ClusterPki> {
  return openClusterPki({ directory, hosts: [] }, { files: realFiles, env });
}

test("every certificate is signed by the authority and names its purpose", async () => {
  const pki = await open(undefined);
  const authority = new X509Certificate(pki.authority.certificate);
  const node = await pki.node("node-1");
  for (const pair of [pki.server, pki.admin, pki.nodeClient, node]) {
    const certificate = new X509Certificate(pair.certificate);
    expect(certificate.verify(authority.publicKey)).toBe(true);
    expect(certificate.ca).toBe(false);
  }
  expect(authority.ca).toBe(true);
  expect(new X509Certificate(pki.server.certificate).checkIP("127.0.0.1")).toBe("127.0.0.1");
  expect(new X509Certificate(pki.admin.certificate).subject).toBe(
    "O=system:masters\nCN=setpoint-admin",
  );
  expect(new X509Certificate(node.certificate).subject).toBe(
    "O=system:nodes\nCN=system:node:node-1",
  );
});

test("a second start reads the same certificates, and keys are private", async () => {
  const directory = await aFolder();
  const first = await open(directory);
  const second = await open(directory);
  expect(second.authority).toEqual(first.authority);
  expect(second.admin).toEqual(first.admin);
  expect((await stat(join(directory, "ca.key"))).mode & 0o777).toBe(0o600);
});

test("a certificate that is about to expire is made anew by the same authority", async () => {
  const directory = await aFolder();
  const env = virtualEnv();
  const first = await open(directory, env);
  env.jumpWallClock(340 * 86_400_000);
  const later = await open(directory, env);
  expect(later.authority).toEqual(first.authority);
  expect(later.server.certificate).not.toBe(first.server.certificate);
});

test("certificates made while the clock was ahead are made anew, authority and all", async () => {
  const directory = await aFolder();
  const env = virtualEnv();
  env.jumpWallClock(400 * 86_400_000);
  const ahead = await open(directory, env);
  env.jumpWallClock(-400 * 86_400_000);
  const right = await open(directory, env);
  expect(right.authority).not.toEqual(ahead.authority);
  const authority = new X509Certificate(right.authority.certificate);
  for (const pair of [right.server, right.admin, right.nodeClient, await right.node("node-1")]) {
    expect(new X509Certificate(pair.certificate).verify(authority.publicKey)).toBe(true);
  }
});

test("a pair that does not match, or is damaged, or of a lost authority is made anew", async () => {
  const directory = await aFolder();
  const first = await open(directory);
  await copyFile(join(directory, "apiserver.key"), join(directory, "admin.key"));
  await truncate(join(directory, "apiserver-node-client.crt"), 100);
  const second = await open(directory);
  expect(second.server).toEqual(first.server);
  const admin = new X509Certificate(second.admin.certificate);
  expect(admin.checkPrivateKey(createPrivateKey(second.admin.key))).toBe(true);
  expect(second.nodeClient).not.toEqual(first.nodeClient);
  await rm(join(directory, "ca.crt"));
  const third = await open(directory);
  const authority = new X509Certificate(third.authority.certificate);
  expect(new X509Certificate(third.server.certificate).verify(authority.publicKey)).toBe(true);
  expect(await readFile(join(directory, "admin.crt"), "utf8")).toBe(third.admin.certificate);
});

test("a server that is asked for by a further name gets a certificate for it", async () => {
  const directory = await aFolder();
  const deps = { files: realFiles, env: virtualEnv() };
  const first = await openClusterPki({ directory, hosts: [] }, deps);
  const hosts = ["api.example.org", "10.0.0.1"];
  const second = await openClusterPki({ directory, hosts }, deps);
  const certificate = new X509Certificate(second.server.certificate);
  expect(certificate.checkHost("api.example.org")).toBe("api.example.org");
  expect(certificate.checkIP("10.0.0.1")).toBe("10.0.0.1");
  expect(second.authority).toEqual(first.authority);
});
