/** Signs tokens of service accounts, and reads those it has signed. */
import { CompactSign, compactVerify, errors } from "jose";
import type { ObjectKey } from "../../../machinery/key.ts";
import type { Fields } from "../../../machinery/object.ts";
import {
  decodeClaims,
  encodeClaims,
  encodeLegacyClaims,
  LEGACY_ISSUER,
  type ClaimedObject,
  type TokenClaims,
} from "./token-claims.ts";
import type { PublicTokenKey, TokenKeys } from "./token-keys.ts";

export type TokenIssuerOptions = {
  /** Who the tokens say they are from: a URL below which the keys can be had. */
  readonly issuer: string;
  /** Made when first needed. */
  readonly keys: () => Promise<TokenKeys>;
};

/** What can be said of a token before anything it names is looked up. */
export type SignedClaims =
  | { readonly kind: "claims"; readonly claims: TokenClaims }
  /** No token of this issuer. */
  | { readonly kind: "foreign" }
  | { readonly kind: "refused"; readonly problem: string };

/** Tokens whose signature is known to be right; beyond, the oldest are forgotten. */
export const VERIFIED_TOKENS_MAX = 4_096;

/** No token of ours is longer. */
const TOKEN_LENGTH_MAX = 16_384;

const encoder = new TextEncoder();
const decoder = new TextDecoder();

export class TokenIssuer {
  readonly #options: TokenIssuerOptions;
  readonly #verified = new Map<string, TokenClaims>();
  #keys: Promise<TokenKeys> | undefined;

  constructor(options: TokenIssuerOptions) {
    this.#options = options;
  }

  get issuer(): string {
    return this.#options.issuer;
  }

  keys(): Promise<TokenKeys> {
    this.#keys ??= this.#options.keys();
    return this.#keys;
  }

  issue(claims: TokenClaims): Promise<string> {
    return this.sign(encodeClaims(claims));
  }

  /** A token that is good as long as this secret holds it. */
  issueInSecret(secret: ObjectKey, account: ClaimedObject): Promise<string> {
    return this.sign(encodeLegacyClaims(secret.namespace, secret.name, account));
  }

  /** A token with exactly these claims. */
  async sign(claims: Fields): Promise<string> {
    const { id: kid, algorithm: alg, privateKey } = (await this.keys()).signing;
    return new CompactSign(encoder.encode(JSON.stringify(claims)))
      .setProtectedHeader({ alg, kid })
      .sign(privateKey);
  }

  /** The claims of a token, once its signature is found to be right. */
  async read(token: string): Promise<SignedClaims> {
    const known = this.#verified.get(token);
    if (known !== undefined) return { kind: "claims", claims: known };
    const issuer = unverifiedIssuer(token);
    if (issuer !== this.issuer && issuer !== LEGACY_ISSUER) return { kind: "foreign" };
    const payload = await this.#verify(token);
    if (payload === undefined) {
      return { kind: "refused", problem: "go-jose/go-jose: error in cryptographic primitive" };
    }
    const claims = decodeClaims(JSON.parse(decoder.decode(payload)));
    if (claims === undefined) return { kind: "foreign" };
    this.#remember(token, claims);
    return { kind: "claims", claims };
  }

  /** By the key the token names, or else by any. */
  async #verify(token: string): Promise<Uint8Array | undefined> {
    const { trusted } = await this.keys();
    const named = keyId(token);
    const byName = trusted.filter(({ id }) => id === named);
    for (const key of byName.length > 0 ? byName : trusted) {
      const payload = await verifyWith(token, key);
      if (payload !== undefined) return payload;
    }
    return undefined;
  }

  #remember(token: string, claims: TokenClaims): void {
    if (this.#verified.size >= VERIFIED_TOKENS_MAX) {
      const [oldest] = this.#verified.keys();
      if (oldest !== undefined) this.#verified.delete(oldest);
    }
    this.#verified.set(token, claims);
  }
}

async function verifyWith(token: string, key: PublicTokenKey): Promise<Uint8Array | undefined> {
  try {
    const { payload } = await compactVerify(token, key.key, { algorithms: [key.algorithm] });
    return payload;
  } catch (error) {
    if (error instanceof errors.JOSEError) return undefined;
    throw error;
  }
}

function unverifiedIssuer(token: string): string | undefined {
  const claims = partOf(token, 1);
  return typeof claims?.["iss"] === "string" ? claims["iss"] : undefined;
}

function keyId(token: string): string | undefined {
  const header = partOf(token, 0);
  return typeof header?.["kid"] === "string" ? header["kid"] : undefined;
}

/** One of the first two of the three parts of a token; undefined: it is none. */
function partOf(token: string, index: 0 | 1): Fields | undefined {
  const parts = token.length > TOKEN_LENGTH_MAX ? [] : token.split(".");
  if (parts.length !== 3) return undefined;
  try {
    const value: unknown = JSON.parse(Buffer.from(parts[index] ?? "", "base64url").toString());
    return typeof value === "object" && value !== null ? { ...value } : undefined;
  } catch (error) {
    if (error instanceof SyntaxError) return undefined;
    throw error;
  }
}
