/**
 * The walk over all schemas of a definition: what each may say, and whether its rules compile and
 * can be afforded. Rules are compiled only where the schema at and below them is sound: upstream
 * spares users errors that go away with others.
 */
import type { Interruptible } from "../../base/interruptible.ts";
import { own } from "../../machinery/object.ts";
import type { FieldError } from "../../machinery/status.ts";
import { forbidden } from "../field-errors.ts";
import { at, child } from "../field-path.ts";
import {
  has,
  isSet,
  namedSchemasAt,
  optionalTextAt,
  rulesAt,
  schemaAt,
  schemasAt,
  type SchemaProps,
} from "../schema-props.ts";
import type { SchemaCompiler } from "../compile.ts";
import type { Demands } from "./demands.ts";
import { checkExtensions } from "./extensions.ts";
import type { RuleScope } from "./rule-scope.ts";
import { checkRuleTexts } from "./rule-texts.ts";
import { checkTypeRestrictions, type Standing } from "./type-restrictions.ts";

/** Errors of schemas come before errors of rules. */
export type SchemaErrors = {
  readonly schema: readonly FieldError[];
  readonly rules: readonly FieldError[];
};

const META_FIELDS: readonly string[] = ["apiVersion", "kind", "metadata"];

const TOP: Standing = { noDefaults: undefined, isInsideMetadata: false, uncorrelated: undefined };

/** Checks a whole schema. Without a `scope`, rules are not compiled. */
export function checkSchemas(
  props: SchemaProps,
  path: string,
  demands: Demands,
  compiler: SchemaCompiler,
  scope: RuleScope | undefined,
): Interruptible<SchemaErrors> {
  return new SchemaWalk(demands, compiler).check(props, path, TOP, scope, "root");
}

/** Schemas between which the walk can be interrupted. */
const SCHEMAS_IN_A_ROW = 64;

class SchemaWalk {
  readonly #demands: Demands;
  readonly #compiler: SchemaCompiler;
  #seen = 0;

  constructor(demands: Demands, compiler: SchemaCompiler) {
    this.#demands = demands;
    this.#compiler = compiler;
  }

  *check(
    props: SchemaProps,
    path: string,
    standing: Standing,
    scope: RuleScope | undefined,
    level: "root" | "below" = "below",
  ): Interruptible<SchemaErrors> {
    this.#seen += 1;
    if (this.#seen % SCHEMAS_IN_A_ROW === 0) yield;
    const own = checkTypeRestrictions(props, path, standing, this.#demands);
    const inner = [
      yield* this.#additional(props, path, standing, scope),
      ...(yield* this.#properties(props, path, standing, scope, level)),
      ...(yield* this.#alternatives(props, path, standing)),
      ...(yield* this.#items(props, path, standing, scope)),
    ];
    const schema = [
      ...own,
      ...uniqueItemsErrors(props, path),
      ...inner.flatMap((errors) => errors.schema),
      ...checkExtensions(props, path, this.#demands),
      ...checkRuleTexts(props, path, this.#compiler),
    ];
    const rules = inner.flatMap((errors) => errors.rules);
    if (schema.length > 0 || scope === undefined || rulesAt(props).length === 0) {
      return { schema, rules };
    }
    yield; // to compile rules takes long
    return { schema, rules: [...rules, ...scope.check(path, standing.uncorrelated)] };
  }

  *#additional(
    props: SchemaProps,
    path: string,
    standing: Standing,
    scope: RuleScope | undefined,
  ): Interruptible<SchemaErrors> {
    if (!has(props, "additionalProperties")) return NO_ERRORS;
    const values = schemaAt(props, "additionalProperties");
    const isOpen = own(props, "additionalProperties") === true;
    const place = child(path, "additionalProperties");
    const isMixed = namedSchemasAt(props, "properties").length > 0 && !isOpen;
    const mixed = isMixed
      ? [forbidden(place, "additionalProperties and properties are mutual exclusive")]
      : [];
    if (values === undefined) return { schema: mixed, rules: [] };
    const noDefaults = "inside additionalProperties applying to object metadata";
    const inside = standing.isInsideMetadata ? { ...standing, noDefaults } : standing;
    const below = yield* this.check(values, place, inside, scope?.below(values));
    return { schema: [...mixed, ...below.schema], rules: below.rules };
  }

  *#properties(
    props: SchemaProps,
    path: string,
    standing: Standing,
    scope: RuleScope | undefined,
    level: "root" | "below",
  ): Interruptible<readonly SchemaErrors[]> {
    const mapType = optionalTextAt(props, "x-kubernetes-map-type") ?? "granular";
    const isKnown = mapType === "granular" || mapType === "atomic";
    const usual = isKnown ? standing : uncorrelatedAt(standing, path);
    const isResource = level === "root" || isSet(props, "x-kubernetes-embedded-resource");
    const errors: SchemaErrors[] = [];
    for (const [name, schema] of namedSchemasAt(props, "properties")) {
      const isMeta = isResource && META_FIELDS.includes(name);
      const noDefaults = isMeta && level === "root" ? `in top-level ${name}` : usual.noDefaults;
      const isInsideMetadata = isMeta || usual.isInsideMetadata;
      const place = at(child(path, "properties"), name);
      const inside = { ...usual, noDefaults, isInsideMetadata };
      errors.push(yield* this.check(schema, place, inside, scope?.below(schema)));
    }
    return errors;
  }

  *#alternatives(
    props: SchemaProps,
    path: string,
    standing: Standing,
  ): Interruptible<readonly SchemaErrors[]> {
    const not = schemaAt(props, "not");
    const errors: SchemaErrors[] = [];
    if (not !== undefined) {
      errors.push(yield* this.check(not, child(path, "not"), standing, undefined));
    }
    for (const key of ["allOf", "oneOf", "anyOf"]) {
      for (const [index, schema] of schemasAt(props, key).entries()) {
        const place = at(child(path, key), index);
        errors.push(yield* this.check(schema, place, standing, undefined));
      }
    }
    for (const [name, schema] of namedSchemasAt(props, "definitions")) {
      const place = at(child(path, "definitions"), name);
      errors.push(yield* this.check(schema, place, standing, undefined));
    }
    return errors;
  }

  *#items(
    props: SchemaProps,
    path: string,
    standing: Standing,
    scope: RuleScope | undefined,
  ): Interruptible<readonly SchemaErrors[]> {
    const isMap = optionalTextAt(props, "x-kubernetes-list-type") === "map";
    const inside = isMap ? standing : uncorrelatedAt(standing, path);
    const items = schemaAt(props, "items");
    const place = child(path, "items");
    if (items !== undefined) {
      return [yield* this.check(items, place, inside, scope?.below(items))];
    }
    const errors: SchemaErrors[] = [];
    for (const [index, schema] of schemasAt(props, "items").entries()) {
      errors.push(yield* this.check(schema, at(place, index), inside, undefined));
    }
    return errors;
  }
}

const NO_ERRORS: SchemaErrors = { schema: [], rules: [] };

function uncorrelatedAt(standing: Standing, path: string): Standing {
  return standing.uncorrelated === undefined ? { ...standing, uncorrelated: path } : standing;
}

function uniqueItemsErrors(props: SchemaProps, path: string): readonly FieldError[] {
  if (!isSet(props, "uniqueItems")) return [];
  const detail = "uniqueItems cannot be set to true since the runtime complexity becomes quadratic";
  return [forbidden(child(path, "uniqueItems"), detail)];
}
