/**
 * Admission: rules about writes that are not rules of one kind. First every plug-in may change the
 * object, in order; after validation every plug-in may refuse it. Deletions and connections are
 * reviewed too; what a plug-in makes of their object is dropped.
 *
 * A plug-in may ask to be called again when a later one changes the object (webhooks and policies
 * with `reinvocationPolicy: IfNeeded`). Then the whole chain runs a second time, and never a third.
 */
import type { Context } from "../../base/context.ts";
import type { GroupVersionKind } from "../../machinery/gvk.ts";
import type { ApiObject, Fields } from "../../machinery/object.ts";
import type { UserInfo } from "../../machinery/request.ts";
import { forbidden, type StatusCause, type StatusError } from "../../machinery/status.ts";
import type { Resource } from "../registry/resource.ts";

/** A write under review. */
export type Review = {
  readonly verb: "create" | "update" | "delete" | "connect";
  readonly resource: Resource;
  /** "" for the main endpoint. */
  readonly subresource: string;
  readonly namespace: string;
  readonly name: string;
  readonly user: UserInfo;
  /** As it would be stored; of a deletion, the object to be deleted. */
  readonly object: ApiObject;
  /** As it is stored; undefined for a create. */
  readonly old: ApiObject | undefined;
  readonly isDryRun: boolean;
  /** What `object` is where it is not of the resource's kind, e.g. an Eviction of a pod. */
  readonly kind?: GroupVersionKind;
  /** The options of the request, e.g. a `DeleteOptions`. */
  readonly options?: Fields;
  /** Tells the writer something without refusing. */
  readonly warn?: (text: string) => void;
  /** Is told what changed the object, by name: `ServiceAccount`, `webhook NAME`. */
  readonly edited?: (by: string) => void;
  /** Which run of the changing chain this is; undefined while validating. */
  readonly run?: MutatingRun;
};

/** What the changing plug-ins of one write know of each other. */
export type MutatingRun = {
  readonly isSecond: boolean;
  /** Of each plug-in that was called: the object it gave back the last time. */
  readonly given: Map<string, ApiObject>;
  /** Plug-ins that are to be called in the second run, besides those without conditions. */
  readonly again: Set<string>;
};

/**
 * One rule. May be called again for the same write when the object changed meanwhile, so it must
 * have no effects of its own. Refuses by throwing a `StatusError`.
 */
export interface AdmissionPlugin {
  readonly name: string;
  /** Whether it tells `edited` by itself whose change it is. Default: its own name is told. */
  readonly tellsEdits?: true;
  /** Whether it has anything to say of such a write; else it is not asked. Default: it is. */
  readonly concerns?: (review: Review) => boolean;
  /** The object to go on with. */
  readonly mutate?: (review: Review, context: Context) => ApiObject | Promise<ApiObject>;
  readonly validate?: (review: Review, context: Context) => void | Promise<void>;
}

/** All plug-ins of a server, in order. */
export class Admission {
  readonly #plugins: readonly AdmissionPlugin[];

  constructor(plugins: readonly AdmissionPlugin[]) {
    this.#plugins = plugins;
  }

  async mutate(review: Review, context: Context): Promise<ApiObject> {
    const run: MutatingRun = { isSecond: false, given: new Map(), again: new Set() };
    const object = await this.#mutateOnce({ ...review, run }, context);
    if (run.again.size === 0) return object;
    const second = { ...run, isSecond: true };
    return this.#mutateOnce({ ...review, object, run: second }, context);
  }

  async validate(review: Review, context: Context): Promise<void> {
    for (const plugin of this.#plugins) {
      if (plugin.validate === undefined || plugin.concerns?.(review) === false) continue;
      const pending = plugin.validate(review, context);
      if (pending !== undefined) await pending;
    }
  }

  /** Both, for what is stored nowhere and for deletions. */
  async admit(review: Review, context: Context): Promise<ApiObject> {
    const object = await this.mutate(review, context);
    await this.validate({ ...review, object }, context);
    return object;
  }

  async #mutateOnce(asked: Review, context: Context): Promise<ApiObject> {
    const isWrite = asked.verb === "create" || asked.verb === "update";
    let review = asked;
    for (const plugin of this.#plugins) {
      if (plugin.mutate === undefined || plugin.concerns?.(review) === false) continue;
      const pending = plugin.mutate(review, context);
      const object = pending instanceof Promise ? await pending : pending;
      if (!isWrite || object === review.object) continue;
      if (plugin.tellsEdits !== true) review.edited?.(plugin.name);
      review = { ...review, object };
    }
    return review.object;
  }
}

/** The refusal of a plug-in. An object whose name is not made yet goes by its prefix. */
export function refusal(review: Review, why: string, causes?: readonly StatusCause[]): StatusError {
  const { resource, object, run } = review;
  const { generateName = "" } = object.metadata;
  const isNew = review.verb === "create" && review.subresource === "" && run !== undefined;
  const name = isNew && generateName !== "" ? generateName : review.name;
  return forbidden(resource, name === "" ? "Unknown" : name, why, causes);
}

/** Whether the review is of objects of this kind, through their main endpoint. */
export function isAbout(review: Review, group: string, plural: string): boolean {
  const { resource, subresource } = review;
  return resource.group === group && resource.resource === plural && subresource === "";
}
