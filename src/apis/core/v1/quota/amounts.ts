/** What a pod asks for as a whole: the sum of its containers, or more while it starts. Pure. */
import type { Container, PodSpec } from "../types.generated.ts";
import {
  addQuantities,
  compareQuantities,
  parseQuantity,
  type Quantity,
} from "../../../../machinery/quantity.ts";

export type Amounts = ReadonlyMap<string, Quantity>;

/** Amounts from the form the API has them in. */
export function amountsOf(texts: Readonly<Record<string, string>> | undefined): Amounts {
  const amounts = new Map<string, Quantity>();
  for (const [name, text] of Object.entries(texts ?? {})) {
    const amount = parseQuantity(text);
    if (amount !== undefined) amounts.set(name, amount);
  }
  return amounts;
}

/**
 * Requests or limits of a pod's containers together. Those that start before the others and stay
 * count like the others; the rest of `initContainers` count where one of them alone is more.
 */
export function containerAmounts(spec: PodSpec, side: "requests" | "limits"): Amounts {
  const ofContainer = (container: Container): Amounts => amountsOf(container.resources?.[side]);
  let sum: Amounts = new Map();
  for (const container of spec.containers) sum = plus(sum, ofContainer(container));
  let staying: Amounts = new Map();
  let peak: Amounts = new Map();
  for (const container of spec.initContainers ?? []) {
    const amounts = ofContainer(container);
    if (container.restartPolicy === "Always") {
      sum = plus(sum, amounts);
      staying = plus(staying, amounts);
      peak = larger(peak, staying);
    } else {
      peak = larger(peak, plus(staying, amounts));
    }
  }
  return larger(sum, peak);
}

/** Requests or limits of a pod. What the pod says as a whole replaces the sum. */
export function podAmounts(spec: PodSpec, side: "requests" | "limits"): Amounts {
  const sum = containerAmounts(spec, side);
  const whole = new Map([...sum, ...amountsOf(spec.resources?.[side])]);
  const overhead = amountsOf(spec.overhead);
  if (side === "requests") return plus(whole, overhead);
  return plus(whole, new Map([...overhead].filter(([name]) => whole.has(name))));
}

export function plus(a: Amounts, b: Amounts): Amounts {
  const sum = new Map(a);
  for (const [name, amount] of b) {
    const other = sum.get(name);
    sum.set(name, other === undefined ? amount : addQuantities(other, amount));
  }
  return sum;
}

function larger(a: Amounts, b: Amounts): Amounts {
  const most = new Map(a);
  for (const [name, amount] of b) {
    const other = most.get(name);
    if (other === undefined || compareQuantities(amount, other) > 0) most.set(name, amount);
  }
  return most;
}
