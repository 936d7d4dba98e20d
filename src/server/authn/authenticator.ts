/**
 * Authentication: who sent this? Each authenticator knows one kind of credential. One that finds
 * none of its kind has no opinion. One that finds a bad one refuses; others are asked all the same,
 * because a connection may show several, but then nobody is let in as anonymous.
 */
import type { Context } from "../../base/context.ts";
import type { UserInfo } from "../../machinery/request.ts";
import { AUTHENTICATED_GROUP, joinTexts, UNAUTHENTICATED_GROUP } from "../authz/authorizer.ts";

/** Subject of a client certificate that the TLS layer has verified against the client CA. */
export type ClientCertificate = {
  /** Common name: the user. */
  readonly commonName: string;
  /** Organizations: the groups. */
  readonly organizations: readonly string[];
  /** SHA-256 of the certificate, in hexadecimal digits. */
  readonly fingerprint?: string;
};

/** What a connection and its request say about who is there. */
export type Credentials = {
  readonly certificate: ClientCertificate | undefined;
  /** Whatever certificate the client has shown, DER, verified or not. */
  readonly shownCertificate?: Uint8Array | undefined;
  /** The whole Authorization header. */
  readonly authorization: string | undefined;
  /** Lower-case names; the values of a repeated header are separated by line feeds. */
  readonly headers?: Readonly<Record<string, string>>;
};

export type Authentication =
  | { readonly kind: "user"; readonly user: UserInfo }
  | { readonly kind: "none" }
  /** `problem` is for reviews of tokens; who was refused is not told. */
  | { readonly kind: "refused"; readonly problem?: string };

/** Must take the same time for a wrong secret, however much of it is right. */
export type Authenticator = (
  credentials: Credentials,
  context: Context,
) => Authentication | Promise<Authentication>;

export const ANONYMOUS_USER = "system:anonymous";

/** Who has no credentials at all. May do next to nothing. */
export const ANONYMOUS: UserInfo = { name: ANONYMOUS_USER, groups: [UNAUTHENTICATED_GROUP] };

const NO_OPINION: Authentication = { kind: "none" };

/** Takes a verified client certificate: its common name and organizations. */
export function certificateAuthenticator(): Authenticator {
  return ({ certificate }) => {
    if (certificate === undefined || certificate.commonName === "") return NO_OPINION;
    const { commonName: name, organizations: groups, fingerprint } = certificate;
    const user: UserInfo = { name, groups, ...credentialOf(fingerprint) };
    return { kind: "user", user: authenticated(user) };
  };
}

/** By what a user has shown who they are, for logs: not the secret itself. */
function credentialOf(fingerprint: string | undefined): Pick<UserInfo, "extra"> {
  if (fingerprint === undefined) return {};
  return { extra: { "authentication.kubernetes.io/credential-id": [`X509SHA256=${fingerprint}`] } };
}

/** Asks each in turn until one knows the user. */
export function firstOf(authenticators: readonly Authenticator[]): Authenticator {
  return async (credentials, context) => {
    const problems: string[] = [];
    for (const authenticate of authenticators) {
      const outcome = await authenticate(credentials, context);
      if (outcome.kind === "user") return outcome;
      if (outcome.kind === "refused") problems.push(outcome.problem ?? "");
    }
    if (problems.length === 0) return NO_OPINION;
    return { kind: "refused", problem: joinTexts(problems) };
  };
}

/** Who has shown no credentials is anonymous; who has shown bad ones is refused. */
export function orAnonymous(authenticate: Authenticator): Authenticator {
  return async (credentials, context) => {
    const outcome = await authenticate(credentials, context);
    return outcome.kind === "none" ? { kind: "user", user: ANONYMOUS } : outcome;
  };
}

/** The user as one of the group of all who have shown who they are. */
export function authenticated(user: UserInfo): UserInfo {
  const isThere = user.groups.some(
    (group) => group === AUTHENTICATED_GROUP || group === UNAUTHENTICATED_GROUP,
  );
  if (isThere || user.name === ANONYMOUS_USER) return user;
  return { ...user, groups: [...user.groups, AUTHENTICATED_GROUP] };
}
