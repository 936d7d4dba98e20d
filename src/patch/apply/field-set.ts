/**
 * Sets of fields: who owns what is told in them. A set is a tree of steps; a step that is a member
 * names the field at its end, and fields below it are members of their own. Sets are immutable and
 * share their parts; all operations take time linear in the sets they are given.
 *
 * Invariant: every node is a member or has something below it.
 */
import type { Fields } from "../../machinery/object.ts";
import { fieldElement, pathText, type FieldPath, type PathElement } from "./path-element.ts";
import { sortedElements } from "./path-element.ts";

export type FieldSet = ReadonlyMap<PathElement, FieldNode>;

export type FieldNode = {
  readonly isMember: boolean;
  readonly below: FieldSet;
  /** The node in JSON, once it was written or read: `fields-v1.ts` alone looks at it. */
  form: Fields | undefined;
};

export const NO_FIELDS: FieldSet = new Map();

export function fieldNode(isMember: boolean, below: FieldSet, form?: Fields): FieldNode {
  return { isMember, below, form };
}

const NOTHING: Fields = Object.freeze({});

/** A member with nothing below it. */
export const LEAF: FieldNode = fieldNode(true, NO_FIELDS, NOTHING);

/** The set of these paths; the empty path, the whole object, is never a member. */
export function fieldSetOf(...paths: readonly FieldPath[]): FieldSet {
  const builder = new FieldSetBuilder();
  for (const path of paths) builder.insert(path);
  return builder.set;
}

/** The set of paths made of field names only: `[["spec"], ["metadata", "labels"]]`. */
export function namedFields(paths: readonly (readonly string[])[]): FieldSet {
  return fieldSetOf(...paths.map((path) => path.map(fieldElement)));
}

type MutableNode = {
  isMember: boolean;
  below: Map<PathElement, MutableNode>;
  readonly form: undefined;
};

/** Stands in nodes that have nothing below them, which are most; never changed. */
const NOTHING_BELOW: Map<PathElement, MutableNode> = new Map();

/**
 * Makes a set path by path. The set is not to be used before the last one is in. Paths mostly begin
 * as the one before them does, so what that one led through is kept at hand.
 */
export class FieldSetBuilder {
  readonly #root = emptyNode();
  readonly #elements: PathElement[] = []; // of the last path
  readonly #nodes: MutableNode[] = [this.#root]; // one more: each leads to the next

  get set(): FieldSet {
    return this.#root.below;
  }

  insert(path: FieldPath): void {
    let depth = 0;
    while (depth < path.length && path[depth] === this.#elements[depth]) depth += 1;
    this.#elements.length = depth;
    this.#nodes.length = depth + 1;
    let node = this.#nodes[depth] ?? this.#root;
    for (; depth < path.length; depth += 1) {
      const element = path[depth] ?? "";
      node = stepInto(node, element);
      this.#elements.push(element);
      this.#nodes.push(node);
    }
    node.isMember = true;
  }
}

function emptyNode(): MutableNode {
  return { isMember: false, below: NOTHING_BELOW, form: undefined };
}

function stepInto(node: MutableNode, element: PathElement): MutableNode {
  if (node.below === NOTHING_BELOW) node.below = new Map();
  let found = node.below.get(element);
  if (found === undefined) {
    found = emptyNode();
    node.below.set(element, found);
  }
  return found;
}

export function isEmptySet(set: FieldSet): boolean {
  return set.size === 0;
}

/** Whether the field at the end of the path is a member. */
export function hasField(set: FieldSet, path: FieldPath): boolean {
  let nodes = set;
  let isMember = false;
  for (const element of path) {
    const node = nodes.get(element);
    if (node === undefined) return false;
    isMember = node.isMember;
    nodes = node.below;
  }
  return isMember;
}

/** Members below a step, as a set of its own. */
export function fieldsBelow(set: FieldSet, element: PathElement): FieldSet {
  return set.get(element)?.below ?? NO_FIELDS;
}

export function equalSets(a: FieldSet, b: FieldSet): boolean {
  if (a === b) return true;
  if (a.size !== b.size) return false;
  for (const [element, node] of a) {
    const other = b.get(element);
    if (other === undefined || node.isMember !== other.isMember) return false;
    if (!equalSets(node.below, other.below)) return false;
  }
  return true;
}

/** What is in either. */
export function union(a: FieldSet, b: FieldSet): FieldSet {
  if (a === b || isEmptySet(b)) return a;
  if (isEmptySet(a)) return b;
  let merged: Map<PathElement, FieldNode> | undefined; // often all of `b` is in `a`
  for (const [element, node] of b) {
    const other = a.get(element);
    const both = other === undefined ? node : unionOfNodes(other, node);
    if (both === other) continue;
    merged ??= new Map(a);
    merged.set(element, both);
  }
  return merged ?? a;
}

function unionOfNodes(a: FieldNode, b: FieldNode): FieldNode {
  const isMember = a.isMember || b.isMember;
  const below = union(a.below, b.below);
  return isMember === a.isMember && below === a.below ? a : fieldNode(isMember, below);
}

/** What is in both. */
export function intersection(a: FieldSet, b: FieldSet): FieldSet {
  if (a === b) return a;
  const [small, large] = a.size <= b.size ? [a, b] : [b, a];
  const common = new Map<PathElement, FieldNode>();
  for (const [element, node] of small) {
    const other = large.get(element);
    if (other === undefined) continue;
    put(common, element, node.isMember && other.isMember, intersection(node.below, other.below));
  }
  return common;
}

/** What is in `a` and not in `b`. A member of `b` takes no field below it away. */
export function difference(a: FieldSet, b: FieldSet): FieldSet {
  return without(a, b, (node) => node.below);
}

/** The same, but a member of `b` takes along all fields below it. */
export function recursiveDifference(a: FieldSet, b: FieldSet): FieldSet {
  return without(a, b, (node) => (node.isMember ? undefined : node.below));
}

/** `taken`: what of the fields below goes; undefined is all of them. */
function without(
  a: FieldSet,
  b: FieldSet,
  taken: (node: FieldNode) => FieldSet | undefined,
): FieldSet {
  if (isEmptySet(a) || isEmptySet(b)) return a;
  let kept: Map<PathElement, FieldNode> | undefined; // nearly always nothing goes
  for (const element of (a.size < b.size ? a : b).keys()) {
    const [node, other] = [a.get(element), b.get(element)];
    if (node === undefined || other === undefined) continue;
    const gone = taken(other);
    const below = gone === undefined ? NO_FIELDS : without(node.below, gone, taken);
    const isMember = node.isMember && !other.isMember;
    if (isMember === node.isMember && below === node.below) continue;
    kept ??= new Map(a);
    if (!isMember && isEmptySet(below)) kept.delete(element);
    else put(kept, element, isMember, below);
  }
  return kept ?? a;
}

/** Members with nothing below them. */
export function leaves(set: FieldSet): FieldSet {
  const kept = new Map<PathElement, FieldNode>();
  for (const [element, node] of set) {
    const below = leaves(node.below);
    put(kept, element, node.isMember && isEmptySet(node.below), below);
  }
  return kept;
}

/** All members in upstream's order: those of a level, then those below each of them. */
export function pathsOf(set: FieldSet): readonly FieldPath[] {
  const paths: FieldPath[] = [];
  const visit = (nodes: FieldSet, prefix: FieldPath): void => {
    const elements = sortedElements(nodes.keys());
    for (const element of elements) {
      if (nodes.get(element)?.isMember === true) paths.push([...prefix, element]);
    }
    for (const element of elements) visit(fieldsBelow(nodes, element), [...prefix, element]);
  };
  visit(set, []);
  return paths;
}

/** For messages and tests: one path a line. */
export function setText(set: FieldSet): string {
  return pathsOf(set).map(pathText).join("\n");
}

function put(
  nodes: Map<PathElement, FieldNode>,
  element: PathElement,
  isMember: boolean,
  below: FieldSet,
): void {
  if (isEmptySet(below)) {
    if (isMember) nodes.set(element, LEAF);
  } else nodes.set(element, fieldNode(isMember, below));
}
