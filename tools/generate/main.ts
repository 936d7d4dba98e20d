/**
 * Writes the types, schemas and protobuf field numbers of the built-in kinds, and the roles of
 * every server, from published facts.
 *
 *   npx node tools/generate/main.ts --facts <folder> [--check]
 *
 * The folder holds `definitions.json`, `protobuf-fields.json` and `rbac/*.yaml`.
 *
 * With --check nothing is written: a committed file that differs from what would be written is
 * named, and the exit code is 1.
 */
import { mkdir, readFile, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import { parseArgs } from "node:util";
import { closureOfKinds, decodeDefinitions, type Definitions, placeOf } from "./definitions.ts";
import { printSchemas } from "./print-schemas.ts";
import { printTypes } from "./print-types.ts";
import { decodeMessages, type Messages, printFieldNumbers } from "./protobuf.ts";
import { printRbacFacts, RBAC_FILES } from "./rbac.ts";

const SOURCES = join(import.meta.dirname, "../../src");

/** All generated files: path below `src` and content. */
export function generateFiles(
  definitions: Definitions,
  messages: Messages,
): ReadonlyMap<string, string> {
  const byFolder = Map.groupBy(closureOfKinds(definitions), (name) => placeOf(name).folder);
  const files = new Map<string, string>();
  for (const [folder, names] of byFolder) {
    const types = printTypes(folder, names, definitions);
    if (types !== undefined) files.set(`apis/${folder}/types.generated.ts`, types);
    files.set(`apis/${folder}/schema.generated.ts`, printSchemas(folder, names, definitions));
  }
  const numbers = printFieldNumbers(definitions, messages);
  files.set("server/protobuf/field-numbers.generated.ts", numbers);
  return files;
}

async function main(): Promise<number> {
  const { values } = parseArgs({
    options: { facts: { type: "string" }, check: { type: "boolean", default: false } },
  });
  const { facts } = values;
  if (facts === undefined) {
    process.stderr.write("--facts must name the folder of published facts\n");
    return 2;
  }
  const definitions = await readFile(join(facts, "definitions.json"), "utf8");
  const messages = await readFile(join(facts, "protobuf-fields.json"), "utf8");
  const roles = await Promise.all(RBAC_FILES.map((file) => readFile(join(facts, file), "utf8")));
  const files = new Map([
    ...generateFiles(decodeDefinitions(definitions), decodeMessages(messages)),
    ["control-plane/bootstrap/rbac-facts.generated.ts", printRbacFacts(roles)],
  ]);
  return values.check ? checkFiles(files) : writeFiles(files);
}

async function writeFiles(files: ReadonlyMap<string, string>): Promise<number> {
  for (const [path, content] of files) {
    await mkdir(dirname(join(SOURCES, path)), { recursive: true });
    await writeFile(join(SOURCES, path), content);
  }
  return 0;
}

async function checkFiles(files: ReadonlyMap<string, string>): Promise<number> {
  const stale: string[] = [];
  for (const [path, content] of files) {
    const committed = await readFile(join(SOURCES, path), "utf8").catch(() => undefined);
    if (committed !== content) stale.push(path);
  }
  for (const path of stale) process.stderr.write(`src/${path} differs: generate it again\n`);
  return stale.length === 0 ? 0 : 1;
}

if (import.meta.main) process.exitCode = await main();
