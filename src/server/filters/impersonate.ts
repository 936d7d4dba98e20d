import { impersonated } from "../authz/impersonation.ts";
import { wantedUser, withoutImpersonation } from "../authz/impersonation-headers.ts";
import { accessOf } from "../authz/access.ts";
import type { Authorizer } from "../authz/authorizer.ts";
import type { Filter } from "./filter.ts";

/** Lets users act for others, as far as they are allowed to. What follows sees the other only. */
export function impersonate(authorizer: Authorizer): Filter {
  return (exchange, next, context) => {
    const { request, user, info } = exchange;
    const wanted = wantedUser(request.headers);
    if (wanted === undefined) return next(exchange, context);
    const headers = withoutImpersonation(request.headers);
    const access = accessOf(user, info);
    return impersonated(wanted, access, authorizer, context).then((other) =>
      next(
        { ...exchange, request: { ...request, headers }, user: other, impersonator: user },
        context,
      ),
    );
  };
}
