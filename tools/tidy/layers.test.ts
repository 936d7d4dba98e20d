/** Imports go strictly down the levels; rooms of one level never see each other. */
import { expect, test } from "vitest";
import { importsOf, isTestFile, resolveImport, typescriptFiles } from "./sources.ts";

/** The rooms, their level, and what they may import besides `base` and `machinery`. */
const ROOMS: Readonly<
  Record<string, { readonly level: number; readonly uses: readonly string[] }>
> = {
  base: { level: 0, uses: [] },
  machinery: { level: 1, uses: [] },
  trace: { level: 2, uses: [] },
  cel: { level: 2, uses: [] },
  pki: { level: 2, uses: [] },
  schema: { level: 3, uses: ["cel"] },
  patch: { level: 4, uses: ["schema"] },
  apis: { level: 4, uses: ["schema", "cel"] },
  store: { level: 5, uses: ["trace"] },
  server: { level: 6, uses: ["store", "apis", "patch", "schema", "cel", "trace"] },
  client: { level: 5, uses: ["trace"] },
  informer: { level: 6, uses: ["client"] },
  "controller-runtime": { level: 7, uses: ["informer", "client", "trace", "pki"] },
  controllers: { level: 8, uses: ["controller-runtime", "informer", "client", "apis", "patch"] },
  scheduler: { level: 8, uses: ["controller-runtime", "informer", "client", "apis", "patch"] },
  "node-agent": { level: 8, uses: ["controller-runtime", "informer", "client", "apis", "patch"] },
  "control-plane": { level: 9, uses: ["*"] },
  sim: { level: 10, uses: ["*"] },
  "test-kit": { level: 10, uses: ["*"] },
  cli: { level: 11, uses: ["*"] },
};

const GROUND = ["base", "machinery"];

/** Types of built-in kinds are data without behaviour: the client stair may name them. */
const TYPES_ONLY = /^src\/apis\/.*\/types\.generated\.ts$/;

function roomOf(path: string): string | undefined {
  return /^src\/([^/]+)\//.exec(path)?.[1];
}

function mayImport(from: string, to: string, target: string): boolean {
  if (from === to) return true;
  const room = ROOMS[from];
  const other = ROOMS[to];
  if (room === undefined || other === undefined || other.level >= room.level) return false;
  if (GROUND.includes(to) || room.uses.includes("*") || room.uses.includes(to)) return true;
  return from === "client" || from === "informer" || from === "controller-runtime"
    ? TYPES_ONLY.test(target)
    : false;
}

test("every room is in the list of rooms", () => {
  const rooms = new Set(typescriptFiles("src").map(roomOf));
  expect([...rooms].filter((room) => room === undefined || !Object.hasOwn(ROOMS, room))).toEqual(
    [],
  );
});

test("imports go strictly down the rooms", () => {
  const offences = typescriptFiles("src").flatMap((path) => {
    const from = roomOf(path);
    if (from === undefined || isTestFile(path)) return [];
    return importsOf(path)
      .filter(({ specifier }) => specifier.startsWith("."))
      .map(({ specifier, line }) => ({ target: resolveImport(path, specifier), line }))
      .filter(({ target }) => !mayImport(from, roomOf(target) ?? "", target))
      .map(({ target, line }) => `${path}:${line} imports ${target}`);
  });
  expect(offences).toEqual([]);
});

test("a controller does not import another controller", () => {
  const folder = (path: string): string | undefined =>
    /^src\/controllers\/([^/]+)\//.exec(path)?.[1];
  const offences = typescriptFiles("src/controllers").flatMap((path) =>
    importsOf(path)
      .map(({ specifier }) => resolveImport(path, specifier))
      .filter((target) => folder(target) !== undefined && folder(target) !== folder(path))
      .map((target) => `${path} imports ${target}`),
  );
  expect(offences).toEqual([]);
});

test("product code does not import tests or fixtures", () => {
  const offences = typescriptFiles("src")
    .filter((path) => !isTestFile(path))
    .flatMap((path) =>
      importsOf(path)
        .filter(({ specifier }) => specifier.startsWith("."))
        .map(({ specifier }) => resolveImport(path, specifier))
        .filter(isTestFile)
        .map((target) => `${path} imports ${target}`),
    );
  expect(offences).toEqual([]);
});

test("examples use the public subpaths only", () => {
  const offences = typescriptFiles("examples").flatMap((path) =>
    importsOf(path)
      .filter(({ specifier }) => specifier.includes("/src/"))
      .map(({ specifier }) => `${path} imports ${specifier}`),
  );
  expect(offences).toEqual([]);
});
