/** What depends on what: checked once, when a controller is made. */
import { labelValueProblem } from "../../machinery/names.ts";

/** Dependents of one controller. */
export const DEPENDENTS_MAX = 200;

/** A dependent as far as order goes. */
export type GraphNode = { readonly name: string; readonly dependsOn: readonly string[] };

/** Without cycles: who depends on whom, in both directions. */
export type Graph = {
  /** Each after all that it depends on. */
  readonly order: readonly string[];
  /** What a node depends on directly. */
  readonly below: ReadonlyMap<string, readonly string[]>;
  /** What depends on a node directly. */
  readonly above: ReadonlyMap<string, readonly string[]>;
};

/** Dependents that cannot be brought into an order; the message names them. */
export class DependentsError extends Error {
  override readonly name = "DependentsError";
}

/**
 * The graph of `nodes`. Throws `DependentsError` for names that are no names, are there twice or
 * are unknown, and for nodes that depend on themselves, with the way round.
 */
export function graphOf(nodes: readonly GraphNode[]): Graph {
  if (nodes.length > DEPENDENTS_MAX) {
    throw new DependentsError(`${nodes.length} dependents are more than ${DEPENDENTS_MAX}`);
  }
  const below = new Map<string, readonly string[]>();
  for (const { name, dependsOn } of nodes) {
    const problem = name === "" ? "it is empty" : labelValueProblem(name);
    if (problem !== undefined) throw new DependentsError(`dependent "${name}": ${problem}`);
    if (below.has(name)) {
      throw new DependentsError(
        `two dependents are named ${name}: give each a \`name\` of its own`,
      );
    }
    below.set(name, [...new Set(dependsOn)]);
  }
  refuseUnknown(below);
  const above = new Map<string, string[]>([...below.keys()].map((name) => [name, []]));
  for (const [name, needed] of below) for (const one of needed) above.get(one)?.push(name);
  return { order: ordered(below), below, above };
}

function refuseUnknown(below: Graph["below"]): void {
  for (const [name, needed] of below) {
    const unknown = needed.find((one) => !below.has(one));
    if (unknown === undefined) continue;
    const known = [...below.keys()].filter((other) => other !== name).join(", ");
    throw new DependentsError(
      `dependent ${name} depends on ${unknown}, which is none of the others: ${known || "none"}`,
    );
  }
}

/** Depth first, by a path of our own: a long chain is no deep recursion. */
function ordered(below: Graph["below"]): readonly string[] {
  const done = new Set<string>();
  for (const start of below.keys()) {
    const path = [start];
    for (let name = path.at(-1); name !== undefined; name = path.at(-1)) {
      const next = (below.get(name) ?? []).find((one) => !done.has(one));
      if (next === undefined) {
        done.add(name);
        path.pop();
        continue;
      }
      if (path.includes(next)) {
        const circle = [...path.slice(path.indexOf(next)), next].join(" -> ");
        throw new DependentsError(`dependents depend on themselves: ${circle}`);
      }
      path.push(next);
    }
  }
  return [...done];
}

/** `names`, and all that can be reached from them along `edges`. */
export function reachable(
  names: Iterable<string>,
  edges: ReadonlyMap<string, readonly string[]>,
): ReadonlySet<string> {
  const found = new Set(names);
  for (const name of found) for (const next of edges.get(name) ?? []) found.add(next);
  return found;
}
