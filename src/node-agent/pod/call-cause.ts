/** Why the agent calls the API: each call names the revision of the pod it answers to. */
import { causeId, withCause, type Context } from "../../base/context.ts";
import type { Env } from "../../base/env.ts";
import type { ApiObject } from "../../machinery/object.ts";

/** The context, for a call that follows from `object` as the agent saw it. */
export function causedBy(object: ApiObject, env: Env, context: Context): Context {
  const revision = Number(object.metadata.resourceVersion ?? "");
  const triggers = Number.isSafeInteger(revision) && revision > 0 ? [revision] : [];
  return withCause(context, { ...context.cause, id: causeId(env.ids.uuid()), triggers });
}
