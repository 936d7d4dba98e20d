/** Secrets that hold a token of a service account for good: what they are to hold. Pure. */
import type { Secret, ServiceAccount } from "../../client/builtin.ts";
import { isTerminating } from "../../machinery/object.ts";

export const TOKEN_SECRET_TYPE = "kubernetes.io/service-account-token";
export const ACCOUNT_NAME_ANNOTATION = "kubernetes.io/service-account.name";
export const ACCOUNT_UID_ANNOTATION = "kubernetes.io/service-account.uid";

const TOKEN_FIELD = "token";
const NAMESPACE_FIELD = "namespace";
const ROOT_CA_FIELD = "ca.crt";

export type TokenPlan =
  | { readonly kind: "keep" }
  /** The account it was for is gone. */
  | { readonly kind: "delete" }
  /** `fields` and annotations are put into it, and a token if it has none. */
  | {
      readonly kind: "fill";
      readonly account: { readonly name: string; readonly uid: string };
      readonly needsToken: boolean;
      readonly fields: Readonly<Record<string, string>>;
    };

/** The account a secret is for; "" if it is for none. */
export function accountNameOf({ type, metadata }: Secret): string {
  if (type !== TOKEN_SECRET_TYPE) return "";
  return metadata.annotations?.[ACCOUNT_NAME_ANNOTATION] ?? "";
}

/** `authorityPem`: of the API server; undefined if it has none that others could check. */
export function planToken(
  secret: Secret | undefined,
  account: ServiceAccount | undefined,
  authorityPem: string | undefined,
): TokenPlan {
  if (secret === undefined || isTerminating(secret) || accountNameOf(secret) === "") {
    return { kind: "keep" };
  }
  const { name = "", uid = "" } = account?.metadata ?? {};
  const wantedUid = secret.metadata.annotations?.[ACCOUNT_UID_ANNOTATION] ?? "";
  if (account === undefined || (wantedUid !== "" && wantedUid !== uid)) return { kind: "delete" };
  const data = secret.data ?? {};
  const wanted = {
    [NAMESPACE_FIELD]: btoa(secret.metadata.namespace ?? ""),
    ...(authorityPem === undefined ? {} : { [ROOT_CA_FIELD]: btoa(authorityPem) }),
  };
  const fields = Object.fromEntries(
    Object.entries(wanted).filter(([field, text]) => data[field] !== text),
  );
  const needsToken = (data[TOKEN_FIELD] ?? "") === "";
  if (!needsToken && wantedUid !== "" && Object.keys(fields).length === 0) return { kind: "keep" };
  return { kind: "fill", account: { name, uid }, needsToken, fields };
}

/** The secret as planned; `token` undefined leaves the one it has. */
export function filledSecret(
  secret: Secret,
  { account, fields }: Extract<TokenPlan, { readonly kind: "fill" }>,
  token: string | undefined,
): Secret {
  const { metadata, data } = secret;
  const annotations = { ...metadata.annotations, [ACCOUNT_UID_ANNOTATION]: account.uid };
  return {
    ...secret,
    metadata: { ...metadata, annotations },
    data: { ...data, ...fields, ...(token === undefined ? {} : { [TOKEN_FIELD]: btoa(token) }) },
  };
}
