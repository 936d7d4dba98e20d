/** Makes the nodes of a tree, and keeps where in the source each of them is. */
import type { CelValue } from "../values.ts";
import { ACCUMULATOR, type Expr, type IdentExpr, type MapExpr, type NodeId } from "./ast.ts";

export class Nodes {
  readonly offsets: Map<NodeId, number> = new Map();
  #next = 1;

  /** A number for something at `offset`. */
  id(offset: number): NodeId {
    const id = this.#next;
    this.#next += 1;
    this.offsets.set(id, offset);
    return id;
  }

  offsetOf(id: NodeId): number {
    return this.offsets.get(id) ?? 0;
  }

  literal(offset: number, value: CelValue): Expr {
    return { kind: "literal", id: this.id(offset), value };
  }

  ident(offset: number, name: string): IdentExpr {
    return { kind: "ident", id: this.id(offset), name };
  }

  /** The variable a macro carries along. */
  accumulator(offset: number): IdentExpr {
    return this.ident(offset, ACCUMULATOR);
  }

  call(offset: number, name: string, ...args: readonly Expr[]): Expr {
    return { kind: "call", id: this.id(offset), name, args };
  }

  methodCall(offset: number, name: string, target: Expr, ...args: readonly Expr[]): Expr {
    return { kind: "call", id: this.id(offset), name, target, args };
  }

  list(offset: number, ...elements: readonly Expr[]): Expr {
    return { kind: "list", id: this.id(offset), elements, optional: new Set() };
  }

  map(offset: number, ...entries: MapExpr["entries"]): Expr {
    return { kind: "map", id: this.id(offset), entries };
  }

  select(offset: number, operand: Expr, field: string): Expr {
    return { kind: "select", id: this.id(offset), operand, field, isTest: false };
  }

  unspecified(offset: number): Expr {
    return { kind: "unspecified", id: this.id(offset) };
  }

  /** The same tree with numbers of its own: both may be used in one source. */
  copy(expr: Expr): Expr {
    const id = this.id(this.offsetOf(expr.id));
    switch (expr.kind) {
      case "literal":
      case "ident":
      case "unspecified":
        return { ...expr, id };
      case "select":
        return { ...expr, id, operand: this.copy(expr.operand) };
      case "call": {
        const args = expr.args.map((arg) => this.copy(arg));
        if (expr.target === undefined) return { ...expr, id, args };
        return { ...expr, id, target: this.copy(expr.target), args };
      }
      case "list":
        return { ...expr, id, elements: expr.elements.map((element) => this.copy(element)) };
      case "map":
        return { ...expr, id, entries: expr.entries.map((entry) => this.#copyEntry(entry)) };
      case "struct":
        return {
          ...expr,
          id,
          fields: expr.fields.map((field) => ({
            ...field,
            id: this.id(this.offsetOf(field.id)),
            value: this.copy(field.value),
          })),
        };
      case "comprehension":
        return {
          ...expr,
          id,
          range: this.copy(expr.range),
          init: this.copy(expr.init),
          condition: this.copy(expr.condition),
          step: this.copy(expr.step),
          result: this.copy(expr.result),
        };
    }
  }

  #copyEntry(entry: MapExpr["entries"][number]): MapExpr["entries"][number] {
    return {
      ...entry,
      id: this.id(this.offsetOf(entry.id)),
      key: this.copy(entry.key),
      value: this.copy(entry.value),
    };
  }
}
