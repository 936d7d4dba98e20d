/**
 * Tokens of the accounts that pods of this node run as. A token is asked for once and kept until it
 * is old: at four fifths of its life, or after a day, whoever asks next gets a new one. One that
 * cannot be renewed is given as long as it is good.
 */
import type { Pod, ServiceAccountTokenProjection } from "../../apis/core/v1/types.generated.ts";
import type { Context } from "../../base/context.ts";
import type { Clock } from "../../base/env.ts";
import { ServiceAccount } from "../../client/builtin.ts";
import type { Client } from "../../client/client.ts";
import { parseApiTime } from "../../machinery/api-time.ts";
import { isFields, own, type ApiObject } from "../../machinery/object.ts";
import { isStatus } from "../../machinery/status.ts";
import { ConfigError } from "../pod/config-error.ts";

export interface AccountTokens {
  /** Throws `ConfigError` when the API refuses, and what the client throws without an answer. */
  token(pod: Pod, wanted: ServiceAccountTokenProjection, context: Context): Promise<string>;
}

/** More tokens than this are not kept at the same time. */
export const TOKEN_COUNT_MAX = 4_096;

const SECONDS = 3_600;
const RENEWED_AT = 0.8;
const AGE_MS_MAX = 24 * 3_600_000;

type Kept = { readonly token: string; readonly renewAtMs: number; readonly endMs: number };

/** Tokens over `client`. */
export function accountTokens(client: Client, clock: Clock): AccountTokens {
  const kept = new Map<string, Kept>();
  const keep = (key: string, made: Kept): void => {
    const [oldest] = kept.keys();
    if (kept.size >= TOKEN_COUNT_MAX && oldest !== undefined) kept.delete(oldest);
    kept.delete(key);
    kept.set(key, made);
  };
  return {
    token: async (pod, wanted, context) => {
      const { audience = "", expirationSeconds = SECONDS } = wanted;
      const key = JSON.stringify([pod.metadata.uid, audience, expirationSeconds]);
      const known = kept.get(key);
      const nowMs = clock.now();
      if (known !== undefined && nowMs < known.renewAtMs) return known.token;
      try {
        const made = await request(pod, audience, expirationSeconds, { client, nowMs }, context);
        keep(key, made);
        return made.token;
      } catch (error) {
        if (known !== undefined && nowMs < known.endMs) return known.token;
        if (!isStatus(error)) throw error;
        throw new ConfigError(`failed to fetch token: ${error.message}`, { cause: error });
      }
    },
  };
}

async function request(
  pod: Pod,
  audience: string,
  expirationSeconds: number,
  { client, nowMs }: { readonly client: Client; readonly nowMs: number },
  context: Context,
): Promise<Kept> {
  const { name = "", namespace = "", uid = "" } = pod.metadata;
  const account = { namespace, name: pod.spec.serviceAccountName ?? "" };
  const asked = {
    apiVersion: "authentication.k8s.io/v1",
    kind: "TokenRequest",
    metadata: {},
    spec: {
      audiences: audience === "" ? [] : [audience],
      expirationSeconds,
      boundObjectRef: { apiVersion: "v1", kind: "Pod", name, uid },
    },
  };
  const answer = await client.createSubresource(ServiceAccount, account, "token", asked, context);
  const { token, endMs } = tokenIn(answer);
  const lifeMs = endMs - nowMs;
  return { token, endMs, renewAtMs: nowMs + Math.min(lifeMs * RENEWED_AT, AGE_MS_MAX) };
}

function tokenIn(answer: object): { readonly token: string; readonly endMs: number } {
  const { status }: { readonly status?: unknown } = answer as Partial<ApiObject> & {
    readonly status?: unknown;
  };
  const token = isFields(status) ? own(status, "token") : undefined;
  const end = isFields(status) ? own(status, "expirationTimestamp") : undefined;
  if (typeof token === "string" && typeof end === "string") {
    return { token, endMs: parseApiTime(end) };
  }
  throw new ConfigError("failed to fetch token: the answer holds none");
}
