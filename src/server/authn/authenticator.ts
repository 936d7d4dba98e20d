/**
 * Authentication: who sent this? Each authenticator knows one kind of credential. One that finds
 * none of its kind has no opinion; one that finds a bad one refuses, and then nobody else is asked.
 */
import type { UserInfo } from "../../machinery/request.ts";
import { AUTHENTICATED_GROUP, UNAUTHENTICATED_GROUP } from "../authz/authorizer.ts";

/** Subject of a client certificate that the TLS layer has verified against the client CA. */
export type ClientCertificate = {
  /** Common name: the user. */
  readonly commonName: string;
  /** Organizations: the groups. */
  readonly organizations: readonly string[];
};

/** What a connection and its request say about who is there. */
export type Credentials = {
  readonly certificate: ClientCertificate | undefined;
  /** The whole Authorization header. */
  readonly authorization: string | undefined;
};

export type Authentication =
  | { readonly kind: "user"; readonly user: UserInfo }
  | { readonly kind: "none" }
  | { readonly kind: "refused" };

/** Must take the same time for a wrong secret, however much of it is right. */
export type Authenticator = (credentials: Credentials) => Authentication | Promise<Authentication>;

/** Who has no credentials at all. May do next to nothing. */
export const ANONYMOUS: UserInfo = {
  name: "system:anonymous",
  groups: [UNAUTHENTICATED_GROUP],
};

const NO_OPINION: Authentication = { kind: "none" };

/** Takes a verified client certificate: its common name and organizations. */
export function certificateAuthenticator(): Authenticator {
  return ({ certificate }) => {
    if (certificate === undefined || certificate.commonName === "") return NO_OPINION;
    const { commonName: name, organizations } = certificate;
    return { kind: "user", user: authenticated({ name, groups: organizations }) };
  };
}

/** Takes bearer tokens from a fixed list. */
export function tokenAuthenticator(
  tokens: readonly { readonly token: string; readonly user: UserInfo }[],
): Authenticator {
  return ({ authorization }) => {
    const sent = bearerToken(authorization);
    if (sent === undefined) return NO_OPINION;
    // Every token is compared, so that the time says nothing about which one was close.
    const matches = tokens.filter((each) => isSameText(each.token, sent));
    const [match] = matches;
    if (match === undefined) return { kind: "refused" };
    return { kind: "user", user: authenticated(match.user) };
  };
}

/** Asks each in turn; the first with an opinion decides. */
export function firstOf(authenticators: readonly Authenticator[]): Authenticator {
  return async (credentials) => {
    for (const authenticate of authenticators) {
      const outcome = await authenticate(credentials);
      if (outcome.kind !== "none") return outcome;
    }
    return NO_OPINION;
  };
}

/** The token of an `Authorization: Bearer …` header. */
export function bearerToken(authorization: string | undefined): string | undefined {
  const match = /^bearer +([^\s]+) *$/i.exec(authorization ?? "");
  return match?.[1];
}

function authenticated(user: UserInfo): UserInfo {
  return { ...user, groups: [...new Set([...user.groups, AUTHENTICATED_GROUP])] };
}

/** Equality in time that depends on the length of `sent` alone. */
function isSameText(secret: string, sent: string): boolean {
  let difference = secret.length ^ sent.length;
  for (let index = 0; index < sent.length; index += 1) {
    difference |= sent.charCodeAt(index) ^ secret.charCodeAt(index % Math.max(secret.length, 1));
  }
  return difference === 0 && secret.length > 0;
}
