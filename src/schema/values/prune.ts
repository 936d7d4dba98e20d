/**
 * Dropping what a schema does not know. Nothing is dropped where unknown fields are preserved,
 * but below known fields there it is. Metadata of the root and of embedded resources is left to
 * those who know `ObjectMeta` (decode.ts).
 */
import { setField, type MutableFields } from "../../machinery/json-value.ts";
import { isFields, type Fields } from "../../machinery/object.ts";
import type { SchemaNode } from "../schema-node.ts";

/** Unknown fields that are named; more would say nothing new. */
export const UNKNOWN_FIELDS_MAX = 1_000;

export type Pruned = {
  /** The very same value if nothing was dropped. */
  readonly value: unknown;
  /** Paths of what was dropped, sorted. */
  readonly unknown: readonly string[];
};

/** Whether the value is a resource, with metadata of its own, whatever its schema says. */
export type Standing = "resource" | "part";

/** Drops unknown fields of a value. */
export function prune(value: unknown, node: SchemaNode, standing: Standing): Pruned {
  const pruner = new Pruner();
  const kept = pruner.prune(value, node, standing === "resource");
  return { value: kept, unknown: [...pruner.unknown].toSorted() };
}

const META_FIELDS: readonly string[] = ["apiVersion", "kind", "metadata"];

class Pruner {
  readonly unknown = new Set<string>();
  readonly #path: string[] = [];

  prune(value: unknown, node: SchemaNode | undefined, isResource: boolean): unknown {
    if (Array.isArray(value)) {
      if (node?.keepsUnknown === true && node.items === undefined) return value;
      return this.#items(value, node);
    }
    return isFields(value) ? this.#fields(value, node, isResource) : value;
  }

  #items(items: readonly unknown[], node: SchemaNode | undefined): readonly unknown[] {
    const isKept = node?.keepsUnknown === true;
    const kept = items.map((item, index) => {
      this.#path.push(`[${index}]`);
      const pruned = isKept ? this.#kept(item, node.items) : this.prune(item, node?.items, false);
      this.#path.pop();
      return pruned;
    });
    return kept.every((item, index) => item === items[index]) ? items : kept;
  }

  /** Items of a list that preserves unknown fields: known places are looked into, no more. */
  #kept(value: unknown, node: SchemaNode | undefined): unknown {
    return node === undefined ? value : this.prune(value, { ...node, keepsUnknown: true }, false);
  }

  #fields(fields: Fields, node: SchemaNode | undefined, isResource: boolean): Fields {
    const keepsMeta = isResource || node?.isEmbedded === true;
    const kept: MutableFields = {};
    let isSame = true;
    for (const [name, member] of Object.entries(fields)) {
      if (keepsMeta && META_FIELDS.includes(name)) {
        setField(kept, name, member);
        continue;
      }
      const place = placeOf(node, name);
      if (place === "unknown") {
        isSame = false;
        this.#drop(name);
        continue;
      }
      const pruned = place === "kept" ? member : this.#member(name, member, place.node);
      isSame &&= pruned === member;
      setField(kept, name, pruned);
    }
    return isSame ? fields : kept;
  }

  #member(name: string, value: unknown, node: SchemaNode | undefined): unknown {
    this.#path.push(this.#path.length === 0 ? name : `.${name}`);
    const pruned = this.prune(value, node, false);
    this.#path.pop();
    return pruned;
  }

  #drop(name: string): void {
    const isRoot = this.#path.length === 0;
    if (isRoot && META_FIELDS.includes(name)) return;
    if (this.unknown.size >= UNKNOWN_FIELDS_MAX) return;
    this.unknown.add(`${this.#path.join("")}${isRoot ? "" : "."}${name}`);
  }
}

/** What a schema says of a field: drop it, keep all of it, or look into it. */
type Place = "unknown" | "kept" | { readonly node: SchemaNode | undefined };

function placeOf(node: SchemaNode | undefined, name: string): Place {
  const { properties = {}, additionalProperties, allowsAdditional } = node ?? {};
  if (Object.hasOwn(properties, name)) return { node: properties[name] };
  if (additionalProperties !== undefined) return { node: additionalProperties };
  if (allowsAdditional !== undefined) return { node: undefined };
  return node?.keepsUnknown === true ? "kept" : "unknown";
}
