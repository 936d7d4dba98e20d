/** Bearer tokens: where requests carry them, and who knows what they stand for. */
import type { Context } from "../../base/context.ts";
import type { UserInfo } from "../../machinery/request.ts";
import { joinTexts } from "../authz/authorizer.ts";
import { authenticated, type Authenticator, type Credentials } from "./authenticator.ts";

export type TokenAuthentication =
  /** `audiences`: which of the wanted ones the token is meant for. */
  | { readonly kind: "user"; readonly user: UserInfo; readonly audiences: readonly string[] }
  | { readonly kind: "none" }
  | { readonly kind: "refused"; readonly problem: string };

/**
 * Who a token stands for, if it is meant for one of `audiences`. One that does not know the token
 * has no opinion; one that knows it to be bad says why. Must take the same time for a wrong
 * secret, however much of it is right.
 */
export type TokenAuthenticator = (
  token: string,
  audiences: readonly string[],
  context: Context,
) => TokenAuthentication | Promise<TokenAuthentication>;

/** What reviews say of a token nobody knows. */
export const UNKNOWN_TOKEN = "invalid bearer token";

/** How browsers send tokens: WebSockets have no other headers. */
const WEBSOCKET_PREFIX = "base64url.bearer.authorization.k8s.io.";

const NO_OPINION: TokenAuthentication = { kind: "none" };

/** Takes the token of a request: it must be one for the API server itself. */
export function bearerAuthenticator(
  authenticate: TokenAuthenticator,
  audiences: readonly string[],
): Authenticator {
  return async (credentials, context) => {
    const token = bearerToken(credentials.authorization) ?? websocketToken(credentials);
    if (token === undefined) return { kind: "none" };
    const outcome = await authenticate(token, audiences, context);
    switch (outcome.kind) {
      case "user":
        return { kind: "user", user: outcome.user };
      case "none":
        return { kind: "refused", problem: UNKNOWN_TOKEN };
      case "refused":
        return outcome;
    }
  };
}

/** Asks each in turn until one knows the token. Everybody it lets in is authenticated. */
export function firstToKnow(authenticators: readonly TokenAuthenticator[]): TokenAuthenticator {
  return async (token, audiences, context) => {
    const problems: string[] = [];
    for (const authenticate of authenticators) {
      const outcome = await authenticate(token, audiences, context);
      if (outcome.kind === "user") return { ...outcome, user: authenticated(outcome.user) };
      if (outcome.kind === "refused") problems.push(outcome.problem);
    }
    return problems.length === 0 ? NO_OPINION : { kind: "refused", problem: joinTexts(problems) };
  };
}

export type StaticToken = { readonly token: string; readonly user: UserInfo };

/** Takes tokens from a fixed list, each good for all `ownAudiences`. */
export function staticTokens(
  tokens: readonly StaticToken[],
  ownAudiences: readonly string[],
): TokenAuthenticator {
  return (sent, audiences) => {
    // Every token is compared, so that the time says nothing about which one was close.
    const [match] = tokens.filter((each) => isSameText(each.token, sent));
    const shared = ownAudiences.filter((audience) => audiences.includes(audience));
    if (match === undefined || shared.length === 0) return NO_OPINION;
    return { kind: "user", user: match.user, audiences: shared };
  };
}

/** The token of an `Authorization: Bearer …` header: a single space before it, none within. */
export function bearerToken(authorization: string | undefined): string | undefined {
  const match = /^bearer ([^ ]+)/i.exec(authorization?.trim() ?? "");
  return match?.[1];
}

function websocketToken({ headers }: Credentials): string | undefined {
  const protocols = (headers?.["sec-websocket-protocol"] ?? "").split(/[,\n]/);
  const found = protocols
    .map((text) => text.trim())
    .find((text) => text.startsWith(WEBSOCKET_PREFIX));
  if (found === undefined) return undefined;
  const encoded = found.slice(WEBSOCKET_PREFIX.length);
  const token = Buffer.from(encoded, "base64url").toString("utf8");
  return token === "" ? undefined : token;
}

/** Equality in time that depends on the length of `sent` alone. */
export function isSameText(secret: string, sent: string): boolean {
  let difference = secret.length ^ sent.length;
  for (let index = 0; index < sent.length; index += 1) {
    difference |= sent.charCodeAt(index) ^ secret.charCodeAt(index % Math.max(secret.length, 1));
  }
  return difference === 0 && secret.length > 0;
}
