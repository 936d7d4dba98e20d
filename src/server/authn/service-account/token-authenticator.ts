/**
 * Tokens of service accounts: signed by us, for this audience, at this time, and bound to objects
 * that are still the same ones. The objects are looked up on every request, so that a deletion ends
 * a token at once.
 */
import { assert } from "../../../base/assert.ts";
import type { Context } from "../../../base/context.ts";
import type { Env } from "../../../base/env.ts";
import { parseApiTime } from "../../../machinery/api-time.ts";
import { isFields, own, type ApiObject } from "../../../machinery/object.ts";
import type { UserInfo } from "../../../machinery/request.ts";
import type { Store } from "../../../store/store.ts";
import { isSameText, type TokenAuthenticator } from "../bearer-tokens.ts";
import type { ClaimedObject, TokenClaims } from "./token-claims.ts";
import type { TokenIssuer } from "./token-issuer.ts";
import { serviceAccountGroups, serviceAccountUser } from "./user-name.ts";

/** Clocks differ: this much later or earlier still counts. */
const LEEWAY_MS = 60_000;

export type ServiceAccountTokenDeps = {
  readonly env: Env;
  readonly store: Store;
  readonly issuer: TokenIssuer;
  /** Audiences of the API server: what tokens without any are for. */
  readonly audiences: readonly string[];
};

/** Takes tokens the issuer has signed. */
export function serviceAccountTokens(deps: ServiceAccountTokenDeps): TokenAuthenticator {
  return async (token, wanted, context) => {
    const read = await deps.issuer.read(token);
    if (read.kind === "foreign") return { kind: "none" };
    if (read.kind === "refused") return read;
    const { claims } = read;
    const meant = claims.audiences.length === 0 ? deps.audiences : claims.audiences;
    const audiences = meant.filter((audience) => wanted.includes(audience));
    if (audiences.length === 0 && deps.audiences.length > 0) {
      const problem =
        `token audiences ${listText(meant)} is invalid for the target audiences ` +
        listText(wanted);
      return { kind: "refused", problem };
    }
    const problem =
      timeProblem(claims, deps.env.clock.now()) ??
      (await bindingProblem(token, claims, deps, context));
    if (problem !== undefined) return { kind: "refused", problem };
    return { kind: "user", user: userOf(claims), audiences };
  };
}

function userOf(claims: TokenClaims): UserInfo {
  const { namespace, serviceAccount, pod, node, id } = claims;
  const extra = [
    ["credential-id", id === "" ? "" : `JTI=${id}`],
    ["pod-name", pod?.name ?? ""],
    ["pod-uid", pod?.uid ?? ""],
    ["node-name", node?.name ?? ""],
    ["node-uid", node?.uid ?? ""],
  ].flatMap(([key, value = ""]): readonly (readonly [string, readonly string[]])[] =>
    value === "" ? [] : [[`authentication.kubernetes.io/${key}`, [value]]],
  );
  return {
    name: serviceAccountUser(namespace, serviceAccount.name),
    uid: serviceAccount.uid,
    groups: serviceAccountGroups(namespace),
    ...(extra.length === 0 ? {} : { extra: Object.fromEntries(extra) }),
  };
}

function timeProblem(claims: TokenClaims, nowMs: number): string | undefined {
  const { expires, notBefore, issuedAt } = claims;
  if (notBefore !== undefined && nowMs + LEEWAY_MS < notBefore * 1_000) {
    return "service account token is not valid yet";
  }
  if (expires !== undefined && nowMs - LEEWAY_MS > expires * 1_000) {
    return "service account token has expired";
  }
  if (issuedAt !== undefined && nowMs + LEEWAY_MS < issuedAt * 1_000) {
    return "service account token is issued in the future";
  }
  return undefined;
}

const INVALIDATED = "service account token has been invalidated";

/** What is wrong with the objects the token is bound to; undefined if nothing is. */
async function bindingProblem(
  token: string,
  claims: TokenClaims,
  deps: ServiceAccountTokenDeps,
  context: Context,
): Promise<string | undefined> {
  const { namespace, serviceAccount } = claims;
  const live = new LiveObjects(deps, context);
  const account = await live.get("serviceaccounts", namespace, serviceAccount.name);
  if (account === undefined) {
    return `serviceaccounts ${JSON.stringify(serviceAccount.name)} not found`;
  }
  if (live.isGone(account)) {
    return `service account ${namespace}/${serviceAccount.name} has been deleted`;
  }
  if (account.metadata.uid !== serviceAccount.uid) {
    const { uid } = account.metadata;
    return `service account UID (${uid}) does not match claim (${serviceAccount.uid})`;
  }
  if (claims.isLegacy) return legacyProblem(token, claims, live);
  const bound: readonly (readonly [string, string, ClaimedObject | undefined])[] = [
    ["secret", namespace, claims.secret],
    ["pod", namespace, claims.pod],
    // The node of a pod is told, not checked: the pod goes with it.
    ["node", "", claims.pod === undefined ? claims.node : undefined],
  ];
  for (const [kind, home, claimed] of bound) {
    if (claimed === undefined) continue;
    const object = await live.get(`${kind}s`, home, claimed.name);
    if (object === undefined || live.isGone(object)) return INVALIDATED;
    const { uid } = object.metadata;
    if (uid === claimed.uid) continue;
    return `${kind} UID (${uid}) does not match service account ${kind} ref claim (${claimed.uid})`;
  }
  return undefined;
}

/** A token in a secret is good as long as it is the one in that secret. */
async function legacyProblem(
  token: string,
  claims: TokenClaims,
  live: LiveObjects,
): Promise<string | undefined> {
  const { namespace, secret: claimed } = claims;
  assert(claimed !== undefined, "a token of this kind names its secret");
  const secret = await live.get("secrets", namespace, claimed.name);
  if (secret === undefined || live.isGone(secret)) return INVALIDATED;
  const { data }: { readonly data?: unknown } = secret as { readonly data?: unknown };
  const kept = isFields(data) ? own(data, "token") : undefined;
  const isSame = typeof kept === "string" && isSameText(decodeBase64(kept), token);
  return isSame ? undefined : "service account token has been invalidated";
}

class LiveObjects {
  readonly #deps: ServiceAccountTokenDeps;
  readonly #context: Context;

  constructor(deps: ServiceAccountTokenDeps, context: Context) {
    this.#deps = deps;
    this.#context = context;
  }

  async get(resource: string, namespace: string, name: string): Promise<ApiObject | undefined> {
    const folder = namespace === "" ? resource : `${resource}/${namespace}`;
    const entry = await this.#deps.store.get(`/registry/core/${folder}/${name}`, this.#context);
    return entry === undefined ? undefined : decodeStored(entry.value);
  }

  /** Whether it should have been gone for a while. */
  isGone({ metadata }: ApiObject): boolean {
    const { deletionTimestamp } = metadata;
    if (deletionTimestamp === undefined) return false;
    return parseApiTime(deletionTimestamp) < this.#deps.env.clock.now() - LEEWAY_MS;
  }
}

const decoder = new TextDecoder();

/** What the server stores is an object. */
function decodeStored(bytes: Uint8Array): ApiObject {
  return JSON.parse(decoder.decode(bytes)) as ApiObject;
}

function decodeBase64(text: string): string {
  return Buffer.from(text, "base64").toString("utf8");
}

function listText(values: readonly string[]): string {
  return `[${values.map((value) => JSON.stringify(value)).join(" ")}]`;
}
