/**
 * Writes the protobuf field numbers of the built-in kinds from the published facts.
 *
 *   npx node tools/generate/protobuf.ts --facts <folder with definitions.json and
 *     protobuf-fields.json> [--check]
 *
 * Types and names of fields are those of the schemas, so numbers are all that is printed. A field
 * that JSON does not know holds a message whose fields stand, in JSON, in the message around it:
 * its numbers are printed in its place.
 */
import { readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { parseArgs } from "node:util";
import { closureOfKinds, decodeDefinitions, type Definitions, lookUp } from "./definitions.ts";
import { quoteKey } from "./print.ts";

const TARGET = join(import.meta.dirname, "../../src/server/protobuf/field-numbers.generated.ts");

const NOTICE = [
  "// Generated from the published protobuf definitions of Kubernetes 1.36: do not edit.",
  "// Made by: npx node tools/generate/protobuf.ts --facts <folder with protobuf-fields.json>",
  "",
].join("\n");

type Field = { readonly number: number; readonly type: string };
type Messages = Readonly<Record<string, Readonly<Record<string, Field>>>>;

/** The content of the generated file. */
export function printFieldNumbers(definitions: Definitions, messages: Messages): string {
  const tables = closureOfKinds(definitions)
    .filter((name) => messages[messageName(name)] !== undefined)
    .map((name) => `  ${JSON.stringify(name)}: ${printTable(name, definitions, messages)},\n`);
  return [
    NOTICE,
    'import type { FieldNumbers } from "./field-numbers.ts";\n\n',
    "export const FIELD_NUMBERS: Readonly<Record<string, FieldNumbers>> = {\n",
    ...tables,
    "};\n",
  ].join("");
}

function printTable(name: string, definitions: Definitions, messages: Messages): string {
  const known = lookUp(definitions, name).properties ?? {};
  return printFields(messageName(name), (field) => Object.hasOwn(known, field), messages);
}

/** `{ metadata: 1, volumeSource: { number: 2, fields: { hostPath: 1 } } }` */
function printFields(
  message: string,
  isKnown: (field: string) => boolean,
  messages: Messages,
): string {
  const fields = Object.entries(messages[message] ?? {}).sort(
    ([, a], [, b]) => a.number - b.number,
  );
  const printed = fields.map(([field, { number, type }]) => {
    if (isKnown(field)) return `${quoteKey(field)}: ${number}`;
    const inner = `${message.slice(0, message.lastIndexOf(".") + 1)}${type}`;
    const fields = printFields(inner, isKnown, messages);
    return `${quoteKey(field)}: { number: ${number}, fields: ${fields} }`;
  });
  return `{ ${printed.join(", ")} }`;
}

/** The published files spell the first part of the names differently. */
function messageName(definition: string): string {
  return definition.replace(/^io\.k8s\./, "k8s.io.");
}

async function main(): Promise<number> {
  const { values } = parseArgs({
    options: { facts: { type: "string" }, check: { type: "boolean", default: false } },
  });
  if (values.facts === undefined) {
    process.stderr.write("--facts must name the folder that holds protobuf-fields.json\n");
    return 2;
  }
  const read = (file: string): Promise<string> => readFile(join(values.facts ?? "", file), "utf8");
  const definitions = decodeDefinitions(await read("definitions.json"));
  const messages = JSON.parse(await read("protobuf-fields.json")) as Messages;
  const content = printFieldNumbers(definitions, messages);
  if (!values.check) {
    await writeFile(TARGET, content);
    return 0;
  }
  if ((await readFile(TARGET, "utf8")) === content) return 0;
  process.stderr.write("field-numbers.generated.ts differs: generate it again\n");
  return 1;
}

if (import.meta.main) process.exitCode = await main();
