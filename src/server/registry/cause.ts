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

/** `verb` as in `update/status`. An actor in the context is more exact than the manager. */
export function causeRow(verb: string, writer: Writer, env: Env, context: Context): CauseRow {
  const { actor, id, triggers, traceparent } = context.cause;
  return {
    user: writer.user,
    actor: actor === "" ? writer.manager : actor,
    verb,
    id,
    triggers: triggers.slice(-TRIGGERS_MAX),
    traceparent,
    timeMs: env.clock.now(),
  };
}
