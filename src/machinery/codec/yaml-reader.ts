import { isAlias, isMap, isScalar, isSeq, type Alias, type Pair, type YAMLMap } from "yaml";
import { isDeeperThan, setField, VALUE_DEPTH_MAX, type MutableFields } from "../json-value.ts";
import { isFields, type Fields } from "../object.ts";
import { DecodeError, type TextPlace } from "./decode-error.ts";
import { DUPLICATES_MAX } from "./json-scanner.ts";
import type { Decoded } from "./json.ts";

/** Values that aliases and merge keys may add to a document, so that a few lines stay a few. */
export const ALIASED_VALUES_MAX = 10_000;

/** From here on a double is written with an exponent, so that no integer is worth printing. */
const INTEGER_LIMIT: bigint = 10n ** 21n;

/** A value that has been read, and how many values it is made of. */
type Anchored = { readonly value: unknown; readonly size: number };

/**
 * Makes JSON of a composed YAML document: resolves aliases and merge keys, turns keys into strings,
 * and notes fields that stand there twice. Recursion is safe: the tokens' depth was checked before,
 * and aliases are checked here.
 */
export class YamlReader {
  readonly #placeAt: (offset: number) => TextPlace;
  readonly #anchors = new Map<string, Anchored | "open">();
  readonly #duplicates = new Set<string>();
  readonly #path: (string | number)[] = [];
  #size = 0;
  #aliased = 0;

  constructor(placeAt: (offset: number) => TextPlace) {
    this.#placeAt = placeAt;
  }

  read(contents: unknown): Decoded {
    const value = contents === null ? null : this.#value(contents);
    return { value, duplicates: [...this.#duplicates] };
  }

  #value(node: unknown): unknown {
    if (isAlias(node)) return this.#alias(node);
    const anchor = anchorOf(node);
    if (anchor === undefined) return this.#plain(node);
    const before = this.#size;
    this.#anchors.set(anchor, "open");
    const value = this.#plain(node);
    this.#anchors.set(anchor, { value, size: this.#size - before });
    return value;
  }

  #plain(node: unknown): unknown {
    this.#size += 1;
    if (isMap(node)) return this.#map(node);
    if (isSeq(node)) return node.items.map((item, index) => this.#at(index, item));
    if (isScalar(node)) return this.#scalar(node.value, node);
    return null; // a key or an item that is left empty
  }

  #alias(alias: Alias): unknown {
    const anchored = this.#anchors.get(alias.source);
    if (anchored === undefined) throw this.#error(`unknown anchor '${alias.source}'`, alias);
    if (anchored === "open") {
      throw this.#error(`anchor '${alias.source}' value contains itself`, alias);
    }
    this.#size += anchored.size;
    this.#aliased += anchored.size;
    if (this.#aliased > ALIASED_VALUES_MAX) {
      throw this.#error("document contains excessive aliasing", alias);
    }
    if (isDeeperThan(anchored.value, VALUE_DEPTH_MAX - this.#path.length)) {
      throw this.#error(`exceeded max depth of ${VALUE_DEPTH_MAX}`, alias);
    }
    return anchored.value;
  }

  #map(map: YAMLMap): Fields {
    const fields: MutableFields = {};
    for (const pair of map.items) {
      if (isMergeKey(pair)) this.#merge(fields, pair.value);
    }
    const seen = new Set<string>();
    for (const pair of map.items) {
      if (isMergeKey(pair)) continue;
      const key = this.#key(pair.key);
      const value = this.#at(key, pair.value);
      if (seen.has(key)) this.#duplicate(key);
      seen.add(key);
      setField(fields, key, value);
    }
    return fields;
  }

  /** Adds the fields of `<<`; the earlier of several maps wins. */
  #merge(fields: MutableFields, node: unknown): void {
    const value = this.#value(node);
    const sources: readonly unknown[] = Array.isArray(value) ? value : [value];
    for (const source of sources) {
      if (!isFields(source)) {
        throw this.#error("map merge requires map or sequence of maps as the value", node);
      }
      for (const [key, member] of Object.entries(source)) {
        if (!Object.hasOwn(fields, key)) setField(fields, key, member);
      }
    }
  }

  #at(step: string | number, node: unknown): unknown {
    this.#path.push(step);
    const value = this.#value(node);
    this.#path.pop();
    return value;
  }

  #key(node: unknown): string {
    const value = this.#value(node);
    if (typeof value === "string") return value;
    if (typeof value === "number" || typeof value === "boolean") return String(value);
    throw this.#error("a key must be a string, a number or a boolean", node);
  }

  #scalar(value: unknown, node: unknown): unknown {
    if (typeof value === "bigint") {
      const isInRange = value > -INTEGER_LIMIT && value < INTEGER_LIMIT;
      const isKept = isInRange && BigInt.asIntN(64, value) === value;
      if (isKept && String(Number(value)) !== String(value)) return value;
      if (isInRange && String(Number(value)) === String(value)) return Number(value);
      const shown = isInRange ? `${value} ` : "";
      throw this.#error(`the integer ${shown}is too large to be kept exactly`, node);
    }
    if (typeof value === "number" && !Number.isFinite(value)) {
      throw this.#error(`unsupported value: ${value}`, node);
    }
    if (typeof value === "string") return value.toWellFormed();
    return value ?? null;
  }

  #duplicate(key: string): void {
    if (this.#duplicates.size >= DUPLICATES_MAX) return;
    const steps = [...this.#path, key].map((step) =>
      typeof step === "number" ? `[${step}]` : `.${step}`,
    );
    this.#duplicates.add(steps.join("").replace(/^\./, ""));
  }

  #error(message: string, node: unknown): DecodeError {
    return new DecodeError(`yaml: ${message}`, this.#placeAt(offsetOf(node)));
  }
}

function isMergeKey(pair: Pair): boolean {
  return isScalar(pair.key) && pair.key.type === "PLAIN" && pair.key.source === "<<";
}

function anchorOf(node: unknown): string | undefined {
  return isScalar(node) || isMap(node) || isSeq(node) ? node.anchor : undefined;
}

function offsetOf(node: unknown): number {
  if (!isScalar(node) && !isMap(node) && !isSeq(node) && !isAlias(node)) return 0;
  return node.range?.[0] ?? 0;
}
