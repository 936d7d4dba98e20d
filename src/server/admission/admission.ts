/**
 * Admission: rules about writes that are not rules of one kind. First every plug-in may change the
 * object, in order; after validation every plug-in may refuse it.
 */
import type { Context } from "../../base/context.ts";
import type { ApiObject } from "../../machinery/object.ts";
import type { UserInfo } from "../../machinery/request.ts";
import type { Resource } from "../registry/resource.ts";

/** A write under review. */
export type Review = {
  readonly verb: "create" | "update" | "delete";
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
};

/**
 * One rule. May be called again for the same write when the object changed meanwhile, so it must
 * have no effects of its own. Refuses by throwing a `StatusError`.
 */
export interface AdmissionPlugin {
  readonly name: string;
  /** The object to go on with. Never called for a deletion. */
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
    let { object } = review;
    for (const plugin of this.#plugins) {
      if (plugin.mutate === undefined) continue;
      object = await plugin.mutate({ ...review, object }, context);
    }
    return object;
  }

  async validate(review: Review, context: Context): Promise<void> {
    for (const plugin of this.#plugins) await plugin.validate?.(review, context);
  }
}
