/** How service accounts are called where users are: `system:serviceaccount:ci:builder`. */
import { dnsLabelProblem, dnsSubdomainProblem } from "../../../machinery/names.ts";

const PREFIX = "system:serviceaccount:";

export const SERVICE_ACCOUNTS_GROUP = "system:serviceaccounts";

export function serviceAccountUser(namespace: string, name: string): string {
  return `${PREFIX}${namespace}:${name}`;
}

/** The groups of all service accounts, and of those of one namespace. */
export function serviceAccountGroups(namespace: string): readonly string[] {
  return [SERVICE_ACCOUNTS_GROUP, `${SERVICE_ACCOUNTS_GROUP}:${namespace}`];
}

/** Undefined: the user is no service account. */
export function parseServiceAccountUser(
  user: string,
): { readonly namespace: string; readonly name: string } | undefined {
  if (!user.startsWith(PREFIX)) return undefined;
  const [namespace = "", name = "", ...rest] = user.slice(PREFIX.length).split(":");
  if (rest.length > 0) return undefined;
  if (dnsLabelProblem(namespace) !== undefined) return undefined;
  return dnsSubdomainProblem(name) === undefined ? { namespace, name } : undefined;
}
