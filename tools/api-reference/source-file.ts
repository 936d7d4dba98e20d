/** One file of sources, as far as documents need it: what it declares, imports and exports. */
import { parseAst } from "vitest/node";
import { readText } from "../tidy/sources.ts";

// The parser is the one that the tests are run by: nothing else has to be installed for it.
type Program = ReturnType<typeof parseAst>;
type Statement = Program["body"][number];
type ExportStatement = Extract<Statement, { readonly type: "ExportNamedDeclaration" }>;

type NodeOf<N, Type> = N extends { readonly type: infer T }
  ? T & Type extends never
    ? never
    : N
  : never;

/** A statement that gives a name to something. */
export type DeclarationNode = NodeOf<
  NonNullable<ExportStatement["declaration"]> | Statement,
  | "ClassDeclaration"
  | "FunctionDeclaration"
  | "TSInterfaceDeclaration"
  | "TSTypeAliasDeclaration"
  | "VariableDeclaration"
>;

/** Where a name comes from: the name it has there, and the file, if it is one of ours. */
export type Origin = { readonly file: string; readonly name: string };

export type FoundDeclaration = {
  readonly node: DeclarationNode;
  /** Where its statement begins, `export` included. */
  readonly start: number;
};

export type SourceFile = {
  readonly path: string;
  readonly text: string;
  /** By name; several where a function has overloads, or a type is a value as well. */
  readonly declarations: ReadonlyMap<string, readonly FoundDeclaration[]>;
  /** Names that imports bring into this file. */
  readonly imports: ReadonlyMap<string, Origin>;
  /** What is exported, in the order of the file, and under which name it is known here. */
  readonly exports: readonly { readonly name: string; readonly origin: Origin }[];
};

const known = new Map<string, SourceFile>();

/** Reads a file of the repository; each is read once. */
export function sourceFile(path: string): SourceFile {
  const found = known.get(path);
  if (found !== undefined) return found;
  const text = readText(path);
  const { body } = parseAst(text, { lang: "ts", astType: "ts" }, path);
  const declarations = new Map<string, readonly FoundDeclaration[]>();
  const imports = new Map<string, Origin>();
  const exports: { readonly name: string; readonly origin: Origin }[] = [];
  for (const statement of body) {
    if (statement.type === "ImportDeclaration") {
      for (const [name, origin] of importedNames(path, statement)) imports.set(name, origin);
      continue;
    }
    if (statement.type === "ExportNamedDeclaration" && statement.declaration === null) {
      exports.push(...clauseNames(path, statement));
      continue;
    }
    const node = statement.type === "ExportNamedDeclaration" ? statement.declaration : statement;
    if (node === null || !isDeclaration(node)) continue;
    for (const name of declaredNames(node)) {
      const earlier = declarations.get(name) ?? [];
      declarations.set(name, [...earlier, { node, start: statement.start }]);
      const isFirst = !exports.some((each) => each.name === name);
      if (node !== statement && isFirst) exports.push({ name, origin: { file: path, name } });
    }
  }
  const made: SourceFile = { path, text, declarations, imports, exports };
  known.set(path, made);
  return made;
}

/** Where a name that is used or exported in a file is declared; nothing for what is not ours. */
export function declaredAt({ file, name }: Origin): Origin | undefined {
  if (!file.startsWith("src/")) return undefined;
  const { declarations, imports, exports } = sourceFile(file);
  if (declarations.has(name)) return { file, name };
  const next =
    imports.get(name) ??
    exports.find((each) => each.name === name && each.origin.file !== file)?.origin;
  return next === undefined ? undefined : declaredAt(next);
}

type ImportStatement = Extract<Statement, { readonly type: "ImportDeclaration" }>;

function importedNames(
  path: string,
  statement: ImportStatement,
): readonly (readonly [string, Origin])[] {
  const file = target(path, statement.source.value);
  return statement.specifiers.flatMap((each) =>
    each.type === "ImportSpecifier"
      ? [[each.local.name, { file, name: moduleName(each.imported) }] as const]
      : [],
  );
}

function clauseNames(path: string, statement: ExportStatement): SourceFile["exports"] {
  const file = statement.source === null ? path : target(path, statement.source.value);
  return statement.specifiers.map(({ local, exported }) => ({
    name: moduleName(exported),
    origin: { file, name: moduleName(local) },
  }));
}

type ModuleName = ExportStatement["specifiers"][number]["local"];

function moduleName(node: ModuleName): string {
  return node.type === "Literal" ? node.value : node.name;
}

function target(from: string, specifier: string): string {
  if (!specifier.startsWith(".")) return specifier;
  return new URL(specifier, `file:///${from}`).pathname.slice(1);
}

function isDeclaration(node: { readonly type: string }): node is DeclarationNode {
  return (
    node.type === "ClassDeclaration" ||
    node.type === "FunctionDeclaration" ||
    node.type === "TSDeclareFunction" ||
    node.type === "TSInterfaceDeclaration" ||
    node.type === "TSTypeAliasDeclaration" ||
    node.type === "VariableDeclaration"
  );
}

function declaredNames(node: DeclarationNode): readonly string[] {
  if (node.type === "VariableDeclaration") {
    return node.declarations.flatMap(({ id }) => (id.type === "Identifier" ? [id.name] : []));
  }
  return node.id === null ? [] : [node.id.name];
}
