/**
 * Which of the names a definition asks for it may have. Names conflict only inside a group; who has
 * a name keeps it, so a definition may lose some of what it asks for and keep what it had. Pure.
 */
import type {
  ConditionState,
  Definition,
} from "../../apis/apiextensions/v1/definition-conditions.ts";
import type { CustomResourceDefinitionNames } from "../../apis/apiextensions/v1/types.generated.ts";
import { equalValues } from "../../machinery/json-value.ts";

/** Names that definitions of one group hold. */
export type TakenNames = {
  /** Plural, singular and short names. */
  readonly resources: ReadonlySet<string>;
  /** Kinds and list kinds. */
  readonly kinds: ReadonlySet<string>;
};

export type NamesPlan = {
  readonly accepted: CustomResourceDefinitionNames;
  readonly condition: ConditionState;
};

/** The names held by the definitions of a group. */
export function takenNames(definitions: readonly Definition[]): TakenNames {
  const resources = new Set<string>();
  const kinds = new Set<string>();
  for (const { status } of definitions) {
    const {
      plural = "",
      singular = "",
      shortNames = [],
      kind = "",
      listKind = "",
    } = status.acceptedNames ?? {};
    for (const name of [plural, singular, ...shortNames]) if (name !== "") resources.add(name);
    for (const name of [kind, listKind]) if (name !== "") kinds.add(name);
  }
  return { resources, kinds };
}

/** What `definition` gets, where `taken` are the names of its group, its own included. */
export function planNames(definition: Definition, taken: TakenNames): NamesPlan {
  const asked = definition.spec.names;
  const had: CustomResourceDefinitionNames = definition.status.acceptedNames ?? NO_NAMES;
  const plural = choose(asked.plural, had.plural, taken.resources);
  const singular = choose(asked.singular ?? "", had.singular ?? "", taken.resources);
  const shortNames = chooseShort(asked.shortNames ?? [], had.shortNames ?? [], taken.resources);
  const kind = choose(asked.kind, had.kind, taken.kinds);
  const listKind = choose(asked.listKind ?? "", had.listKind ?? "", taken.kinds);
  const conflicts: readonly (readonly [reason: string, conflict: string | undefined])[] = [
    ["PluralConflict", plural.conflict],
    ["SingularConflict", singular.conflict],
    ["ShortNamesConflict", shortNames.conflict],
    ["KindConflict", kind.conflict],
    ["ListKindConflict", listKind.conflict],
  ];
  const { categories = [] } = asked;
  return {
    accepted: {
      plural: plural.name,
      ...(singular.name === "" ? {} : { singular: singular.name }),
      ...(shortNames.names.length === 0 ? {} : { shortNames: shortNames.names }),
      kind: kind.name,
      ...(listKind.name === "" ? {} : { listKind: listKind.name }),
      ...(categories.length === 0 ? {} : { categories }),
    },
    condition: conditionOf(conflicts),
  };
}

const NO_NAMES: CustomResourceDefinitionNames = { plural: "", kind: "" };

/** The last conflict is the one that is told, as upstream. */
function conditionOf(
  conflicts: readonly (readonly [reason: string, conflict: string | undefined])[],
): ConditionState {
  const last = conflicts.findLast(([, conflict]) => conflict !== undefined);
  if (last === undefined) {
    const message = "no conflicts found";
    return { type: "NamesAccepted", status: "True", reason: "NoConflicts", message };
  }
  const [reason, message = ""] = last;
  return { type: "NamesAccepted", status: "False", reason, message };
}

type Choice = { readonly name: string; readonly conflict: string | undefined };

function choose(asked: string, had: string, taken: ReadonlySet<string>): Choice {
  const conflict = conflictOf(asked, had, taken);
  return { name: conflict === undefined ? asked : had, conflict };
}

function chooseShort(
  asked: readonly string[],
  had: readonly string[],
  taken: ReadonlySet<string>,
): { readonly names: readonly string[]; readonly conflict: string | undefined } {
  if (equalValues(asked, had)) return { names: had, conflict: undefined };
  const conflicts = asked
    .filter((name) => !had.includes(name))
    .map((name) => conflictOf(name, "", taken))
    .filter((conflict) => conflict !== undefined);
  if (conflicts.length === 0) return { names: asked, conflict: undefined };
  const [only = ""] = conflicts;
  const all = [...new Set(conflicts)];
  return { names: had, conflict: all.length === 1 ? only : `[${all.join(", ")}]` };
}

function conflictOf(asked: string, had: string, taken: ReadonlySet<string>): string | undefined {
  if (asked === had || !taken.has(asked)) return undefined;
  return `${JSON.stringify(asked)} is already in use`;
}
