/**
 * Reads tokens rule by rule and recovers from mistakes, so that one look shows as many of them as
 * there are. Wordings and places follow the parser generator cel-go is made with: a superfluous
 * token is skipped, a missing one imagined, and otherwise reading goes on where something fits
 * that one of the open rules is waiting for.
 */
import { NESTING_MAX } from "../limits.ts";
import type { Issue, Source } from "./source.ts";
import { NOWHERE } from "./source.ts";
import { RULE_END, setText, TOKEN, type Token, type TokenKind, type TokenSet } from "./tokens.ts";

/** Recoveries after which reading is given up. */
const RECOVERIES_MAX = 30;
/** Tokens one recovery may skip. */
const SKIPPED_TOKENS_MAX = 256;
/** Syntax errors after which reading is given up. */
const SYNTAX_ERRORS_MAX = 100;

/** Reading is given up; why is already reported. */
export class ReadingAborted extends Error {
  override readonly name = "ReadingAborted";
}

/** The rule being read cannot go on at this token. */
class RuleBroken extends Error {
  override readonly name = "RuleBroken";
  readonly offender: Token;
  readonly text: string;

  constructor(text: string, offender: Token) {
    super(text);
    this.text = text;
    this.offender = offender;
  }
}

export class TokenReader {
  readonly #source: Source;
  readonly #tokens: readonly Token[];
  readonly #issues: Issue[] = [];
  #index = 0;
  /** What follows each open rule within its user, outermost first. */
  readonly #follows: TokenSet[] = [];
  /** How often each rule is open, by its name. */
  /** How often each rule is open. */
  readonly #depths: number[] = [];
  /** The place in the grammar, to notice that recovery makes no progress. */
  #state = 0;
  #isRecovering = false;
  #recoveries = 0;
  #errorIndex = -1;
  readonly #errorStates = new Set<number>();

  constructor(source: Source, tokens: readonly Token[]) {
    this.#source = source;
    this.#tokens = tokens;
  }

  get issues(): readonly Issue[] {
    return this.#issues;
  }

  /** The token `ahead` places further, 1 being the next one. */
  peek(ahead = 1): Token {
    const last = this.#tokens.length - 1;
    const token = this.#tokens[Math.min(this.#index + ahead - 1, last)];
    if (token === undefined) throw new ReadingAborted("a token stream has an end token");
    return token;
  }

  is(kind: TokenKind, ahead = 1): boolean {
    return this.peek(ahead).kind === kind;
  }

  /** Begins to read a rule; what its user can go on with is `follow`. */
  enter(rule: number, follow: TokenSet): void {
    const depth = (this.#depths[rule] ?? 0) + 1;
    if (depth > NESTING_MAX) this.abort(`expression recursion limit exceeded: ${NESTING_MAX}`);
    this.#depths[rule] = depth;
    this.#follows.push(follow);
  }

  /** Ends the innermost rule. */
  leave(rule: number): void {
    this.#follows.pop();
    this.#depths[rule] = (this.#depths[rule] ?? 1) - 1;
  }

  /** Recovers from what the innermost rule broke off with; throws what is no such thing. */
  breakOff(error: unknown): void {
    if (!(error instanceof RuleBroken)) throw error;
    this.#report(error.text, error.offender);
    this.#recover();
  }

  /** Reads a token of that kind. `after` is what can come behind it in this rule. */
  match(state: number, kind: TokenKind, after: TokenSet): Token {
    this.#state = state;
    const token = this.peek();
    if (token.kind === kind) return this.take();
    this.#countRecovery();
    const expected = new Set([kind]);
    if (this.#deletes(expected)) return this.take();
    if (this.#expected(after).has(token.kind)) {
      this.#report(`missing ${setText(expected)} at ${display(token)}`, token);
      return { kind, text: `<missing ${setText(expected)}>`, offset: token.offset, blank: "" };
    }
    throw this.#mismatch(expected);
  }

  /** Reads the next token, whatever it is. */
  take(): Token {
    const token = this.peek();
    this.#isRecovering = false;
    this.#errorStates.clear();
    this.#errorIndex = -1;
    this.#index += 1;
    return token;
  }

  /** Makes sure that one of `expected` comes next, at the start of a choice. */
  sync(state: number, expected: TokenSet): void {
    this.#state = state;
    if (this.#isRecovering || expected.has(RULE_END)) return;
    if (expected.has(this.peek().kind)) return;
    if (!this.#deletes(expected)) throw this.#mismatch(expected);
  }

  /** The same between the rounds of a loop, where everything that does not fit is skipped. */
  syncLoop(state: number, expected: TokenSet): void {
    this.#state = state;
    if (this.#isRecovering || expected.has(RULE_END)) return;
    if (expected.has(this.peek().kind)) return;
    this.#reportUnwanted(expected);
    this.#skipUntil(new Set([...this.#expected(expected), ...this.#recoverySet()]));
  }

  /** No choice fits the tokens up to the one `ahead` places further. */
  noChoice(ahead: number): Error {
    let text = "";
    for (let place = 1; place <= ahead; place += 1) {
      const token = this.peek(place);
      text += `${place === 1 ? "" : token.blank}${token.text}`;
      if (token.kind === TOKEN.end) break;
    }
    if (this.is(TOKEN.end)) text = "<EOF>";
    const keyword = /^.(true|false|null)$/.exec(text)?.[1];
    const message =
      keyword === undefined
        ? `no viable alternative at input ${quoted(text)}`
        : `mismatched input '${keyword}' expecting IDENTIFIER`;
    return new RuleBroken(message, this.peek(ahead));
  }

  /** Gives up, with an error that has no place. */
  abort(message: string): never {
    this.#issues.push({ place: NOWHERE, message });
    throw new ReadingAborted(message);
  }

  #mismatch(expected: TokenSet): Error {
    const token = this.peek();
    const wanted = setText(this.#expected(expected));
    return new RuleBroken(`mismatched input ${display(token)} expecting ${wanted}`, token);
  }

  /** Skips a superfluous token if the one behind it fits. */
  #deletes(expected: TokenSet): boolean {
    if (!this.#expected(expected).has(this.peek(2).kind)) return false;
    this.#reportUnwanted(expected);
    this.take();
    return true;
  }

  #reportUnwanted(expected: TokenSet): void {
    const token = this.peek();
    const wanted = setText(this.#expected(expected));
    this.#report(`extraneous input ${display(token)} expecting ${wanted}`, token);
  }

  #report(text: string, token: Token): void {
    if (this.#isRecovering) return;
    this.#isRecovering = true;
    this.#syntaxError(text, token);
  }

  #syntaxError(text: string, token: Token): void {
    const place = this.#source.placeOf(token.offset);
    if (this.#issues.length >= SYNTAX_ERRORS_MAX) {
      const message = `Syntax error: More than ${SYNTAX_ERRORS_MAX} syntax errors`;
      this.#issues.push({ place, message });
      throw new ReadingAborted(message);
    }
    this.#issues.push({ place, message: `Syntax error: ${text}` });
  }

  #countRecovery(): void {
    if (this.#recoveries === RECOVERIES_MAX) {
      this.#syntaxError(`error recovery attempt limit exceeded: ${RECOVERIES_MAX}`, this.peek());
      throw new ReadingAborted("too many recoveries");
    }
    this.#recoveries += 1;
  }

  #recover(): void {
    this.#countRecovery();
    if (this.#errorIndex === this.#index && this.#errorStates.has(this.#state)) this.#skip(0);
    this.#errorIndex = this.#index;
    this.#errorStates.add(this.#state);
    this.#skipUntil(this.#recoverySet());
  }

  #skipUntil(set: TokenSet): void {
    for (let skipped = 0; !this.is(TOKEN.end) && !set.has(this.peek().kind); skipped += 1) {
      this.#skip(skipped);
    }
  }

  #skip(skipped: number): void {
    if (skipped >= SKIPPED_TOKENS_MAX) {
      this.abort(`error recovery token lookahead limit exceeded: ${SKIPPED_TOKENS_MAX}`);
    }
    this.#index = Math.min(this.#index + 1, this.#tokens.length - 1);
  }

  /** Everything that some open rule can go on with. */
  #recoverySet(): TokenSet {
    const all = new Set(this.#follows.flatMap((follow) => [...follow]));
    all.delete(RULE_END);
    return all;
  }

  /** What can come next, given where the open rules are used. */
  #expected(set: TokenSet): TokenSet {
    const all = new Set(set);
    for (let level = this.#follows.length - 1; level >= 0 && all.has(RULE_END); level -= 1) {
      all.delete(RULE_END);
      for (const kind of this.#follows[level] ?? []) all.add(kind);
    }
    if (all.delete(RULE_END)) all.add(TOKEN.end);
    return all;
  }
}

function display(token: Token): string {
  return quoted(token.kind === TOKEN.end ? "<EOF>" : token.text);
}

function quoted(text: string): string {
  const escaped = text.replaceAll("\t", "\\t").replaceAll("\n", "\\n").replaceAll("\r", "\\r");
  return `'${escaped}'`;
}
