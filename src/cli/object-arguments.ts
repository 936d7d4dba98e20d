/** What people name on a command line: `pods`, `pods,svc`, `pod web-1`, `pod/web-1 deploy/web`. */
import { UserError } from "./user-error.ts";

/** Objects of one kind; no names means all of them. */
export type ObjectArgument = { readonly word: string; readonly names: readonly string[] };

/** Reads the arguments; `isNameRequired` refuses a bare kind. */
export function parseObjectArguments(
  words: readonly string[],
  options: { readonly isNameRequired: boolean },
): readonly ObjectArgument[] {
  const first = words[0];
  if (first === undefined) {
    throw new UserError("name what you mean", "For example: pods, or deployment/web");
  }
  const parsed = first.includes("/") ? slashed(words) : kindThenNames(first, words.slice(1));
  if (options.isNameRequired && parsed.some(({ names }) => names.length === 0)) {
    throw new UserError(`a name is missing after "${first}"`, `For example: ${first}/web`);
  }
  return parsed;
}

function slashed(words: readonly string[]): readonly ObjectArgument[] {
  return words.map((text) => {
    const [word, name, ...rest] = text.split("/");
    if (word === undefined || name === undefined || name === "" || rest.length > 0) {
      throw new UserError(`"${text}" is not of the form kind/name`);
    }
    return { word, names: [name] };
  });
}

function kindThenNames(kinds: string, names: readonly string[]): readonly ObjectArgument[] {
  const mixed = names.find((name) => name.includes("/"));
  if (mixed !== undefined) {
    throw new UserError(`"${mixed}" cannot follow "${kinds}"`, "Use kind/name for each, or none.");
  }
  return kinds
    .split(",")
    .filter((word) => word !== "")
    .map((word) => ({ word, names }));
}
