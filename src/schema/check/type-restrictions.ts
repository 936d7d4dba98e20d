/** Members that a schema of a custom resource cannot have, or not where it has them. */
import { own } from "../../machinery/object.ts";
import type { FieldError } from "../../machinery/status.ts";
import { forbidden, notSupported } from "../field-errors.ts";
import { child } from "../field-path.ts";
import {
  defaultAt,
  has,
  isSet,
  namedSchemasAt,
  textAt,
  type SchemaProps,
} from "../schema-props.ts";
import { TYPES, type Demands } from "./demands.ts";

/** Where a schema stands, as far as it matters to what it can say. */
export type Standing = {
  /** Why there cannot be a default here; undefined if there can. */
  readonly noDefaults: string | undefined;
  readonly isInsideMetadata: boolean;
  /** The nearest place above whose parts cannot be found again in an old object. */
  readonly uncorrelated: string | undefined;
};

/** Violations of one schema, not of those below. */
export function checkTypeRestrictions(
  props: SchemaProps,
  path: string,
  standing: Standing,
  demands: Demands,
): readonly FieldError[] {
  const type = textAt(props, "type");
  const errors: FieldError[] = [];
  if (demands.knownTypes && type !== "" && !TYPES.includes(type)) {
    errors.push(notSupported(child(path, "type"), type, TYPES));
  }
  if (defaultAt(props) !== undefined && standing.noDefaults !== undefined) {
    errors.push(forbidden(child(path, "default"), `must not be set ${standing.noDefaults}`));
  }
  errors.push(...unsupportedMembers(props, path));
  if (type === "null") {
    const detail = "type cannot be set to null, use nullable as an alternative";
    errors.push(forbidden(child(path, "type"), detail));
  }
  if (isNonEmptyList(own(props, "items"))) {
    errors.push(forbidden(child(path, "items"), "items must be a schema object and not an array"));
  }
  if (standing.isInsideMetadata && isSet(props, "x-kubernetes-embedded-resource")) {
    const field = child(path, "x-kubernetes-embedded-resource");
    errors.push(forbidden(field, "must not be used inside of resource meta"));
  }
  return errors;
}

function unsupportedMembers(props: SchemaProps, path: string): readonly FieldError[] {
  const isGiven: Readonly<Record<string, boolean>> = {
    id: textAt(props, "id") !== "",
    additionalItems: has(props, "additionalItems"),
    patternProperties: namedSchemasAt(props, "patternProperties").length > 0,
    definitions: namedSchemasAt(props, "definitions").length > 0,
    dependencies: has(props, "dependencies"),
    $ref: has(props, "$ref"),
  };
  const given = Object.keys(isGiven).filter((name) => isGiven[name] === true);
  return given.map((name) => forbidden(child(path, name), `${name} is not supported`));
}

/**
 * Why a schema cannot be read as a structural one at all; undefined if it can. Told only if nothing
 * else is: mostly it repeats what the other checks say with a better path.
 */
export function unstructuralProblem(props: SchemaProps): string | undefined {
  const prefix = "OpenAPIV3Schema";
  if (textAt(props, "id") !== "") return `${prefix} 'id' is not supported`;
  if (textAt(props, "$schema") !== "") return `${prefix} 'schema' is not supported`;
  if (textAt(props, "$ref") !== "") return `${prefix} '$ref' is not supported`;
  if (namedSchemasAt(props, "patternProperties").length > 0) {
    return `${prefix} 'patternProperties' is not supported`;
  }
  if (namedSchemasAt(props, "dependencies").length > 0) {
    return `${prefix} 'dependencies' is not supported`;
  }
  if (has(props, "additionalItems")) return `${prefix} 'additionalItems' is not supported`;
  if (namedSchemasAt(props, "definitions").length > 0) {
    return `${prefix} 'definitions' is not supported`;
  }
  if (isNonEmptyList(own(props, "items"))) {
    return `${prefix} 'items' must be a schema, but is an array`;
  }
  const preserve = "x-kubernetes-preserve-unknown-fields";
  if (has(props, preserve) && !isSet(props, preserve)) {
    return `internal error: '${preserve}' must be true or undefined`;
  }
  return undefined;
}

function isNonEmptyList(value: unknown): boolean {
  return Array.isArray(value) && value.length > 0;
}
