/**
 * Evaluates the rules of an object, from the root down, within one budget. Transition rules run
 * only where there is an old value to compare with: fields are found again by their names, items
 * of map lists by their keys.
 */
import { runAtOnce, type Interruptible } from "../../base/interruptible.ts";
import { OBJECT_COST_MAX } from "../../cel/limits.ts";
import { isFields, own, type Fields } from "../../machinery/object.ts";
import type { FieldError } from "../../machinery/status.ts";
import { hasRules } from "../compile.ts";
import { at, child } from "../field-path.ts";
import type { SchemaNode } from "../schema-node.ts";
import { OldItems, type Correlation } from "../values/correlation.ts";
import { typeSizes } from "./type-sizes.ts";
import { runRules, type Budget } from "./run-rules.ts";

/** What rules are evaluated on. */
export type RuleSubject = {
  readonly value: unknown;
  /** The value before; undefined if there was none. */
  readonly old: unknown;
  /** The root of the comparison with the old object; absent on creates. */
  readonly correlation: Correlation | undefined;
  /** Where the value stands. */
  readonly path: string;
  /** Told of errors that do not count, because nothing changed where they are. */
  readonly warn?: (text: string) => void;
};

/** How errors of a place are forgiven: by its own comparison, or the nearest one above it. */
type Ratchet = {
  readonly current: Correlation | undefined;
  readonly parent: Correlation | undefined;
};

type Place = {
  readonly value: unknown;
  readonly old: unknown;
  readonly node: SchemaNode;
  readonly isResource: boolean;
  readonly path: string;
  readonly ratchet: Ratchet;
};

/** Errors of all rules at and below a place; `isResource` is whether it has metadata. */
export function checkRules(
  subject: RuleSubject,
  node: SchemaNode,
  isResource = true,
  budget: Budget = { left: OBJECT_COST_MAX },
): readonly FieldError[] {
  return runAtOnce(ruleCheck(subject, node, isResource, budget));
}

/** The same as work that can be interrupted between rules. */
export function* ruleCheck(
  subject: RuleSubject,
  node: SchemaNode,
  isResource = true,
  budget: Budget = { left: OBJECT_COST_MAX },
): Interruptible<readonly FieldError[]> {
  const { correlation, warn = () => undefined, ...place } = subject;
  const walk = new RuleWalk(budget, warn);
  const ratchet = { current: correlation, parent: undefined };
  yield* walk.check({ ...place, node, isResource, ratchet });
  return walk.errors;
}

class RuleWalk {
  readonly errors: FieldError[] = [];
  readonly #budget: Budget;
  readonly #warn: (text: string) => void;

  constructor(budget: Budget, warn: (text: string) => void) {
    this.#budget = budget;
    this.#warn = warn;
  }

  *check(place: Place): Interruptible<void> {
    const { value, node, ratchet } = place;
    if (value === null || value === undefined || !hasRules(node)) return;
    const isForgiven = (): boolean => (ratchet.current ?? ratchet.parent)?.isUnchanged() === true;
    const ruled = { ...place, isForgiven, warn: this.#warn };
    this.errors.push(...(yield* runRules(ruled, this.#budget)));
    if (this.#budget.left < 0) return;
    if (Array.isArray(value)) yield* this.#items(value, place);
    else if (isFields(value)) yield* this.#fields(value, place);
  }

  *#items(items: readonly unknown[], { node, old, path, ratchet }: Place): Interruptible<void> {
    const place = node.items;
    if (place === undefined || !hasRules(place)) return;
    const oldItems = new OldItems(Array.isArray(old) ? old : [], node);
    for (const [index, value] of items.entries()) {
      yield* this.check({
        value,
        old: oldItems.matching(value),
        node: place,
        isResource: place.isEmbedded === true,
        path: at(path, index),
        ratchet: below(ratchet, (correlation) => correlation.item(index)),
      });
      if (this.#budget.left < 0) return;
    }
  }

  *#fields(fields: Fields, place: Place): Interruptible<void> {
    const { node, path } = place;
    const { properties = {}, additionalProperties } = node;
    for (const [name, value] of Object.entries(fields)) {
      const property = Object.hasOwn(properties, name) ? properties[name] : undefined;
      if (additionalProperties !== undefined) {
        yield* this.check(this.#field(place, name, value, additionalProperties, at(path, name)));
      }
      if (property !== undefined && typeSizes(property) !== undefined) {
        yield* this.check(this.#field(place, name, value, property, child(path, name)));
      }
      if (this.#budget.left < 0) return;
    }
  }

  #field(parent: Place, name: string, value: unknown, node: SchemaNode, path: string): Place {
    const { old, ratchet } = parent;
    return {
      value,
      old: isFields(old) ? own(old, name) : undefined,
      node,
      isResource: node.isEmbedded === true,
      path,
      ratchet: isTypeMetaOfRoot(ratchet, name)
        ? { current: undefined, parent: undefined }
        : below(ratchet, (correlation) => correlation.field(name)),
    };
  }
}

/** `apiVersion` and `kind` are converted before they are compared: they forgive nothing. */
function isTypeMetaOfRoot(ratchet: Ratchet, name: string): boolean {
  const isRoot = ratchet.current !== undefined && ratchet.parent === undefined;
  return isRoot && (name === "apiVersion" || name === "kind");
}

function below(
  ratchet: Ratchet,
  step: (correlation: Correlation) => Correlation | undefined,
): Ratchet {
  const { current } = ratchet;
  return current === undefined ? ratchet : { current: step(current), parent: current };
}
