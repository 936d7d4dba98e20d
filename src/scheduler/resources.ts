/**
 * What pods ask for and nodes have, in whole numbers: cpu in thousandths, all else in its unit.
 * Amounts are exact at any size.
 */
import type { Container, PodSpec } from "../apis/core/v1/types.generated.ts";
import { milliValue, parseQuantity, value } from "../machinery/quantity.ts";

/** Amounts by resource name; a resource that is not there is zero. */
export type Amounts = ReadonlyMap<string, bigint>;

type Quantities = Readonly<Record<string, string>> | undefined;

/** A container that asks for nothing still uses something: what scores count it as. */
export const CPU_MILLI_DEFAULT = 100n;
export const MEMORY_DEFAULT: bigint = 200n * 1024n * 1024n;

/** Amounts of a `requests`, `limits`, `capacity` or `allocatable`. What is no quantity is zero. */
export function amountsOf(quantities: Quantities): Amounts {
  const amounts = new Map<string, bigint>();
  for (const [name, text] of Object.entries(quantities ?? {})) {
    const quantity = parseQuantity(text);
    if (quantity === undefined) continue;
    amounts.set(name, name === "cpu" ? milliValue(quantity) : value(quantity));
  }
  return amounts;
}

export function amountOf(amounts: Amounts, name: string): bigint {
  return amounts.get(name) ?? 0n;
}

/** Changes `total` by `amounts`, and forgets what is zero then. */
export function addTo(total: Map<string, bigint>, amounts: Amounts, sign: 1n | -1n): void {
  for (const [name, amount] of amounts) {
    const sum = amountOf(total, name) + sign * amount;
    if (sum === 0n) total.delete(name);
    else total.set(name, sum);
  }
}

/**
 * What a pod needs at its worst moment: all containers at once, or one init container beside the
 * sidecars started before it, whichever is more. Requests of the pod as a whole stand in for those
 * of its containers.
 */
export function requestsOf(spec: PodSpec): Amounts {
  return podAmounts(spec, (container) => amountsOf(container.resources?.requests));
}

/** As `requestsOf`, for scores: every container counts as using some cpu and memory. */
export function estimateOf(spec: PodSpec): Amounts {
  return podAmounts(spec, (container) => {
    const amounts = new Map(amountsOf(container.resources?.requests));
    if (!amounts.has("cpu")) amounts.set("cpu", CPU_MILLI_DEFAULT);
    if (!amounts.has("memory")) amounts.set("memory", MEMORY_DEFAULT);
    return amounts;
  });
}

function podAmounts(spec: PodSpec, amountsIn: (container: Container) => Amounts): Amounts {
  const running = new Map<string, bigint>();
  for (const container of spec.containers) addTo(running, amountsIn(container), 1n);
  const sidecars = new Map<string, bigint>();
  const starting = new Map<string, bigint>();
  for (const container of spec.initContainers ?? []) {
    const amounts = amountsIn(container);
    const moment = new Map(sidecars);
    addTo(moment, amounts, 1n);
    if (container.restartPolicy === "Always") {
      addTo(running, amounts, 1n);
      addTo(sidecars, amounts, 1n);
    }
    raiseTo(starting, moment);
  }
  raiseTo(running, starting);
  for (const [name, amount] of amountsOf(spec.resources?.requests)) running.set(name, amount);
  addTo(running, amountsOf(spec.overhead), 1n);
  return running;
}

function raiseTo(total: Map<string, bigint>, amounts: Amounts): void {
  for (const [name, amount] of amounts) {
    if (amount > amountOf(total, name)) total.set(name, amount);
  }
}
