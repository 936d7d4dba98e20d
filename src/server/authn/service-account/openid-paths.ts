/** How others check tokens of service accounts themselves: the issuer, and its public keys. */
import type { PathHandler } from "../../dispatch.ts";
import { textAnswer } from "../../answers.ts";
import type { ApiResponse } from "../../../machinery/request.ts";
import type { TokenIssuer } from "./token-issuer.ts";

/** Relative to the issuer. */
export const KEYS_PATH = "/openid/v1/jwks";

const CONFIGURATION_PATH = "/.well-known/openid-configuration";

/** `keysUrl`: where the keys can be had from outside. */
export function openidPaths(issuer: TokenIssuer, keysUrl: string): PathHandler {
  return (request) => {
    if (request.path === CONFIGURATION_PATH) return configuration(issuer, keysUrl);
    return request.path === KEYS_PATH ? keySet(issuer) : undefined;
  };
}

async function configuration(issuer: TokenIssuer, keysUrl: string): Promise<ApiResponse> {
  const { trusted } = await issuer.keys();
  return answer("application/json", {
    issuer: issuer.issuer,
    jwks_uri: keysUrl,
    response_types_supported: ["id_token"],
    subject_types_supported: ["public"],
    id_token_signing_alg_values_supported: [...new Set(trusted.map((key) => key.algorithm))].sort(),
  });
}

async function keySet(issuer: TokenIssuer): Promise<ApiResponse> {
  const { trusted } = await issuer.keys();
  return answer("application/jwk-set+json", { keys: trusted.map(({ listed }) => listed) });
}

/** Anybody may keep it for an hour: keys change rarely, and old ones stay for as long as needed. */
function answer(contentType: string, value: object): ApiResponse {
  const { headers, ...rest } = textAnswer(200, JSON.stringify(value), contentType);
  return { ...rest, headers: { ...headers, "cache-control": "public, max-age=3600" } };
}
