import { NO_CAUSE, type Context } from "../context.ts";
import type { Env } from "../env.ts";

/** A context for tests: never aborts unless `signal` does. */
export function aContext(env: Env, signal: AbortSignal = new AbortController().signal): Context {
  return { signal, cause: NO_CAUSE, log: env.log };
}
