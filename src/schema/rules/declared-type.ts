/**
 * The type of `self`: a place of a schema as expressions see it. Object types look their fields up
 * when they are asked for, so the type of a large schema costs nothing until it is used.
 */
import { BOOL, DOUBLE, INT, listOf, mapOf, type CelType, type Shape } from "../../cel/types.ts";
import { escapeIdentifier } from "../../cel/identifiers.ts";
import type { SchemaNode } from "../schema-node.ts";

import { typeSizes, type TypeSizes } from "./type-sizes.ts";

/** The name that errors give to the type of `self`. */
export const SELF_TYPE = "selfType";

/**
 * The type of a place, or undefined if rules cannot see it. A resource, the root or one that is
 * embedded, always has apiVersion, kind, and the names in its metadata.
 */
export function declaredType(node: SchemaNode, isResource: boolean): CelType | undefined {
  return typed(node, isResource, SELF_TYPE);
}

function typed(node: SchemaNode, isResource: boolean, name: string): CelType | undefined {
  const seen = isResource ? asResource(node) : node;
  const sizes = typeSizes(seen);
  return sizes === undefined ? undefined : typeOf(seen, sizes, name);
}

function typeOf(node: SchemaNode, sizes: TypeSizes, name: string): CelType | undefined {
  const shape = shapeOf(node, sizes);
  if (node.isIntOrString === true) return { kind: "dyn", shape };
  switch (node.type) {
    case "boolean":
      return { ...BOOL, shape };
    case "integer":
      return { ...INT, shape };
    case "number":
      return { ...DOUBLE, shape };
    case "string":
      return { kind: textKind(node.checks?.format), shape };
    case "array": {
      const element = below(node.items, `${name}.@idx`);
      return element === undefined ? undefined : { ...listOf(element), shape };
    }
    case "object": {
      const value = below(node.additionalProperties, `${name}.@elem`);
      if (value !== undefined) return { ...mapOf(MAP_KEY, value), shape };
      return { kind: "object", name, fields: new DeclaredFields(node, name), shape };
    }
    case "":
      return undefined;
  }
}

/** Keys of maps: upstream takes them for texts of no length. */
const MAP_KEY: CelType = { kind: "string", shape: { sizeMax: 0, bytesMin: 2 } };

function below(node: SchemaNode | undefined, name: string): CelType | undefined {
  return node === undefined ? undefined : typed(node, node.isEmbedded === true, name);
}

function textKind(format: string | undefined): "string" | "bytes" | "timestamp" | "duration" {
  if (format === "byte") return "bytes";
  if (format === "duration") return "duration";
  return format === "date" || format === "date-time" ? "timestamp" : "string";
}

const TEXT_FORMATS = ["byte", "duration", "date", "date-time"] as const;

function shapeOf(node: SchemaNode, sizes: TypeSizes): Shape {
  const text = TEXT_FORMATS.find((format) => format === node.checks?.format);
  const format = node.isIntOrString === true ? "int-or-string" : text;
  const isText = node.type === "string" || node.isIntOrString === true;
  return {
    ...sizes,
    ...(node.isNullable === true ? { isNullable: true } : {}),
    ...(isText && format !== undefined ? { format } : {}),
    ...(node.listType === "set" ? { list: { kind: "set" } } : {}),
    ...(node.listType === "map" ? { list: { kind: "map", keys: node.listKeys ?? [] } } : {}),
  };
}

/** Fields by the names they have in expressions. */
class DeclaredFields implements ReadonlyMap<string, CelType> {
  readonly #properties: Readonly<Record<string, SchemaNode>>;
  readonly #typeName: string;
  readonly #types = new Map<string, CelType | undefined>();
  /** Names of properties by their identifiers; made when first needed. */
  #names: ReadonlyMap<string, string> | undefined;

  constructor(node: SchemaNode, typeName: string) {
    this.#properties = node.properties ?? {};
    this.#typeName = typeName;
  }

  get size(): number {
    return this.#visible().length;
  }

  get(identifier: string): CelType | undefined {
    if (!this.#types.has(identifier)) this.#types.set(identifier, this.#typeOf(identifier));
    return this.#types.get(identifier);
  }

  has(identifier: string): boolean {
    return this.get(identifier) !== undefined;
  }

  forEach(visit: (type: CelType, identifier: string, map: this) => void): void {
    for (const [identifier, type] of this.#visible()) visit(type, identifier, this);
  }

  entries(): MapIterator<[string, CelType]> {
    return new Map(this.#visible()).entries();
  }

  keys(): MapIterator<string> {
    return new Map(this.#visible()).keys();
  }

  values(): MapIterator<CelType> {
    return new Map(this.#visible()).values();
  }

  [Symbol.iterator](): MapIterator<[string, CelType]> {
    return this.entries();
  }

  #typeOf(identifier: string): CelType | undefined {
    const name = this.#identifiers().get(identifier);
    if (name === undefined || !Object.hasOwn(this.#properties, name)) return undefined;
    return below(this.#properties[name], `${this.#typeName}.${identifier}`);
  }

  #visible(): readonly (readonly [string, CelType])[] {
    return [...this.#identifiers().keys()].flatMap((identifier) => {
      const type = this.get(identifier);
      return type === undefined ? [] : [[identifier, type] as const];
    });
  }

  #identifiers(): ReadonlyMap<string, string> {
    if (this.#names !== undefined) return this.#names;
    const names = new Map<string, string>();
    for (const name of Object.keys(this.#properties)) {
      const identifier = escapeIdentifier(name);
      if (identifier !== undefined) names.set(identifier, name);
    }
    this.#names = names;
    return names;
  }
}

const TEXT: SchemaNode = { type: "string", traits: 0 };
const METADATA: SchemaNode = {
  type: "object",
  properties: { name: TEXT, generateName: TEXT },
  traits: 0,
};
const resources = new WeakMap<SchemaNode, SchemaNode>();

/** The node with what every resource has; restrictions of metadata are not seen by rules. */
function asResource(node: SchemaNode): SchemaNode {
  const known = resources.get(node);
  if (known !== undefined) return known;
  const resource = hasTypedMeta(node) ? node : withMeta(node);
  resources.set(node, resource);
  return resource;
}

function withMeta(node: SchemaNode): SchemaNode {
  const properties = { ...node.properties, kind: TEXT, apiVersion: TEXT, metadata: METADATA };
  return { ...node, properties };
}

function hasTypedMeta({ properties }: SchemaNode): boolean {
  const { kind, apiVersion, metadata } = properties ?? {};
  if (kind?.type !== "string" || apiVersion?.type !== "string") return false;
  const { name, generateName } = metadata?.properties ?? {};
  return name?.type === "string" && generateName?.type === "string";
}
