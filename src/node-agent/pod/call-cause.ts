/** Why the agent calls the API: each call names the revision of the pod it answers to. */
import { causeId, withCause, type CallCause, type Context, type Root } from "../../base/context.ts";
import type { Env } from "../../base/env.ts";
import type { ApiObject } from "../../machinery/object.ts";

/**
 * The context, for a call that follows from `object` as the agent saw it, and from `roots`: of a
 * status, from what processes and probes do.
 */
export function causedBy(
  object: ApiObject,
  env: Env,
  context: Context,
  roots: readonly Root[] = [],
): Context {
  const revision = Number(object.metadata.resourceVersion ?? "");
  const triggers = Number.isSafeInteger(revision) && revision > 0 ? [revision] : [];
  const cause: CallCause = { ...context.cause, id: causeId(env.ids.uuid()), triggers };
  return withCause(context, roots.length === 0 ? cause : { ...cause, roots });
}
