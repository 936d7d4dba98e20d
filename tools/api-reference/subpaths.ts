/** The public subpaths, and who exports what. */
import { readText } from "../tidy/sources.ts";
import { docOfFile } from "./doc-comment.ts";
import { declarationOf, type Declaration } from "./declaration.ts";
import { declaredAt, sourceFile, type Origin } from "./source-file.ts";

/** A public name of a subpath. */
export type PublicName = { readonly name: string; readonly declaration: Declaration };

export type Subpath = {
  /** As it is imported: `setpoint/client`. */
  readonly specifier: string;
  /** The page that tells of it, in the folder of the reference. */
  readonly page: string;
  /** What the index says of itself. */
  readonly doc: string;
  /** In the order of the index. */
  readonly names: readonly PublicName[];
};

/** All subpaths, in the order of `package.json`. */
export function publicSubpaths(): readonly Subpath[] {
  const manifest: unknown = JSON.parse(readText("package.json"));
  const table: unknown = Object(manifest)["exports"];
  return Object.entries(Object(table)).map(([path, target]) => {
    const index = String(Object(target)["setpoint-source"]).replace("./", "");
    const specifier = `setpoint${path.slice(1)}`;
    const { text, exports } = sourceFile(index);
    const names = exports.map(({ name, origin }) => ({
      name,
      declaration: declarationOf(found(origin, `${specifier}: ${name}`)),
    }));
    const doc = docOfFile(text).replace(/^`[^`]*`: ./, (start) => start.slice(-1).toUpperCase());
    return { specifier, page: `${path.slice(2) || "setpoint"}.md`, doc, names };
  });
}

function found(origin: Origin, what: string): Origin {
  const at = declaredAt(origin);
  if (at === undefined) throw new Error(`${what} is declared nowhere`);
  return at;
}

/** One text for one place in the sources. */
export function originText({ file, name }: Origin): string {
  return `${file}#${name}`;
}
