import { accessOf, forbiddenAccess } from "../authz/access.ts";
import type { Authorizer } from "../authz/authorizer.ts";
import type { Filter } from "./filter.ts";

/** Lets through what the authorizer allows; anything else is Forbidden. */
export function authorize(authorizer: Authorizer): Filter {
  return async (exchange, next, context) => {
    const access = accessOf(exchange.user, exchange.info);
    const asked = authorizer.authorize(access, context);
    const decision = asked instanceof Promise ? await asked : asked;
    if (decision.kind !== "allowed") throw forbiddenAccess(access, decision.reason);
    return next(exchange, context);
  };
}
