/** Keys that tokens of service accounts are signed with, and known by. */
import {
  createHash,
  createPrivateKey,
  createPublicKey,
  generateKeyPairSync,
  type JsonWebKey,
  type KeyObject,
} from "node:crypto";

/** ES256 for keys on the curve P-256, RS256 for RSA keys. */
export type TokenAlgorithm = "ES256" | "RS256";

export type PublicTokenKey = {
  /** Hash of the key. */
  readonly id: string;
  readonly algorithm: TokenAlgorithm;
  readonly key: KeyObject;
};

export type TokenKeys = {
  readonly signing: PublicTokenKey & { readonly privateKey: KeyObject };
  /** All that tokens may be signed with, the signing one first. */
  readonly trusted: readonly PublicTokenKey[];
};

/** A key as a JSON Web Key Set lists it. */
export type ListedKey = JsonWebKey & {
  readonly use: "sig";
  readonly kid: string;
  readonly alg: string;
};

/**
 * The keys of a private key in PEM, and of further keys (private or public) whose tokens stay
 * valid. Throws for a key that is neither RSA nor on P-256.
 */
export function tokenKeysOf(signingPem: string, otherPems: readonly string[] = []): TokenKeys {
  const privateKey = createPrivateKey(signingPem);
  const signing = { ...publicTokenKey(createPublicKey(privateKey)), privateKey };
  const others = otherPems.map((pem) => publicTokenKey(createPublicKey(pem)));
  return { signing, trusted: [signing, ...others.filter(({ id }) => id !== signing.id)] };
}

/** A new private key in PEM, on P-256: small, and made in a moment. */
export function createTokenKey(): string {
  const { privateKey } = generateKeyPairSync("ec", { namedCurve: "P-256" });
  return privateKey.export({ type: "pkcs8", format: "pem" }).toString();
}

/** As clients that check tokens themselves read it. */
export function listedKey({ id, algorithm, key }: PublicTokenKey): ListedKey {
  return { use: "sig", kid: id, alg: algorithm, ...key.export({ format: "jwk" }) };
}

function publicTokenKey(key: KeyObject): PublicTokenKey {
  const der = key.export({ type: "spki", format: "der" });
  const id = createHash("sha256").update(der).digest("base64url");
  return { id, algorithm: algorithmOf(key), key };
}

function algorithmOf(key: KeyObject): TokenAlgorithm {
  const { asymmetricKeyType, asymmetricKeyDetails } = key;
  if (asymmetricKeyType === "rsa") return "RS256";
  const isP256 = asymmetricKeyDetails?.namedCurve === "prime256v1";
  if (asymmetricKeyType === "ec" && isP256) return "ES256";
  throw new TypeError("a key for tokens is an RSA key, or one on the curve P-256");
}
