import fc from "fast-check";
import { expect, test } from "vitest";
import {
  dns1035LabelProblem,
  dnsLabelProblem,
  dnsSubdomainProblem,
  labelValueProblem,
  pathSegmentProblem,
  qualifiedNameProblem,
} from "./names.ts";

// As a real API server words them.
const SUBDOMAIN =
  "a lowercase RFC 1123 subdomain must consist of lower case alphanumeric characters, '-' or " +
  "'.', and must start and end with an alphanumeric character (e.g. 'example.com', regex used " +
  "for validation is '[a-z0-9]([-a-z0-9]*[a-z0-9])?(\\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*')";
const LABEL =
  "a lowercase RFC 1123 label must consist of lower case alphanumeric characters or '-', and " +
  "must start and end with an alphanumeric character (e.g. 'my-name',  or '123-abc', regex " +
  "used for validation is '[a-z0-9]([-a-z0-9]*[a-z0-9])?')";
const NAME_PART =
  "name part must consist of alphanumeric characters, '-', '_' or '.', and must start and end " +
  "with an alphanumeric character (e.g. 'MyName',  or 'my.name',  or '123-abc', regex used for " +
  "validation is '([A-Za-z0-9][-A-Za-z0-9_.]*)?[A-Za-z0-9]')";
const LABEL_VALUE =
  "a valid label must be an empty string or consist of alphanumeric characters, '-', '_' or " +
  "'.', and must start and end with an alphanumeric character (e.g. 'MyValue',  or " +
  "'my_value',  or '12345', regex used for validation is " +
  "'(([A-Za-z0-9][-A-Za-z0-9_.]*)?[A-Za-z0-9])?')";

for (const [check, text, problem] of [
  [dnsSubdomainProblem, "web-1.example", undefined],
  [dnsSubdomainProblem, "Bad_Name", SUBDOMAIN],
  [dnsSubdomainProblem, "a..b", SUBDOMAIN],
  [dnsSubdomainProblem, "a-", SUBDOMAIN],
  [dnsSubdomainProblem, "a\n", SUBDOMAIN],
  [dnsSubdomainProblem, "a".repeat(253), undefined],
  [dnsSubdomainProblem, "a".repeat(254), "must be no more than 253 characters"],
  [dnsLabelProblem, "web-1", undefined],
  [dnsLabelProblem, "Bad Name", LABEL],
  [dnsLabelProblem, "a.b", "must not contain dots"],
  [dnsLabelProblem, "", LABEL],
  [dnsLabelProblem, "a".repeat(64), "must be no more than 63 characters"],
  [dns1035LabelProblem, "web-1", undefined],
  [pathSegmentProblem, "system:node", undefined],
  [pathSegmentProblem, "..", "may not be '..'"],
  [pathSegmentProblem, "a/b%", "may not contain '/'; may not contain '%'"],
  [qualifiedNameProblem, "app", undefined],
  [qualifiedNameProblem, "example.com/My_app.1", undefined],
  [qualifiedNameProblem, "bad label!", NAME_PART],
  [qualifiedNameProblem, "a-", NAME_PART],
  [qualifiedNameProblem, "x/", `name part must be non-empty; ${NAME_PART}`],
  [qualifiedNameProblem, "/x", "prefix part must be non-empty"],
  [qualifiedNameProblem, "X/x", `prefix part ${SUBDOMAIN}`],
  [qualifiedNameProblem, "a".repeat(64), "name part must be no more than 63 bytes"],
  [labelValueProblem, "", undefined],
  [labelValueProblem, "my_value.1", undefined],
  [labelValueProblem, "bad value!", LABEL_VALUE],
  [labelValueProblem, "a".repeat(64), "must be no more than 63 bytes"],
] as const) {
  test(`${check.name}: ${JSON.stringify(text.slice(0, 30))} (${text.length})`, () => {
    expect(check(text)).toBe(problem);
  });
}

test("names: a prefix may end in a dash, because something follows it", () => {
  expect(dnsSubdomainProblem("web-", true)).toBeUndefined();
  expect(dnsLabelProblem("web-", true)).toBeUndefined();
  expect(dnsSubdomainProblem("web-", false)).toBe(SUBDOMAIN);
  expect(dnsSubdomainProblem("-", true)).toBe(SUBDOMAIN);
  expect(pathSegmentProblem("..", true)).toBeUndefined();
});

test("names: the checks agree with the regular expressions they print", () => {
  const anyText = fc.string({
    unit: fc.constantFrom("a", "B", "1", "-", ".", "_", "/"),
    maxLength: 8,
  });
  const cases = [
    [dnsSubdomainProblem, /^[a-z0-9]([-a-z0-9]*[a-z0-9])?(\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*$/],
    [dnsLabelProblem, /^[a-z0-9]([-a-z0-9]*[a-z0-9])?$/],
    [dns1035LabelProblem, /^[a-z]([-a-z0-9]*[a-z0-9])?$/],
    [labelValueProblem, /^(([A-Za-z0-9][-A-Za-z0-9_.]*)?[A-Za-z0-9])?$/],
  ] as const;
  fc.assert(
    fc.property(anyText, (text) => {
      for (const [check, rule] of cases) expect(check(text) === undefined).toBe(rule.test(text));
    }),
    { numRuns: 1_000 },
  );
});

test("names: a hostile name is judged in no time", () => {
  const text = `${"a-".repeat(500_000)}!`;
  for (const check of [dnsSubdomainProblem, dnsLabelProblem, qualifiedNameProblem]) {
    expect(check(text)).toContain("must be no more than");
  }
});
