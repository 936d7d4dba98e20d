/** What both printers share: the notice, names of imports, keys. */

/** First lines of every generated file. */
export const NOTICE: string = [
  "// Generated from the published definitions of Kubernetes 1.36: do not edit.",
  "// Made by: npx node tools/generate/main.ts --facts <folder with definitions.json>",
  "",
].join("\n");

/** `core/v1` is imported as `coreV1`. */
export function importAlias(folder: string): string {
  const [group = "", version = ""] = folder.split("/");
  return `${group}${version.slice(0, 1).toUpperCase()}${version.slice(1)}`;
}

/** The path of `file` in folder `to`, as a file in folder `from` imports it. */
export function importPath(from: string, to: string, file: string): string {
  const [fromGroup] = from.split("/");
  const [toGroup, toVersion] = to.split("/");
  return fromGroup === toGroup ? `../${toVersion}/${file}` : `../../${to}/${file}`;
}

/** A property key, quoted only where it must be. */
export function quoteKey(key: string): string {
  return /^[A-Za-z_][A-Za-z0-9_]*$/.test(key) ? key : JSON.stringify(key);
}
