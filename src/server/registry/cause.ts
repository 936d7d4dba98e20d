/** The cause row of a write: who, why, and what led to it. Part of the commit of every change. */
import type { Context } from "../../base/context.ts";
import type { Env } from "../../base/env.ts";
import { TRIGGERS_MAX, type CauseRow } from "../../trace/cause.ts";

/** What the request says about its writer. */
export type Writer = {
  /** The authenticated user. */
  readonly user: string;
  /** The field manager, or what the user agent calls itself. "" if neither is known. */
  readonly manager: string;
};

/**
 * `verb` as in `update/status`; `edits`: what changed the object on its way. An actor in the
 * context is more exact than the manager.
 */
export function causeRow(
  verb: string,
  writer: Writer,
  env: Env,
  context: Context,
  edits: readonly string[] = [],
): CauseRow {
  const { actor, id, triggers, traceparent, roots } = context.cause;
  return {
    user: writer.user,
    actor: actor === "" ? writer.manager : actor,
    verb,
    id,
    triggers: triggers.slice(-TRIGGERS_MAX),
    traceparent,
    timeMs: env.clock.now(),
    ...(roots === undefined || roots.length === 0 ? {} : { roots }),
    ...(edits.length === 0 ? {} : { edits }),
  };
}
