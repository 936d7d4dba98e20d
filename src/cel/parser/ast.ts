/**
 * Expressions as trees. Every node has a number, under which its place in the source, its type and
 * the overloads it resolves to are kept. Macros are already replaced by what they stand for.
 */
import type { CelValue } from "../values.ts";

/** The number of a node, unique in its source. */
export type NodeId = number;

export type Expr =
  | LiteralExpr
  | IdentExpr
  | SelectExpr
  | CallExpr
  | ListExpr
  | MapExpr
  | StructExpr
  | ComprehensionExpr
  /** Where the source was no expression. */
  | { readonly kind: "unspecified"; readonly id: NodeId };

export type LiteralExpr = {
  readonly kind: "literal";
  readonly id: NodeId;
  readonly value: CelValue;
};

export type IdentExpr = { readonly kind: "ident"; readonly id: NodeId; readonly name: string };

export type SelectExpr = {
  readonly kind: "select";
  readonly id: NodeId;
  readonly operand: Expr;
  readonly field: string;
  /** `has(operand.field)` */
  readonly isTest: boolean;
};

export type CallExpr = {
  readonly kind: "call";
  readonly id: NodeId;
  /** Operators are functions: `_+_`. */
  readonly name: string;
  /** What the function is called on, if it is. */
  readonly target?: Expr;
  readonly args: readonly Expr[];
};

export type ListExpr = {
  readonly kind: "list";
  readonly id: NodeId;
  readonly elements: readonly Expr[];
  /** Indexes of elements written as `?element`. */
  readonly optional: ReadonlySet<number>;
};

export type MapExpr = {
  readonly kind: "map";
  readonly id: NodeId;
  readonly entries: readonly {
    readonly id: NodeId;
    readonly key: Expr;
    readonly value: Expr;
    readonly isOptional: boolean;
  }[];
};

export type StructExpr = {
  readonly kind: "struct";
  readonly id: NodeId;
  readonly typeName: string;
  readonly fields: readonly {
    readonly id: NodeId;
    readonly name: string;
    readonly value: Expr;
    readonly isOptional: boolean;
  }[];
};

/** A loop over `range` that carries a value along. */
export type ComprehensionExpr = {
  readonly kind: "comprehension";
  readonly id: NodeId;
  readonly range: Expr;
  /** Element or key; of two, key or index. */
  readonly variable: string;
  /** Value or element. */
  readonly variable2?: string;
  readonly accumulator: string;
  readonly init: Expr;
  readonly condition: Expr;
  readonly step: Expr;
  readonly result: Expr;
};

/** The variable in which macros keep what they carry along; no source can name it. */
export const ACCUMULATOR = "@result";

/** A parsed source. */
export type ParsedExpr = {
  readonly root: Expr;
  /** Offset of every node, in characters. */
  readonly offsets: ReadonlyMap<NodeId, number>;
};

/** The functions that operators stand for. */
export const OPERATOR = {
  conditional: "_?_:_",
  and: "_&&_",
  or: "_||_",
  not: "!_",
  equals: "_==_",
  notEquals: "_!=_",
  less: "_<_",
  lessEquals: "_<=_",
  greater: "_>_",
  greaterEquals: "_>=_",
  in: "@in",
  add: "_+_",
  subtract: "_-_",
  multiply: "_*_",
  divide: "_/_",
  modulo: "_%_",
  negate: "-_",
  index: "_[_]",
  optionalIndex: "_[?_]",
  optionalSelect: "_?._",
  notStrictlyFalse: "@not_strictly_false",
} as const;

/** The parts of a node that are expressions, in the order they are evaluated or checked. */
export function partsOf(expr: Expr): readonly Expr[] {
  switch (expr.kind) {
    case "literal":
    case "ident":
    case "unspecified":
      return [];
    case "select":
      return [expr.operand];
    case "call":
      return expr.target === undefined ? expr.args : [expr.target, ...expr.args];
    case "list":
      return expr.elements;
    case "map":
      return expr.entries.flatMap(({ key, value }) => [key, value]);
    case "struct":
      return expr.fields.map(({ value }) => value);
    case "comprehension":
      return [expr.range, expr.init, expr.condition, expr.step, expr.result];
  }
}
