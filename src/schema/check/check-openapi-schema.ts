/** What is wrong with the schema of a version, when its definition is written. */
import { runAtOnce, type Interruptible } from "../../base/interruptible.ts";
import { isDeeperThan } from "../../machinery/json-value.ts";
import { isFields } from "../../machinery/object.ts";
import type { FieldError } from "../../machinery/status.ts";
import { SCHEMA_DEPTH_MAX, SchemaCompiler } from "../compile.ts";
import type { SchemaCheckOptions } from "../custom-resource-schema.ts";
import { forbidden, invalid } from "../field-errors.ts";
import { child } from "../field-path.ts";
import type { SchemaProps } from "../schema-props.ts";
import { checkCompleteness } from "./completeness.ts";
import { checkDefaults } from "./defaults.ts";
import { demandsAfter, type Demands } from "./demands.ts";
import { checkSchemas } from "./openapi-schema.ts";
import { checkRoot } from "./root.ts";
import { RuleScope } from "./rule-scope.ts";
import { someSchema } from "./schema-walk.ts";
import { checkInvariants } from "./structural-invariants.ts";
import { unstructuralProblem } from "./type-restrictions.ts";

/**
 * All that upstream finds wrong with an `openAPIV3Schema` (plain JSON), in its order and words.
 * An absent schema has no errors here. Never throws, whatever the schema is.
 */
export function checkOpenApiSchema(
  schema: unknown,
  options: SchemaCheckOptions,
): readonly FieldError[] {
  return runAtOnce(openApiSchemaCheck(schema, options));
}

/** The same as work that can be interrupted. */
export function* openApiSchemaCheck(
  schema: unknown,
  options: SchemaCheckOptions,
): Interruptible<readonly FieldError[]> {
  if (!isFields(schema)) return [];
  const path = child(options.field, "openAPIV3Schema");
  if (isDeeperThan(schema, SCHEMA_DEPTH_MAX)) {
    return [forbidden(path, `must not be nested deeper than ${SCHEMA_DEPTH_MAX}`)];
  }
  const demands = demandsAfter(options.oldSchemas ?? []);
  const compiler = new SchemaCompiler();
  const unstructural = firstUnstructural(schema);
  yield;
  const structural =
    unstructural === undefined
      ? yield* structuralErrors(schema, path, compiler, options, demands)
      : [];
  yield;
  const isSound = unstructural === undefined && structural.length === 0;
  const isUnchanged = options.isUnchanged === true;
  const scope = isSound ? RuleScope.root(schema, compiler, isUnchanged) : undefined;
  const found = yield* checkSchemas(schema, path, demands, compiler, scope);
  const errors = [
    ...checkRoot(schema, path, options.hasStatus),
    ...structural,
    ...found.schema,
    ...found.rules,
  ];
  if (errors.length === 0 && unstructural !== undefined) return [invalid(path, "", unstructural)];
  return [...errors, ...(scope?.totalErrors(path) ?? [])];
}

/** Why the schema cannot be read as a structural one at all. */
function firstUnstructural(schema: SchemaProps): string | undefined {
  let problem: string | undefined;
  someSchema(schema, (props) => {
    problem ??= unstructuralProblem(props);
    return problem !== undefined;
  });
  return problem;
}

/** Defaults are only looked at if the schema is structural. */
function* structuralErrors(
  schema: SchemaProps,
  path: string,
  compiler: SchemaCompiler,
  options: SchemaCheckOptions,
  demands: Demands,
): Interruptible<readonly FieldError[]> {
  const invariants = checkInvariants(schema, "root", path);
  yield;
  const errors = [...invariants, ...checkCompleteness(schema, path)];
  if (errors.length > 0) return errors.toSorted(byText);
  yield;
  const node = yield* compiler.compile(schema);
  return checkDefaults(node, path, {
    metadata: options.metadata,
    requiresPruned: demands.prunedDefaults,
  });
}

function byText(a: FieldError, b: FieldError): number {
  const left = `${a.field}: ${a.detail}`;
  const right = `${b.field}: ${b.detail}`;
  return left < right ? -1 : left > right ? 1 : 0;
}
