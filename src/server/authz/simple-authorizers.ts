/** Authorizers that need no roles. */
import { ALLOWED, NO_RULES, UNDECIDED, type Authorizer } from "./authorizer.ts";

/** Allows members of any of `groups` everything. Lists no rules: they are not granted by any. */
export function groupAuthorizer(groups: readonly string[]): Authorizer {
  return {
    authorize: ({ user }) =>
      user.groups.some((group) => groups.includes(group)) ? ALLOWED : UNDECIDED,
    rulesOf: () => NO_RULES,
  };
}

/** What anybody may ask of a server without roles; with them, `system:public-info-viewer` says. */
export const PUBLIC_PATHS: readonly string[] = ["/healthz", "/livez", "/readyz", "/version"];

/** Allows everybody to read these paths and what is below them, whatever roles say. */
export function pathAuthorizer(paths: readonly string[]): Authorizer {
  return {
    authorize: (access) => {
      if (access.kind !== "path" || access.verb !== "get") return UNDECIDED;
      return isBelow(access.path, paths) ? ALLOWED : UNDECIDED;
    },
    rulesOf: () => NO_RULES,
  };
}

function isBelow(path: string, roots: readonly string[]): boolean {
  return roots.some((root) => path === root || path.startsWith(`${root}/`));
}
