/** The objects a command acts on: named ones, or all a selector finds. */
import type { ResourceType } from "../client/resource-type.ts";
import { keyOf, type ObjectKey } from "../machinery/key.ts";
import { parseObjectArguments } from "./object-arguments.ts";
import type { Session } from "./session.ts";
import { UserError } from "./user-error.ts";

export type TargetObject = { readonly type: ResourceType; readonly key: ObjectKey };

/** What selects objects of a kind when no names are given. */
export type TargetSelection = { readonly labelSelector: string; readonly isAll: boolean };

/** A bare kind without selector is refused: acting on everything must be asked for. */
export async function targetObjects(
  session: Session,
  words: readonly string[],
  selection: TargetSelection,
): Promise<readonly TargetObject[]> {
  const mapper = await session.mapper();
  const targets: TargetObject[] = [];
  for (const { word, names } of parseObjectArguments(words, { isNameRequired: false })) {
    const type = mapper.resolve(word);
    const namespace = type.isNamespaced ? session.namespace : "";
    targets.push(...names.map((name) => ({ type, key: { namespace, name } })));
    if (names.length > 0) continue;
    if (!selection.isAll && selection.labelSelector === "") {
      throw new UserError(`which ${word}?`, "Give names, a selector with -l, or --all.");
    }
    const where = { namespace, labelSelector: selection.labelSelector };
    const { items } = await session.client.list(type, where, session.context);
    targets.push(...items.map((object) => ({ type, key: keyOf(object) })));
  }
  return targets;
}
