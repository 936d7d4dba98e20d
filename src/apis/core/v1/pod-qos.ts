/** How a pod is treated when a node runs short, which follows from what its containers ask for. */
import { addQuantities, compareQuantities, parseQuantity } from "../../../machinery/quantity.ts";
import type { Quantity } from "../../../machinery/quantity.ts";
import type { PodSpec, ResourceRequirements } from "./types.generated.ts";

export type QosClass = "BestEffort" | "Burstable" | "Guaranteed";

const COUNTED = ["cpu", "memory"] as const;

/** Guaranteed if all that is asked for is also the limit, BestEffort if nothing is. */
export function qosClass(spec: PodSpec): QosClass {
  const askers =
    spec.resources === undefined
      ? [...spec.containers, ...(spec.initContainers ?? [])].map((c) => c.resources ?? {})
      : [spec.resources];
  const requests = totals(askers, "requests");
  const limits = totals(askers, "limits");
  if (requests.size === 0 && limits.size === 0) return "BestEffort";
  const isGuaranteed =
    askers.every(hasBothLimits) &&
    requests.size === limits.size &&
    [...requests].every(([name, requested]) => {
      const limit = limits.get(name);
      return limit !== undefined && compareQuantities(limit, requested) === 0;
    });
  return isGuaranteed ? "Guaranteed" : "Burstable";
}

function totals(
  askers: readonly ResourceRequirements[],
  side: "requests" | "limits",
): ReadonlyMap<string, Quantity> {
  const sums = new Map<string, Quantity>();
  for (const asker of askers) {
    for (const name of COUNTED) {
      const amount = positive(asker[side]?.[name]);
      if (amount === undefined) continue;
      const sum = sums.get(name);
      sums.set(name, sum === undefined ? amount : addQuantities(sum, amount));
    }
  }
  return sums;
}

function hasBothLimits(asker: ResourceRequirements): boolean {
  return COUNTED.every((name) => positive(asker.limits?.[name]) !== undefined);
}

function positive(text: string | undefined): Quantity | undefined {
  const quantity = text === undefined ? undefined : parseQuantity(text);
  const zero = parseQuantity("0");
  if (quantity === undefined || zero === undefined) return undefined;
  return compareQuantities(quantity, zero) > 0 ? quantity : undefined;
}
