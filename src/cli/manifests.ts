/** Manifests from files, folders and standard input; errors name file, line and column. */
import { readdir, readFile, stat } from "node:fs/promises";
import { join } from "node:path";
import { DecodeError, decodeJson } from "../machinery/codec/json.ts";
import { decodeYamlDocuments } from "../machinery/codec/yaml.ts";
import { isFields, own, type ApiObject, type Fields } from "../machinery/object.ts";
import { UserError } from "./user-error.ts";

/** An object as its author wrote it, and where. */
export type Manifest = {
  readonly apiVersion: string;
  readonly kind: string;
  readonly name: string;
  /** "" if the manifest names none. */
  readonly namespace: string;
  readonly object: ApiObject;
  /** `web.yaml:12`, for messages. */
  readonly source: string;
};

const EXTENSIONS = [".yaml", ".yml", ".json"];

/** Reads all manifests below the given paths, in order; `-` is standard input. */
export async function readManifests(paths: readonly string[]): Promise<readonly Manifest[]> {
  if (paths.length === 0)
    throw new UserError("name a manifest with -f", "For example: -f web.yaml");
  const manifests: Manifest[] = [];
  for (const path of paths) {
    for (const file of await filesAt(path)) {
      const text = file === "-" ? await readStandardInput() : await readFile(file, "utf8");
      manifests.push(...parseManifests(text, file === "-" ? "standard input" : file));
    }
  }
  if (manifests.length === 0) {
    throw new UserError(`no objects in ${paths.join(", ")}`, "A manifest is YAML or JSON.");
  }
  return manifests;
}

/** All objects of one text; `List` kinds are taken apart. */
export function parseManifests(text: string, source: string): readonly Manifest[] {
  return documentsOf(text, source).flatMap(({ value, line }) => {
    if (value === null || value === undefined) return [];
    return objectsOf(value).map((object) => manifestOf(object, `${source}:${line}`));
  });
}

function documentsOf(
  text: string,
  source: string,
): readonly { readonly value: unknown; readonly line: number }[] {
  try {
    const documents = source.endsWith(".json")
      ? [{ ...decodeJson(new TextEncoder().encode(text)), line: 1 }]
      : decodeYamlDocuments(text);
    for (const { duplicates, line } of documents) {
      if (duplicates.length > 0)
        throw new UserError(`${source}:${line}: duplicate field "${duplicates[0] ?? ""}"`);
    }
    return documents;
  } catch (error) {
    if (!(error instanceof DecodeError)) throw error;
    throw new UserError(`${source}:${error.line}:${error.column}: ${error.message}`);
  }
}

function objectsOf(value: unknown): readonly unknown[] {
  if (!isFields(value)) return [value];
  const items = own(value, "items");
  const isList = String(own(value, "kind")).endsWith("List") && Array.isArray(items);
  return isList ? items : [value];
}

function manifestOf(value: unknown, source: string): Manifest {
  if (!isFields(value)) throw new UserError(`${source}: not an object`);
  const metadata = own(value, "metadata");
  const meta: Fields = isFields(metadata) ? metadata : {};
  const apiVersion = own(value, "apiVersion");
  const kind = own(value, "kind");
  const name = own(meta, "name") ?? own(meta, "generateName");
  if (typeof apiVersion !== "string" || apiVersion === "") {
    throw new UserError(`${source}: apiVersion is missing`, "For example: apiVersion: apps/v1");
  }
  if (typeof kind !== "string" || kind === "") {
    throw new UserError(`${source}: kind is missing`, "For example: kind: Deployment");
  }
  if (typeof name !== "string" || name === "") {
    throw new UserError(`${source}: metadata.name is missing`);
  }
  const namespace = own(meta, "namespace");
  return {
    apiVersion,
    kind,
    name,
    namespace: typeof namespace === "string" ? namespace : "",
    object: { ...value, metadata: meta },
    source,
  };
}

async function filesAt(path: string): Promise<readonly string[]> {
  if (path === "-") return ["-"];
  const found = await stat(path).catch(() => undefined);
  if (found === undefined) throw new UserError(`the path "${path}" does not exist`);
  if (!found.isDirectory()) return [path];
  const names = (await readdir(path)).filter((name) =>
    EXTENSIONS.some((end) => name.endsWith(end)),
  );
  return names.sort().map((name) => join(path, name));
}

async function readStandardInput(): Promise<string> {
  const chunks: Buffer[] = [];
  for await (const chunk of process.stdin) chunks.push(Buffer.from(chunk));
  return Buffer.concat(chunks).toString("utf8");
}
