/**
 * Rules for names, label keys and label values, in upstream's words: users search for these texts.
 * Each check answers what is wrong, or undefined. All take time linear in the name.
 */

/** Characters in a DNS subdomain, the usual form of an object's name. */
export const DNS_SUBDOMAIN_LENGTH_MAX = 253;
/** Characters in a DNS label, a label value, and the name part of a label key. */
export const DNS_LABEL_LENGTH_MAX = 63;

/**
 * A lower-case DNS subdomain (RFC 1123), e.g. `web-1.example`. With `isPrefix` the name is only a
 * beginning that something is appended to, so it may end in a dash.
 */
export function dnsSubdomainProblem(name: string, isPrefix = false): string | undefined {
  const whole = isPrefix ? completed(name) : name;
  return all(
    tooLong(whole, DNS_SUBDOMAIN_LENGTH_MAX),
    isSubdomain(whole) ? undefined : SUBDOMAIN_RULE,
  );
}

/** A lower-case DNS label (RFC 1123), e.g. `web-1`. */
export function dnsLabelProblem(name: string, isPrefix = false): string | undefined {
  const whole = isPrefix ? completed(name) : name;
  const rule = isSubdomain(whole) ? "must not contain dots" : LABEL_RULE;
  return all(tooLong(whole, DNS_LABEL_LENGTH_MAX), isLabel(whole) ? undefined : rule);
}

/** A DNS label that begins with a letter (RFC 1035). */
export function dns1035LabelProblem(name: string, isPrefix = false): string | undefined {
  const whole = isPrefix ? completed(name) : name;
  const isFine = isLabel(whole) && /^[a-z]/.test(whole);
  return all(tooLong(whole, DNS_LABEL_LENGTH_MAX), isFine ? undefined : LABEL_1035_RULE);
}

/** A name that can stand in a URL path as it is; RBAC allows all others. */
export function pathSegmentProblem(name: string, isPrefix = false): string | undefined {
  if (!isPrefix && (name === "." || name === "..")) return `may not be '${name}'`;
  return all(
    name.includes("/") ? "may not contain '/'" : undefined,
    name.includes("%") ? "may not contain '%'" : undefined,
  );
}

/** A label or annotation key, a resource name, a finalizer: `[prefix/]name`. */
export function qualifiedNameProblem(text: string): string | undefined {
  const parts = text.split("/");
  const [first = "", second] = parts;
  if (parts.length > 2) return QUALIFIED_RULE;
  if (second === undefined) return namePartProblem(first);
  return all(...prefixProblems(first), namePartProblem(second));
}

function prefixProblems(prefix: string): readonly (string | undefined)[] {
  if (prefix === "") return ["prefix part must be non-empty"];
  const length = tooManyBytes(prefix, DNS_SUBDOMAIN_LENGTH_MAX);
  return [
    length === undefined ? undefined : `prefix part ${length}`,
    isSubdomain(prefix) ? undefined : `prefix part ${SUBDOMAIN_RULE}`,
  ];
}

/** The value of a label; may be empty. */
export function labelValueProblem(text: string): string | undefined {
  const isFine = text === "" || isWord(text);
  return all(tooManyBytes(text, DNS_LABEL_LENGTH_MAX), isFine ? undefined : LABEL_VALUE_RULE);
}

const SUBDOMAIN_RULE =
  "a lowercase RFC 1123 subdomain must consist of lower case alphanumeric characters, '-' or " +
  "'.', and must start and end with an alphanumeric character (e.g. 'example.com', regex used " +
  "for validation is '[a-z0-9]([-a-z0-9]*[a-z0-9])?(\\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*')";

const LABEL_RULE =
  "a lowercase RFC 1123 label must consist of lower case alphanumeric characters or '-', and " +
  "must start and end with an alphanumeric character (e.g. 'my-name',  or '123-abc', regex " +
  "used for validation is '[a-z0-9]([-a-z0-9]*[a-z0-9])?')";

const LABEL_1035_RULE =
  "a DNS-1035 label must consist of lower case alphanumeric characters or '-', start with an " +
  "alphabetic character, and end with an alphanumeric character (e.g. 'my-name',  or " +
  "'abc-123', regex used for validation is '[a-z]([-a-z0-9]*[a-z0-9])?')";

const WORD_RULE =
  "must consist of alphanumeric characters, '-', '_' or '.', and must start and end with an " +
  "alphanumeric character (e.g. 'MyName',  or 'my.name',  or '123-abc', regex used for " +
  "validation is '([A-Za-z0-9][-A-Za-z0-9_.]*)?[A-Za-z0-9]')";

const QUALIFIED_RULE =
  `a valid label key ${WORD_RULE} with an optional DNS subdomain prefix and '/' ` +
  "(e.g. 'example.com/MyName')";

const LABEL_VALUE_RULE =
  "a valid label must be an empty string or consist of alphanumeric characters, '-', '_' or " +
  "'.', and must start and end with an alphanumeric character (e.g. 'MyValue',  or " +
  "'my_value',  or '12345', regex used for validation is " +
  "'(([A-Za-z0-9][-A-Za-z0-9_.]*)?[A-Za-z0-9])?')";

function namePartProblem(name: string): string | undefined {
  const length = name === "" ? "must be non-empty" : tooManyBytes(name, DNS_LABEL_LENGTH_MAX);
  return all(
    length === undefined ? undefined : `name part ${length}`,
    isWord(name) ? undefined : `name part ${WORD_RULE}`,
  );
}

/** A prefix is judged as if what is appended to it were there. */
function completed(prefix: string): string {
  return prefix.length > 1 && prefix.endsWith("-") ? `${prefix.slice(0, -1)}a` : prefix;
}

function isSubdomain(text: string): boolean {
  return text.split(".").every(isLabel);
}

// The rules above nest repetitions; these forms accept the same and cannot backtrack.
function isLabel(text: string): boolean {
  return /^[a-z0-9][-a-z0-9]*$/.test(text) && !text.endsWith("-");
}

function isWord(text: string): boolean {
  return /^[A-Za-z0-9][-A-Za-z0-9_.]*$/.test(text) && /[A-Za-z0-9]/.test(text.slice(-1));
}

function tooLong(text: string, lengthMax: number): string | undefined {
  return text.length > lengthMax ? `must be no more than ${lengthMax} characters` : undefined;
}

/** Upstream counts names of labels in bytes where it counts names of objects in characters. */
function tooManyBytes(text: string, lengthMax: number): string | undefined {
  return text.length > lengthMax ? `must be no more than ${lengthMax} bytes` : undefined;
}

function all(...problems: readonly (string | undefined)[]): string | undefined {
  const found = problems.filter((problem) => problem !== undefined);
  return found.length === 0 ? undefined : found.join("; ");
}
