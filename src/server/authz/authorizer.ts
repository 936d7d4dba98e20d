/**
 * Authorization: may this user make this request? Authorizers only ever allow; what none of them
 * allows is refused. Role-based rules will be one more authorizer in the list.
 */
import type { Context } from "../../base/context.ts";
import { MASTERS_GROUP, type UserInfo } from "../../machinery/request.ts";
import { forbidden, plainRefusal, StatusError } from "../../machinery/status.ts";
import type { RequestInfo } from "../request-info.ts";

/** Whether this authorizer allows the request. */
export type Authorizer = (
  user: UserInfo,
  info: RequestInfo,
  context: Context,
) => boolean | Promise<boolean>;

export const AUTHENTICATED_GROUP = "system:authenticated";
export const UNAUTHENTICATED_GROUP = "system:unauthenticated";

/** Groups of the parts of a control plane; each may do everything until there are roles. */
export const SYSTEM_GROUPS: readonly string[] = [
  MASTERS_GROUP,
  "system:nodes",
  "system:kube-controller-manager",
  "system:kube-scheduler",
];

/** Paths anybody may read, with or without credentials. */
export const PUBLIC_PATHS: readonly string[] = ["/healthz", "/livez", "/readyz", "/version"];

/** What every authenticated user may read, as `system:discovery` does upstream. */
const DISCOVERY_PATHS: readonly string[] = ["/api", "/apis", "/openapi"];

/** Allows members of `groups` everything. */
export function groupAuthorizer(groups: readonly string[]): Authorizer {
  return (user) => user.groups.some((group) => groups.includes(group));
}

/** Allows everybody to ask about health and version, and the authenticated to discover the API. */
export function pathAuthorizer(): Authorizer {
  return (user, info) => {
    if (info.kind !== "path" || info.verb !== "get") return false;
    if (isPublicPath(info.path)) return true;
    return user.groups.includes(AUTHENTICATED_GROUP) && isBelow(info.path, DISCOVERY_PATHS);
  };
}

export function isPublicPath(path: string): boolean {
  return isBelow(path, PUBLIC_PATHS);
}

function isBelow(path: string, roots: readonly string[]): boolean {
  return roots.some((root) => path === root || path.startsWith(`${root}/`));
}

/** The refusal, in upstream's words: tools match them. */
export function forbiddenFor(user: UserInfo, info: RequestInfo): StatusError {
  const subject = `User ${JSON.stringify(user.name)} cannot ${info.verb}`;
  if (info.kind === "path") {
    const refusal = plainRefusal(
      403,
      "Forbidden",
      `forbidden: ${subject} path ${JSON.stringify(info.path)}`,
    );
    return new StatusError({ ...refusal.status, details: {} });
  }
  const { group, resource, subresource, namespace, name } = info;
  const endpoint = subresource === "" ? resource : `${resource}/${subresource}`;
  const where =
    namespace === "" ? "at the cluster scope" : `in the namespace ${JSON.stringify(namespace)}`;
  const why =
    `${subject} resource ${JSON.stringify(endpoint)} in API group ${JSON.stringify(group)} ` +
    where;
  return forbidden({ group, resource }, name, why);
}
