/** `cel.bind(name, value, expression)`, which Kubernetes does not have, and what it is made of. */
import type { CelLibrary } from "../functions.ts";
import type { Expr } from "../parser/ast.ts";
import { expanded, refused, type Expansion, type MacroCall } from "../parser/macro.ts";
import type { Nodes } from "../parser/nodes.ts";

/** A variable no source can name, for loops that are none. */
const UNUSED = "#unused";

export const BINDINGS_LIBRARY: CelLibrary = {
  name: "bindings",
  functions: [],
  macros: [{ name: "bind", isMethod: true, argumentCount: 3, expand: expandBind }],
};

function expandBind({ target, args, offset }: MacroCall, nodes: Nodes): Expansion {
  const [variable, value, body] = args;
  if (target?.kind !== "ident" || target.name !== "cel") return { kind: "none" };
  if (variable === undefined || value === undefined || body === undefined) return { kind: "none" };
  if (variable.kind !== "ident") {
    return refused(variable.id, "cel.bind() variable names must be simple identifiers");
  }
  return expanded(binding(variable.name, value, body, offset, nodes));
}

/** An expression in which a name stands for a value: a loop over nothing. */
export function binding(name: string, value: Expr, body: Expr, offset: number, nodes: Nodes): Expr {
  return {
    kind: "comprehension",
    id: nodes.id(offset),
    range: nodes.list(offset),
    variable: UNUSED,
    accumulator: name,
    init: value,
    condition: nodes.literal(offset, false),
    step: nodes.ident(offset, name),
    result: body,
  };
}
