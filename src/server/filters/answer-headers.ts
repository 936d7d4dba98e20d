import type { Env } from "../../base/env.ts";
import type { ApiRequest } from "../../machinery/request.ts";
import type { Filter } from "./filter.ts";

/** Longest audit id that is taken over from a client. */
export const AUDIT_ID_LENGTH_MAX = 128;

/** Headers every answer has: its name in the log, and that nobody may keep it. */
export function answerHeaders(): Filter {
  return async (exchange, next, context) => {
    const answer = await next(exchange, context);
    return { ...answer, headers: { ...commonHeaders(exchange.requestId), ...answer.headers } };
  };
}

/** The same for answers that are made before or after all filters. */
export function commonHeaders(requestId: string): Readonly<Record<string, string>> {
  return { "audit-id": requestId, "cache-control": "no-cache, private" };
}

/** The name of a request: the client's own, if it is fit for one. */
export function requestIdOf({ headers }: Pick<ApiRequest, "headers">, env: Env): string {
  const sent = headers["audit-id"];
  const isFit = sent !== undefined && sent.length <= AUDIT_ID_LENGTH_MAX && /^[\w.-]+$/.test(sent);
  return isFit ? sent : env.ids.uuid();
}
