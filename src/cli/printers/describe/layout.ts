/**
 * The page `describe` prints: labelled fields whose values line up, and blocks indented below a
 * label. Pages are values, so that each kind says what it shows and nothing about spaces.
 */

export type Part =
  /** `Label:  value`; further lines of the value stand below the first. */
  | { readonly kind: "field"; readonly label: string; readonly lines: readonly string[] }
  /** `Label:` and parts below it, indented. */
  | { readonly kind: "block"; readonly label: string; readonly parts: readonly Part[] }
  /** Ready-made lines, e.g. of a table. */
  | { readonly kind: "lines"; readonly lines: readonly string[] };

const INDENT = "  ";

/** A field; an absent or empty value shows as `<none>`. */
export function field(label: string, value: string | readonly string[] | undefined): Part {
  const lines = typeof value === "string" ? [value] : (value ?? []);
  return {
    kind: "field",
    label,
    lines: lines.length === 0 || lines[0] === "" ? ["<none>"] : lines,
  };
}

/** A field that is left out when there is no value. */
export function optionalField(label: string, value: string | number | undefined): readonly Part[] {
  return value === undefined || value === "" ? [] : [field(label, String(value))];
}

export function block(label: string, parts: readonly Part[]): Part {
  return { kind: "block", label, parts };
}

export function textLines(lines: readonly string[]): Part {
  return { kind: "lines", lines };
}

/** The page as text, ending in a newline. */
export function layOut(parts: readonly Part[]): string {
  return `${linesOf(parts, "").join("\n")}\n`;
}

function linesOf(parts: readonly Part[], indent: string): readonly string[] {
  const width = Math.max(
    0,
    ...parts.map((part) => (part.kind === "field" ? part.label.length + 1 : 0)),
  );
  return parts.flatMap((part): readonly string[] => {
    switch (part.kind) {
      case "field":
        return fieldLines(part.label, part.lines, width, indent);
      case "block":
        return [`${indent}${part.label}:`, ...linesOf(part.parts, indent + INDENT)];
      case "lines":
        return part.lines.map((line) => `${indent}${line}`.trimEnd());
    }
  });
}

function fieldLines(
  label: string,
  lines: readonly string[],
  width: number,
  indent: string,
): readonly string[] {
  const head = `${label}:`.padEnd(width + 2);
  const blank = " ".repeat(width + 2);
  return lines.map((line, index) => `${indent}${index === 0 ? head : blank}${line}`.trimEnd());
}
