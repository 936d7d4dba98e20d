/**
 * The names that operations have in the OpenAPI documents. Generators of clients make methods of
 * them, so that they are the same as upstream's to the letter.
 */

/** Words that operations begin with. */
const VERBS: readonly string[] = [
  "connect",
  "create",
  "delete",
  "get",
  "list",
  "patch",
  "read",
  "replace",
  "watch",
];

/** `listBatchV1NamespacedJob` from `listNamespacedJob` at a path of `batch/v1`. */
export function operationId(name: string, path: string): string {
  const verb = VERBS.find((each) => name.startsWith(each)) ?? "";
  return verb + groupWords(path).map(upperWord).join("") + upperFirst(name.slice(verb.length));
}

/** `batch_v1`: what the operations of one version are filed under. */
export function tagOf(path: string): string {
  const words = groupWords(path);
  if (words.length > 0) return words.map(lowerWord).join("_");
  return lowerWord(path.split("/")[1] ?? "");
}

/** `Ephemeralcontainers`: how the name of a subresource becomes part of an operation's. */
export function upperFirst(word: string): string {
  return word.slice(0, 1).toUpperCase() + word.slice(1);
}

/** A kind with the article that goes with it; plurals have none. */
export function withArticle(kind: string): string {
  if (kind.endsWith("s") && !kind.endsWith("ss")) return kind;
  return `${/^[aeiou]/i.test(kind) ? "an" : "a"} ${kind}`;
}

/** Group and version; of the paths of a group and of all groups less. */
function groupWords(path: string): readonly string[] {
  const [, root = "", ...rest] = path.replace(/\/+$/, "").split("/");
  if (root === "api") return ["core", ...rest.slice(0, 1)];
  if (root !== "apis") return [];
  const [group, version] = rest;
  if (group === undefined) return [];
  const short = group.replace(/\.k8s\.io$/, "");
  return version === undefined ? [short] : [short, version];
}

/** `rbacAuthorization` of `rbac.authorization`. */
function lowerWord(text: string): string {
  const [first = "", ...rest] = text.split(/[^\p{L}\p{N}_]+/u);
  return first + rest.map(upperFirst).join("");
}

function upperWord(text: string): string {
  return upperFirst(lowerWord(text));
}
