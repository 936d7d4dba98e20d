/** Which extra values can be taken on by acting for another in one of the constrained ways. */
import { dnsSubdomainProblem } from "../../machinery/names.ts";
import type { UserInfo } from "../../machinery/request.ts";

/** What is wrong with them; undefined if nothing is. */
export function extraProblem(extra: NonNullable<UserInfo["extra"]>): string | undefined {
  for (const [key, values] of Object.entries(extra)) {
    if (key === "") return "impersonating the empty string key in extra is not allowed";
    const problem = keyProblem(key);
    if (problem !== undefined) {
      const shown = `extra.key: Invalid value: ${JSON.stringify(key)}: ${problem}`;
      return `impersonating an invalid key in extra is not allowed: ${shown}`;
    }
    if (key !== key.toLowerCase()) {
      const shown = JSON.stringify(key);
      return `impersonating a non-lowercase key in extra is not allowed: ${shown}`;
    }
    if (values.length === 0) return "impersonating empty values in extra is not allowed";
    if (values.includes("")) {
      return "impersonating the empty string value in extra is not allowed";
    }
  }
  return undefined;
}

/** Keys are paths below a domain: `example.com/scopes`. */
function keyProblem(key: string): string | undefined {
  const slash = key.indexOf("/");
  const [domain, path] = slash < 0 ? [key, ""] : [key.slice(0, slash), key.slice(slash + 1)];
  if (slash < 0 || domain === "" || path === "") {
    return 'must be a domain-prefixed path (such as "acme.io/foo")';
  }
  return dnsSubdomainProblem(domain) ?? (isPath(path) ? undefined : PATH_PROBLEM);
}

const PATH_PROBLEM =
  "Invalid path (regex used for validation is '[A-Za-z0-9/\\-._~%!$&'()*+,;=:]+')";

function isPath(text: string): boolean {
  return /^[A-Za-z0-9/\-._~%!$&'()*+,;=:]+$/.test(text);
}
