/**
 * Rules of a definition: whether they compile, and what they may cost. A rule costs its estimate
 * times how often its place can be in an object; both are bounded, and so is their sum.
 */
import { ESTIMATED_COST_MAX, ESTIMATED_TOTAL_COST_MAX } from "../../cel/limits.ts";
import type { Fields } from "../../machinery/object.ts";
import type { FieldError } from "../../machinery/status.ts";
import type { SchemaCompiler } from "../compile.ts";
import { forbidden, internal, invalid } from "../field-errors.ts";
import { at, child } from "../field-path.ts";
import { has, isSet, numberAt, rulesAt, textAt, type SchemaProps } from "../schema-props.ts";
import { rulesOf, type CompiledRule } from "../rules/compiled-rules.ts";
import { goRule } from "./go-schema.ts";

/** Costs beyond this are all the same. */
const COST_LIMIT = 2 ** 64 - 1;
/** Rules that are told to contribute to a sum that is too high. */
const EXPENSIVE_MAX = 4;

type RuleCost = { readonly field: string; readonly cost: number };

/** The sum of a definition's rules. */
class TotalCost {
  total = 0;
  expensive: readonly RuleCost[] = [];

  add(field: string, cost: number): void {
    this.total = Math.min(COST_LIMIT, this.total + cost);
    if (cost < ESTIMATED_TOTAL_COST_MAX / 100) return;
    const all = [...this.expensive, { field, cost }];
    this.expensive = all.toSorted((a, b) => b.cost - a.cost).slice(0, EXPENSIVE_MAX);
  }
}

/** What all places of a definition share. */
type DefinitionCheck = {
  readonly total: TotalCost;
  readonly compiler: SchemaCompiler;
  /** Whether each rule must be affordable; the sum must be in any case. */
  readonly limitsEach: boolean;
};

/** A place of a schema as rules see it. */
export class RuleScope {
  readonly #props: SchemaProps;
  readonly #isResource: boolean;
  /** How often the place can be in an object; undefined if nothing above limits it. */
  readonly #occurrences: number | undefined;
  readonly #check: DefinitionCheck;

  private constructor(
    props: SchemaProps,
    isResource: boolean,
    occurrences: number | undefined,
    check: DefinitionCheck,
  ) {
    this.#props = props;
    this.#isResource = isResource;
    this.#occurrences = occurrences;
    this.#check = check;
  }

  /** The scope of a whole schema; an unchanged one may keep rules that cost too much. */
  static root(props: SchemaProps, compiler: SchemaCompiler, isUnchanged: boolean): RuleScope {
    const check = { total: new TotalCost(), compiler, limitsEach: !isUnchanged };
    return new RuleScope(props, true, 1, check);
  }

  /** The scope of a field, of the values of a map, or of the items of a list. */
  below(props: SchemaProps): RuleScope {
    const factor = occurrencesBelow(this.#props);
    const isLimited = this.#occurrences !== undefined && factor !== undefined;
    const occurrences = isLimited ? multiplied(this.#occurrences ?? 0, factor) : undefined;
    const isResource = isSet(props, "x-kubernetes-embedded-resource");
    return new RuleScope(props, isResource, occurrences, this.#check);
  }

  /** What is wrong with the rules of the place; their costs are added up. */
  check(path: string, uncorrelated: string | undefined): readonly FieldError[] {
    const place = child(path, "x-kubernetes-validations");
    const set = rulesOf(this.#check.compiler.node(this.#props), this.#isResource);
    if (set.kind === "hidden") {
      const why = "unable to convert structural schema to CEL declarations";
      const what = "failed to construct type information for x-kubernetes-validations rules";
      return [internal(place, `internal error: ${what}: ${why}`)];
    }
    const raw = rulesAt(this.#props);
    return set.rules.flatMap((rule, index) =>
      this.#checkRule(rule, raw[index] ?? {}, at(place, index), set.occurrencesMax, uncorrelated),
    );
  }

  #checkRule(
    compiled: CompiledRule,
    raw: Fields,
    place: string,
    occurrencesMax: number,
    uncorrelated: string | undefined,
  ): readonly FieldError[] {
    const { expression, message } = compiled;
    const field = child(place, "rule");
    const each = expression?.kind === "program" ? expression.costMax : 0;
    const cost = multiplied(each, this.#occurrences ?? occurrencesMax);
    const errors: FieldError[] = [...this.#costErrors(field, "estimated rule cost", cost)];
    if (expression?.kind === "broken") {
      errors.push(invalid(field, goRule(raw), expression.problem));
    }
    const messageField = child(place, "messageExpression");
    if (message?.kind === "broken") {
      errors.push(invalid(messageField, goRule(raw), message.problem));
    } else if (message !== undefined) {
      const name = "estimated messageExpression cost";
      errors.push(...this.#costErrors(messageField, name, message.costMax));
    }
    return [...errors, ...oldSelfErrors(compiled, raw, place, uncorrelated)];
  }

  #costErrors(field: string, name: string, cost: number): readonly FieldError[] {
    const { total, limitsEach } = this.#check;
    total.add(field, cost);
    const isTooHigh = limitsEach && cost > ESTIMATED_COST_MAX;
    return isTooHigh ? [forbidden(field, costProblem(name, cost, ESTIMATED_COST_MAX))] : [];
  }

  /** What is wrong with the sum of all rules; `field` is the whole schema. */
  totalErrors(field: string): readonly FieldError[] {
    const { total, expensive } = this.#check.total;
    if (total <= ESTIMATED_TOTAL_COST_MAX) return [];
    const contributed =
      "contributed to estimated rule cost total exceeding cost limit for entire OpenAPIv3 schema";
    const name = "x-kubernetes-validations estimated rule cost total for entire OpenAPIv3 schema";
    return [
      ...expensive.map((rule) => forbidden(rule.field, contributed)),
      forbidden(field, costProblem(name, total, ESTIMATED_TOTAL_COST_MAX)),
    ];
  }
}

function oldSelfErrors(
  compiled: CompiledRule,
  raw: Fields,
  place: string,
  uncorrelated: string | undefined,
): readonly FieldError[] {
  if (compiled.usesOldSelf) {
    if (uncorrelated === undefined) return [];
    const detail =
      "oldSelf cannot be used on the uncorrelatable portion of the schema " +
      `within ${uncorrelated}`;
    return [invalid(child(place, "rule"), textAt(raw, "rule"), detail)];
  }
  if (!has(raw, "optionalOldSelf")) return [];
  const detail = "may not be set if oldSelf is not used in rule";
  return [invalid(child(place, "optionalOldSelf"), isSet(raw, "optionalOldSelf"), detail)];
}

/** How many places there can be below each place; undefined if the schema does not say. */
function occurrencesBelow(props: SchemaProps): number | undefined {
  switch (textAt(props, "type")) {
    case "object":
      return has(props, "additionalProperties") ? limit(props, "maxProperties") : 1;
    case "array":
      return limit(props, "maxItems");
    default:
      return 1;
  }
}

function limit(props: SchemaProps, key: string): number | undefined {
  const stated = numberAt(props, key);
  return stated === undefined ? undefined : Math.max(0, stated);
}

function multiplied(cost: number, times: number): number {
  return cost === 0 || times === 0 ? 0 : Math.min(COST_LIMIT, cost * times);
}

function costProblem(name: string, cost: number, costMax: number): string {
  const factor = cost / costMax;
  const shown =
    factor > 100
      ? "more than 100x"
      : factor < 1.5
        ? `${factor.toFixed(6)}x`
        : `${factor.toFixed(1)}x`;
  return (
    `${name} exceeds budget by factor of ${shown} (try simplifying the rule, or adding ` +
    "maxItems, maxProperties, and maxLength where arrays, maps, and strings are declared)"
  );
}
