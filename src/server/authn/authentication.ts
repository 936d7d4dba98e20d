/** All ways in which users are known to one server, put together. */
import type { Env } from "../../base/env.ts";
import type { Store } from "../../store/store.ts";
import {
  certificateAuthenticator,
  firstOf,
  orAnonymous,
  type Authenticator,
} from "./authenticator.ts";
import {
  bearerAuthenticator,
  firstToKnow,
  staticTokens,
  type StaticToken,
  type TokenAuthenticator,
} from "./bearer-tokens.ts";
import { bootstrapTokens } from "./bootstrap-tokens.ts";
import { frontProxyAuthenticator, type FrontProxyOptions } from "./front-proxy.ts";
import { KEYS_PATH } from "./service-account/openid-paths.ts";
import { serviceAccountTokens } from "./service-account/token-authenticator.ts";
import { TokenIssuer } from "./service-account/token-issuer.ts";
import { createTokenKey, readTokenKeys, type TokenKeys } from "./service-account/token-keys.ts";

export type AuthenticationOptions = {
  /** Users known by a token, besides service accounts. Default: none. */
  readonly tokens?: readonly StaticToken[];
  /** Whether who shows no credentials is `system:anonymous`. Default: true. */
  readonly allowsAnonymous?: boolean;
  /** Proxies that may name users. Default: none. */
  readonly frontProxy?: FrontProxyOptions;
  readonly serviceAccounts?: ServiceAccountOptions;
};

export type ServiceAccountOptions = {
  /** What tokens say of where they come from. Default: `SERVICE_ACCOUNT_ISSUER`. */
  readonly issuer?: string;
  /** What tokens are for unless they say otherwise. Default: the issuer. */
  readonly audiences?: readonly string[];
  /** Where the public keys can be had. Default: below the issuer. */
  readonly keysUrl?: string;
  /** See `readTokenKeys`. Default: a new one, which ends with the server. */
  readonly keys?: TokenKeys;
  /** Tokens last no longer, in seconds. Default: as long as is asked for. */
  readonly tokenSecondsMax?: number;
};

/** The issuer of a cluster that is told no other. */
export const SERVICE_ACCOUNT_ISSUER = "https://kubernetes.default.svc.cluster.local";

/** What the other parts of a server need of authentication. */
export type Authentication = {
  readonly authenticate: Authenticator;
  /** Every kind of bearer token. */
  readonly tokens: TokenAuthenticator;
  /** What a token must be for to be good here. */
  readonly audiences: readonly string[];
  /** Of tokens for service accounts. */
  readonly issuer: TokenIssuer;
  readonly keysUrl: string;
  /** Undefined: no limit. */
  readonly tokenSecondsMax: number | undefined;
};

/** Throws when a certificate in the options cannot be read. */
export function createAuthentication(
  options: AuthenticationOptions,
  deps: { readonly env: Env; readonly store: Store },
): Authentication {
  const { serviceAccounts = {}, frontProxy, allowsAnonymous = true } = options;
  const { issuer: name = SERVICE_ACCOUNT_ISSUER, audiences = [name] } = serviceAccounts;
  const { keys, keysUrl = `${name}${KEYS_PATH}` } = serviceAccounts;
  const issuer = new TokenIssuer({
    issuer: name,
    keys: async () => keys ?? readTokenKeys(await createTokenKey()),
  });
  const tokens = firstToKnow([
    staticTokens(options.tokens ?? [], audiences),
    serviceAccountTokens({ ...deps, issuer, audiences }),
    bootstrapTokens(deps, audiences),
  ]);
  const known = firstOf([
    ...(frontProxy === undefined ? [] : [frontProxyAuthenticator(frontProxy, deps.env)]),
    certificateAuthenticator(),
    bearerAuthenticator(tokens, audiences),
  ]);
  return {
    authenticate: allowsAnonymous ? orAnonymous(known) : known,
    tokens,
    audiences,
    issuer,
    keysUrl,
    tokenSecondsMax: serviceAccounts.tokenSecondsMax,
  };
}
