/**
 * How the objects of a dependent are tied to their owner: by an owner reference, as the garbage
 * collector knows it, or by labels, where such a reference is not allowed.
 */
import type { ResourceType } from "../../client/resource-type.ts";
import { index, type TypedIndex } from "../../informer/typed-index.ts";
import type { SharedInformer } from "../../informer/shared-informer-types.ts";
import { keyText, parseKey, type ObjectKey } from "../../machinery/key.ts";
import { queryOfLabels } from "../../machinery/labels.ts";
import { own, type ApiObject } from "../../machinery/object.ts";
import { controllerOf } from "../../machinery/owners.ts";
import type { ReconcileContext } from "../declared/reconcile-context.ts";
import type { Source } from "../sources/source.ts";
import { watchSource } from "../sources/sources.ts";

/** By this label the objects of a dependent are known. */
export const DEPENDENT_LABEL = "setpoint.dev/dependent";
/** The uid of the owner, where there is no reference. */
export const OWNER_UID_LABEL = "setpoint.dev/owner-uid";
/** Namespace and name of the owner, where there is no reference. */
export const OWNER_ANNOTATION = "setpoint.dev/owner";

/** Whose object it is, and which of its dependents. */
export type Tie<Owner extends ApiObject> = {
  readonly owner: Owner;
  readonly context: ReconcileContext<Owner>;
  readonly mark: string;
};

/** What an object needs besides what is desired of it. */
export type TieFields = {
  readonly labels: Readonly<Record<string, string>>;
  readonly annotations?: Readonly<Record<string, string>>;
  /** Whether the owner becomes its managing owner. */
  readonly isOwned: boolean;
};

/** `reference`: the owner manages it, and the garbage collector takes it after the owner. */
export type Ownership = "reference" | "label";

export function tieOf<Owner extends ApiObject>(
  ownership: Ownership,
  { owner, context, mark }: Tie<Owner>,
): TieFields {
  const labels = { [DEPENDENT_LABEL]: mark };
  if (ownership === "reference") return { labels, isOwned: true };
  return {
    labels: { ...labels, [OWNER_UID_LABEL]: owner.metadata.uid ?? "" },
    annotations: { [OWNER_ANNOTATION]: keyText(context.key) },
    isOwned: false,
  };
}

/** Finds objects by the owner that their label names. */
export function byOwnerLabel<O extends ApiObject>(type: ResourceType<O>): TypedIndex<O> {
  return index(type, ({ metadata: { labels = {} } }) => {
    const uid = own(labels, OWNER_UID_LABEL);
    return typeof uid === "string" ? [uid] : [];
  });
}

/** The objects that are tied so. `byOwner`: of their kind, made by `byOwnerLabel`. */
export async function tiedObjects<Owner extends ApiObject, O extends ApiObject>(
  ownership: Ownership,
  byOwner: TypedIndex<O>,
  tie: Tie<Owner>,
): Promise<readonly O[]> {
  const { type } = byOwner;
  const { context, mark } = tie;
  if (ownership === "reference") {
    const owned = context.owned(type);
    return owned.filter(({ metadata: { labels = {} } }) => labels[DEPENDENT_LABEL] === mark);
  }
  const labels = queryOfLabels(tieOf(ownership, tie).labels);
  const by = { index: byOwner, value: tie.owner.metadata.uid ?? "" };
  return context.list(type, { namespace: "", labels, by });
}

/**
 * Why an object that is there already must be waited for before it can be the owner's; undefined:
 * it is, or can be. Throws if it is somebody else's.
 */
export function strangerOf<Owner extends ApiObject>(
  ownership: Ownership,
  present: ApiObject,
  { owner, context }: Tie<Owner>,
): string | undefined {
  const reference = controllerOf(present);
  if (reference !== undefined && reference.uid !== owner.metadata.uid) {
    const { kind, name } = reference;
    const isNamesake = kind === (owner.kind ?? kind) && name === owner.metadata.name;
    if (isNamesake) return `belongs to a former ${kind} ${name}, and goes with it`;
    throw new Error(`is managed by ${kind} ${name}: choose another name, or delete it`);
  }
  const other = present.metadata.annotations?.[OWNER_ANNOTATION];
  if (ownership === "label" && other !== undefined && other !== keyText(context.key)) {
    throw new Error(`is kept for ${other}: choose another name, or delete it`);
  }
  return undefined;
}

/** Wakes the owners that objects name by an annotation, of one controller. */
export function labelledSource<O extends ApiObject>(
  informer: SharedInformer<O>,
  controller: string,
): Source {
  const map = ({ metadata: { labels = {}, annotations = {} } }: O): readonly ObjectKey[] => {
    const isOurs = labels[DEPENDENT_LABEL]?.startsWith(`${controller}.`) === true;
    const owner = annotations[OWNER_ANNOTATION];
    return isOurs && owner !== undefined ? [parseKey(owner)] : [];
  };
  return watchSource(informer, map, { name: `labelled by ${controller}` });
}
