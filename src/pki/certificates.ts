/**
 * Keys and certificates made by the program itself: an authority that signs, and certificates of
 * servers and clients. Elliptic curve P-256 throughout: small, fast, and known to every client.
 */
import "reflect-metadata"; // x509 refuses to load without it
import * as x509 from "@peculiar/x509";
import { createPrivateKey, webcrypto, X509Certificate } from "node:crypto";
import { isIP } from "node:net";
import type { Env } from "../base/env.ts";

x509.cryptoProvider.set(webcrypto);

const ALGORITHM = { name: "ECDSA", namedCurve: "P-256", hash: "SHA-256" };
export const DAY_MS = 86_400_000;
/** Clocks differ: unless told, a certificate is valid this long before it was made. */
export const BACKDATE_MS: number = 5 * 60_000;
/** How long an authority is valid unless told: ten years. */
export const AUTHORITY_MS: number = 3_650 * DAY_MS;
/** How long a certificate is valid unless told: a year. */
export const LEAF_MS: number = 365 * DAY_MS;
const SERIAL_BYTES = 16;

/** A certificate and its private key, both PEM. */
export type KeyPair = { readonly certificate: string; readonly key: string };

/** From when to when, counted from now. */
export type Lifetime = {
  /** How long from now on (defaults `AUTHORITY_MS` and `LEAF_MS`). */
  readonly lifetimeMs?: number;
  /** How long before now (default `BACKDATE_MS`). */
  readonly backdateMs?: number;
};

export type LeafOptions = Lifetime & {
  readonly commonName: string;
  /** Organizations: the groups of a client. */
  readonly organizations: readonly string[];
  /** DNS names and IP addresses a server is reached by; none for a pure client. */
  readonly hosts: readonly string[];
  readonly usages: readonly ("server" | "client")[];
};

/** A new self-signed certificate authority. */
export async function createAuthority(
  commonName: string,
  env: Env,
  lifetime: Lifetime = {},
): Promise<KeyPair> {
  const keys = await generateKeys();
  const certificate = await x509.X509CertificateGenerator.createSelfSigned({
    serialNumber: serialNumber(env),
    name: [{ CN: [commonName] }],
    ...validity(env, { lifetimeMs: AUTHORITY_MS, ...lifetime }),
    signingAlgorithm: ALGORITHM,
    keys,
    extensions: [
      new x509.BasicConstraintsExtension(true, undefined, true),
      new x509.KeyUsagesExtension(
        x509.KeyUsageFlags.keyCertSign | x509.KeyUsageFlags.digitalSignature,
        true,
      ),
      await x509.SubjectKeyIdentifierExtension.create(keys.publicKey),
    ],
  });
  return { certificate: certificate.toString("pem"), key: await exportKey(keys.privateKey) };
}

/** A new certificate signed by `authority`. */
export async function issueCertificate(
  authority: KeyPair,
  options: LeafOptions,
  env: Env,
): Promise<KeyPair> {
  const issuer = new x509.X509Certificate(authority.certificate);
  const keys = await generateKeys();
  const subject = [
    ...options.organizations.map((organization) => ({ O: [organization] })),
    { CN: [options.commonName] },
  ];
  const certificate = await x509.X509CertificateGenerator.create({
    serialNumber: serialNumber(env),
    subject,
    issuer: issuer.subjectName,
    ...validity(env, { lifetimeMs: LEAF_MS, ...options }),
    signingAlgorithm: ALGORITHM,
    signingKey: await importKey(authority.key),
    publicKey: keys.publicKey,
    extensions: [
      new x509.BasicConstraintsExtension(false, undefined, true),
      new x509.KeyUsagesExtension(x509.KeyUsageFlags.digitalSignature, true),
      new x509.ExtendedKeyUsageExtension(options.usages.map(usageId)),
      await x509.AuthorityKeyIdentifierExtension.create(issuer.publicKey),
      ...(options.hosts.length === 0 ? [] : [alternativeNames(options.hosts)]),
    ],
  });
  return { certificate: certificate.toString("pem"), key: await exportKey(keys.privateKey) };
}

/** What a kept pair must be to be used again. */
export type Fitness = {
  /** Who must have signed it; undefined: itself. */
  readonly authority: KeyPair | undefined;
  /** All names it must be good for. */
  readonly hosts: readonly string[];
  /** How long it must still be valid. */
  readonly remainingMsMin: number;
};

/**
 * Whether a pair read from somewhere can be used. It cannot when it is damaged, when the key is of
 * another certificate (a crash between two files), when its authority was replaced, or when it is
 * not yet valid: the clock was ahead when it was made.
 */
export function isFit(pair: KeyPair, fitness: Fitness, env: Env): boolean {
  try {
    const { authority, hosts, remainingMsMin } = fitness;
    const signer = new X509Certificate((authority ?? pair).certificate);
    const certificate = new X509Certificate(pair.certificate);
    const { notBefore, notAfter } = new x509.X509Certificate(pair.certificate);
    const nowMs = env.clock.now();
    return (
      notBefore.getTime() <= nowMs &&
      notAfter.getTime() - nowMs >= remainingMsMin &&
      certificate.checkPrivateKey(createPrivateKey(pair.key)) &&
      certificate.verify(signer.publicKey) &&
      hosts.every((host) => isNamedIn(certificate, host))
    );
  } catch {
    return false; // what cannot be read is made anew
  }
}

/** Whether a certificate is for this name or address. */
export function isNamedIn(certificate: X509Certificate, host: string): boolean {
  const found = isIP(host) === 0 ? certificate.checkHost(host) : certificate.checkIP(host);
  return found !== undefined;
}

function alternativeNames(hosts: readonly string[]): x509.SubjectAlternativeNameExtension {
  const isAddress = (host: string): boolean => host.includes(":") || /^[0-9.]+$/.test(host);
  return new x509.SubjectAlternativeNameExtension(
    hosts.map((host) => ({ type: isAddress(host) ? "ip" : "dns", value: host })),
  );
}

function usageId(usage: "server" | "client"): string {
  return usage === "server" ? x509.ExtendedKeyUsage.serverAuth : x509.ExtendedKeyUsage.clientAuth;
}

function validity(
  env: Env,
  { lifetimeMs = LEAF_MS, backdateMs = BACKDATE_MS }: Lifetime,
): { readonly notBefore: Date; readonly notAfter: Date } {
  const nowMs = env.clock.now();
  // Certificates know whole seconds only. Counted from the next one on, none is valid for less than
  // it was made for, and none is taken for older than it is.
  const madeMs = Math.ceil(nowMs / 1_000) * 1_000;
  const beginMs = Math.min(madeMs - backdateMs, nowMs);
  return { notBefore: dateOf(beginMs), notAfter: dateOf(madeMs + lifetimeMs) };
}

function dateOf(ms: number): Date {
  // oxlint-disable-next-line eslint/no-restricted-globals -- x509 takes dates; the time is env's.
  return new Date(ms);
}

function serialNumber(env: Env): string {
  const bytes = env.random.bytes(SERIAL_BYTES);
  bytes[0] = ((bytes[0] ?? 0) & 0x7f) | 0x01; // positive and without leading zeros
  return Buffer.from(bytes).toString("hex");
}

function generateKeys(): Promise<webcrypto.CryptoKeyPair> {
  return webcrypto.subtle.generateKey(ALGORITHM, true, ["sign", "verify"]);
}

async function exportKey(key: webcrypto.CryptoKey): Promise<string> {
  const der = await webcrypto.subtle.exportKey("pkcs8", key);
  return x509.PemConverter.encode(der, "PRIVATE KEY");
}

function importKey(pem: string): Promise<webcrypto.CryptoKey> {
  const der = x509.PemConverter.decodeFirst(pem);
  return webcrypto.subtle.importKey("pkcs8", der, ALGORITHM, false, ["sign"]);
}
