/** Field selectors: `metadata.name=web,spec.nodeName!=node-1`. */
import { SelectorError } from "./selector-error.ts";

/** One part of a field selector, such as `metadata.name=web`. */
export type FieldRequirement = {
  readonly field: string;
  readonly operator: "=" | "!=";
  readonly value: string;
};

/** All requirements must hold; none select everything. */
export type FieldQuery = { readonly requirements: readonly FieldRequirement[] };

/**
 * Reads the query form. `\` before `\`, `,` or `=` makes these part of a value. Throws a
 * `SelectorError`.
 */
export function parseFieldQuery(text: string): FieldQuery {
  const terms = splitTerms(text).filter((term) => term !== "");
  return { requirements: terms.map((term) => parseTerm(term, text)) };
}

/** Whether the requirements hold for what `read` finds; an absent field reads as "". */
export function matchesFields(query: FieldQuery, read: (field: string) => string): boolean {
  return query.requirements.every(
    ({ field, operator, value }) => (read(field) === value) === (operator === "="),
  );
}

/** The query form, which `parseFieldQuery` reads back to an equal query. */
export function fieldQueryText(query: FieldQuery): string {
  return query.requirements
    .map(({ field, operator, value }) => `${field}${operator}${escapeValue(value)}`)
    .join(",");
}

/** The value `field` must have, if the query says so; "" if it does not. */
export function requiredFieldValue(query: FieldQuery, field: string): string {
  const found = query.requirements.find(
    (requirement) => requirement.field === field && requirement.operator === "=",
  );
  return found?.value ?? "";
}

function splitTerms(text: string): readonly string[] {
  const terms: string[] = [];
  let start = 0;
  for (let at = 0; at < text.length; at += 1) {
    if (text[at] === "\\") at += 1;
    else if (text[at] === ",") {
      terms.push(text.slice(start, at));
      start = at + 1;
    }
  }
  terms.push(text.slice(start));
  return terms;
}

function parseTerm(term: string, text: string): FieldRequirement {
  const match = /^([^\\=!]*)(!=|==|=)/.exec(term);
  const [head = "", field = "", sign = ""] = match ?? [];
  if (match === null) {
    throw new SelectorError(`invalid selector: '${text}'; can't understand '${term}'`);
  }
  const value = unescapeValue(term.slice(head.length));
  return { field, operator: sign === "!=" ? "!=" : "=", value };
}

function unescapeValue(text: string): string {
  let value = "";
  for (let at = 0; at < text.length; at += 1) {
    const char = text.charAt(at);
    if (char === "=" || char === ",") {
      throw new SelectorError(
        `invalid field selector: unescaped character in value: ${char.codePointAt(0)}`,
      );
    }
    if (char !== "\\") value += char;
    else {
      at += 1;
      const escaped = text.charAt(at);
      if (!/^[\\,=]$/.test(escaped)) {
        throw new SelectorError(`invalid field selector: invalid escape sequence: \\${escaped}`);
      }
      value += escaped;
    }
  }
  return value;
}

function escapeValue(value: string): string {
  return value.replace(/[\\,=]/g, (char) => `\\${char}`);
}
