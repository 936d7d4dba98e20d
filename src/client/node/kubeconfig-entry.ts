/** Reading one named part of a kubeconfig: errors name the file, the part and the field. */
import { dirname, resolve } from "node:path";
import type { Clock } from "../../base/env.ts";
import type { Files } from "../../base/files.ts";
import { own, type Fields } from "../../machinery/object.ts";
import { KubeconfigError } from "./kubeconfig-error.ts";
import type { Variable } from "./proxy-environment.ts";

/** A named part of a kubeconfig, with the file it came from. */
export type Entry = { readonly name: string; readonly fields: Fields; readonly path: string };

export type FilesDeps = {
  readonly files: Files;
  /** Reads the environment, for its proxies. Absent: there are none. */
  readonly variable?: Variable;
  /** How long ago files were read. Absent: they are read before each request. */
  readonly clock?: Clock;
};

/** PEM, and the file it came from if it came from one: that one may be replaced. */
export type Pem = { readonly text: string; readonly file: string | undefined };

/** The PEM of `field-data`, or of the file that `field` names. */
export async function pemOf(
  entry: Entry,
  field: string,
  deps: FilesDeps,
): Promise<Pem | undefined> {
  const data = textOf(entry, `${field}-data`);
  if (data !== "") {
    return { text: new TextDecoder().decode(Buffer.from(data, "base64")), file: undefined };
  }
  const file = textOf(entry, field);
  return file === "" ? undefined : pemOfFile(deps.files, fileOf(entry, file));
}

export async function pemOfFile(files: Files, file: string): Promise<Pem> {
  return { text: await readText(files, file), file };
}

/** Paths are meant from the folder of their kubeconfig. */
export function fileOf(entry: Entry, path: string): string {
  return resolve(dirname(entry.path), path);
}

/** Throws a `KubeconfigError` if there is no such file. */
export async function readText(files: Files, path: string): Promise<string> {
  const bytes = await files.read(path);
  if (bytes === undefined) throw new KubeconfigError(`${path}: there is no such file`);
  return new TextDecoder().decode(bytes);
}

/** "": not set. */
export function textOf(entry: Entry, field: string): string {
  const value = own(entry.fields, field) ?? "";
  if (typeof value !== "string") throw problem(entry, field, "not a string");
  return value;
}

/** Empty: not set. */
export function textsOf(entry: Entry, field: string): readonly string[] {
  const value: unknown = own(entry.fields, field) ?? [];
  if (!Array.isArray(value) || !value.every((item) => typeof item === "string")) {
    throw problem(entry, field, "not a list of strings");
  }
  return value;
}

export function problem(entry: Entry, field: string, why: string): KubeconfigError {
  return new KubeconfigError(`${entry.path}: ${entry.name}: ${field}: ${why}`);
}
