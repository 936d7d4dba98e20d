import { X509Certificate } from "node:crypto";
import { mkdtemp, rm, stat } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, expect, test } from "vitest";
import { realFiles } from "../../base/real/files.ts";
import { virtualEnv } from "../../base/testing/virtual-env.ts";
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
