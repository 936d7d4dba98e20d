/** Keys that tokens of service accounts are signed with, and known by. */
import {
  calculateJwkThumbprint,
  exportJWK,
  exportPKCS8,
  generateKeyPair,
  importJWK,
  importPKCS8,
  importSPKI,
  type CryptoKey,
  type JWK,
} from "jose";

/** ES256 for keys on the curve P-256, RS256 for RSA keys. */
export type TokenAlgorithm = "ES256" | "RS256";

export type PublicTokenKey = {
  /** Hash of the key. */
  readonly id: string;
  readonly algorithm: TokenAlgorithm;
  readonly key: CryptoKey;
  /** As clients that check tokens themselves read it. */
  readonly listed: JWK;
};

export type TokenKeys = {
  readonly signing: PublicTokenKey & { readonly privateKey: CryptoKey };
  /** All that tokens may be signed with, the signing one first. */
  readonly trusted: readonly PublicTokenKey[];
};

const ALGORITHMS: readonly TokenAlgorithm[] = ["ES256", "RS256"];

/**
 * The keys of a private key (PKCS 8) in PEM, and of further keys, private or public, whose tokens
 * stay valid. Rejects for a key that is neither RSA nor on P-256.
 */
export async function readTokenKeys(
  signingPem: string,
  otherPems: readonly string[] = [],
): Promise<TokenKeys> {
  const { key: privateKey, algorithm } = await readKey(signingPem);
  const signing = { ...(await publicPart(privateKey, algorithm)), privateKey };
  const others: PublicTokenKey[] = [];
  for (const pem of otherPems) {
    const other = await readKey(pem);
    const part = await publicPart(other.key, other.algorithm);
    if (part.id !== signing.id) others.push(part);
  }
  return { signing, trusted: [signing, ...others] };
}

/** A new private key in PEM, on P-256: small, and made in a moment. */
export async function createTokenKey(): Promise<string> {
  const { privateKey } = await generateKeyPair("ES256", { extractable: true });
  return exportPKCS8(privateKey);
}

async function readKey(
  pem: string,
): Promise<{ readonly key: CryptoKey; readonly algorithm: TokenAlgorithm }> {
  const read = pem.includes("PRIVATE KEY") ? importPKCS8 : importSPKI;
  const problems: unknown[] = [];
  for (const algorithm of ALGORITHMS) {
    try {
      return { key: await read(pem, algorithm, { extractable: true }), algorithm };
    } catch (error) {
      problems.push(error);
    }
  }
  const message = "a key for tokens is an RSA key, or one on the curve P-256, in PEM";
  throw new TypeError(message, { cause: problems[0] });
}

async function publicPart(key: CryptoKey, algorithm: TokenAlgorithm): Promise<PublicTokenKey> {
  const { kty = "", crv, x, y, n, e } = await exportJWK(key);
  const jwk: JWK = kty === "RSA" ? { kty, n: n ?? "", e: e ?? "" } : ecKey(crv, x, y);
  const id = await calculateJwkThumbprint(jwk);
  const imported = await importJWK(jwk, algorithm);
  if (imported instanceof Uint8Array) throw new TypeError("a key for tokens is no shared secret");
  return {
    id,
    algorithm,
    key: imported,
    listed: { use: "sig", kid: id, alg: algorithm, ...jwk },
  };
}

function ecKey(crv = "", x = "", y = ""): JWK {
  return { kty: "EC", crv, x, y };
}
