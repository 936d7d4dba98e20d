import type { Program } from "../../actors/process.ts";
import type { Invariant } from "../../oracles/invariants.ts";
import type { Operation } from "../../scenario/operation.ts";

/** A defect that controllers are known for, rebuilt small. */
export type KnownBug = {
  /** Kebab-case. */
  readonly name: string;
  /** What is wrong, in a sentence. */
  readonly defect: string;
  /** Where it was met: an issue, or the class of one. */
  readonly from: string;
  readonly processes: Readonly<Record<string, Program>>;
  readonly given?: readonly Operation[];
  readonly scenario: readonly Operation[];
  readonly invariants?: readonly Invariant[];
  readonly hasNodes?: boolean;
  /** Standard oracles that it breaks by being small, not by its defect. */
  readonly without?: readonly string[];
};
