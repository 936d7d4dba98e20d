/** Whether defaults are values their own schema accepts, down to its rules. */
import { OBJECT_COST_MAX } from "../../cel/limits.ts";
import { equalValues } from "../../machinery/json-value.ts";
import { isFields, type Fields } from "../../machinery/object.ts";
import { fieldErrorText, type FieldError } from "../../machinery/status.ts";
import type { MetadataKnowledge } from "../custom-resource-schema.ts";
import { invalid } from "../field-errors.ts";
import { at, child } from "../field-path.ts";
import { checkRules } from "../rules/check-rules.ts";
import type { Budget } from "../rules/run-rules.ts";
import { TRAIT, type SchemaNode } from "../schema-node.ts";
import { Coercer } from "../values/decode.ts";
import { checkEmbedded } from "../values/embedded.ts";
import { prune } from "../values/prune.ts";
import { checkAgainst } from "../values/validate.ts";

/** What the check of defaults goes by. */
export type DefaultChecks = {
  readonly metadata: MetadataKnowledge | undefined;
  /** Whether a default may hold nothing that pruning would drop. */
  readonly requiresPruned: boolean;
};

/** Violations of all defaults of a schema. */
export function checkDefaults(
  root: SchemaNode,
  path: string,
  checks: DefaultChecks,
): readonly FieldError[] {
  const walk = new DefaultWalk(checks);
  const resource: SchemaNode = { ...root, isEmbedded: true };
  walk.check(resource, path, { resource, wrap: identity, isInsideMetadata: false });
  return walk.errors;
}

/** The resource a default is in, and how it looks with nothing but the default. */
type Surroundings = {
  readonly resource: SchemaNode;
  readonly wrap: (value: unknown) => unknown;
  readonly isInsideMetadata: boolean;
};

class DefaultWalk {
  readonly errors: FieldError[] = [];
  readonly #checks: DefaultChecks;
  readonly #budget: Budget = { left: OBJECT_COST_MAX };

  constructor(checks: DefaultChecks) {
    this.#checks = checks;
  }

  check(node: SchemaNode, path: string, around: Surroundings): void {
    if ((node.traits & TRAIT.defaults) === 0 || this.#budget.left < 0) return;
    const isResource = node.isEmbedded === true;
    const own = isResource ? { resource: node, wrap: identity, isInsideMetadata: false } : around;
    if (node.default !== undefined) {
      const field = child(path, "default");
      if (own.isInsideMetadata) this.#insideMetadata(node, field, own);
      else this.#outside(node, field);
    }
    // Defaults of the values of maps are refused elsewhere where they matter.
    if (node.items !== undefined) {
      const wrap = (value: unknown): unknown => own.wrap([value]);
      this.check(node.items, child(path, "items"), { ...own, wrap });
    }
    for (const [name, property] of Object.entries(node.properties ?? {})) {
      const isMeta = isResource && META_FIELDS.includes(name);
      const wrap = (value: unknown): unknown => own.wrap({ [name]: value });
      const isInsideMetadata = isMeta || own.isInsideMetadata;
      const place = at(child(path, "properties"), name);
      this.check(property, place, { ...own, wrap, isInsideMetadata });
    }
  }

  #outside(node: SchemaNode, field: string): void {
    const value = node.default;
    const isResource = node.isEmbedded === true;
    if (this.#checks.requiresPruned) {
      const pruned = prune(value, node, isResource ? "resource" : "part").value;
      if (!equalValues(pruned, value)) {
        this.errors.push(invalid(field, value, "must not have unknown fields"));
      }
    }
    const problems = this.#metadataErrors(value, node, field);
    this.errors.push(...(problems.length > 0 ? problems : this.#valueErrors(node, field)));
  }

  /** The default of a part of metadata is judged by the metadata it makes. */
  #insideMetadata(node: SchemaNode, field: string, around: Surroundings): void {
    const made = around.wrap(node.default);
    const typeMeta: Fields = { kind: "Validation", apiVersion: "validation/v1" };
    const resource = isFields(made) ? { ...typeMeta, ...made } : typeMeta;
    const [problem] = this.#metadataErrors(resource, around.resource, "");
    if (problem === undefined) {
      this.errors.push(...this.#valueErrors(node, field));
      return;
    }
    const text = `${problem.field}: ${fieldErrorText(problem)}`;
    this.errors.push(invalid(field, node.default, `must result in valid metadata: ${text}`));
  }

  #metadataErrors(value: unknown, node: SchemaNode, path: string): readonly FieldError[] {
    const { metadata } = this.#checks;
    if (metadata === undefined) return [];
    const coercer = new Coercer(metadata.objectMeta, "refuse");
    coercer.coerce(value, node, path);
    if (coercer.problem !== undefined) return [coercer.problem];
    return checkEmbedded(value, node, path, metadata.checkMetadata ?? (() => []));
  }

  #valueErrors(node: SchemaNode, field: string): readonly FieldError[] {
    const value = node.default;
    const errors = checkAgainst(value, untyped(node), field);
    if (errors.length > 0) return errors;
    const isResource = node.isEmbedded === true;
    const subject = { value, correlation: undefined, path: field };
    const changed = checkRules({ ...subject, old: value }, node, isResource, this.#budget);
    if (changed.length > 0) return changed;
    return checkRules({ ...subject, old: undefined }, node, isResource, this.#budget);
  }
}

/** Of a default, upstream's validator does not know that a place is an integer or a string. */
function untyped(node: SchemaNode): SchemaNode {
  const known = UNTYPED.get(node);
  if (known !== undefined) return known;
  const { properties = {}, items, additionalProperties } = node;
  const { isIntOrString: _typed, ...rest } = node;
  const named = Object.entries(properties);
  const made: SchemaNode = {
    ...rest,
    ...(named.length === 0
      ? {}
      : { properties: Object.fromEntries(named.map(([name, one]) => [name, untyped(one)])) }),
    ...(items === undefined ? {} : { items: untyped(items) }),
    ...(additionalProperties === undefined
      ? {}
      : { additionalProperties: untyped(additionalProperties) }),
  };
  UNTYPED.set(node, made);
  return made;
}

const UNTYPED = new WeakMap<SchemaNode, SchemaNode>();

const META_FIELDS: readonly string[] = ["apiVersion", "kind", "metadata"];

function identity(value: unknown): unknown {
  return value;
}
