/**
 * What to do next with dependents that have an order. Pure: it is asked again whenever something
 * was done, until it has nothing more to say; what is still pending then waits for the world.
 *
 *     wanted      applied when all below it are ready
 *     unwanted    removed when all above it are gone
 *
 * What depends on something unwanted is unwanted too, so no node waits for one that is to go.
 */
import { reachable, type Graph } from "./graph.ts";

/**
 * How far a dependent has come in this run. `left`: not ours to remove, the garbage collector
 * takes it after its owner.
 */
export type Progress =
  "pending" | "busy" | "ready" | "unready" | "gone" | "going" | "left" | "failed";

export type Step = { readonly name: string; readonly act: "apply" | "remove" };

/** Those of which this run makes sure that they are there; all others it removes. */
export type Wanted = ReadonlySet<string>;

/** `asked`: those whose own condition holds. What depends on any other is not wanted either. */
export function wantedOf(graph: Graph, asked: ReadonlySet<string>): Wanted {
  const refused = graph.order.filter((name) => !asked.has(name));
  const unwanted = reachable(refused, graph.above);
  return new Set(graph.order.filter((name) => !unwanted.has(name)));
}

/**
 * At the end of the owner: those that are deleted one after the other are `inOrder` and all that
 * depends on them. The rest is left to the garbage collector.
 */
export function removedInOrder(graph: Graph, inOrder: readonly string[]): ReadonlySet<string> {
  return reachable(inOrder, graph.above);
}

/** What can be begun now, all of it side by side. */
export function planDependents(
  graph: Graph,
  wanted: Wanted,
  progress: ReadonlyMap<string, Progress>,
): readonly Step[] {
  const are = (names: readonly string[] | undefined, ...states: readonly Progress[]): boolean =>
    (names ?? []).every((name) => states.includes(progress.get(name) ?? "pending"));
  return graph.order.flatMap((name): readonly Step[] => {
    if ((progress.get(name) ?? "pending") !== "pending") return [];
    if (wanted.has(name)) {
      return are(graph.below.get(name), "ready") ? [{ name, act: "apply" }] : [];
    }
    return are(graph.above.get(name), "gone", "left") ? [{ name, act: "remove" }] : [];
  });
}
