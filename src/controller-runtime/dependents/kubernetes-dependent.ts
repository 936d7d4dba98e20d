/** The objects of one dependent: brought to what is desired, or away. */
import type { ResourceType } from "../../client/resource-type.ts";
import { keyOf, keyText, type ObjectKey } from "../../machinery/key.ts";
import { isTerminating, type ApiObject } from "../../machinery/object.ts";
import { controllerOf } from "../../machinery/owners.ts";
import { intendedKey } from "../declared/applier.ts";
import type { Intent } from "../declared/intent.ts";
import type { DependentCall, DependentOptions, Desired, Reached } from "./dependent.ts";
import { whyNotReady } from "./readiness.ts";
import { sideBySide } from "./side-by-side.ts";

/** By this label the objects of a dependent are known. */
export const DEPENDENT_LABEL = "setpoint.dev/dependent";
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
  readonly #found = new WeakMap<object, readonly O[]>();

  constructor(type: ResourceType<O>, options: DependentOptions<Owner, O>) {
    this.#type = type;
    this.#options = options;
  }

  foundFor(token: object): readonly O[] | undefined {
    return this.#found.get(token);
  }

  async apply(call: DependentCall<Owner>): Promise<Reached<readonly O[]>> {
    const { owner, context, mark, token } = call;
    const wanted = this.#byKey(await this.#options.desired(owner, context), context.key);
    const reached = await sideBySide([...wanted], DEPENDENT_WRITES_MAX, ([, intent]) =>
      this.#applyOne(intent, call),
    );
    const surplus = this.#present(context, mark).filter((one) => !wanted.has(keyText(keyOf(one))));
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
    const { owner, context, mark, token } = call;
    const { isGone } = this.#options;
    const present = this.#present(context, mark);
    await this.#delete(present, call);
    const [left] = this.#present(context, mark);
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
    { owner, context, mark }: DependentCall<Owner>,
  ): Promise<{ readonly object?: O; readonly unready?: Unready }> {
    const key = intendedKey(this.#type, intent.metadata, context.key.namespace);
    const present = await context.get(this.#type, key);
    if (present !== undefined && isTerminating(present)) {
      return { unready: { key, why: "is being deleted, and is made anew after that" } };
    }
    const stranger = present === undefined ? undefined : this.#strangerOf(present, owner);
    if (stranger !== undefined) return { unready: { key, why: stranger } };
    const labels = { ...intent.metadata.labels, [DEPENDENT_LABEL]: mark };
    const metadata = { ...intent.metadata, labels };
    const object = await context.apply(this.#type, Object.assign({}, intent, { metadata }));
    const why = this.#whyNotReady(object, owner);
    return why === undefined ? { object } : { object, unready: { key, why } };
  }

  /** Why an object that is there already is not the owner's; undefined: it is, or can be. */
  #strangerOf(present: O, owner: Owner): string | undefined {
    const reference = controllerOf(present);
    if (reference === undefined || reference.uid === owner.metadata.uid) return undefined;
    const { kind, name } = reference;
    if (kind === owner.kind && name === owner.metadata.name) {
      return `belongs to a former ${kind} ${name}, and goes with it`;
    }
    const whom = this.#name(keyOf(present));
    throw new Error(`${whom} is managed by ${kind} ${name}: choose another name, or delete it`);
  }

  #whyNotReady(object: O, owner: Owner): string | undefined {
    if (isTerminating(object)) return "is being deleted";
    const { isReady } = this.#options;
    if (isReady === undefined) return whyNotReady(this.#type, object);
    return isReady(object, owner) ? undefined : "is not ready";
  }

  #present(context: DependentCall<Owner>["context"], mark: string): readonly O[] {
    const owned = context.owned(this.#type);
    return owned.filter(({ metadata: { labels = {} } }) => labels[DEPENDENT_LABEL] === mark);
  }

  async #delete(objects: readonly O[], { context }: DependentCall<Owner>): Promise<void> {
    const going = objects.filter((object) => !isTerminating(object));
    // What goes in its order is gone only when all that it owns is.
    const isOrdered = this.#options.deletion === "in-order";
    const propagation = isOrdered ? "Foreground" : "Background";
    await sideBySide(going, DEPENDENT_WRITES_MAX, (object) =>
      context.delete(this.#type, object, { propagation }),
    );
  }

  #byKey(desired: Desired<O>, { namespace }: ObjectKey): ReadonlyMap<string, Intent<O>> {
    const intents = desired === undefined ? [] : isList(desired) ? desired : [desired];
    if (intents.length > DEPENDENT_OBJECTS_MAX) {
      const most = `more than the ${DEPENDENT_OBJECTS_MAX} a dependent may have`;
      throw new RangeError(`${intents.length} objects of kind ${this.#type.kind} are ${most}`);
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

function isList<O extends ApiObject>(
  desired: NonNullable<Desired<O>>,
): desired is readonly Intent<O>[] {
  return Array.isArray(desired);
}
