import { forbiddenFor, type Authorizer } from "../authz/authorizer.ts";
import type { Filter } from "./filter.ts";

/** Lets through what one of the authorizers allows; anything else is Forbidden. */
export function authorize(authorizers: readonly Authorizer[]): Filter {
  return async (exchange, next, context) => {
    const { user, info } = exchange;
    for (const allows of authorizers) {
      if (await allows(user, info, context)) return next(exchange, context);
    }
    throw forbiddenFor(user, info);
  };
}
