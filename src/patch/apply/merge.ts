/**
 * One object laid over another: fields of the upper one win, nothing is removed, and items of
 * associative lists are merged by their keys. Items keep the order of the lower list where the
 * upper one says nothing about them; items of both follow the order of the upper.
 *
 * Parts that the upper object does not touch, or does not change, are shared with the lower one.
 */
import { setField, type MutableFields } from "../../machinery/json-value.ts";
import type { Atom, ListAtom, MapAtom } from "./atom.ts";
import { elementText, type PathElement } from "./path-element.ts";
import {
  fieldNames,
  fieldsOf,
  itemElement,
  kindOf,
  listOf,
  type TypeProblem,
} from "./typed-value.ts";

export type Merged =
  | { readonly kind: "merged"; readonly value: unknown }
  | { readonly kind: "problems"; readonly problems: readonly TypeProblem[] };

/** `upper` over `lower`. Both must fit `atom`; duplicates are allowed in `lower` only. */
export function mergeValues(lower: unknown, upper: unknown, atom: Atom): Merged {
  const walk = new MergeWalk();
  const value = walk.merge(lower, upper, atom, "");
  if (walk.problems.length > 0) return { kind: "problems", problems: walk.problems };
  return { kind: "merged", value };
}

type Index = {
  /** One for each item, in order. */
  readonly elements: readonly PathElement[];
  /** Null for duplicates: they are not merged with anything. */
  readonly items: ReadonlyMap<PathElement, unknown>;
};

class MergeWalk {
  readonly problems: TypeProblem[] = [];

  /** Undefined: nothing is left of it. */
  merge(lower: unknown, upper: unknown, atom: Atom, path: string): unknown {
    if (upper === undefined || lower === upper) return lower;
    const kind = kindOf(atom, upper);
    switch (kind.kind) {
      case "map":
        return this.#maps(lower, upper, kind.atom, path);
      case "list":
        return this.#lists(lower, upper, kind.atom, path);
      case "scalar":
      case "nothing":
        return upper;
    }
  }

  #maps(lower: unknown, upper: unknown, atom: MapAtom, path: string): unknown {
    const below = fieldsOf(lower) ?? {};
    const above = fieldsOf(upper) ?? {};
    const names = fieldNames(below);
    const upperNames = fieldNames(above);
    const isNothing = names.length === 0 && upperNames.length === 0;
    if (atom.isAtomic || isNothing) return upper;
    const merged: MutableFields = {};
    for (const name of new Set([...names, ...upperNames])) {
      const [under, over] = [member(below, name), member(above, name)];
      const inner = atom.member(name);
      const value = inner === undefined ? over : this.merge(under, over, inner, `${path}.${name}`);
      if (value !== undefined) setField(merged, name, value);
    }
    const mergedNames = Object.keys(merged);
    if (mergedNames.length === 0) return undefined;
    const isSame = (name: string): boolean => merged[name] === member(below, name);
    const isUnchanged = mergedNames.length === names.length && mergedNames.every(isSame);
    return isUnchanged && fieldsOf(lower) !== undefined ? lower : merged;
  }

  #lists(lower: unknown, upper: unknown, atom: ListAtom, path: string): unknown {
    const below = listOf(lower) ?? [];
    const above = listOf(upper) ?? [];
    const isNothing = below.length === 0 && above.length === 0;
    if (atom.kind === "atomic" || isNothing) return upper;
    const over = this.#index(above, atom, path, "unique");
    const under = this.#index(below, atom, path, "duplicates");
    const isBroken = over.elements.length < above.length || under.elements.length < below.length;
    if (isBroken) return undefined; // a problem was noted
    const merged: unknown[] = [];
    for (const step of mergedOrder(under, over)) {
      const item =
        step.kind === "lower"
          ? below[step.index]
          : this.merge(
              under.items.get(step.element),
              over.items.get(step.element),
              atom.items(),
              `${path}${elementText(step.element)}`,
            );
      if (item !== undefined) merged.push(item);
    }
    if (merged.length === 0) return undefined;
    const isUnchanged =
      merged.length === below.length && merged.every((item, index) => item === below[index]);
    return isUnchanged ? lower : merged;
  }

  #index(
    items: readonly unknown[],
    atom: ListAtom,
    path: string,
    rule: "unique" | "duplicates",
  ): Index {
    const elements: PathElement[] = [];
    const index = new Map<PathElement, unknown>();
    for (const [at, item] of items.entries()) {
      const found = itemElement(atom, item);
      if (found.kind === "problem") {
        this.problems.push({ path, message: `element ${at}: ${found.problem}` });
        continue;
      }
      const { element } = found;
      const isDuplicate = index.has(element);
      if (isDuplicate && rule === "unique") {
        const message = `duplicate entries for key ${elementText(element)}`;
        this.problems.push({ path, message });
        continue;
      }
      index.set(element, isDuplicate ? null : item);
      elements.push(element);
    }
    return { elements, items: index };
  }
}

type Step =
  /** An item of the lower list alone, by its place. */
  | { readonly kind: "lower"; readonly index: number }
  /** An item of the upper list, merged with the one of the lower if there is one. */
  | { readonly kind: "upper"; readonly element: PathElement };

/**
 * The order of a merged list. Lower items that are in no upper list keep their neighbours; items in
 * both come in the order of the upper list; new items come where the upper list has them.
 */
function mergedOrder(lower: Index, upper: Index): readonly Step[] {
  const steps: Step[] = [];
  const done = new Set<PathElement>();
  const shared = upper.elements.filter((element) => lower.items.has(element));
  let nextShared = 0;
  const takeUpper = (element: PathElement): void => {
    done.add(element);
    steps.push({ kind: "upper", element });
  };
  let [low, up] = [0, 0];
  while (low < lower.elements.length || up < upper.elements.length) {
    const [under, over] = [lower.elements[low], upper.elements[up]];
    if (under !== undefined && over !== undefined) {
      if (under === over) {
        takeUpper(under);
        low += 1;
        up += 1;
        nextShared += 1;
        continue;
      }
      const awaited = shared[nextShared];
      if (upper.items.has(under) && awaited !== undefined && awaited !== under) {
        low += 1; // shared, but its turn comes later
        continue;
      }
    }
    if (under !== undefined) {
      if (!upper.items.has(under)) {
        steps.push({ kind: "lower", index: low });
        low += 1;
        continue;
      }
      if (done.has(under)) low += 1;
    }
    if (over !== undefined) {
      takeUpper(over);
      up += 1;
      if (shared[nextShared] === over) nextShared += 1;
    }
  }
  return steps;
}

function member(fields: Readonly<Record<string, unknown>>, name: string): unknown {
  return Object.hasOwn(fields, name) ? fields[name] : undefined;
}
