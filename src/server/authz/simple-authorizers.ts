/** Authorizers that need no roles. */
import {
  ALLOWED,
  AUTHENTICATED_GROUP,
  NO_RULES,
  UNDECIDED,
  type Authorizer,
} from "./authorizer.ts";

/** Allows members of any of `groups` everything. Lists no rules: they are not granted by any. */
export function groupAuthorizer(groups: readonly string[]): Authorizer {
  return {
    authorize: ({ user }) =>
      user.groups.some((group) => groups.includes(group)) ? ALLOWED : UNDECIDED,
    rulesOf: () => NO_RULES,
  };
}

/** Paths anybody may read, with or without credentials, as `system:public-info-viewer` says. */
export const PUBLIC_PATHS: readonly string[] = ["/healthz", "/livez", "/readyz", "/version"];

/** What every authenticated user may read, as `system:discovery` says. */
const DISCOVERY_PATHS: readonly string[] = ["/api", "/apis", "/openapi"];

/**
 * Allows everybody to ask about health and version, and the authenticated to discover the API: for
 * servers whose store has no roles.
 */
export function pathAuthorizer(): Authorizer {
  return {
    authorize: (access) => {
      if (access.kind !== "path" || access.verb !== "get") return UNDECIDED;
      if (isBelow(access.path, PUBLIC_PATHS)) return ALLOWED;
      const isKnown = access.user.groups.includes(AUTHENTICATED_GROUP);
      return isKnown && isBelow(access.path, DISCOVERY_PATHS) ? ALLOWED : UNDECIDED;
    },
    rulesOf: (user) => {
      const isKnown = user.groups.includes(AUTHENTICATED_GROUP);
      const roots = isKnown ? [...PUBLIC_PATHS, ...DISCOVERY_PATHS] : PUBLIC_PATHS;
      const paths = roots.flatMap((root) => [root, `${root}/*`]);
      return { ...NO_RULES, pathRules: [{ verbs: ["get"], paths }] };
    },
  };
}

function isBelow(path: string, roots: readonly string[]): boolean {
  return roots.some((root) => path === root || path.startsWith(`${root}/`));
}
