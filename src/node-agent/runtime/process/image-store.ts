/**
 * The images of a node without registries: application directories, each with an `image.json`.
 * See docs/reference/images.md.
 */
import { readdir, readFile, realpath } from "node:fs/promises";
import { join, resolve } from "node:path";
import { errorText } from "../../../base/error-text.ts";
import { compareText } from "../../../machinery/key.ts";
import { isFields, own, type Fields } from "../../../machinery/object.ts";
import { RuntimeError } from "../runtime.ts";
import { parseImageReference, type ImageReference } from "./image-reference.ts";

export type Image = {
  /** Shown as the container's imageID. */
  readonly id: string;
  readonly entrypoint: readonly string[];
  readonly cmd: readonly string[];
  readonly env: Readonly<Record<string, string>>;
  /** Absolute. */
  readonly workingDir: string;
  /** What the application consists of, besides the node's own files; undefined: nothing. */
  readonly directory: string | undefined;
};

/** `image.json` is not read beyond this. */
export const IMAGE_JSON_BYTES_MAX: number = 1024 * 1024;
/** Images that a message lists. */
const LISTED_MAX = 10;

const HOST: Image = {
  id: "host",
  entrypoint: [],
  cmd: [],
  env: {},
  workingDir: "/",
  directory: undefined,
};

export class ImageStore {
  readonly #directories: readonly string[];

  /** Directories are searched in order. */
  constructor(directories: readonly string[]) {
    this.#directories = directories.map((directory) => resolve(directory));
  }

  /** Throws `invalid-image-name` or `image-not-found`, saying what there is. */
  async find(name: string): Promise<Image> {
    const reference = parseImageReference(name);
    switch (reference.kind) {
      case "host":
        return HOST;
      case "path":
        return this.#byPath(name, reference.path);
      case "named":
        return this.#byName(name, reference);
    }
  }

  /** `name:tag` of all images, sorted. */
  async list(): Promise<readonly string[]> {
    const found = await Promise.all(this.#directories.map((directory) => namesIn(directory, "")));
    return [...new Set(found.flat())].sort(compareText);
  }

  async #byPath(name: string, path: string): Promise<Image> {
    const image = await readImage(path, path);
    if (image !== undefined) return image;
    throw new RuntimeError("image-not-found", `image "${name}": there is no ${path}/image.json`);
  }

  async #byName(
    text: string,
    reference: Extract<ImageReference, { readonly kind: "named" }>,
  ): Promise<Image> {
    for (const directory of this.#directories) {
      const path = join(directory, reference.name, reference.tag);
      const image = await readImage(path, directory);
      if (image !== undefined) return image;
    }
    throw new RuntimeError("image-not-found", await this.#unknown(text));
  }

  async #unknown(text: string): Promise<string> {
    const known = await this.list();
    const listed = known.slice(0, LISTED_MAX).join(", ");
    const more = known.length > LISTED_MAX ? ", …" : "";
    const places = this.#directories.length === 0 ? "none" : this.#directories.join(", ");
    return (
      `image "${text}" is not on this node, which runs application directories and pulls from no ` +
      `registry; known: host${known.length === 0 ? "" : `, ${listed}${more}`} ` +
      `(image directories: ${places})`
    );
  }
}

/** The image in a directory; undefined if there is none. `shared` is what it may refer to. */
async function readImage(directory: string, shared: string): Promise<Image | undefined> {
  const path = join(directory, "image.json");
  let text: string;
  try {
    text = await readFile(path, "utf8");
  } catch (error) {
    if (error instanceof Error && "code" in error) {
      if (error.code === "ENOENT" || error.code === "ENOTDIR") return undefined;
    }
    throw error;
  }
  if (text.length > IMAGE_JSON_BYTES_MAX) throw broken(path, "it is too large");
  const real = await realpath(directory);
  return { ...parseImage(text, path, real), directory: await realpath(shared) };
}

function parseImage(text: string, path: string, directory: string): Omit<Image, "directory"> {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch (error) {
    throw broken(path, errorText(error));
  }
  if (!isFields(value)) throw broken(path, "it is not a JSON object");
  const workingDir = own(value, "workingDir") ?? ".";
  if (typeof workingDir !== "string") throw broken(path, "workingDir is not text");
  return {
    id: `file://${directory}`,
    entrypoint: texts(value, "entrypoint", path),
    cmd: texts(value, "cmd", path),
    env: environment(value, path),
    workingDir: resolve(directory, workingDir),
  };
}

function texts(fields: Fields, name: string, path: string): readonly string[] {
  const list = own(fields, name) ?? [];
  const isTexts = Array.isArray(list) && list.every((item) => typeof item === "string");
  if (!isTexts) throw broken(path, `${name} is not a list of texts`);
  return list;
}

function environment(fields: Fields, path: string): Readonly<Record<string, string>> {
  const env = own(fields, "env") ?? {};
  if (!isFields(env)) throw broken(path, "env is not an object");
  const entries = Object.entries(env).map(([name, value]) => {
    if (typeof value !== "string") throw broken(path, `env.${name} is not text`);
    return [name, value] as const;
  });
  return Object.fromEntries(entries);
}

function broken(path: string, why: string): RuntimeError {
  return new RuntimeError("image-not-found", `${path} describes no image: ${why}`);
}

/** Images below `directory`, which are the directories that hold an `image.json`. */
async function namesIn(directory: string, prefix: string): Promise<readonly string[]> {
  const depth = prefix.split("/").length;
  if (depth > NAME_DEPTH_MAX) return [];
  let entries;
  try {
    entries = await readdir(join(directory, prefix), { withFileTypes: true });
  } catch (error) {
    if (error instanceof Error && "code" in error) return []; // unreadable, so not usable
    throw error;
  }
  if (prefix !== "" && entries.some((entry) => entry.name === "image.json")) {
    const slash = prefix.lastIndexOf("/");
    return slash < 0 ? [] : [`${prefix.slice(0, slash)}:${prefix.slice(slash + 1)}`];
  }
  const folders = entries.filter((entry) => entry.isDirectory()).map((entry) => entry.name);
  const below = await Promise.all(
    folders.map((name) => namesIn(directory, prefix === "" ? name : `${prefix}/${name}`)),
  );
  return below.flat();
}

/** Names are not looked for deeper than this. */
const NAME_DEPTH_MAX = 6;
