/**
 * From a `JSONSchemaProps` to shared, immutable nodes. Equal subtrees become one node: two places
 * of a schema that say the same are the same object, so large schemas, which repeat themselves,
 * shrink to what is different in them. Descriptions, titles and examples are left behind.
 */
import type { Interruptible } from "../base/interruptible.ts";
import { isDeeperThan, setField } from "../machinery/json-value.ts";
import type { CustomResourceSchema } from "./custom-resource-schema.ts";
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
} from "./schema-props.ts";
import {
  TRAIT,
  type NodeType,
  type SchemaNode,
  type ValidationRule,
  type ValueChecks,
} from "./schema-node.ts";

/** Nesting of schemas that is compiled; a definition's decoder admits far less. */
export const SCHEMA_DEPTH_MAX = 200;

/**
 * Compiles a version's `openAPIV3Schema` (plain JSON, best one that passed `checkOpenApiSchema`).
 * Undefined compiles to a schema that keeps nothing but metadata. Never throws.
 */
export function compileCustomResourceSchema(openApiSchema: unknown): CustomResourceSchema {
  const isUsable = !isDeeperThan(openApiSchema, SCHEMA_DEPTH_MAX);
  const props = isUsable ? schemaAt({ schema: openApiSchema }, "schema") : undefined;
  return { root: compileNode(props ?? {}) };
}

/** Compiles one schema. */
export function compileNode(props: SchemaProps): SchemaNode {
  return new SchemaCompiler().node(props);
}

const NODE_TYPES: readonly string[] = [
  "object",
  "array",
  "string",
  "integer",
  "number",
  "boolean",
] satisfies readonly NodeType[];

/** Parts of a schema between which compiling can be interrupted. */
const PARTS_IN_A_ROW = 64;

/** Compiles a schema and, if asked again, any part of it: parts are compiled once. */
export class SchemaCompiler {
  readonly #compiled = new Map<SchemaProps, SchemaNode>();
  /** Nodes by what they say; children are named by number, so keys stay short. */
  readonly #nodes = new Map<string, SchemaNode>();
  readonly #numbers = new Map<unknown, number>();

  /** The same as `node`, as work that can be interrupted: part by part, the smallest first. */
  *compile(props: SchemaProps): Interruptible<SchemaNode> {
    const parts = [
      ...namedSchemasAt(props, "properties").map(([, schema]) => schema),
      ...["items", "additionalProperties"].map((key) => schemaAt(props, key)),
    ];
    for (const part of parts) if (part !== undefined) yield* this.compile(part);
    const node = this.node(props);
    if (this.#compiled.size % PARTS_IN_A_ROW === 0) yield;
    return node;
  }

  node(props: SchemaProps): SchemaNode {
    const known = this.#compiled.get(props);
    if (known !== undefined) return known;
    const compiled = this.#compile(props);
    this.#compiled.set(props, compiled);
    return compiled;
  }

  #compile(props: SchemaProps): SchemaNode {
    const node: SchemaNode = { ...this.#shape(props), ...this.#extensions(props) };
    const checks = this.#checks(props);
    const rules = rulesAt(props).map(ruleOf);
    return this.#shared({
      ...node,
      ...(Object.keys(checks).length === 0 ? {} : { checks }),
      ...(rules.length === 0 ? {} : { rules }),
      traits: traitsOf(node, rules.length > 0),
    });
  }

  #shape(props: SchemaProps): SchemaNode {
    const named = namedSchemasAt(props, "properties");
    const properties: Record<string, SchemaNode> = {};
    for (const [name, schema] of named) setField(properties, name, this.node(schema));
    const additional = schemaAt(props, "additionalProperties");
    const items = schemaAt(props, "items");
    const fallback = defaultAt(props);
    return {
      type: nodeType(textAt(props, "type")),
      ...(named.length === 0 ? {} : { properties }),
      ...(additional === undefined
        ? allowance(props)
        : { additionalProperties: this.node(additional) }),
      ...(items === undefined ? {} : { items: this.node(items) }),
      ...(fallback === undefined ? {} : { default: fallback }),
      ...(isSet(props, "nullable") ? { isNullable: true } : {}),
      traits: 0,
    };
  }

  #extensions(props: SchemaProps): Partial<SchemaNode> {
    const listKeys = textsAt(props, "x-kubernetes-list-map-keys");
    const listType = optionalTextAt(props, "x-kubernetes-list-type");
    const mapType = optionalTextAt(props, "x-kubernetes-map-type");
    return {
      ...(isSet(props, "x-kubernetes-int-or-string") ? { isIntOrString: true } : {}),
      ...(isSet(props, "x-kubernetes-embedded-resource") ? { isEmbedded: true } : {}),
      ...(isSet(props, "x-kubernetes-preserve-unknown-fields") ? { keepsUnknown: true } : {}),
      ...(listType === undefined ? {} : { listType }),
      ...(listKeys.length === 0 ? {} : { listKeys }),
      ...(mapType === undefined ? {} : { mapType }),
    };
  }

  #checks(props: SchemaProps): ValueChecks {
    const not = schemaAt(props, "not");
    const values = valuesAt(props, "enum");
    const required = textsAt(props, "required");
    return {
      ...readAll(TEXT_CHECKS, (key) => optionalTextAt(props, key) || undefined),
      ...readAll(NUMBER_CHECKS, (key) => numberAt(props, key)),
      ...readAll(FLAG_CHECKS, (key) => (isSet(props, key) ? (true as const) : undefined)),
      ...(values.length === 0 ? {} : { enum: values }),
      ...(required.length === 0 ? {} : { required }),
      ...readAll(JUNCTORS, (key) => {
        const branches = schemasAt(props, key).map((branch) => this.node(branch));
        return branches.length === 0 ? undefined : branches;
      }),
      ...(not === undefined ? {} : { not: this.node(not) }),
    };
  }

  #shared(node: SchemaNode): SchemaNode {
    const key = JSON.stringify(node, (name, value: unknown) =>
      name !== "" && this.#numbers.has(value) ? { node: this.#numbers.get(value) } : value,
    );
    const known = this.#nodes.get(key);
    if (known !== undefined) return known;
    this.#nodes.set(key, node);
    this.#numbers.set(node, this.#numbers.size);
    return node;
  }
}

const TEXT_CHECKS = ["format", "pattern"] as const;
const FLAG_CHECKS = ["exclusiveMaximum", "exclusiveMinimum", "uniqueItems"] as const;
const NUMBER_CHECKS = [
  "maximum",
  "minimum",
  "maxLength",
  "minLength",
  "maxItems",
  "minItems",
  "multipleOf",
  "maxProperties",
  "minProperties",
] as const;
const JUNCTORS = ["allOf", "anyOf", "oneOf"] as const;

/** The members that are there. */
function readAll<K extends string, V>(
  keys: readonly K[],
  read: (key: K) => V | undefined,
): { readonly [key in K]?: V } {
  const found: { [key in K]?: V } = {};
  for (const key of keys) {
    const value = read(key);
    if (value !== undefined) found[key] = value;
  }
  return found;
}

function nodeType(text: string): NodeType {
  return isNodeType(text) ? text : "";
}

function isNodeType(text: string): text is NodeType {
  return NODE_TYPES.includes(text);
}

function allowance(props: SchemaProps): { readonly allowsAdditional?: boolean } {
  if (!has(props, "additionalProperties")) return {};
  return { allowsAdditional: isSet(props, "additionalProperties") };
}

function ruleOf(raw: SchemaProps): ValidationRule {
  const reason = optionalTextAt(raw, "reason");
  const texts = ["message", "messageExpression", "fieldPath"] as const;
  const given = texts.filter((key) => textAt(raw, key) !== "");
  return {
    rule: textAt(raw, "rule"),
    ...Object.fromEntries(given.map((key) => [key, textAt(raw, key)])),
    ...(reason === undefined ? {} : { reason }),
    ...(has(raw, "optionalOldSelf") ? { optionalOldSelf: isSet(raw, "optionalOldSelf") } : {}),
  };
}

function traitsOf(node: SchemaNode, hasRules: boolean): number {
  let traits = hasRules ? TRAIT.rules : 0;
  if (node.default !== undefined) traits |= TRAIT.defaults;
  if (node.isEmbedded === true) traits |= TRAIT.embedded;
  if (node.listType === "set" || node.listType === "map") traits |= TRAIT.uniqueLists;
  for (const child of childrenOf(node)) traits |= child.traits;
  return traits;
}

/** Nodes one step below, without those of junctors. */
export function childrenOf(node: SchemaNode): readonly SchemaNode[] {
  const children = Object.values(node.properties ?? {});
  if (node.items !== undefined) children.push(node.items);
  if (node.additionalProperties !== undefined) children.push(node.additionalProperties);
  return children;
}

/** Whether there are validation rules at the node or below it. */
export function hasRules(node: SchemaNode): boolean {
  return (node.traits & TRAIT.rules) !== 0;
}

/** The node of a field: its own, or the one of all values of a map. */
export function fieldNode(node: SchemaNode | undefined, name: string): SchemaNode | undefined {
  if (node === undefined) return undefined;
  const { properties } = node;
  if (properties !== undefined && Object.hasOwn(properties, name)) return properties[name];
  return node.additionalProperties;
}
