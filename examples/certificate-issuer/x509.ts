/**
 * Making certificates, as RFC 5280 has them. Synchronous, so that in virtual time no signature is
 * under way while the clock moves. Yours would ask an authority that people trust.
 */
import {
  createHash,
  generateKeyPairSync,
  randomBytes,
  sign,
  X509Certificate,
  type KeyObject,
} from "node:crypto";
import {
  bits,
  bytes,
  context,
  explicit,
  integer,
  oid,
  sequence,
  set,
  time,
  truth,
  utf8,
} from "./der.ts";

/** A certificate and its private key, both PEM. */
export type KeyPair = { readonly certificate: string; readonly key: string };

/** In milliseconds since 1970. */
export type Validity = { readonly fromMs: number; readonly untilMs: number };

const ECDSA_WITH_SHA256 = sequence(oid("1.2.840.10045.4.3.2"));
const COMMON_NAME = oid("2.5.4.3");
const SERVER_AUTH = oid("1.3.6.1.5.5.7.3.1");

/** A new authority that signs itself. */
export function newAuthority(commonName: string, validity: Validity): KeyPair {
  const keys = newKeys();
  const name = sequence(set(sequence(COMMON_NAME, utf8(commonName))));
  const extensions = [
    extension("2.5.29.19", sequence(truth), "critical"), // basic constraints: an authority
    extension("2.5.29.15", bits(Buffer.of(0x06), 1), "critical"), // signs certificates and lists
    extension("2.5.29.14", bytes(keyId(keys.publicKey))),
  ];
  const parts = { issuer: name, subject: name, publicKey: keys.publicKey, validity, extensions };
  return pairOf(keys.privateKey, signed(parts, keys.privateKey));
}

/** A new key, and a certificate for it: good for a server with these names. */
export function issue(
  authority: KeyPair,
  dnsNames: readonly string[],
  validity: Validity,
): KeyPair {
  const keys = newKeys();
  const ca = new X509Certificate(authority.certificate);
  const names = dnsNames.map((name) => context(2, Buffer.from(name, "ascii")));
  const extensions = [
    extension("2.5.29.19", sequence(), "critical"), // basic constraints: no authority
    extension("2.5.29.15", bits(Buffer.of(0x80), 7), "critical"), // signs handshakes
    extension("2.5.29.37", sequence(SERVER_AUTH)),
    extension("2.5.29.17", sequence(...names), "critical"), // as there is no subject
    extension("2.5.29.35", sequence(context(0, keyId(ca.publicKey)))),
  ];
  const issuer = sequence(set(sequence(COMMON_NAME, utf8(ca.subject.replace(/^CN=/, "")))));
  const { publicKey, privateKey } = keys;
  const parts = { issuer, subject: sequence(), publicKey, validity, extensions };
  return pairOf(privateKey, signed(parts, authority.key));
}

function signed(
  parts: {
    readonly issuer: Buffer;
    readonly subject: Buffer;
    readonly publicKey: KeyObject;
    readonly validity: Validity;
    readonly extensions: readonly Buffer[];
  },
  key: KeyObject | string,
): Buffer {
  const { issuer, subject, publicKey, validity, extensions } = parts;
  const body = sequence(
    explicit(0, integer(Buffer.of(2))), // version 3
    integer(randomBytes(16)),
    ECDSA_WITH_SHA256,
    issuer,
    sequence(time(validity.fromMs), time(validity.untilMs)),
    subject,
    publicKey.export({ type: "spki", format: "der" }),
    explicit(3, sequence(...extensions)),
  );
  return sequence(body, ECDSA_WITH_SHA256, bits(sign("sha256", body, key), 0));
}

export function fingerprintOf({ certificate }: Pick<KeyPair, "certificate">): string {
  return new X509Certificate(certificate).fingerprint256;
}

function extension(id: string, value: Buffer, isCritical?: "critical"): Buffer {
  return sequence(oid(id), ...(isCritical === undefined ? [] : [truth]), bytes(value));
}

function keyId(key: KeyObject): Buffer {
  return createHash("sha1")
    .update(key.export({ type: "spki", format: "der" }))
    .digest();
}

function newKeys(): { readonly publicKey: KeyObject; readonly privateKey: KeyObject } {
  return generateKeyPairSync("ec", { namedCurve: "P-256" });
}

function pairOf(key: KeyObject, certificate: Buffer): KeyPair {
  return {
    certificate: new X509Certificate(certificate).toString(),
    key: String(key.export({ type: "pkcs8", format: "pem" })),
  };
}
