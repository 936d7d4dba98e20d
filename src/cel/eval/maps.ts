/** Maps that expressions make. */
import type { CelMap, CelResult, CelValue } from "../values.ts";
import { mapKeyOf, type MapKey } from "./map-keys.ts";

/** The entries that maps made from each other share. */
type Shared = {
  readonly keys: CelValue[];
  readonly values: CelValue[];
  readonly places: Map<MapKey, number>;
};

/**
 * A map. Like lists, maps share their entries with maps they were made from: a map is the first
 * `size` entries, so that inserting in a loop takes constant time.
 */
export class EntryMap implements CelMap {
  readonly kind = "map";
  readonly size: number;
  readonly #shared: Shared;

  private constructor(shared: Shared, size: number) {
    this.#shared = shared;
    this.size = size;
  }

  static empty(): EntryMap {
    return new EntryMap({ keys: [], values: [], places: new Map() }, 0);
  }

  /** A map of these entries; of several with the same key, the last one counts. */
  static of(entries: Iterable<readonly [CelValue, CelValue]>): EntryMap {
    const shared: Shared = { keys: [], values: [], places: new Map() };
    for (const [key, value] of entries) {
      const place = mapKeyOf(key);
      const known = shared.places.get(place);
      if (known === undefined) push(shared, place, key, value);
      else shared.values[known] = value;
    }
    return new EntryMap(shared, shared.keys.length);
  }

  get(key: CelValue): CelResult | undefined {
    const place = this.#placeOf(mapKeyOf(key));
    return place === undefined ? undefined : this.#shared.values[place];
  }

  keys(): readonly CelValue[] {
    return this.#shared.keys.slice(0, this.size);
  }

  /** This map with one more entry; undefined if it has the key already. */
  insert(key: CelValue, value: CelValue): EntryMap | undefined {
    const form = mapKeyOf(key);
    if (this.#placeOf(form) !== undefined) return undefined;
    const isLargest = this.size === this.#shared.keys.length;
    const shared = isLargest ? this.#shared : copied(this.#shared, this.size);
    push(shared, form, key, value);
    return new EntryMap(shared, this.size + 1);
  }

  #placeOf(form: MapKey): number | undefined {
    const place = this.#shared.places.get(form);
    return place === undefined || place >= this.size ? undefined : place;
  }
}

function push(shared: Shared, form: MapKey, key: CelValue, value: CelValue): void {
  shared.places.set(form, shared.keys.length);
  shared.keys.push(key);
  shared.values.push(value);
}

function copied(shared: Shared, size: number): Shared {
  return {
    keys: shared.keys.slice(0, size),
    values: shared.values.slice(0, size),
    places: new Map([...shared.places].filter(([, place]) => place < size)),
  };
}
