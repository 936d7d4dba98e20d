/**
 * Paths of fields as rules and selectable fields write them: `.spec.x`, `.labels['app']`. Not
 * JSONPath: only fields that a schema specifies, and keys of its maps, can be named.
 */
import { child, at } from "../field-path.ts";
import type { SchemaNode } from "../schema-node.ts";

/** What a path means in a schema. */
export type ResolvedPath =
  | {
      readonly kind: "resolved";
      /** As errors show it: `spec.x`, `labels[app]`. */
      readonly path: string;
      /** Names and keys one by one. */
      readonly steps: readonly string[];
      /** The place it leads to; undefined where a map says nothing of its values. */
      readonly node: SchemaNode | undefined;
    }
  | { readonly kind: "invalid"; readonly problem: string };

/** Whether keys in brackets are taken. */
export type Brackets = "brackets" | "dots-only";

/** Finds the place of a path, or what is wrong with the path. Never throws. */
export function resolveFieldPath(
  text: string,
  node: SchemaNode,
  brackets: Brackets = "brackets",
): ResolvedPath {
  const tokens = tokensOf(text);
  const walk = new PathWalk(node);
  for (let index = 0; index < tokens.length; index += 1) {
    const token = tokens[index] ?? "";
    if (token === ".") {
      const name = tokens[++index];
      if (name === undefined) return invalid("unexpected end of JSON path");
      if (!walk.step(name)) return invalid("does not refer to a valid field");
    } else if (token === "[") {
      if (brackets === "dots-only") return invalid("array notation is not allowed");
      const key = unquoted(tokens[++index]);
      if (key.kind === "invalid") return key;
      if (!walk.step(key.text)) return invalid("does not refer to a valid field");
      const end = tokens[++index];
      if (end === undefined) return invalid("unexpected end of JSON path");
      if (end !== "]") return invalid(`expected ] but got ${end}`);
    } else {
      return invalid(`expected [ or . but got: ${token}`);
    }
  }
  return { kind: "resolved", path: walk.path, steps: walk.steps, node: walk.node };
}

/** Where a path has come to. */
class PathWalk {
  node: SchemaNode | undefined;
  path = "";
  readonly steps: string[] = [];

  constructor(node: SchemaNode) {
    this.node = node;
  }

  /** Goes to a field, or to a key of a map; false if there is none. */
  step(name: string): boolean {
    const { node } = this;
    if (node?.properties !== undefined) {
      if (!Object.hasOwn(node.properties, name)) return false;
      this.path = child(this.path, name);
      this.node = node.properties[name];
    } else if (node?.additionalProperties !== undefined || node?.allowsAdditional !== undefined) {
      this.path = at(this.path, name);
      this.node = node.additionalProperties;
    } else return false;
    this.steps.push(name);
    return true;
  }
}

/** Delimiters, texts in single quotes, and what stands between. */
function tokensOf(text: string): readonly string[] {
  const tokens: string[] = [];
  let at = 0;
  while (at < text.length) {
    const end = tokenEnd(text, at);
    tokens.push(text.slice(at, end));
    at = end;
  }
  return tokens;
}

function tokenEnd(text: string, start: number): number {
  const first = text.charAt(start);
  if (first === "'") {
    for (let at = start + 1; at < text.length; at += 1) {
      if (text[at] === "'" && text[at - 1] !== "\\") return at + 1;
    }
    return text.length;
  }
  if (".[]".includes(first)) return start + 1;
  let at = start;
  while (at < text.length && !".[]".includes(text.charAt(at))) at += 1;
  return at;
}

const ESCAPES: ReadonlyMap<string, string> = new Map([
  ["a", "\u0007"],
  ["b", "\b"],
  ["f", "\f"],
  ["n", "\n"],
  ["r", "\r"],
  ["t", "\t"],
  ["v", "\v"],
  ["'", "'"],
  ["\\", "\\"],
]);

type Unquoted =
  | { readonly kind: "text"; readonly text: string }
  | { readonly kind: "invalid"; readonly problem: string };

function unquoted(token: string | undefined): Unquoted {
  if (token === undefined) return invalid("unexpected end of JSON path");
  if (token.length < 2 || !token.startsWith("'") || !token.endsWith("'")) {
    return invalid(`expected single quoted string but got ${token}`);
  }
  let unknown: string | undefined;
  const text = token.slice(1, -1).replace(/\\(.)/gs, (escape, letter: string) => {
    const char = ESCAPES.get(letter);
    if (char === undefined) unknown ??= escape;
    return char ?? "";
  });
  if (unknown === undefined) return { kind: "text", text };
  return invalid(`invalid string literal: invalid escape char ${unknown}`);
}

function invalid(problem: string): { readonly kind: "invalid"; readonly problem: string } {
  return { kind: "invalid", problem };
}
