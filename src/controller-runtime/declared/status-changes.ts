/**
 * The status a reconcile leaves behind: gathered while it runs, written once at its end, and only
 * where something has changed.
 */
import type { Context } from "../../base/context.ts";
import type { Clock } from "../../base/env.ts";
import type { Client } from "../../client/client.ts";
import type { ResourceType } from "../../client/resource-type.ts";
import { apiTime } from "../../machinery/api-time.ts";
import { setCondition, type Condition } from "../../machinery/conditions.ts";
import { equalValues } from "../../machinery/json-value.ts";
import { keyOf } from "../../machinery/key.ts";
import { isFields, own, type ApiObject, type Fields } from "../../machinery/object.ts";
import type { PartOf } from "./intent.ts";

/** The type of an object's status. */
export type StatusOf<T extends ApiObject> = T extends { readonly status?: infer Status }
  ? NonNullable<Status>
  : Fields;

/**
 * What a run has to say of its object: `ctx.status`. It is gathered, and written once at the end of
 * the run, if it differs from what is there; after a run that failed as well.
 */
export interface StatusChanges<T extends ApiObject> {
  /** The conditions as they will be written. */
  readonly conditions: readonly Condition[];
  /** Sets these fields; `null` takes one away, absent leaves it as it is. */
  set(fields: { readonly [K in keyof StatusOf<T>]?: PartOf<StatusOf<T>[K]> | null }): void;
  /**
   * Sets a condition. Its transition time moves only with its status, its observed generation is
   * the one of the object. `reason` is a CamelCase word, `message` a sentence for people.
   */
  condition(
    type: string,
    status: boolean | "True" | "False" | "Unknown",
    reason: string,
    message?: string,
  ): void;
  /** Of the object, as the run has read it; kinds without generations have none. */
  readonly generation: number | undefined;
  /** Whether this run has set the condition. */
  hasSaid(type: string): boolean;
}

export class GatheredStatus<T extends ApiObject> implements StatusChanges<T> {
  readonly #object: T;
  readonly #clock: Clock;
  readonly #fields = new Map<string, unknown>();
  readonly #said = new Set<string>();
  #conditions: readonly Condition[] | undefined;

  /** `object`: as the reconcile has read it. */
  constructor(object: T, clock: Clock) {
    this.#object = object;
    this.#clock = clock;
  }

  set(fields: Fields): void {
    for (const [name, value] of Object.entries(fields)) {
      if (value !== undefined) this.#fields.set(name, value);
    }
  }

  condition(type: string, status: boolean | string, reason: string, message = ""): void {
    const text = typeof status === "boolean" ? (status ? "True" : "False") : status;
    const { generation } = this;
    const observed = generation === undefined ? {} : { observedGeneration: generation };
    const next = { type, status: text, reason, message, ...observed };
    this.#said.add(type);
    this.#conditions = setCondition(this.conditions, next, apiTime(this.#clock.now()));
  }

  get generation(): number | undefined {
    return this.#object.metadata.generation;
  }

  hasSaid(type: string): boolean {
    return this.#said.has(type);
  }

  /** A merge patch of what is new; undefined: nothing is. */
  patch(): Fields | undefined {
    const present = statusOf(this.#object);
    const wanted = new Map(this.#fields);
    if (this.#conditions !== undefined) wanted.set("conditions", this.#conditions);
    const { generation, resourceVersion } = this.#object.metadata;
    if (wanted.size > 0 && generation !== undefined) wanted.set("observedGeneration", generation);
    const changed = [...wanted].flatMap(([name, value]) => {
      const next = mergePatchOf(own(present, name), value);
      return next === undefined ? [] : [[name, next] as const];
    });
    if (changed.length === 0) return undefined;
    // A list is replaced whole, so it must be the one that was read.
    const hasList = changed.some(([, value]) => Array.isArray(value));
    const lock = hasList && resourceVersion !== undefined ? { metadata: { resourceVersion } } : {};
    return { ...lock, status: Object.fromEntries(changed) };
  }

  /** Writes what has changed. */
  async write(type: ResourceType<T>, client: Client, context: Context): Promise<void> {
    const patch = this.patch();
    if (patch === undefined) return;
    const options = { subresource: "status" } as const;
    await client.patch(type, keyOf(this.#object), { kind: "merge", patch }, context, options);
  }

  get conditions(): readonly Condition[] {
    if (this.#conditions !== undefined) return this.#conditions;
    const conditions = own(statusOf(this.#object), "conditions");
    return Array.isArray(conditions) ? conditions.filter(isCondition) : [];
  }
}

function statusOf(object: ApiObject): Fields {
  const status: unknown = own({ ...object }, "status");
  return isFields(status) ? status : {};
}

function isCondition(value: unknown): value is Condition {
  return isFields(value) && typeof own(value, "type") === "string";
}

/** What turns `present` into `wanted`; undefined: it is that already. */
function mergePatchOf(present: unknown, wanted: unknown): unknown {
  if (wanted === null) return present === undefined ? undefined : null;
  if (!isFields(wanted) || !isFields(present)) {
    return equalValues(present, wanted) ? undefined : wanted;
  }
  const changed = Object.entries(wanted).flatMap(([name, value]) => {
    const next = mergePatchOf(own(present, name), value);
    return next === undefined ? [] : [[name, next] as const];
  });
  return changed.length === 0 ? undefined : Object.fromEntries(changed);
}
