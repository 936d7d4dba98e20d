/** Names of signers: `example.com/signer-name`. */
import {
  DNS_LABEL_LENGTH_MAX,
  DNS_SUBDOMAIN_LENGTH_MAX,
  dnsLabelProblem,
  dnsSubdomainProblem,
} from "../../../machinery/names.ts";
import type { FieldError } from "../../../machinery/status.ts";
import { errorIf, invalid, required, tooLong } from "../../field-errors.ts";

/** The path has room for a namespace and a name. */
const PATH_LENGTH_MAX = DNS_SUBDOMAIN_LENGTH_MAX + DNS_LABEL_LENGTH_MAX + 1;
const NAME_LENGTH_MAX = DNS_SUBDOMAIN_LENGTH_MAX + PATH_LENGTH_MAX + 1;

const FORM = "must be a fully qualified domain and path of the form 'example.com/signer-name'";
const ONE_SEGMENT = "should be a domain with at least two segments separated by dots";

/** What is wrong with the name of a signer. */
export function signerNameErrors(field: string, name: string): readonly FieldError[] {
  if (name === "") return [required(field)];
  const [domain = "", path, ...more] = name.split("/");
  if (path === undefined || more.length > 0) return [invalid(field, name, FORM)];
  return [
    ...errorIf(domain.length > DNS_SUBDOMAIN_LENGTH_MAX, tooLong(field, DNS_SUBDOMAIN_LENGTH_MAX)),
    ...firstProblem(field, domain, dnsLabelProblem),
    ...errorIf(!domain.includes("."), invalid(field, domain, ONE_SEGMENT)),
    ...firstProblem(field, path, dnsSubdomainProblem),
    ...errorIf(name.length > NAME_LENGTH_MAX, tooLong(field, NAME_LENGTH_MAX)),
  ];
}

/** Of the labels between dots only the first that is wrong: the others would say the same. */
function firstProblem(
  field: string,
  segment: string,
  labelProblem: (label: string) => string | undefined,
): readonly FieldError[] {
  for (const label of segment.split(".")) {
    const problem = labelProblem(label);
    if (problem !== undefined) {
      return [invalid(field, segment, `validating label ${JSON.stringify(label)}: ${problem}`)];
    }
  }
  return [];
}
