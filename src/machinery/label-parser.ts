/**
 * The query form of label selectors: `app=web,tier in (a,b),!debug,size>3`. Reads what
 * `labelQueryText` writes, and complains in upstream's words.
 */
import { compareText } from "./key.ts";
import type { LabelOperator, LabelQuery, LabelRequirement } from "./labels.ts";
import { labelValueProblem, qualifiedNameProblem } from "./names.ts";
import { SelectorError } from "./selector-error.ts";

export { SelectorError } from "./selector-error.ts";

type Token = { readonly kind: "word" | "symbol" | "end"; readonly text: string };

const END: Token = { kind: "end", text: "" };

/** Two-character symbols first, so that they are not read as two. */
const TOKEN = /[ \t\r\n]*(?:(!=|==|[=!(),<>])|([^ \t\r\n=!(),<>]+))/y;

const OPERATORS: Readonly<Record<string, LabelOperator>> = {
  in: "in",
  notin: "notin",
  "=": "=",
  "==": "=",
  "!=": "!=",
  ">": "gt",
  "<": "lt",
};

/** The requirements in the order they stand there. Throws a `SelectorError`. */
export function parseLabelQuery(text: string): LabelQuery {
  return new LabelParser(tokensOf(text)).parse();
}

function tokensOf(text: string): readonly Token[] {
  const tokens: Token[] = [];
  TOKEN.lastIndex = 0;
  for (let match = TOKEN.exec(text); match !== null; match = TOKEN.exec(text)) {
    const [, symbol, word] = match;
    if (symbol !== undefined) tokens.push({ kind: "symbol", text: symbol });
    else tokens.push({ kind: "word", text: word ?? "" });
  }
  return tokens;
}

class LabelParser {
  readonly #tokens: readonly Token[];
  #at = 0;

  constructor(tokens: readonly Token[]) {
    this.#tokens = tokens;
  }

  parse(): LabelQuery {
    const requirements: LabelRequirement[] = [];
    if (this.#peek().kind === "end") return { requirements };
    this.#expectRequirement("found '%', expected: !, identifier, or 'end of string'");
    for (;;) {
      requirements.push(this.#requirement());
      const token = this.#take();
      if (token.kind === "end") return { requirements };
      if (!isSymbol(token, ",")) {
        throw new SelectorError(`found '${token.text}', expected: ',' or 'end of string'`);
      }
      this.#expectRequirement("found '%', expected: identifier after ','");
    }
  }

  #expectRequirement(message: string): void {
    const token = this.#peek();
    if (token.kind === "word" || isSymbol(token, "!")) return;
    throw new SelectorError(message.replace("%", () => token.text));
  }

  #requirement(): LabelRequirement {
    const isNegated = isSymbol(this.#peek(), "!");
    if (isNegated) this.#take();
    const key = this.#key();
    const next = this.#peek();
    if (next.kind === "end" || isSymbol(next, ",")) {
      return { key, operator: isNegated ? "!" : "exists", values: [] };
    }
    if (isNegated)
      throw new SelectorError(`found '${next.text}', expected: ',' or 'end of string'`);
    const operator = this.#operator();
    const isSet = operator === "in" || operator === "notin";
    const values = isSet ? this.#set() : [this.#exact()];
    checkValues(key, operator, values);
    return { key, operator, values: [...new Set(values)].sort(compareText) };
  }

  #key(): string {
    const token = this.#take();
    if (token.kind !== "word") throw unparsable(`found '${token.text}', expected: identifier`);
    const problem = qualifiedNameProblem(token.text);
    if (problem === undefined) return token.text;
    throw unparsable(`<nil>: Invalid value: ${JSON.stringify(token.text)}: ${problem}`);
  }

  #operator(): LabelOperator {
    const { text } = this.#take();
    const operator = Object.hasOwn(OPERATORS, text) ? OPERATORS[text] : undefined;
    if (operator !== undefined) return operator;
    throw unparsable(`found '${text}', expected: in, notin, =, ==, !=, gt, lt`);
  }

  /** `(a,b)`. A missing word counts as the empty value. */
  #set(): readonly string[] {
    const open = this.#take();
    if (!isSymbol(open, "(")) throw unparsable(`found '${open.text}' expected: '('`);
    const values: string[] = [];
    for (;;) {
      const isEmpty = isSymbol(this.#peek(), ",") || isSymbol(this.#peek(), ")");
      const token = isEmpty ? END : this.#take();
      if (!isEmpty && token.kind !== "word") {
        throw unparsable(`found '${token.text}', expected: ',', ')' or identifier`);
      }
      values.push(token.text);
      const end = this.#take();
      if (isSymbol(end, ")")) return values;
      if (!isSymbol(end, ",")) throw unparsable(`found '${end.text}', expected: ',' or ')'`);
    }
  }

  /** The value of a comparison; nothing counts as the empty value. */
  #exact(): string {
    const next = this.#peek();
    if (next.kind === "end" || isSymbol(next, ",")) return "";
    const token = this.#take();
    if (token.kind === "word") return token.text;
    throw unparsable(`found '${token.text}', expected: identifier`);
  }

  #peek(): Token {
    return this.#tokens[this.#at] ?? END;
  }

  #take(): Token {
    const token = this.#peek();
    this.#at += 1;
    return token;
  }
}

function checkValues(key: string, operator: LabelOperator, values: readonly string[]): void {
  if ((operator === "gt" || operator === "lt") && !isInt64(values[0] ?? "")) {
    const why = "for 'Gt', 'Lt' operators, the value must be an integer";
    throw unparsable(`values[0]: Invalid value: ${JSON.stringify(values[0])}: ${why}`);
  }
  for (const [index, value] of values.entries()) {
    const problem = labelValueProblem(value);
    if (problem === undefined) continue;
    const shown = JSON.stringify(value);
    throw unparsable(`values[${index}][${key}]: Invalid value: ${shown}: ${problem}`);
  }
}

function isInt64(text: string): boolean {
  return /^[+-]?[0-9]{1,19}$/.test(text) && BigInt.asIntN(64, BigInt(text)) === BigInt(text);
}

function isSymbol(token: Token, text: string): boolean {
  return token.kind === "symbol" && token.text === text;
}

function unparsable(why: string): SelectorError {
  return new SelectorError(`unable to parse requirement: ${why}`);
}
