import type { Context } from "../../base/context.ts";
import { accessOf, forbiddenAccess } from "../authz/access.ts";
import type { HandlerDeps, ObjectRequest } from "./request.ts";

/**
 * Rejects with Forbidden when the user may not create what the request is about: a PUT or an apply
 * to a name that does not exist is a create, and update or patch alone does not allow it; a GET
 * that becomes a connection to a container is one, too.
 */
export function mayCreate(
  request: ObjectRequest,
  deps: HandlerDeps,
): (context: Context) => Promise<void> {
  return async (context) => {
    const access = { ...accessOf(request.user, { ...request.info, verb: "create" }) };
    const decision = await deps.authorizer.authorize(access, context);
    if (decision.kind !== "allowed") throw forbiddenAccess(access, decision.reason);
  };
}
