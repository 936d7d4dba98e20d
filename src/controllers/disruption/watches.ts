/** What wakes a budget: itself, and the pods it selects or ceases to select. */
import { Pod, PodDisruptionBudget } from "../../client/builtin.ts";
import type { Source } from "../../controller-runtime/sources/source.ts";
import { ownSource, watchSource } from "../../controller-runtime/sources/sources.ts";
import type { Informers } from "../../informer/informers.ts";
import { keyOf, type ObjectKey } from "../../machinery/key.ts";
import { selects } from "../../machinery/labels.ts";

export function budgetSources(informers: Informers): readonly Source[] {
  const budgets = informers.for(PodDisruptionBudget);
  const budgetsOf = ({ metadata }: Pod): readonly ObjectKey[] =>
    budgets.lister
      .list({ namespace: metadata.namespace ?? "" })
      .filter(({ spec }) => spec.selector !== undefined && selects(spec.selector, metadata))
      .map(keyOf);
  return [
    ownSource(budgets),
    watchSource(informers.for(Pod), budgetsOf, { name: "selected pods" }),
  ];
}
