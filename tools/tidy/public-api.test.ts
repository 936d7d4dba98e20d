/**
 * What users may import, and no more: a name that comes or goes shows in the difference of
 * `docs/reference/public-api.txt`, which is written anew by
 *
 *     UPDATE_PUBLIC_API=1 npx vitest run tools/tidy/public-api.test.ts
 */
import { existsSync, mkdirSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { expect, test } from "vitest";
import { reachableFrom, readText, repositoryFiles, ROOT, withoutComments } from "./sources.ts";

const SNAPSHOT = "docs/reference/public-api.txt";
const UPDATE = "UPDATE_PUBLIC_API=1 npx vitest run tools/tidy/public-api.test.ts";

/** Usable in a controller that runs against some other cluster: no part of a server comes along. */
const CLIENT_SIDE = ["client", "informer", "controller-runtime", "machinery"];

type Subpath = {
  /** As it is imported: `setpoint/client`. */
  readonly specifier: string;
  /** The source of the file it leads to. */
  readonly index: string;
  /** The files that users get: of types and of code. */
  readonly targets: readonly string[];
};

function subpaths(): readonly Subpath[] {
  const manifest: unknown = JSON.parse(readText("package.json"));
  const table: unknown = Object(manifest)["exports"];
  return Object.entries(Object(table)).map(([path, target]) => {
    const { types, default: code } = Object(target);
    return {
      specifier: `setpoint${path.slice(1)}`,
      index: String(code).replace(/^\.\/dist\/(.*)\.js$/, "src/$1.ts"),
      targets: [String(types), String(code)],
    };
  });
}

const CLAUSE = /\bexport\s+(?:type\s+)?\{([^}]*)\}/g;
const DECLARATION = /\bexport\s+(?:async\s+)?(?:function|class|const|type|interface)\s+(\w+)/g;

/** The names a file exports; throws if it exports some in a way that is not understood here. */
function exportedNames(path: string): readonly string[] {
  const text = withoutComments(readText(path));
  const clauses = [...text.matchAll(CLAUSE)];
  const declarations = [...text.matchAll(DECLARATION)];
  const statements = text.match(/\bexport\b/g) ?? [];
  if (statements.length !== clauses.length + declarations.length) {
    throw new Error(`${path}: exports are lists of names or plain declarations`);
  }
  return [
    ...clauses.flatMap(([, list = ""]) => list.split(",")),
    ...declarations.map(([, name = ""]) => name),
  ]
    .map((name) => name.replace(/^[\s\S]*\bas\s|^\s*type\s/, "").trim())
    .filter((name) => name !== "");
}

function publicNames(): readonly string[] {
  return subpaths()
    .filter(({ index }) => existsSync(join(ROOT, index)))
    .flatMap(({ specifier, index }) => exportedNames(index).map((name) => `${specifier}: ${name}`))
    .sort();
}

test("the public names are those of the snapshot", () => {
  const names = publicNames();
  if (process.env["UPDATE_PUBLIC_API"] === "1") {
    mkdirSync(dirname(join(ROOT, SNAPSHOT)), { recursive: true });
    writeFileSync(join(ROOT, SNAPSHOT), names.map((name) => `${name}\n`).join(""));
  }
  const known = readText(SNAPSHOT)
    .split("\n")
    .filter((line) => line !== "");
  expect(names.length).toBeGreaterThan(50);
  expect(names, `a public name came or went; if that is meant: ${UPDATE}`).toEqual(known);
});

test("no public name is exported twice by one subpath", () => {
  const names = publicNames();
  expect(names.filter((name, index) => names.indexOf(name) !== index)).toEqual([]);
});

/** Rooms that are public under another name; a folder `testing` would be left out of the build. */
const ROOMS: Readonly<Record<string, string>> = {
  setpoint: "control-plane",
  "setpoint/testing": "test-kit",
  "setpoint/sim": "sim",
};

test("every public subpath leads to the index of one room, types and code alike", () => {
  const wrong = subpaths().filter(({ specifier, index, targets }) => {
    const room = ROOMS[specifier] ?? specifier.slice("setpoint/".length);
    const [types, code] = targets;
    return (
      types !== `./dist/${room}/index.d.ts` ||
      code !== `./dist/${room}/index.js` ||
      !existsSync(join(ROOT, index))
    );
  });
  expect(wrong.map(({ specifier }) => specifier)).toEqual([]);
});

test("every index of a room is a public subpath", () => {
  const known = new Set(subpaths().map(({ index }) => index));
  const indexes = repositoryFiles().filter((path) => /^src\/(.*\/)?index\.ts$/.test(path));
  expect(indexes.filter((path) => !known.has(path))).toEqual([]);
});

test.each(CLIENT_SIDE)("setpoint/%s brings no part of the server or the store along", (room) => {
  const reached = [...reachableFrom([`src/${room}/index.ts`])];
  expect(reached.length).toBeGreaterThan(1);
  expect(reached.filter((path) => /^src\/(server|store)\//.test(path))).toEqual([]);
});
