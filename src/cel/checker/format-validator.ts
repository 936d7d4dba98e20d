/** `"…".format([…])` with literals: whether every clause finds an argument of a type it takes. */
import { parseClauses, type Clause } from "../library/format-clauses.ts";
import { REFUSALS } from "../library/string-format.ts";
import type { CallExpr, Expr, NodeId } from "../parser/ast.ts";
import { DYN, type CelType } from "../types.ts";
import type { CheckedExpr } from "./checker.ts";

/** Types by the clauses that take them; `dyn` is taken by all. */
const TAKEN: Readonly<Record<keyof typeof REFUSALS, readonly CelType["kind"][]>> = {
  s: [
    "list",
    "map",
    "int",
    "uint",
    "double",
    "bool",
    "string",
    "timestamp",
    "bytes",
    "duration",
    "type",
    "null",
  ],
  d: ["int", "uint"],
  f: ["double", "string"],
  e: ["double", "string"],
  b: ["int", "uint", "bool"],
  x: ["int", "uint", "string", "bytes"],
  o: ["int", "uint"],
};

/** What is wrong with a call of `format`; undefined if nothing is, or it is no such call. */
export function formatIssue(
  expr: CallExpr,
  checked: CheckedExpr,
): { readonly at: NodeId; readonly message: string } | undefined {
  const overloads = checked.overloads.get(expr.id) ?? [];
  if (expr.name !== "format" || !overloads.includes("string_format")) return undefined;
  const [list] = expr.args;
  if (expr.target?.kind !== "literal" || typeof expr.target.value !== "string") return undefined;
  if (list?.kind !== "list") return undefined;
  const args = list.elements;
  const { parts, problem } = parseClauses(expr.target.value, args.length);
  const clauses = parts.filter((part) => typeof part !== "string");
  for (const clause of clauses) {
    const arg = args[clause.index];
    const refused = arg === undefined ? undefined : refusedPart(clause, arg, checked);
    if (refused !== undefined) {
      const type = runtimeName(checked.types.get(refused.id) ?? DYN);
      const message = `error during formatting: ${REFUSALS[verbOf(clause)]}${type}`;
      return { at: refused.id, message };
    }
  }
  if (problem !== undefined) return { at: expr.id, message: problem };
  if (args.length <= clauses.length) return undefined;
  const counts = `(expected ${clauses.length}, got ${args.length})`;
  return { at: expr.id, message: `too many arguments supplied to string.format ${counts}` };
}

function verbOf({ verb }: Clause): keyof typeof REFUSALS {
  return verb === "X" ? "x" : verb;
}

/** The part of an argument that the clause does not take. */
function refusedPart(clause: Clause, arg: Expr, checked: CheckedExpr): Expr | undefined {
  const type = checked.types.get(arg.id) ?? DYN;
  const verb = verbOf(clause);
  if (type.kind !== "dyn" && !TAKEN[verb].includes(type.kind)) return arg;
  if (verb !== "s") return undefined;
  const parts =
    arg.kind === "list"
      ? arg.elements
      : arg.kind === "map"
        ? arg.entries.flatMap(({ key, value }) => [key, value])
        : [];
  for (const part of parts) {
    const refused = refusedPart(clause, part, checked);
    if (refused !== undefined) return refused;
  }
  return undefined;
}

function runtimeName(type: CelType): string {
  switch (type.kind) {
    case "timestamp":
      return "google.protobuf.Timestamp";
    case "duration":
      return "google.protobuf.Duration";
    case "null":
      return "null_type";
    case "optional":
      return "optional_type";
    case "object":
    case "opaque":
      return type.name;
    default:
      return type.kind;
  }
}
