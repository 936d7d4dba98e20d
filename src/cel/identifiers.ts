/** Names of fields as expressions write them: `x-y` is `x__dash__y`; reserved words are escaped. */

/** Words of CEL that cannot be names of fields. */
const RESERVED: ReadonlySet<string> = new Set([
  "true",
  "false",
  "null",
  "in",
  "as",
  "break",
  "const",
  "continue",
  "else",
  "for",
  "function",
  "if",
  "import",
  "let",
  "loop",
  "package",
  "namespace",
  "return",
  "var",
  "void",
  "while",
]);

const ESCAPES: ReadonlyMap<string, string> = new Map([
  ["__", "__underscores__"],
  [".", "__dot__"],
  ["-", "__dash__"],
  ["/", "__slash__"],
]);

const UNESCAPES: ReadonlyMap<string, string> = new Map([
  ["underscores", "__"],
  ["dot", "."],
  ["dash", "-"],
  ["slash", "/"],
]);

/** The identifier for a field name; undefined if expressions cannot name the field. */
export function escapeIdentifier(name: string): string | undefined {
  if (RESERVED.has(name)) return `__${name}__`;
  if (!/^[A-Za-z_.\-/][A-Za-z0-9_.\-/]*$/.test(name)) return undefined;
  return name.replaceAll(/__|[-./]/g, (part) => ESCAPES.get(part) ?? part);
}

/** The field name an identifier stands for; undefined if it is escaped wrongly. */
export function unescapeIdentifier(identifier: string): string | undefined {
  if (!identifier.includes("__")) return identifier;
  let isValid = true;
  const name = identifier.replaceAll(/__[^_]+__/g, (part) => {
    const word = part.slice(2, -2);
    const plain = UNESCAPES.get(word);
    if (plain !== undefined) return plain;
    // Reserved words are escaped as a whole.
    if (!RESERVED.has(word) || part !== identifier) isValid = false;
    return word;
  });
  return isValid ? name : undefined;
}
