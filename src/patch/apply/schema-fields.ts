/** Sets of fields in the light of a schema. */
import type { Atom } from "./atom.ts";
import { fieldNode, isEmptySet, LEAF, type FieldNode, type FieldSet } from "./field-set.ts";
import { fieldName, isKeyElement, type PathElement } from "./path-element.ts";

/**
 * `set` with the fields of the schema that lie on the way to its members: of `.spec.replicas` also
 * `.spec`, but of `.data.a` not `.data`, if that is a map.
 */
export function withNamedFields(set: FieldSet, atom: Atom): FieldSet {
  return mapNodes(set, (element, node) => {
    if (isEmptySet(node.below)) return node;
    const name = fieldName(element);
    const isNamed = name !== undefined && atom.map?.isNamed(name) === true;
    const below = withNamedFields(node.below, innerAtom(atom, element));
    const isMember = node.isMember || isNamed;
    return isMember === node.isMember && below === node.below ? node : fieldNode(isMember, below);
  });
}

/**
 * `set` as it would have been recorded under the present schema: of what is owned as a whole now,
 * owners of parts own the whole. The other way round is not needed: such owners are taken to own
 * the place alone.
 */
export function reconciledWithSchema(set: FieldSet, atom: Atom): FieldSet {
  if (isEmptySet(set)) return set;
  const { map, list } = atom;
  if (map !== undefined) {
    if (map.isDeduced) return set;
    return mapNodes(set, (element, node) => {
      if (isEmptySet(node.below)) return node;
      const inner = map.member(fieldName(element) ?? element);
      return inner === undefined ? node : reconciledNode(node, inner);
    });
  }
  if (list === undefined) return set;
  return mapNodes(set, (_element, node) => reconciledNode(node, list.items()));
}

function reconciledNode(node: FieldNode, atom: Atom): FieldNode {
  const { map, list } = atom;
  const isWhole = map === undefined ? list?.kind === "atomic" : map.isAtomic && !map.isDeduced;
  if (isEmptySet(node.below)) return node;
  if (isWhole) return LEAF;
  const below = reconciledWithSchema(node.below, atom);
  return below === node.below ? node : fieldNode(node.isMember, below);
}

function innerAtom(atom: Atom, element: PathElement): Atom {
  const name = fieldName(element);
  if (name !== undefined) return atom.map?.member(name) ?? {};
  return isKeyElement(element) ? (atom.list?.items() ?? {}) : {};
}

/** The very same set when no node changes. */
function mapNodes(
  set: FieldSet,
  change: (element: PathElement, node: FieldNode) => FieldNode,
): FieldSet {
  let changed: Map<PathElement, FieldNode> | undefined;
  for (const [element, node] of set) {
    const next = change(element, node);
    if (next === node) continue;
    changed ??= new Map(set);
    changed.set(element, next);
  }
  return changed ?? set;
}
