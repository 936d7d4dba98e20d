/** What must hold of any controllers, whatever they do. */
import type { MakeOracle } from "./oracle.ts";

/** All of them. */
export function standardOracles(): readonly MakeOracle[] {
  return [];
}
