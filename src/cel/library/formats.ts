/** Named formats: `format.dns1123Label().validate(self.name).hasValue()`. */
import {
  dns1035LabelProblem,
  dnsLabelProblem,
  dnsSubdomainProblem,
  labelValueProblem,
  qualifiedNameProblem,
} from "../../machinery/names.ts";
import { noSuchOverload } from "../cel-error.ts";
import { validateCost } from "../cost/kubernetes-costs.ts";
import { ArrayList } from "../eval/lists.ts";
import { declare, method, overload, type CelLibrary } from "../functions.ts";
import { listOf, objectType, optionalOf, STRING, type CelObjectType } from "../types.ts";
import { CelOptional, NONE, type CelOpaque, type CelResult, type CelValue } from "../values.ts";
import { parseDate } from "./time-text.ts";
import { parseRequestUri } from "./go-url.ts";

export const FORMAT: CelObjectType = objectType("kubernetes.NamedFormat", {});

type Format = {
  readonly name: string;
  /** What is wrong with a text. */
  readonly problems: (text: string) => readonly string[];
  /** Characters of the regular expression that validating costs as much as. */
  readonly regexSize: number;
};

/** A format as a value. */
class FormatValue implements CelOpaque {
  readonly kind = "opaque";
  readonly type: CelObjectType = FORMAT;
  readonly format: Format;

  constructor(format: Format) {
    this.format = format;
  }

  equals(other: CelOpaque): boolean {
    return other instanceof FormatValue && other.format.name === this.format.name;
  }
}

const FORMATS: ReadonlyMap<string, FormatValue> = new Map(
  Object.entries({
    dns1123Label: named("DNS1123Label", 30, (text) => dnsLabelProblem(text)),
    dns1123Subdomain: named("DNS1123Subdomain", 60, (text) => dnsSubdomainProblem(text)),
    dns1035Label: named("DNS1035Label", 30, (text) => dns1035LabelProblem(text)),
    qualifiedName: named("QualifiedName", 60, qualifiedNameProblem),
    dns1123LabelPrefix: named("DNS1123LabelPrefix", 30, (text) => dnsLabelProblem(text, true)),
    dns1123SubdomainPrefix: named("DNS1123SubdomainPrefix", 60, (text) =>
      dnsSubdomainProblem(text, true),
    ),
    dns1035LabelPrefix: named("DNS1035LabelPrefix", 30, (text) => dns1035LabelProblem(text, true)),
    labelValue: named("LabelValue", 40, labelValueProblem),
    uri: named("URI", 1103, uriProblem),
    uuid: named("uuid", 70, (text) =>
      /^[0-9a-f]{8}-?[0-9a-f]{4}-?[0-9a-f]{4}-?[0-9a-f]{4}-?[0-9a-f]{12}$/i.test(text)
        ? undefined
        : "does not match the UUID format",
    ),
    byte: named("byte", 84, (text) => (isBase64(text) ? undefined : "invalid base64")),
    date: named("date", 71, (text) => (parseDate(text) === undefined ? "invalid date" : undefined)),
    datetime: named("datetime", 71, (text) => (isDateTime(text) ? undefined : "invalid datetime")),
  }),
);

export const FORMAT_LIBRARY: CelLibrary = {
  name: "kubernetes.format",
  functions: [
    declare("format.named", [
      overload("format-named", [STRING], optionalOf(FORMAT), ([name = null]) => {
        if (typeof name !== "string") return noSuchOverload();
        const format = FORMATS.get(name);
        return format === undefined ? NONE : new CelOptional(format);
      }),
    ]),
    ...[...FORMATS].map(([name, format]) =>
      declare(`format.${name}`, [overload(`format.${name}`, [], FORMAT, () => format)]),
    ),
    declare(
      "validate",
      [method("format-validate", [FORMAT, STRING], optionalOf(listOf(STRING)), validate)],
      validateCost((format) => (format instanceof FormatValue ? format.format.regexSize : 0)),
    ),
  ],
};

function named(
  name: string,
  regexSize: number,
  problem: (text: string) => string | undefined,
): FormatValue {
  const problems = (text: string): readonly string[] => problem(text)?.split("; ") ?? [];
  return new FormatValue({ name, problems, regexSize });
}

function validate([format = null, text = null]: readonly CelValue[]): CelResult {
  if (!(format instanceof FormatValue) || typeof text !== "string") return noSuchOverload();
  const problems = format.format.problems(text);
  return problems.length === 0 ? NONE : new CelOptional(ArrayList.of(problems));
}

function uriProblem(text: string): string | undefined {
  const parsed = parseRequestUri(text);
  return parsed.kind === "ok" ? undefined : parsed.message;
}

function isBase64(text: string): boolean {
  return text !== "" && text.length % 4 === 0 && /^[A-Za-z0-9+/]+={0,2}$/.test(text);
}

/** A date and a time with a zone; upstream compares the parts of the time as texts. */
function isDateTime(text: string): boolean {
  const [date = "", time = "", ...rest] = text.toLowerCase().split("t");
  if (rest.length > 0 && time === "") return false;
  const form = /^([0-9]{2}):([0-9]{2}):([0-9]{2})(.[0-9]+)?(z|[+-][0-9]{2}:[0-9]{2})$/.exec(time);
  if (form === null || parseDate(date) === undefined) return false;
  const [, hour = "", minute = "", second = ""] = form;
  return hour <= "23" && minute <= "59" && second <= "59";
}
