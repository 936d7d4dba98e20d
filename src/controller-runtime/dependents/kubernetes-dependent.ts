/** The objects of one dependent: brought to what is desired, or away. */
import { errorText } from "../../base/error-text.ts";
import type { ResourceType } from "../../client/resource-type.ts";
import type { TypedIndex } from "../../informer/typed-index.ts";
import { keyOf, keyText, type ObjectKey } from "../../machinery/key.ts";
import { isTerminating, type ApiObject } from "../../machinery/object.ts";
import { TerminalError } from "../controller/outcome.ts";
import { intendedKey } from "../declared/applier.ts";
import type { Intent } from "../declared/intent.ts";
import type { Deletion, DependentCall, DependentOptions, Desired, Reached } from "./dependent.ts";
import { byOwnerLabel, strangerOf, tiedObjects, tieOf, type Ownership } from "./ownership.ts";
import { whyNotReady } from "./readiness.ts";
import { sideBySide } from "./side-by-side.ts";

/** Objects of one dependent. */
export const DEPENDENT_OBJECTS_MAX = 1_000;
/** Writes of one dependent under way at a time. */
export const DEPENDENT_WRITES_MAX = 10;
/** Between two looks whether what nothing tells of is gone. */
export const GONE_POLL_MS = 10_000;

/** An object that is not ready, and why. */
type Unready = { readonly key: ObjectKey; readonly why: string };

export class KubernetesDependent<Owner extends ApiObject, O extends ApiObject> {
  readonly #type: ResourceType<O>;
  readonly #options: DependentOptions<Owner, O>;
  readonly #ownership: Ownership;
  readonly #byOwner: TypedIndex<O>;
  readonly #found = new WeakMap<object, readonly O[]>();

  constructor(type: ResourceType<O>, options: DependentOptions<Owner, O>) {
    this.#type = type;
    this.#options = options;
    this.#ownership = options.ownership ?? "reference";
    this.#byOwner = byOwnerLabel(type);
  }

  foundFor(token: object): readonly O[] | undefined {
    return this.#found.get(token);
  }

  async apply(call: DependentCall<Owner>): Promise<Reached<readonly O[]>> {
    const { owner, context, token } = call;
    const wanted = this.#byKey(await this.#options.desired(owner, context), context.key);
    const reached = await sideBySide([...wanted], DEPENDENT_WRITES_MAX, ([, intent]) =>
      this.#applyOne(intent, call),
    );
    const present = await this.#present(call);
    const surplus = present.filter((one) => !wanted.has(keyText(keyOf(one))));
    await this.#delete(surplus, call);
    const found = reached.flatMap(({ object }) => (object === undefined ? [] : [object]));
    const unready = reached.flatMap((one) => (one.unready === undefined ? [] : [one.unready]));
    this.#found.set(token, found);
    const [first] = unready;
    if (first === undefined) return { kind: "ready", found };
    const more = unready.length === 1 ? "" : `, and ${unready.length - 1} more`;
    return { kind: "unready", why: `${this.#name(first.key)} ${first.why}${more}`, found };
  }

  async remove(call: DependentCall<Owner>): Promise<Reached<readonly O[]>> {
    const { owner, context, token } = call;
    const { isGone } = this.#options;
    await this.#delete(await this.#present(call), call);
    const [left] = await this.#present(call);
    if (left !== undefined) {
      return { kind: "going", why: `${this.#name(keyOf(left))} is being deleted` };
    }
    if (isGone !== undefined && !(await isGone(owner, context))) {
      return { kind: "going", why: "something is left of it outside", pollMs: GONE_POLL_MS };
    }
    this.#found.delete(token);
    return { kind: "gone" };
  }

  async #applyOne(
    intent: Intent<O>,
    call: DependentCall<Owner>,
  ): Promise<{ readonly object?: O; readonly unready?: Unready }> {
    const { owner, context } = call;
    const key = intendedKey(this.#type, intent.metadata, context.key.namespace);
    const present = await context.get(this.#type, key);
    if (present !== undefined && isTerminating(present)) {
      return { unready: { key, why: "is being deleted, and is made anew after that" } };
    }
    const stranger = present === undefined ? undefined : this.#strangerOf(present, call);
    if (stranger !== undefined) return { unready: { key, why: stranger } };
    const tie = tieOf(this.#ownership, call);
    const metadata = {
      ...intent.metadata,
      labels: { ...intent.metadata.labels, ...tie.labels },
      ...(tie.annotations === undefined
        ? {}
        : { annotations: { ...intent.metadata.annotations, ...tie.annotations } }),
    };
    const tied = Object.assign({}, intent, { metadata });
    const object = await context.apply(this.#type, tied, { isOwned: tie.isOwned });
    const why = this.#whyNotReady(object, owner);
    return why === undefined ? { object } : { object, unready: { key, why } };
  }

  #strangerOf(present: O, call: DependentCall<Owner>): string | undefined {
    try {
      return strangerOf(this.#ownership, present, call);
    } catch (error) {
      throw new Error(`${this.#name(keyOf(present))} ${errorText(error)}`, { cause: error });
    }
  }

  #whyNotReady(object: O, owner: Owner): string | undefined {
    if (isTerminating(object)) return "is being deleted";
    const { isReady } = this.#options;
    if (isReady === undefined) return whyNotReady(this.#type, object);
    return isReady(object, owner) ? undefined : "is not ready";
  }

  #present(call: DependentCall<Owner>): Promise<readonly O[]> {
    return tiedObjects(this.#ownership, this.#byOwner, call);
  }

  async #delete(objects: readonly O[], { context }: DependentCall<Owner>): Promise<void> {
    const going = objects.filter((object) => !isTerminating(object));
    // What goes in its order is gone only when all that it owns is.
    const isOrdered = deletionOf(this.#options) === "in-order";
    const propagation = isOrdered ? "Foreground" : "Background";
    await sideBySide(going, DEPENDENT_WRITES_MAX, (object) =>
      context.delete(this.#type, object, { propagation }),
    );
  }

  #byKey(desired: Desired<O>, { namespace }: ObjectKey): ReadonlyMap<string, Intent<O>> {
    const intents = desired === undefined ? [] : isList(desired) ? desired : [desired];
    if (intents.length > DEPENDENT_OBJECTS_MAX) {
      const most = `more than the ${DEPENDENT_OBJECTS_MAX} a dependent may have`;
      throw new TerminalError(`${intents.length} objects of kind ${this.#type.kind} are ${most}`);
    }
    const byKey = new Map<string, Intent<O>>();
    for (const intent of intents) {
      const key = intendedKey(this.#type, intent.metadata, namespace);
      if (byKey.has(keyText(key))) throw new Error(`${this.#name(key)} is desired twice`);
      byKey.set(keyText(key), intent);
    }
    return byKey;
  }

  #name(key: ObjectKey): string {
    return `${this.#type.kind} ${key.name}`;
  }
}

/** What the garbage collector does not know of it cannot collect. */
export function deletionOf<Owner extends ApiObject, O extends ApiObject>({
  deletion,
  ownership,
}: DependentOptions<Owner, O>): Deletion {
  return deletion ?? (ownership === "label" ? "in-order" : "collected");
}

function isList<O extends ApiObject>(
  desired: NonNullable<Desired<O>>,
): desired is readonly Intent<O>[] {
  return Array.isArray(desired);
}
