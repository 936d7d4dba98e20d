/**
 * The plans that are tried one by one before chance has its turn: every call of the calm run with
 * every fate it can have, every event held back or never seen, every list from the past. One
 * decision a plan; most defects of controllers need no more.
 */
import type { ChoicePoint } from "../choices/choices.ts";
import { randomStream } from "../choices/random-stream.ts";

/** What a plan takes that is not calm. */
export type Plan = ReadonlyMap<string, string>;

/** Those worth a run of their own, by class; the others are left to chance. */
const OPTIONS: Readonly<Record<string, readonly string[]>> = {
  call: ["crash before effect", "crash after effect", "crash after answer", "lost after effect"],
  event: ["pause 60s", "expired"],
  lag: ["500ms", "400s"],
  list: ["from the beginning"],
  pace: ["0", "300ms"],
  world: ["crash", "pause 40s", "fails soon"],
  server: ["restart"],
  node: ["crash loop", "is evicted", "dies for 15min"],
  version: ["the build before", "is replaced"],
  external: ["crash before effect", "crash after effect", "lost after effect", "60s behind"],
  disk: ["full for 30s", "fails with the next write"],
  webhook: ["too late", "fails", "called twice"],
};

/** All plans of one decision, in the order of the run. `points`: of the calm run. */
export function* systematicPlans(points: readonly ChoicePoint[]): Generator<Plan> {
  for (const { kind, name, options } of points) {
    for (const option of OPTIONS[kind] ?? []) {
      if (options.includes(option)) yield new Map([[name, option]]);
    }
  }
}

/**
 * After a crash a process lists anew, perhaps from the past: the pair that travels in time. Each
 * crash of the calm run's calls with each list of its process from the beginning.
 */
export function* timeTravelPlans(
  points: readonly ChoicePoint[],
  listedResources: readonly string[],
): Generator<Plan> {
  for (const { kind, name } of points) {
    if (kind !== "call" || / (?:get|list|watch) /.test(name)) continue;
    const process = /^call: (\S+):/.exec(name)?.[1];
    if (process === undefined) continue;
    for (const resource of listedResources) {
      yield new Map([
        [name, "crash after effect"],
        [`list: ${process}'s ${resource}`, "from the beginning"],
      ]);
    }
  }
}

/**
 * Two decisions of the calm run at once: as many pairs as there are plans of one, drawn by the
 * seed, each once. All of them would be too many.
 */
export function* pairPlans(plans: readonly Plan[], seed: number): Generator<Plan> {
  const stream = randomStream(seed, "pairs of plans");
  const drawn = new Set<string>();
  const draw = (): number => Math.floor(stream.next() * plans.length);
  for (let nth = 0; nth < plans.length; nth += 1) {
    const places = [draw(), draw()].toSorted((a, b) => a - b);
    const pair = new Map(places.flatMap((place) => [...(plans[place] ?? [])]));
    if (pair.size < 2 || drawn.has(places.join())) continue;
    drawn.add(places.join());
    yield pair;
  }
}
