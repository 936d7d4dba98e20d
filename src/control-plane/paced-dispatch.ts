/**
 * Calls of this process come without a socket between: a loop that awaits one after another goes
 * round in promises alone, and nothing else of the process would ever have its turn. So each call
 * is a step of the server's pace: after some milliseconds of them, timers and sockets come first.
 */
import type { Env } from "../base/env.ts";
import type { Dispatch } from "../client/in-process.ts";
import { Pace } from "../server/handlers/pace.ts";

/** `dispatch`, the same but for that. */
export function pacedDispatch(dispatch: Dispatch, env: Env): Dispatch {
  const pace = new Pace(env);
  return (request, user, context) => {
    const rest = pace.step();
    if (rest === undefined) return dispatch(request, user, context);
    return rest.then(() => dispatch(request, user, context));
  };
}
