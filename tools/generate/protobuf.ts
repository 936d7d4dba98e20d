/**
 * Prints the protobuf field numbers of the built-in kinds. Types and names of fields are those of
 * the schemas, so numbers are all that is printed. A field that JSON does not know holds a message
 * whose fields stand, in JSON, in the message around it: its numbers are printed in its place.
 */
import { closureOfKinds, type Definitions, lookUp } from "./definitions.ts";
import { NOTICE, quoteKey } from "./print.ts";

type Field = { readonly number: number; readonly type: string };

/** The fields of messages, as published. */
export type Messages = Readonly<Record<string, Readonly<Record<string, Field>>>>;

/** Reads the file's content; its form is trusted, because it is published and pinned. */
export function decodeMessages(json: string): Messages {
  return JSON.parse(json) as Messages;
}

/** The content of `field-numbers.generated.ts`. */
export function printFieldNumbers(definitions: Definitions, messages: Messages): string {
  const tables = closureOfKinds(definitions)
    .filter((name) => messages[messageName(name)] !== undefined)
    .map((name) => `  ${JSON.stringify(name)}: ${printTable(name, definitions, messages)},\n`);
  return [
    NOTICE,
    '\nimport type { FieldNumbers } from "./field-numbers.ts";\n\n',
    "export const FIELD_NUMBERS: Readonly<Record<string, FieldNumbers>> = {\n",
    ...tables,
    "};\n",
  ].join("");
}

function printTable(name: string, definitions: Definitions, messages: Messages): string {
  const names = Object.keys(lookUp(definitions, name).properties ?? {});
  const known = new Map(names.map((field) => [letters(field), field]));
  return printFields(messageName(name), (field) => known.get(letters(field)), messages);
}

/** The published files spell `$ref`, `uid` and `x-kubernetes-…` in two ways. */
function letters(field: string): string {
  return field.replaceAll(/[^a-z0-9]/gi, "").toLowerCase();
}

/** `{ metadata: 1, volumeSource: { number: 2, fields: { hostPath: 1 } } }` */
function printFields(
  message: string,
  nameInJson: (field: string) => string | undefined,
  messages: Messages,
): string {
  const fields = Object.entries(messages[message] ?? {}).sort(
    ([, a], [, b]) => a.number - b.number,
  );
  const printed = fields.map(([field, { number, type }]) => {
    const name = nameInJson(field);
    if (name !== undefined) return `${quoteKey(name)}: ${number}`;
    const inner = `${message.slice(0, message.lastIndexOf(".") + 1)}${type}`;
    const fields = printFields(inner, nameInJson, messages);
    return `${quoteKey(field)}: { number: ${number}, fields: ${fields} }`;
  });
  return `{ ${printed.join(", ")} }`;
}

/** The published files spell the first parts of the names differently. */
function messageName(definition: string): string {
  return definition
    .replace(/^io\.k8s\./, "k8s.io.")
    .replace(/^k8s\.io\.([a-z-]+)/, (first) => first.replaceAll("-", "_"));
}
