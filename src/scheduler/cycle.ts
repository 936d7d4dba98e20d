/** One try to find a node for a pod. Pure but for chance, which decides among equals. */
import type { Pod } from "../client/builtin.ts";
import type { Random } from "../base/env.ts";
import { compareText } from "../machinery/key.ts";
import type { NodeView, Snapshot } from "./cluster-state.ts";
import type { Judgement, Plugin } from "./framework.ts";

export type Decision =
  | { readonly kind: "node"; readonly nodeName: string }
  | {
      readonly kind: "unschedulable";
      /** `0/2 nodes are available: 2 Insufficient cpu.` */
      readonly message: string;
      /** The plugins that refused, by name. Empty: there was no node to refuse. */
      readonly refusedBy: ReadonlySet<string>;
    };

/** Below this many nodes, all are looked at. */
export const NODES_FOUND_MIN = 100;

type Judge = Extract<Judgement, { kind: "judge" }> & {
  readonly name: string;
  readonly weight: number;
};

export type CycleRequest = {
  readonly pod: Pod;
  readonly snapshot: Snapshot;
  readonly plugins: readonly Plugin[];
  readonly random: Random;
  /** Where to begin among the nodes; moving on spreads the load when not all are looked at. */
  readonly start?: number;
};

/** The best node of those that will do. */
export function decide(request: CycleRequest): Decision {
  const { pod, snapshot, plugins, random } = request;
  const { nodes } = snapshot;
  if (nodes.length === 0) {
    const message = "no nodes available to schedule pods";
    return { kind: "unschedulable", message, refusedBy: new Set() };
  }
  const judges: Judge[] = [];
  for (const plugin of plugins) {
    const judgement = plugin.preFilter?.(pod, snapshot);
    if (judgement === undefined || judgement.kind === "skip") continue;
    if (judgement.kind === "reject") {
      const message = `0/${nodes.length} nodes are available: ${judgement.reason}.`;
      return { kind: "unschedulable", message, refusedBy: new Set([plugin.name]) };
    }
    judges.push({ ...judgement, name: plugin.name, weight: plugin.weight ?? 1 });
  }
  const { fitting, reasons, refusedBy } = filterNodes(nodes, judges, request.start ?? 0);
  if (fitting.length === 0) {
    const message = `0/${nodes.length} nodes are available: ${reasonsText(reasons)}.`;
    return { kind: "unschedulable", message, refusedBy };
  }
  return { kind: "node", nodeName: bestOf(fitting, judges, random).name };
}

/** How many fitting nodes are enough to choose from. */
export function enoughNodes(count: number): number {
  if (count < NODES_FOUND_MIN) return count;
  const percent = Math.max(5, Math.floor(50 - count / 125));
  return Math.max(NODES_FOUND_MIN, Math.floor((count * percent) / 100));
}

type Filtered = {
  readonly fitting: readonly NodeView[];
  readonly reasons: ReadonlyMap<string, number>;
  readonly refusedBy: ReadonlySet<string>;
};

function filterNodes(
  nodes: readonly NodeView[],
  judges: readonly Judge[],
  start: number,
): Filtered {
  const fitting: NodeView[] = [];
  const reasons = new Map<string, number>();
  const refusedBy = new Set<string>();
  const enough = enoughNodes(nodes.length);
  for (let step = 0; step < nodes.length && fitting.length < enough; step += 1) {
    const node = nodes[(start + step) % nodes.length];
    if (node === undefined) continue;
    const refusal = refusalOf(node, judges);
    if (refusal === undefined) {
      fitting.push(node);
      continue;
    }
    refusedBy.add(refusal.name);
    for (const reason of refusal.reasons) reasons.set(reason, (reasons.get(reason) ?? 0) + 1);
  }
  return { fitting, reasons, refusedBy };
}

/** The first plugin's reasons: later ones are not asked. */
function refusalOf(
  node: NodeView,
  judges: readonly Judge[],
): { readonly name: string; readonly reasons: readonly string[] } | undefined {
  for (const { name, filter } of judges) {
    const reasons = filter?.(node) ?? [];
    if (reasons.length > 0) return { name, reasons };
  }
  return undefined;
}

function bestOf(nodes: readonly NodeView[], judges: readonly Judge[], random: Random): NodeView {
  const totals = nodes.map(() => 0);
  for (const { score, normalize, weight } of judges) {
    if (score === undefined) continue;
    const raw = nodes.map(score);
    const scores = normalize === undefined ? raw : normalize(raw);
    for (const [index, value] of scores.entries()) {
      totals[index] = (totals[index] ?? 0) + weight * value;
    }
  }
  const most = totals.reduce((high, total) => Math.max(high, total), 0);
  const best = nodes.filter((_, index) => totals[index] === most);
  const chosen = best[Math.floor(random.next() * best.length)] ?? nodes[0];
  if (chosen === undefined) throw new Error("there is a node to choose");
  return chosen;
}

/** `1 Insufficient cpu, 2 node(s) were unschedulable`, in the order of the text. */
function reasonsText(reasons: ReadonlyMap<string, number>): string {
  return [...reasons]
    .map(([reason, count]) => `${count} ${reason}`)
    .sort(compareText)
    .join(", ");
}
