/**
 * Tokens with which new nodes join: `abcdef.0123456789abcdef`, each kept in a secret of its own in
 * the namespace kube-system.
 */
import type { Env } from "../../base/env.ts";
import { parseApiTime } from "../../machinery/api-time.ts";
import type { ObjectMeta } from "../../machinery/object.ts";
import type { Store } from "../../store/store.ts";
import { isSameText, type TokenAuthenticator } from "./bearer-tokens.ts";

const SECRET_TYPE = "bootstrap.kubernetes.io/token";
const BOOTSTRAPPERS_GROUP = "system:bootstrappers";

type TokenSecret = {
  readonly metadata: ObjectMeta;
  readonly type?: string;
  /** Base64. */
  readonly data?: Readonly<Record<string, string>>;
};

/** Takes tokens whose secret says that they may be used to authenticate, until they expire. */
export function bootstrapTokens(
  deps: { readonly env: Env; readonly store: Store },
  ownAudiences: readonly string[],
): TokenAuthenticator {
  return async (token, audiences, context) => {
    const shared = ownAudiences.filter((audience) => audiences.includes(audience));
    const [, id = "", sent = ""] = /^([a-z0-9]{6})\.([a-z0-9]{16})$/.exec(token) ?? [];
    if (id === "" || shared.length === 0) return { kind: "none" };
    const key = `/registry/core/secrets/kube-system/bootstrap-token-${id}`;
    const entry = await deps.store.get(key, context);
    if (entry === undefined) return { kind: "none" };
    const secret = decode(entry.value);
    const isGood =
      secret.type === SECRET_TYPE &&
      secret.metadata.deletionTimestamp === undefined &&
      isSameText(field(secret, "token-secret"), sent) &&
      field(secret, "token-id") === id &&
      !isExpired(field(secret, "expiration"), deps.env.clock.now()) &&
      field(secret, "usage-bootstrap-authentication") === "true";
    const extraGroups = groupsOf(field(secret, "auth-extra-groups"));
    if (!isGood || extraGroups === undefined) return { kind: "none" };
    const user = { name: `system:bootstrap:${id}`, groups: [BOOTSTRAPPERS_GROUP, ...extraGroups] };
    return { kind: "user", user, audiences: shared };
  };
}

function isExpired(text: string, nowMs: number): boolean {
  return text !== "" && !(nowMs <= parseApiTime(text)); // what is no time is over
}

/** Undefined: one of them is no group of bootstrappers. */
function groupsOf(text: string): readonly string[] | undefined {
  const groups = [...new Set(text.split(","))].filter((group) => group !== "").sort();
  const isFine = groups.every((group) =>
    /^system:bootstrappers:[a-z0-9:-]{0,255}[a-z0-9]$/.test(group),
  );
  return isFine ? groups : undefined;
}

function field(secret: TokenSecret, name: string): string {
  const { data = {} } = secret;
  const encoded = Object.hasOwn(data, name) ? data[name] : undefined;
  return encoded === undefined ? "" : Buffer.from(encoded, "base64").toString("utf8");
}

const decoder = new TextDecoder();

/** The server stores nothing under secrets that is none. */
function decode(bytes: Uint8Array): TokenSecret {
  return JSON.parse(decoder.decode(bytes)) as TokenSecret;
}
