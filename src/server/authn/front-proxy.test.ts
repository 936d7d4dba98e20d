import "reflect-metadata"; // x509 refuses to load without it
import * as x509 from "@peculiar/x509";
import { webcrypto } from "node:crypto";
import { beforeAll, expect, test } from "vitest";
import { aServer, type TestServer } from "../testing/test-server.ts";
import { whoIs } from "./testing.ts";

const ALGORITHM = { name: "ECDSA", namedCurve: "P-256", hash: "SHA-256" };

type Made = { readonly certificate: x509.X509Certificate; readonly keys: webcrypto.CryptoKeyPair };
let authority: Made;
let stranger: Made;

beforeAll(async () => {
  authority = await makeAuthority("proxies");
  stranger = await makeAuthority("proxies");
});

async function makeAuthority(name: string): Promise<Made> {
  const keys = await webcrypto.subtle.generateKey(ALGORITHM, true, ["sign", "verify"]);
  const certificate = await x509.X509CertificateGenerator.createSelfSigned({
    name: [{ CN: [name] }],
    notBefore: new Date(0),
    notAfter: new Date(Date.UTC(2100, 0)),
    signingAlgorithm: ALGORITHM,
    keys,
    extensions: [new x509.BasicConstraintsExtension(true, undefined, true)],
  });
  return { certificate, keys };
}

async function aCertificate(issuer: Made, name: string, untilMs?: number): Promise<Uint8Array> {
  const keys = await webcrypto.subtle.generateKey(ALGORITHM, true, ["sign", "verify"]);
  const certificate = await x509.X509CertificateGenerator.create({
    subject: [{ CN: [name] }],
    issuer: issuer.certificate.subjectName,
    notBefore: new Date(0),
    notAfter: new Date(untilMs ?? Date.UTC(2100, 0)),
    signingAlgorithm: ALGORITHM,
    signingKey: issuer.keys.privateKey,
    publicKey: keys.publicKey,
  });
  return new Uint8Array(certificate.rawData);
}

function aProxiedServer(...allowedNames: readonly string[]): Promise<TestServer> {
  const authorityPem = authority.certificate.toString("pem");
  return aServer({ authentication: { frontProxy: { authorityPem, allowedNames } } });
}

const headers = {
  "x-remote-user": "tom",
  "x-remote-uid": "7",
  "x-remote-group": "devs\nCN=ops,OU=x",
  "x-remote-extra-acme.com%2fproject": "a\nb",
};

test("a proxy says who its users are", async () => {
  const server = await aProxiedServer("front-proxy");
  const shownCertificate = await aCertificate(authority, "front-proxy");
  expect(await whoIs(server, { shownCertificate, headers })).toEqual({
    name: "tom",
    uid: "7",
    groups: ["devs", "CN=ops,OU=x", "system:authenticated"],
    extra: { "acme.com/project": ["a", "b"] },
  });
});

test("who is no proxy is not believed", async () => {
  const server = await aProxiedServer("front-proxy");
  for (const shownCertificate of [
    await aCertificate(stranger, "front-proxy"),
    await aCertificate(authority, "front-proxy", 1_000),
    await aCertificate(authority, "somebody"),
  ]) {
    expect(await whoIs(server, { shownCertificate, headers })).toMatch(/^refused: x509: /);
  }
  const anonymous = { name: "system:anonymous", groups: ["system:unauthenticated"] };
  expect(await whoIs(server, { headers })).toEqual(anonymous);
});

test("without a list of names every certificate of the authority will do", async () => {
  const server = await aProxiedServer();
  const shownCertificate = await aCertificate(authority, "anybody");
  expect(await whoIs(server, { shownCertificate, headers })).toMatchObject({ name: "tom" });
});

test("a server without proxies reads no names out of headers", async () => {
  const server = await aServer();
  const shownCertificate = await aCertificate(authority, "front-proxy");
  expect(await whoIs(server, { shownCertificate, headers })).toMatchObject({
    name: "system:anonymous",
  });
});
