import type { Filter } from "./filter.ts";

/** Headers every answer has: its name in the log, and that nobody may keep it. */
export function answerHeaders(): Filter {
  return async (exchange, next, context) => {
    const answer = await next(exchange, context);
    return {
      ...answer,
      headers: {
        "audit-id": exchange.requestId,
        "cache-control": "no-cache, private",
        ...answer.headers,
      },
    };
  };
}
