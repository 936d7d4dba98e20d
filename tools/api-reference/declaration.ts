/** One declaration as a reader needs it: what to write, what it means, what else to look at. */
import { withoutComments } from "../tidy/sources.ts";
import { docBefore } from "./doc-comment.ts";
import { declaredAt, sourceFile } from "./source-file.ts";
import type { DeclarationNode, FoundDeclaration, Origin, SourceFile } from "./source-file.ts";

/** The part of a page that tells of it. */
export type DeclarationKind = "class" | "constant" | "error" | "function" | "kind" | "type";

export type Member = { readonly name: string; readonly doc: string };

export type Declaration = {
  readonly origin: Origin;
  readonly kind: DeclarationKind;
  /** TypeScript, with neither bodies nor comments nor what is private. */
  readonly signature: string;
  readonly doc: string;
  /** Those that have a comment. */
  readonly members: readonly Member[];
  /** Where the types that its signature names are declared. */
  readonly mentions: readonly Origin[];
};

/** The declaration, or declarations, of one name. */
export function declarationOf(origin: Origin): Declaration {
  const file = sourceFile(origin.file);
  const found = file.declarations.get(origin.name) ?? [];
  const shown = withoutImplementations(found);
  const nodes = shown.map(({ node }) => node);
  const signature = shown.map(({ node }) => signatureOf(file, node, origin.name)).join("\n");
  const docs = found.map(({ start }) => docBefore(file.text, start)).filter((doc) => doc !== "");
  return {
    origin,
    kind: kindOf(nodes, signature),
    signature,
    doc: docs.join("\n\n"),
    members: nodes.flatMap((node) => membersOf(file, node)),
    mentions: mentionsOf(file, nodes, signature),
  };
}

/** Of a function with overloads, the body is not for callers. */
function withoutImplementations(found: readonly FoundDeclaration[]): readonly FoundDeclaration[] {
  const hasOverloads = found.some(({ node }) => node.type === "TSDeclareFunction");
  return found.filter(({ node }) => !hasOverloads || node.type !== "FunctionDeclaration");
}

function kindOf(nodes: readonly DeclarationNode[], signature: string): DeclarationKind {
  const types = new Set(nodes.map(({ type }) => type));
  if (types.has("ClassDeclaration"))
    return /\bextends \w*Error\b/.test(signature) ? "error" : "class";
  if (types.has("FunctionDeclaration") || types.has("TSDeclareFunction")) return "function";
  if (!types.has("VariableDeclaration")) return "type";
  return types.size > 1 && /: ResourceType</.test(signature) ? "kind" : "constant";
}

function signatureOf(file: SourceFile, node: DeclarationNode, name: string): string {
  const code = (start: number, end: number): string =>
    withoutComments(file.text.slice(start, end))
      .replace(/\n\s*\n/g, "\n")
      .trim();
  switch (node.type) {
    case "TSTypeAliasDeclaration":
    case "TSInterfaceDeclaration":
      return code(node.start, node.end);
    case "TSDeclareFunction":
    case "FunctionDeclaration":
      return `${code(node.start, node.body?.start ?? node.end).replace(/;$/, "")};`;
    case "VariableDeclaration": {
      const found = node.declarations.find(
        ({ id }) => id.type === "Identifier" && id.name === name,
      );
      if (found === undefined) return "";
      const isPlain = found.init?.type === "Literal";
      return `const ${code(found.start, isPlain ? found.end : found.id.end)};`;
    }
    case "ClassDeclaration":
      return classSignature(node, code);
    default:
      return "";
  }
}

type ClassNode = Extract<DeclarationNode, { readonly superClass: unknown }>;
type Element = ClassNode["body"]["body"][number];
type CodeOf = (start: number, end: number) => string;

function classSignature(node: ClassNode, code: CodeOf): string {
  const members = publicElements(node).map((element) => {
    if (element.type === "MethodDefinition") {
      const end = element.value.body?.start ?? element.end;
      return `${code(element.start, end).replace(/^async\s+/, "")};`;
    }
    if (element.type === "PropertyDefinition") {
      const type = element.typeAnnotation ?? undefined;
      const isPlain = element.value?.type === "Literal" && type === undefined;
      const end = isPlain ? element.end : (type?.end ?? element.key.end);
      return `${code(element.start, end).replace(/;$/, "")};`;
    }
    return code(element.start, element.end);
  });
  return [`${code(node.start, node.body.start)} {`, ...members, "}"].join("\n");
}

function publicElements(node: ClassNode): readonly Element[] {
  const all = node.body.body;
  const isOverloaded = (name: string): boolean =>
    all.some((each) => each.type === "TSAbstractMethodDefinition" && nameOf(each.key) === name);
  return all.filter((element) => {
    if (element.type === "StaticBlock" || element.type === "TSIndexSignature") return false;
    if (element.key.type === "PrivateIdentifier") return false;
    return (element.accessibility ?? "public") === "public" && !isOverloaded(nameOf(element.key));
  });
}

/** Members that have a comment, those of literals inside of members included. */
function membersOf(file: SourceFile, node: DeclarationNode): readonly Member[] {
  switch (node.type) {
    case "ClassDeclaration":
      return publicElements(node).flatMap((element) => commented(file, element, ""));
    case "TSInterfaceDeclaration":
      return node.body.body.flatMap((each) => commented(file, each, ""));
    case "TSTypeAliasDeclaration":
      return literalMembers(file, node.typeAnnotation, "");
    default:
      return [];
  }
}

function literalMembers(file: SourceFile, type: unknown, prefix: string): readonly Member[] {
  if (!isNode(type)) return [];
  if (type["type"] === "TSTypeLiteral") {
    return nodesIn(type["members"]).flatMap((each) => commented(file, each, prefix));
  }
  if (type["type"] === "TSUnionType" || type["type"] === "TSIntersectionType") {
    return nodesIn(type["types"]).flatMap((each) => literalMembers(file, each, prefix));
  }
  return literalMembers(file, type["typeAnnotation"], prefix);
}

function commented(file: SourceFile, member: unknown, prefix: string): readonly Member[] {
  if (!isNode(member)) return [];
  const name = `${prefix}${nameOf(member["key"])}`;
  const inner =
    member["type"] === "TSPropertySignature"
      ? literalMembers(file, member["typeAnnotation"], `${name}.`)
      : [];
  const doc = docBefore(file.text, Number(member["start"]));
  const isCall = /Method/.test(String(member["type"])) && member["kind"] === "method";
  return doc === "" ? inner : [{ name: isCall ? `${name}()` : name, doc }, ...inner];
}

function nameOf(key: unknown): string {
  if (!isNode(key)) return "(call)";
  if (key["type"] === "MemberExpression")
    return `[${nameOf(key["object"])}.${nameOf(key["property"])}]`;
  const name = key["name"] ?? key["value"];
  return typeof name === "string" ? name : "";
}

/** Types that the signature names, each once, in the order of its words. */
function mentionsOf(
  file: SourceFile,
  nodes: readonly DeclarationNode[],
  signature: string,
): readonly Origin[] {
  const names = new Set(nodes.flatMap((node) => [...typeNames(node)]));
  return [...names]
    .filter((name) => new RegExp(`\\b${name}\\b`).test(signature))
    .flatMap((name) => declaredAt({ file: file.path, name }) ?? []);
}

function* typeNames(node: unknown): Iterable<string> {
  if (Array.isArray(node)) {
    for (const each of node) yield* typeNames(each);
    return;
  }
  if (!isNode(node) || node["type"] === "BlockStatement") return;
  const names: readonly unknown[] = [node["typeName"], node["exprName"], node["superClass"]];
  const heritage = /Heritage|Implements/.test(String(node["type"])) ? [node["expression"]] : [];
  for (const each of [...names, ...heritage]) {
    if (isNode(each) && each["type"] === "Identifier") yield nameOf(each);
  }
  for (const [key, value] of Object.entries(node)) if (key !== "parent") yield* typeNames(value);
}

type AnyNode = Readonly<Record<string, unknown>>;

function isNode(value: unknown): value is AnyNode {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

function nodesIn(value: unknown): readonly unknown[] {
  return Array.isArray(value) ? value : [];
}
