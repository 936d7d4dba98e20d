import { compareText } from "../../machinery/key.ts";
import type { NodeView } from "../cluster-state.ts";
import { SCORE_MAX, type Plugin } from "../framework.ts";
import { amountOf, estimateOf, requestsOf, type Amounts } from "../resources.ts";

/** What scores look at; each counts the same. */
const SCORED = ["cpu", "memory"];

/** In the order in which people are told of them; then the others by name. */
const FIRST_TOLD = ["cpu", "memory", "ephemeral-storage"];

/** A node has what its pods ask for, together; of those that do, the emptier is better. */
export const resourcesFit: Plugin = {
  name: "NodeResourcesFit",
  wakesOn: ["node-added", "node-allocatable", "pod-gone"],
  preFilter: ({ spec }) => {
    const requested = [...requestsOf(spec)]
      .filter(([, amount]) => amount > 0n)
      .toSorted(([a], [b]) => told(a) - told(b) || compareText(a, b));
    const estimated = estimateOf(spec);
    return {
      kind: "judge",
      filter: (node) => [
        ...(BigInt(node.pods.size) < amountOf(node.allocatable, "pods") ? [] : ["Too many pods"]),
        ...requested
          .filter(([name, amount]) => amount > free(node, name))
          .map(([name]) => `Insufficient ${name}`),
      ],
      score: (node) => leastAllocated(node, estimated),
    };
  },
};

/** The part of a node that would stay free, in percent, as a mean over resources. */
function leastAllocated(node: NodeView, wanted: Amounts): number {
  let sum = 0;
  let count = 0;
  for (const name of SCORED) {
    const capacity = amountOf(node.allocatable, name);
    if (capacity <= 0n) continue;
    const left = capacity - amountOf(node.estimated, name) - amountOf(wanted, name);
    if (left > 0n) sum += Number((left * BigInt(SCORE_MAX)) / capacity);
    count += 1;
  }
  return count === 0 ? 0 : Math.floor(sum / count);
}

function free(node: NodeView, name: string): bigint {
  return amountOf(node.allocatable, name) - amountOf(node.requested, name);
}

function told(name: string): number {
  const index = FIRST_TOLD.indexOf(name);
  return index < 0 ? FIRST_TOLD.length : index;
}
