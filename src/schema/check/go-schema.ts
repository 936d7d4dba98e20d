/** A schema as errors show it: in the members, names and order of upstream's own type. */
import { setField, type MutableFields } from "../../machinery/json-value.ts";
import { isFields, own } from "../../machinery/object.ts";
import {
  defaultAt,
  has,
  isSet,
  namedSchemasAt,
  numberAt,
  optionalTextAt,
  rulesAt,
  schemaAt,
  schemasAt,
  textAt,
  textsAt,
  valuesAt,
  type SchemaProps,
} from "../schema-props.ts";

/** The members of a schema by upstream's names, in upstream's order; absent ones are zero. */
export function goSchema(props: SchemaProps): Readonly<Record<string, unknown>> {
  return Object.fromEntries(MEMBERS.map(([name, read]) => [name, read(props)]));
}

/** The names of the members that are not zero, in upstream's order. Looks at nothing below. */
export function goMembers(props: SchemaProps): readonly string[] {
  const shallow: MutableFields = {};
  for (const [key, value] of Object.entries(props)) {
    const isEmpty = isFields(value) && Object.keys(value).length === 0;
    setField(shallow, key, isFields(value) && !isEmpty ? { "": {} } : value);
  }
  const members = Object.entries(goSchema(shallow));
  return members.filter(([, value]) => !isZero(value)).map(([name]) => name);
}

function isZero(value: unknown): boolean {
  if (value === null || value === "" || value === false) return true;
  return isFields(value) && Object.keys(value).length === 0;
}

type Member = readonly [name: string, read: (props: SchemaProps) => unknown];

const text = (key: string) => (props: SchemaProps) => textAt(props, key);
const flag = (key: string) => (props: SchemaProps) => isSet(props, key);
const number = (key: string) => (props: SchemaProps) => numberAt(props, key) ?? null;
const optional = (key: string) => (props: SchemaProps) => optionalTextAt(props, key) ?? null;
const value = (key: string) => (props: SchemaProps) => own(props, key) ?? null;
const list = (key: string) => (props: SchemaProps) =>
  has(props, key) ? schemasAt(props, key).map(goSchema) : null;
const named = (key: string) => (props: SchemaProps) =>
  has(props, key)
    ? Object.fromEntries(namedSchemasAt(props, key).map(([name, one]) => [name, goSchema(one)]))
    : null;
const schemaOrFlag = (key: string) => (props: SchemaProps) => {
  if (!has(props, key)) return null;
  const schema = schemaAt(props, key);
  const allows = schema !== undefined || isSet(props, key);
  return { Allows: allows, Schema: schema === undefined ? null : goSchema(schema) };
};

const MEMBERS: readonly Member[] = [
  ["ID", text("id")],
  ["Schema", text("$schema")],
  ["Ref", optional("$ref")],
  ["Description", text("description")],
  ["Type", text("type")],
  ["Nullable", flag("nullable")],
  ["Format", text("format")],
  ["Title", text("title")],
  ["Default", (props) => defaultAt(props) ?? null],
  ["Maximum", number("maximum")],
  ["ExclusiveMaximum", flag("exclusiveMaximum")],
  ["Minimum", number("minimum")],
  ["ExclusiveMinimum", flag("exclusiveMinimum")],
  ["MaxLength", number("maxLength")],
  ["MinLength", number("minLength")],
  ["Pattern", text("pattern")],
  ["MaxItems", number("maxItems")],
  ["MinItems", number("minItems")],
  ["UniqueItems", flag("uniqueItems")],
  ["MultipleOf", number("multipleOf")],
  ["Enum", (props) => (has(props, "enum") ? valuesAt(props, "enum") : null)],
  ["MaxProperties", number("maxProperties")],
  ["MinProperties", number("minProperties")],
  ["Required", (props) => (has(props, "required") ? textsAt(props, "required") : null)],
  ["Items", itemsOf],
  ["AllOf", list("allOf")],
  ["OneOf", list("oneOf")],
  ["AnyOf", list("anyOf")],
  ["Not", (props) => optionalSchema(schemaAt(props, "not"))],
  ["Properties", named("properties")],
  ["AdditionalProperties", schemaOrFlag("additionalProperties")],
  ["PatternProperties", named("patternProperties")],
  ["Dependencies", value("dependencies")],
  ["AdditionalItems", schemaOrFlag("additionalItems")],
  ["Definitions", named("definitions")],
  ["ExternalDocs", docsOf],
  ["Example", value("example")],
  ["XPreserveUnknownFields", value("x-kubernetes-preserve-unknown-fields")],
  ["XEmbeddedResource", flag("x-kubernetes-embedded-resource")],
  ["XIntOrString", flag("x-kubernetes-int-or-string")],
  ["XListMapKeys", keysOf],
  ["XListType", optional("x-kubernetes-list-type")],
  ["XMapType", optional("x-kubernetes-map-type")],
  ["XValidations", validationsOf],
];

function optionalSchema(schema: SchemaProps | undefined): unknown {
  return schema === undefined ? null : goSchema(schema);
}

function itemsOf(props: SchemaProps): unknown {
  if (!has(props, "items")) return null;
  const schema = schemaAt(props, "items");
  const schemas = Array.isArray(own(props, "items")) ? schemasAt(props, "items") : undefined;
  return { Schema: optionalSchema(schema), JSONSchemas: schemas?.map(goSchema) ?? null };
}

function docsOf(props: SchemaProps): unknown {
  const docs = schemaAt(props, "externalDocs");
  if (docs === undefined) return null;
  return { Description: textAt(docs, "description"), URL: textAt(docs, "url") };
}

function keysOf(props: SchemaProps): unknown {
  const key = "x-kubernetes-list-map-keys";
  return has(props, key) ? textsAt(props, key) : null;
}

function validationsOf(props: SchemaProps): unknown {
  return has(props, "x-kubernetes-validations") ? rulesAt(props).map(goRule) : null;
}

/** A validation rule as errors show it. */
export function goRule(rule: SchemaProps): Readonly<Record<string, unknown>> {
  return {
    Rule: textAt(rule, "rule"),
    Message: textAt(rule, "message"),
    MessageExpression: textAt(rule, "messageExpression"),
    Reason: optionalTextAt(rule, "reason") ?? null,
    FieldPath: textAt(rule, "fieldPath"),
    OptionalOldSelf: has(rule, "optionalOldSelf") ? isSet(rule, "optionalOldSelf") : null,
  };
}
