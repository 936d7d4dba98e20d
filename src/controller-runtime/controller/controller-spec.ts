import type { Env } from "../../base/env.ts";
import type { Client } from "../../client/client.ts";
import type { EventRecorder } from "../../client/event-recorder-types.ts";
import type { Informers } from "../../informer/informers.ts";
import type { LoopGuardOptions } from "../loop-guard/loop-guard.ts";
import type { Clusters } from "../multi-cluster/clusters.ts";
import type { ObjectKey } from "../../machinery/key.ts";
import type { PaceOptions } from "../queue/pace.ts";
import type { Reconciler } from "./outcome.ts";
import type { Source } from "../sources/source.ts";

/** What the last run of a key waits for. */
export type Awaiting = {
  readonly key: string;
  /** `Secret default/token: ready` */
  readonly what: string;
  /** On the monotonic clock. */
  readonly sinceMs: number;
};

/** A controller as data: the manager gives it a queue, workers and a life. */
export type ControllerSpec = {
  /** Unique in a manager; in metrics, logs and causes. Kebab-case. */
  readonly name: string;
  readonly reconcile: Reconciler;
  readonly sources: readonly Source[];
  /** Keys worked on at the same time (default 1). One key never has two workers. */
  readonly concurrency?: number;
  /** First delay after a failure of a key (default 5 ms), doubling up to `retryMsMax`. */
  readonly retryMsMin?: number;
  /** Default 60 s. */
  readonly retryMsMax?: number;
  /** Between whom the turns of one priority are shared (default: the earlier key goes first). */
  readonly fairBy?: (key: ObjectKey) => string;
  /** How fast one key may run (default: whenever it is woken and there is a worker). */
  readonly pace?: PaceOptions;
  /**
   * A reconcile that takes longer has its signal aborted and counts as failed (default: no limit).
   * One that does not heed its signal keeps its worker.
   */
  readonly timeoutMs?: number;
  /** What its keys wait for, in no order: for those who debug (default: nothing is known). */
  readonly awaiting?: () => Iterable<Awaiting>;
  /** When a key goes round in circles, and how it is slowed down; "off": never. */
  readonly loopGuard?: LoopGuardOptions | "off";
};

/** What every controller is made with. `client` shows a controller its own writes at once. */
export type ControllerDeps = {
  readonly client: Client;
  readonly informers: Informers;
  readonly recorder: EventRecorder;
  readonly env: Env;
  /** The name of the cluster it is for, in a fleet; absent: it is the only one, or the hub. */
  readonly cluster?: string;
  /** All clusters of the fleet; absent: there is no fleet. */
  readonly clusters?: Clusters;
  /** Made for a plan: `client` makes dry runs only, and nothing may run in the background. */
  readonly isPlanning?: true;
};
