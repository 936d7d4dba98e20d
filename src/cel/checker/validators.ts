/** Literals that have the right type and are wrong nevertheless. */
import { CelError } from "../cel-error.ts";
import { compiledRegex } from "../library/regex-cache.ts";
import { parseDuration, parseTimestamp } from "../library/time-text.ts";
import { SECONDS_MAX, SECONDS_MIN, secondsOf } from "../library/civil-time.ts";
import {
  partsOf,
  type CallExpr,
  type Expr,
  type ListExpr,
  type MapExpr,
  type NodeId,
  type ParsedExpr,
} from "../parser/ast.ts";
import type { Issue, Source } from "../parser/source.ts";
import { DYN, sameType, typeText, type CelType } from "../types.ts";
import type { CelValue } from "../values.ts";
import type { CheckedExpr } from "./checker.ts";
import { formatIssue } from "./format-validator.ts";

/** Complaints about the literals of a checked expression, kind by kind as cel-go looks for them. */
export function validate(
  source: Source,
  parsed: ParsedExpr,
  checked: CheckedExpr,
): readonly Issue[] {
  const nodes = allNodes(checked.root);
  const found: Complaint[] = [];
  for (const node of nodes) {
    if (node.expr.kind === "call") found.push(...callComplaints(node.expr, checked));
  }
  for (const { expr, isFormatted } of nodes) {
    if (isFormatted) continue;
    if (expr.kind === "list") found.push(...listComplaints(expr, checked));
    if (expr.kind === "map") found.push(...mapComplaints(expr, checked));
  }
  return found.map(({ at, message }) => ({
    place: source.placeOf(parsed.offsets.get(at) ?? 0),
    message,
  }));
}

type Complaint = { readonly at: NodeId; readonly message: string };

/** A node, and whether it is somewhere in the arguments of `format`, where types may be mixed. */
type VisitedNode = { readonly expr: Expr; readonly isFormatted: boolean };

function allNodes(root: Expr): readonly VisitedNode[] {
  const nodes: VisitedNode[] = [];
  const pending: VisitedNode[] = [{ expr: root, isFormatted: false }];
  for (let next = pending.pop(); next !== undefined; next = pending.pop()) {
    nodes.push(next);
    const { expr } = next;
    const isFormatted = next.isFormatted || (expr.kind === "call" && expr.name === "format");
    for (const part of partsOf(expr).toReversed()) pending.push({ expr: part, isFormatted });
  }
  return nodes;
}

function callComplaints(expr: CallExpr, checked: CheckedExpr): readonly Complaint[] {
  const formatComplaint = formatIssue(expr, checked);
  if (formatComplaint !== undefined) return [formatComplaint];
  const [argument] = expr.args;
  if (argument?.kind !== "literal") return [];
  const isFine = LITERAL_CHECKS.get(expr.name);
  if (isFine === undefined || isFine(argument.value)) return [];
  return [{ at: argument.id, message: `invalid ${expr.name} argument` }];
}

/** Functions whose first argument, if it is a literal, is tried out. */
const LITERAL_CHECKS: ReadonlyMap<string, (value: CelValue) => boolean> = new Map([
  ["duration", (value: CelValue) => typeof value !== "string" || isDuration(value)],
  ["timestamp", (value: CelValue) => isTimestamp(value)],
  [
    "matches",
    (value: CelValue) => typeof value !== "string" || !(compiledRegex(value) instanceof CelError),
  ],
]);

function isDuration(text: string): boolean {
  return parseDuration(text) !== undefined;
}

function isTimestamp(value: CelValue): boolean {
  const seconds =
    typeof value === "bigint"
      ? Number(value)
      : typeof value === "string"
        ? secondsOfText(value)
        : undefined;
  return seconds !== undefined && seconds >= SECONDS_MIN && seconds <= SECONDS_MAX;
}

function secondsOfText(text: string): number | undefined {
  const timestamp = parseTimestamp(text);
  return timestamp === undefined ? undefined : secondsOf(timestamp.nanos);
}

function listComplaints(expr: ListExpr, checked: CheckedExpr): readonly Complaint[] {
  const types = expr.elements.map((element, index) =>
    unwrapped(typeOf(element, checked), expr.optional.has(index)),
  );
  const odd = types.findIndex((type) => !isEquivalent(types[0] ?? DYN, type));
  const element = expr.elements[odd];
  if (element === undefined) return [];
  return [mismatch(element, types[0] ?? DYN, types[odd] ?? DYN)];
}

function mapComplaints(expr: MapExpr, checked: CheckedExpr): readonly Complaint[] {
  const [first, ...rest] = expr.entries;
  if (first === undefined) return [];
  const keyType = typeOf(first.key, checked);
  const valueType = unwrapped(typeOf(first.value, checked), first.isOptional);
  return rest.flatMap(({ key, value, isOptional }) => {
    const found: Complaint[] = [];
    const kt = typeOf(key, checked);
    const vt = unwrapped(typeOf(value, checked), isOptional);
    if (!isEquivalent(keyType, kt)) found.push(mismatch(key, keyType, kt));
    if (!isEquivalent(valueType, vt)) found.push(mismatch(value, valueType, vt));
    return found;
  });
}

function typeOf(expr: Expr, checked: CheckedExpr): CelType {
  return checked.types.get(expr.id) ?? DYN;
}

function unwrapped(type: CelType, isOptional: boolean): CelType {
  return isOptional && type.kind === "optional" ? type.of : type;
}

function isEquivalent(a: CelType, b: CelType): boolean {
  const bare = (type: CelType): CelType => (type.kind === "wrapper" ? type.of : type);
  return sameType(bare(a), bare(b));
}

function mismatch(expr: Expr, expected: CelType, actual: CelType): Complaint {
  const message = `expected type '${typeText(expected)}' but found '${typeText(actual)}'`;
  return { at: expr.id, message };
}
