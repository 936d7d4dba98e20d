import type { Context } from "../../base/context.ts";

/** Something with a life inside a manager, besides its controllers. */
export interface Runnable {
  /** For logs and health. */
  readonly name: string;
  /** Lives until the signal aborts. An earlier end is an end; a rejection stops the manager. */
  run(context: Context): Promise<void>;
}

/** Lets one of several equal processes work at a time. */
export interface LeaderElection {
  /** In metrics: the name of the lease. */
  readonly name: string;
  /** Whether this process leads for sure; asked before each write. Absent: not known, so it may. */
  readonly holds?: () => boolean;
  /** Why the last try to lead came to nothing; undefined: it did not. Absent: it is not known. */
  readonly problem?: () => string | undefined;
  /**
   * Waits until this process leads, then runs `lead` until the signal aborts; gives leadership back
   * after `lead` has settled. Rejects when leadership is lost: then the signal given to `lead` has
   * aborted too, and the process must end, as another may be at work already.
   */
  run(context: Context, lead: (context: Context) => Promise<void>): Promise<void>;
}
