import { accessOf, forbiddenAccess } from "../authz/access.ts";
import type { Access, Authorizer, Decision } from "../authz/authorizer.ts";
import type { Filter } from "./filter.ts";

/** Lets through what the authorizer allows; anything else is Forbidden. */
export function authorize(authorizer: Authorizer): Filter {
  return (exchange, next, context) => {
    const access = accessOf(exchange.user, exchange.info);
    const decision = authorizer.authorize(access, context);
    if (decision instanceof Promise) {
      return decision.then((settled) => {
        check(access, settled);
        return next(exchange, context);
      });
    }
    check(access, decision);
    return next(exchange, context);
  };
}

function check(access: Access, decision: Decision): void {
  if (decision.kind !== "allowed") throw forbiddenAccess(access, decision.reason);
}
