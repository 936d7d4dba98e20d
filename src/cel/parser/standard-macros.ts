/** `has`, and the loops every environment has: `all`, `exists`, `exists_one`, `map`, `filter`. */
import { ACCUMULATOR, OPERATOR, type Expr } from "./ast.ts";
import { expanded, refused, type Expansion, type Macro, type MacroCall } from "./macro.ts";
import type { Nodes } from "./nodes.ts";

/** The name that sources must not use for a loop's variable, from when it was not hidden. */
const OLD_ACCUMULATOR = "__result__";

type Quantifier = "all" | "exists" | "existsOne";

/** What a loop does with one element. */
export type Loop = {
  readonly init: Expr;
  readonly condition: Expr;
  readonly step: Expr;
  readonly result: Expr;
};

export const STANDARD_MACROS: readonly Macro[] = [
  { name: "has", isMethod: false, argumentCount: 1, expand: expandHas },
  quantifierMacro("all", "all"),
  quantifierMacro("exists", "exists"),
  quantifierMacro("exists_one", "existsOne"),
  quantifierMacro("existsOne", "existsOne"),
  { name: "map", isMethod: true, argumentCount: 2, expand: expandMap },
  { name: "map", isMethod: true, argumentCount: 3, expand: expandMap },
  { name: "filter", isMethod: true, argumentCount: 2, expand: expandFilter },
];

/** The parts of a loop that tells whether all, some or exactly one element fulfil `predicate`. */
export function quantifierLoop(
  quantifier: Quantifier,
  predicate: Expr,
  offset: number,
  nodes: Nodes,
): Loop {
  const accumulator = (): Expr => nodes.accumulator(offset);
  const call = (name: string, ...args: readonly Expr[]): Expr => nodes.call(offset, name, ...args);
  switch (quantifier) {
    case "all":
      return {
        init: nodes.literal(offset, true),
        condition: call(OPERATOR.notStrictlyFalse, accumulator()),
        step: call(OPERATOR.and, accumulator(), predicate),
        result: accumulator(),
      };
    case "exists":
      return {
        init: nodes.literal(offset, false),
        condition: call(OPERATOR.notStrictlyFalse, call(OPERATOR.not, accumulator())),
        step: call(OPERATOR.or, accumulator(), predicate),
        result: accumulator(),
      };
    case "existsOne": {
      const one = call(OPERATOR.add, accumulator(), nodes.literal(offset, 1n));
      return {
        init: nodes.literal(offset, 0n),
        condition: nodes.literal(offset, true),
        step: call(OPERATOR.conditional, predicate, one, accumulator()),
        result: call(OPERATOR.equals, accumulator(), nodes.literal(offset, 1n)),
      };
    }
  }
}

/** The parts of a loop that makes a list of `transform` where `filter` holds. */
export function listLoop(
  transform: Expr,
  filter: Expr | undefined,
  offset: number,
  nodes: Nodes,
): Loop {
  const item = nodes.list(offset, transform);
  const added = nodes.call(offset, OPERATOR.add, nodes.accumulator(offset), item);
  return {
    init: nodes.list(offset),
    condition: nodes.literal(offset, true),
    step: filteredStep(added, filter, offset, nodes),
    result: nodes.accumulator(offset),
  };
}

/** A step that is only done where `filter` holds. */
export function filteredStep(
  step: Expr,
  filter: Expr | undefined,
  offset: number,
  nodes: Nodes,
): Expr {
  if (filter === undefined) return step;
  return nodes.call(offset, OPERATOR.conditional, filter, step, nodes.accumulator(offset));
}

/** Whether a loop's variable would hide what the loop carries along. */
export function isAccumulatorName(name: string): boolean {
  return name === ACCUMULATOR || name === OLD_ACCUMULATOR;
}

function expandHas({ args, offset }: MacroCall, nodes: Nodes): Expansion {
  const [argument] = args;
  if (argument === undefined) return { kind: "none" };
  if (argument.kind !== "select") return refused(argument.id, "invalid argument to has() macro");
  return expanded({ ...argument, id: nodes.id(offset), isTest: true });
}

function quantifierMacro(name: string, quantifier: Quantifier): Macro {
  return {
    name,
    isMethod: true,
    argumentCount: 2,
    expand({ target, args, offset }, nodes) {
      const [variable, predicate] = args;
      if (target === undefined || variable === undefined || predicate === undefined) {
        return { kind: "none" };
      }
      if (variable.kind !== "ident") return refused(variable.id, "argument must be a simple name");
      return loopOver(target, variable, offset, nodes, () =>
        quantifierLoop(quantifier, predicate, offset, nodes),
      );
    },
  };
}

function expandMap({ target, args, offset }: MacroCall, nodes: Nodes): Expansion {
  const [variable] = args;
  const transform = args.at(-1);
  const filter = args.length === 3 ? args[1] : undefined;
  if (target === undefined || variable === undefined || transform === undefined) {
    return { kind: "none" };
  }
  if (variable.kind !== "ident") return refused(variable.id, "argument is not an identifier");
  return loopOver(target, variable, offset, nodes, () =>
    listLoop(transform, filter, offset, nodes),
  );
}

function expandFilter({ target, args, offset }: MacroCall, nodes: Nodes): Expansion {
  const [variable, filter] = args;
  if (target === undefined || variable === undefined || filter === undefined) {
    return { kind: "none" };
  }
  if (variable.kind !== "ident") return refused(variable.id, "argument is not an identifier");
  return loopOver(target, variable, offset, nodes, () => listLoop(variable, filter, offset, nodes));
}

function loopOver(
  range: Expr,
  variable: Expr & { readonly kind: "ident" },
  offset: number,
  nodes: Nodes,
  loop: () => Loop,
): Expansion {
  if (isAccumulatorName(variable.name)) {
    return refused(variable.id, "iteration variable overwrites accumulator variable");
  }
  const parts = loop();
  return expanded({
    kind: "comprehension",
    id: nodes.id(offset),
    range,
    variable: variable.name,
    accumulator: ACCUMULATOR,
    ...parts,
  });
}
