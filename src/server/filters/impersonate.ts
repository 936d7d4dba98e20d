import { accessOf } from "../authz/access.ts";
import type { Authorizer } from "../authz/authorizer.ts";
import { wantedUser, withoutImpersonation } from "../authz/impersonation-headers.ts";
import { impersonated } from "../authz/impersonation.ts";
import type { Filter } from "./filter.ts";

/** Lets users act for others, as far as they are allowed to. What follows sees the other only. */
export function impersonate(authorizer: Authorizer): Filter {
  return async (exchange, next, context) => {
    const { request, user: impersonator, info } = exchange;
    const wanted = wantedUser(request.headers);
    if (wanted === undefined) return next(exchange, context);
    const access = accessOf(impersonator, info);
    const user = await impersonated(wanted, access, authorizer, context);
    const plain = { ...request, headers: withoutImpersonation(request.headers) };
    return next({ ...exchange, request: plain, user, impersonator }, context);
  };
}
