/** The repository as its own tests see it: files, and who imports whom. */
import { execFileSync } from "node:child_process";
import { existsSync, readFileSync } from "node:fs";
import { dirname, join, normalize } from "node:path";

/** The repository's root folder. */
export const ROOT: string = join(import.meta.dirname, "..", "..");

/** Paths, relative to the root, of all files that are or could be committed. */
export function repositoryFiles(): readonly string[] {
  const options = ["ls-files", "--cached", "--others", "--exclude-standard", "-z"];
  const listed = execFileSync("git", options, { cwd: ROOT, encoding: "utf8", maxBuffer: 2 ** 26 });
  return listed
    .split("\0")
    .filter((path) => path !== "" && existsSync(join(ROOT, path)))
    .sort();
}

/** TypeScript files below a folder. */
export function typescriptFiles(folder: string): readonly string[] {
  return repositoryFiles().filter((path) => path.startsWith(`${folder}/`) && path.endsWith(".ts"));
}

export function readText(path: string): string {
  return readFileSync(join(ROOT, path), "utf8");
}

/** A module specifier and the line it stands on (1-based). */
export type Import = { readonly specifier: string; readonly line: number };

const IMPORT = /(?:\bfrom\s+|\bimport\s+|\bimport\()\s*"([^"]+)"/g;

/** All modules a file names in import, export-from and import() forms; type-only ones included. */
export function importsOf(path: string): readonly Import[] {
  const text = withoutComments(readText(path));
  return [...text.matchAll(IMPORT)].map((match) => ({
    specifier: match[1] ?? "",
    line: text.slice(0, match.index).split("\n").length,
  }));
}

/** The repository path a relative specifier means. */
export function resolveImport(from: string, specifier: string): string {
  return normalize(join(dirname(from), specifier));
}

/** The files themselves and all that they import, directly or not; type-only imports included. */
export function reachableFrom(entries: readonly string[]): ReadonlySet<string> {
  const reached = new Set<string>();
  const pending = [...entries];
  for (let path = pending.pop(); path !== undefined; path = pending.pop()) {
    // A generator's templates hold imports too, of files that are not where they would be here.
    if (reached.has(path) || !existsSync(join(ROOT, path))) continue;
    reached.add(path);
    for (const { specifier } of importsOf(path)) {
      if (specifier.startsWith(".")) pending.push(resolveImport(path, specifier));
    }
  }
  return reached;
}

/** The text with comments blanked out and all line numbers kept. */
export function withoutComments(text: string): string {
  return text
    .replace(/\/\*[\s\S]*?\*\//g, (comment) => comment.replace(/[^\n]/g, " "))
    .replace(/(^|[^:"'`\\])\/\/[^\n]*/g, (comment, before: string) =>
      before.padEnd(comment.length, " "),
    );
}

/** Whether a file is a test, a fixture or a conformance suite rather than product code. */
export function isTestFile(path: string): boolean {
  return /\.test\.ts$|(^|\/)testing(\.ts$|\/)|conformance\.ts$/.test(path);
}
