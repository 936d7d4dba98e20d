/**
 * Which other orders of a run's steps can make a difference: for each two steps that depend on each
 * other, follow each other by nothing but their order, and could have come the other way round.
 */
import { areDependent, type Step } from "./step-trace.ts";

/** Before the step at this place, one of these should be tried as well, by id. */
export type Reversal = { readonly place: number; readonly ids: readonly string[] };

/** Flanagan and Godefroid's rule, within groups of steps that nothing separates. */
export function reversalsOf(steps: readonly Step[]): readonly Reversal[] {
  const befores: ReadonlySet<number>[] = [];
  const reversals: Reversal[] = [];
  for (const [place, step] of steps.entries()) {
    const before = new Set<number>();
    for (let earlier = place - 1; steps[earlier]?.group === step.group; earlier -= 1) {
      const other = steps[earlier];
      if (other === undefined || before.has(earlier)) continue;
      const isOwn = other.actor === step.actor || step.maker === earlier;
      if (!isOwn && !areDependent(other.footprint, step.footprint)) continue;
      if (!isOwn && other.enabled.length > 1) {
        const ids = instead(other, steps, earlier, { place, before });
        reversals.push({ place: earlier, ids });
      }
      before.add(earlier);
      for (const further of befores[earlier] ?? []) before.add(further);
    }
    befores.push(before);
  }
  return reversals;
}

/** What may come instead of the earlier step so that the later one comes before it. */
function instead(
  earlier: Step,
  steps: readonly Step[],
  from: number,
  { place, before }: { readonly place: number; readonly before: ReadonlySet<number> },
): readonly string[] {
  const leading = new Set<string>();
  for (let at = from + 1; at <= place; at += 1) {
    const { id = "" } = steps[at] ?? {};
    if (at === place || before.has(at)) leading.add(id);
  }
  const ids = earlier.enabled.filter((id) => id !== earlier.id && leading.has(id));
  return ids.length > 0 ? ids.slice(0, 1) : earlier.enabled.filter((id) => id !== earlier.id);
}
