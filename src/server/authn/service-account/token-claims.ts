/** What a token of a service account says: for whom, for what, how long, and bound to what. */
import { isFields, own, type Fields } from "../../../machinery/object.ts";
import { serviceAccountUser } from "./user-name.ts";

/** An object a token depends on. */
export type ClaimedObject = { readonly name: string; readonly uid: string };

export type TokenClaims = {
  readonly issuer: string;
  readonly subject: string;
  readonly audiences: readonly string[];
  /** Seconds since the epoch; `expires` undefined: never. */
  readonly issuedAt: number | undefined;
  readonly notBefore: number | undefined;
  readonly expires: number | undefined;
  readonly id: string;
  readonly namespace: string;
  readonly serviceAccount: ClaimedObject;
  readonly pod: ClaimedObject | undefined;
  readonly secret: ClaimedObject | undefined;
  readonly node: ClaimedObject | undefined;
  /** Seconds since the epoch: used later than this, the token should have been renewed. */
  readonly warnAfter: number | undefined;
  /** Of the kind that is kept in a secret and never expires. */
  readonly isLegacy: boolean;
};

/** What tokens in secrets say of their issuer. */
export const LEGACY_ISSUER = "kubernetes/serviceaccount";

/** The claims as they are signed. */
export function encodeClaims(claims: TokenClaims): Fields {
  const { namespace, pod, secret, node, serviceAccount, warnAfter } = claims;
  return {
    aud: claims.audiences,
    exp: claims.expires,
    iat: claims.issuedAt,
    iss: claims.issuer,
    jti: claims.id,
    "kubernetes.io": {
      namespace,
      ...(node === undefined ? {} : { node: encodeObject(node) }),
      ...(pod === undefined ? {} : { pod }),
      ...(secret === undefined ? {} : { secret }),
      serviceaccount: serviceAccount,
      ...(warnAfter === undefined ? {} : { warnafter: warnAfter }),
    },
    nbf: claims.notBefore,
    sub: claims.subject,
  };
}

/** The claims of a token in a secret. */
export function encodeLegacyClaims(
  namespace: string,
  secretName: string,
  account: ClaimedObject,
): Fields {
  return {
    iss: LEGACY_ISSUER,
    "kubernetes.io/serviceaccount/namespace": namespace,
    "kubernetes.io/serviceaccount/secret.name": secretName,
    "kubernetes.io/serviceaccount/service-account.name": account.name,
    "kubernetes.io/serviceaccount/service-account.uid": account.uid,
    sub: serviceAccountUser(namespace, account.name),
  };
}

/** Undefined: these are no claims of a service account. */
export function decodeClaims(value: unknown): TokenClaims | undefined {
  if (!isFields(value)) return undefined;
  const issuer = textOf(value, "iss");
  const common = {
    issuer,
    subject: textOf(value, "sub"),
    audiences: listOf(value, "aud"),
    issuedAt: numberOf(value, "iat"),
    notBefore: numberOf(value, "nbf"),
    expires: numberOf(value, "exp"),
    id: textOf(value, "jti"),
  };
  if (issuer === LEGACY_ISSUER) return { ...common, ...decodeLegacy(value) };
  const bound = own(value, "kubernetes.io");
  if (!isFields(bound)) return undefined;
  const serviceAccount = objectOf(bound, "serviceaccount");
  if (serviceAccount === undefined) return undefined;
  return {
    ...common,
    namespace: textOf(bound, "namespace"),
    serviceAccount,
    pod: objectOf(bound, "pod"),
    secret: objectOf(bound, "secret"),
    node: objectOf(bound, "node"),
    warnAfter: numberOf(bound, "warnafter"),
    isLegacy: false,
  };
}

function decodeLegacy(
  value: Fields,
): Omit<
  TokenClaims,
  "issuer" | "subject" | "audiences" | "issuedAt" | "notBefore" | "expires" | "id"
> {
  const claim = (name: string): string => textOf(value, `kubernetes.io/serviceaccount/${name}`);
  return {
    namespace: claim("namespace"),
    serviceAccount: { name: claim("service-account.name"), uid: claim("service-account.uid") },
    pod: undefined,
    secret: { name: claim("secret.name"), uid: "" },
    node: undefined,
    warnAfter: undefined,
    isLegacy: true,
  };
}

/** A node may be named that is not there: then it has no uid. */
function encodeObject({ name, uid }: ClaimedObject): Fields {
  return uid === "" ? { name } : { name, uid };
}

function objectOf(fields: Fields, key: string): ClaimedObject | undefined {
  const value = own(fields, key);
  return isFields(value) ? { name: textOf(value, "name"), uid: textOf(value, "uid") } : undefined;
}

function textOf(fields: Fields, key: string): string {
  const value = own(fields, key);
  return typeof value === "string" ? value : "";
}

function numberOf(fields: Fields, key: string): number | undefined {
  const value = own(fields, key);
  return typeof value === "number" ? value : undefined;
}

function listOf(fields: Fields, key: string): readonly string[] {
  const value = own(fields, key);
  if (typeof value === "string") return [value];
  return Array.isArray(value) ? value.filter((each) => typeof each === "string") : [];
}
