/**
 * A place of a new object together with the value it had before, where it can be found again:
 * fields by name, items of map lists by their keys, nothing else. Made lazily along the way of a
 * walk; comparisons are kept, so that each part of an object is compared once.
 */
import { exactText } from "../../machinery/codec/exact-json.ts";
import { equalValues } from "../../machinery/json-value.ts";
import { isFields, own } from "../../machinery/object.ts";
import { fieldNode } from "../compile.ts";
import type { SchemaNode } from "../schema-node.ts";

export class Correlation {
  readonly value: unknown;
  readonly old: unknown;
  readonly #node: SchemaNode;
  readonly #children = new Map<string | number, Correlation | undefined>();
  #isUnchanged: boolean | undefined;
  #oldItems: OldItems | undefined;

  constructor(value: unknown, old: unknown, node: SchemaNode) {
    this.value = value;
    this.old = old;
    this.#node = node;
  }

  /**
   * Whether the value is what it was. The order of lists by key means nothing; fields that no
   * schema knows cannot be found again, and so are a change.
   */
  isUnchanged(): boolean {
    this.#isUnchanged ??= this.#compare();
    return this.#isUnchanged;
  }

  /** A field that is there in both. */
  field(name: string): Correlation | undefined {
    if (this.#children.has(name)) return this.#children.get(name);
    const correlated = this.#findField(name);
    this.#children.set(name, correlated);
    return correlated;
  }

  /** An item of a list that is a map by its keys. */
  item(index: number): Correlation | undefined {
    if (this.#node.listType !== "map") return undefined;
    if (this.#children.has(index)) return this.#children.get(index);
    const correlated = this.#findItem(index);
    this.#children.set(index, correlated);
    return correlated;
  }

  #compare(): boolean {
    const { value, old } = this;
    if (Array.isArray(value)) return Array.isArray(old) && this.#compareItems(value, old);
    if (!isFields(value)) return value === old;
    if (!isFields(old)) return false;
    const names = Object.keys(value);
    if (names.length !== Object.keys(old).length) return false;
    return names.every((name) => this.field(name)?.isUnchanged() === true);
  }

  #compareItems(items: readonly unknown[], old: readonly unknown[]): boolean {
    if (items.length !== old.length) return false;
    const isByKey = this.#node.listType === "map" && this.#node.items !== undefined;
    if (!isByKey) return equalValues(items, old);
    return items.every((_item, index) => this.item(index)?.isUnchanged() === true);
  }

  #findField(name: string): Correlation | undefined {
    const node = fieldNode(this.#node, name);
    if (node === undefined || !isFields(this.value) || !isFields(this.old)) return undefined;
    if (!Object.hasOwn(this.value, name) || !Object.hasOwn(this.old, name)) return undefined;
    return new Correlation(this.value[name], this.old[name], node);
  }

  #findItem(index: number): Correlation | undefined {
    const { items } = this.#node;
    if (items === undefined || !Array.isArray(this.value) || !Array.isArray(this.old)) {
      return undefined;
    }
    this.#oldItems ??= new OldItems(this.old, this.#node);
    const item: unknown = this.value[index];
    const old = this.#oldItems.matching(item);
    return old === undefined ? undefined : new Correlation(item, old, items);
  }
}

/** The items of a list before an update, by their keys; empty if the list is no map. */
export class OldItems {
  readonly #keys: readonly string[];
  readonly #items = new Map<string, unknown>();

  constructor(items: readonly unknown[], node: SchemaNode) {
    const isMap = node.type === "array" && node.listType === "map";
    this.#keys = isMap ? (node.listKeys ?? []) : [];
    if (this.#keys.length === 0) return;
    for (const item of items) {
      const key = this.#keyOf(item);
      if (key !== undefined && !this.#items.has(key)) this.#items.set(key, item);
    }
  }

  /** The old item with the keys of `item`. */
  matching(item: unknown): unknown {
    const key = this.#keys.length === 0 ? undefined : this.#keyOf(item);
    return key === undefined ? undefined : this.#items.get(key);
  }

  #keyOf(item: unknown): string | undefined {
    if (!isFields(item)) return undefined;
    const values = this.#keys.map((key) => own(item, key));
    if (!values.every(isScalar)) return undefined;
    return exactText(values);
  }
}

function isScalar(value: unknown): boolean {
  return ["string", "number", "bigint", "boolean"].includes(typeof value);
}
