/** Rows of logical operators. */
import type { Expr } from "./ast.ts";
import type { Nodes } from "./nodes.ts";

/**
 * `a || b || c || …` as a balanced tree, so that long rows are not deep. The operators are at
 * `offsets`, one between each two terms.
 */
export function balancedChain(
  operator: string,
  terms: readonly Expr[],
  offsets: readonly number[],
  nodes: Nodes,
): Expr {
  const [first] = terms;
  if (first === undefined) return nodes.unspecified(0);
  if (offsets.length === 0) return first;
  const middle = offsets.length >> 1;
  const left = balancedChain(operator, terms.slice(0, middle + 1), offsets.slice(0, middle), nodes);
  const right = balancedChain(operator, terms.slice(middle + 1), offsets.slice(middle + 1), nodes);
  return nodes.call(offsets[middle] ?? 0, operator, left, right);
}
