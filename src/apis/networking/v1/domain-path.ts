/** Names such as `example.com/controller`: a domain, and a path that its owner chose. */
import { dnsSubdomainProblem } from "../../../machinery/names.ts";
import type { FieldError } from "../../../machinery/status.ts";
import { errorIf, fromProblem, invalid } from "../../field-errors.ts";

const PATH = /^[A-Za-z0-9/\-._~%!$&'()*+,;=:]+$/;
const PATH_RULE =
  "Invalid path: a valid HTTP path must consist of characters that may stand there " +
  "(regex used for validation is '[A-Za-z0-9/\\-._~%!$&'()*+,;=:]+')";

/** What is wrong with a path that is prefixed with a domain. */
export function domainPathErrors(field: string, text: string): readonly FieldError[] {
  const slash = text.indexOf("/");
  const host = text.slice(0, slash);
  const path = text.slice(slash + 1);
  if (slash <= 0 || path === "") {
    return [invalid(field, text, 'must be a domain-prefixed path (such as "acme.io/foo")')];
  }
  return [
    ...fromProblem(field, host, dnsSubdomainProblem(host)),
    ...errorIf(!PATH.test(path), invalid(field, path, PATH_RULE)),
  ];
}
