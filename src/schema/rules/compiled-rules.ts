/**
 * Rules of one place, compiled: for a definition to be told what is wrong with them, and for its
 * objects when the first of them is validated. Programs are kept as long as the schema.
 */
import { REQUEST_BYTES_MAX } from "../../cel/limits.ts";
import type { CelProgram } from "../../cel/program.ts";
import { optionalOf, type CelType } from "../../cel/types.ts";
import { resolveFieldPath } from "../json-path/field-path-text.ts";
import type { SchemaNode, ValidationRule } from "../schema-node.ts";
import { declaredType } from "./declared-type.ts";
import { expressionCompiler, type ExpressionCompiler } from "./expressions.ts";

/** An expression, or what is wrong with it. */
export type Expression =
  | {
      readonly kind: "program";
      readonly program: CelProgram;
      /** The most that one evaluation is estimated to cost. */
      readonly costMax: number;
    }
  | { readonly kind: "broken"; readonly problem: string };

export type CompiledRule = {
  readonly rule: ValidationRule;
  /** Absent if the rule is empty. */
  readonly expression?: Expression;
  /** Absent if there is none, or the rule is broken. */
  readonly message?: Expression;
  /** Whether the rule looks at the old value: a transition rule. */
  readonly usesOldSelf: boolean;
  /** The place the rule speaks of, relative to its own; "" is its own. */
  readonly fieldPath: string;
};

/** The rules of a place, or why there cannot be any. */
export type RuleSet =
  | {
      readonly kind: "rules";
      readonly rules: readonly CompiledRule[];
      /** Whether any of them looks at the old value: only then do messages know it. */
      readonly usesOldSelf: boolean;
      /** How often the place can be in one request, where nothing else limits it. */
      readonly occurrencesMax: number;
    }
  | { readonly kind: "hidden" };

const parts = new WeakMap<SchemaNode, RuleSet>();
const resources = new WeakMap<SchemaNode, RuleSet>();

/** The compiled rules of a node; compiled once. */
export function rulesOf(node: SchemaNode, isResource: boolean): RuleSet {
  const kept = isResource ? resources : parts;
  const known = kept.get(node);
  if (known !== undefined) return known;
  const compiled = compileRules(node, isResource);
  kept.set(node, compiled);
  return compiled;
}

function compileRules(node: SchemaNode, isResource: boolean): RuleSet {
  const self = declaredType(node, isResource);
  if (self === undefined) return { kind: "hidden" };
  const compilers = new Compilers(self);
  const rules = (node.rules ?? []).map((rule) => compileRule(rule, node, compilers));
  const bytesMin = self.shape?.bytesMin ?? 1;
  const occurrencesMax = Math.floor(REQUEST_BYTES_MAX / (bytesMin + 1));
  const usesOldSelf = rules.some((rule) => rule.usesOldSelf);
  return { kind: "rules", rules, usesOldSelf, occurrencesMax };
}

/** One compiler for rules that want an old value, one for those that can do without. */
class Compilers {
  readonly #self: CelType;
  #plain: ExpressionCompiler | undefined;
  #optional: ExpressionCompiler | undefined;

  constructor(self: CelType) {
    this.#self = self;
  }

  of(rule: ValidationRule): ExpressionCompiler {
    const self = this.#self;
    if (rule.optionalOldSelf !== true) {
      return (this.#plain ??= expressionCompiler({ self, oldSelf: self }));
    }
    const oldSelf = optionalOf(self);
    return (this.#optional ??= expressionCompiler({ self, oldSelf }));
  }
}

function compileRule(rule: ValidationRule, node: SchemaNode, compilers: Compilers): CompiledRule {
  const none = { rule, usesOldSelf: false, fieldPath: "" };
  if (rule.rule.trim() === "") return none;
  const compiler = compilers.of(rule);
  const expression = compileExpression(rule.rule, compiler, RULE_WORDS);
  if (expression.kind === "broken") return { ...none, expression };
  const { messageExpression = "", fieldPath = "" } = rule;
  const resolved = fieldPath === "" ? undefined : resolveFieldPath(fieldPath, node);
  return {
    rule,
    expression,
    usesOldSelf: expression.program.variables.has("oldSelf"),
    fieldPath: resolved?.kind === "resolved" ? resolved.path : "",
    ...(messageExpression === ""
      ? {}
      : { message: compileExpression(messageExpression, compiler, MESSAGE_WORDS) }),
  };
}

type ExpressionWords = {
  /** What an error of the source begins with. */
  readonly failed: string;
  /** What an error of making the program begins with. */
  readonly unmade: string;
  readonly type: "bool" | "string";
  readonly wrongType: string;
};

const RULE_WORDS: ExpressionWords = {
  failed: "compilation failed: ",
  unmade: "program instantiation failed: ",
  type: "bool",
  wrongType: "cel expression must evaluate to a bool",
};

const MESSAGE_WORDS: ExpressionWords = {
  failed: "messageExpression compilation failed: ",
  unmade: "messageExpression instantiation failed: ",
  type: "string",
  wrongType: "messageExpression must evaluate to a string",
};

function compileExpression(
  source: string,
  compiler: ExpressionCompiler,
  words: ExpressionWords,
): Expression {
  const compilation = compiler(source);
  if (compilation.kind === "errors") {
    const { type } = compilation;
    if (type !== undefined && type.kind !== words.type) {
      return { kind: "broken", problem: words.wrongType };
    }
    const what = compilation.stage === undefined ? words.failed : words.unmade;
    return { kind: "broken", problem: `${what}${compilation.message}` };
  }
  const { program } = compilation;
  if (program.type.kind !== words.type) return { kind: "broken", problem: words.wrongType };
  return { kind: "program", program, costMax: program.estimateCost().max };
}
