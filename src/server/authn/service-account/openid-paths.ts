/** How others check tokens of service accounts themselves: the issuer, and its public keys. */
import type { PathHandler } from "../../dispatch.ts";
import { JSON_TYPE, textAnswer } from "../../answers.ts";
import { checkRoute } from "../../handlers/negotiation.ts";
import type { ApiResponse } from "../../../machinery/request.ts";
import type { TokenIssuer } from "./token-issuer.ts";

/** Relative to the issuer. */
export const KEYS_PATH = "/openid/v1/jwks";

const KEYS_TYPE = "application/jwk-set+json";

const CONFIGURATION_PATH = "/.well-known/openid-configuration";

/** `keysUrl`: where the keys can be had from outside. */
export function openidPaths(issuer: TokenIssuer, keysUrl: string): PathHandler {
  return (request) => {
    const path = request.path.replace(/\/+$/, "");
    if (path !== CONFIGURATION_PATH && path !== KEYS_PATH) return undefined;
    const accept = request.headers["accept"] ?? "";
    checkRoute(accept, [path === KEYS_PATH ? KEYS_TYPE : JSON_TYPE]);
    return path === KEYS_PATH ? keySet(issuer) : configuration(issuer, keysUrl);
  };
}

async function configuration(issuer: TokenIssuer, keysUrl: string): Promise<ApiResponse> {
  const { trusted } = await issuer.keys();
  return answer(JSON_TYPE, {
    issuer: issuer.issuer,
    jwks_uri: keysUrl,
    response_types_supported: ["id_token"],
    subject_types_supported: ["public"],
    id_token_signing_alg_values_supported: [...new Set(trusted.map((key) => key.algorithm))].sort(),
  });
}

async function keySet(issuer: TokenIssuer): Promise<ApiResponse> {
  const { trusted } = await issuer.keys();
  return answer(KEYS_TYPE, { keys: trusted.map(({ listed }) => listed) });
}

/** Anybody may keep it for an hour: keys change rarely, and old ones stay for as long as needed. */
function answer(contentType: string, value: object): ApiResponse {
  const { headers, ...rest } = textAnswer(200, JSON.stringify(value), contentType);
  return { ...rest, headers: { ...headers, "cache-control": "public, max-age=3600" } };
}
