/**
 * What a process can tell the person who wonders what it is doing: what runs, what waits and for
 * what, what failed and why. Lists are the first of many (`Top`), texts are cut.
 *
 * Times are in milliseconds: `...ForMs` since something, `...InMs` until something.
 */
import type { Top } from "./top.ts";

/** All that a manager, or a fleet of them, tells of itself. */
export type DebugReport = {
  /** When it was made, RFC 3339. */
  readonly at: string;
  /** `syncing`, `standby` (another process leads), `leading`, `stopping`, ... */
  readonly phase: string;
  /** What a person should look at, the worst first. Empty: nothing is known to be wrong. */
  readonly attention: readonly string[];
  readonly leadership: LeadershipReport | undefined;
  /** What readiness says of this process's share of the keys; undefined: it has all of them. */
  readonly shards: string | undefined;
  readonly controllers: readonly ControllerReport[];
  readonly views: readonly ViewReport[];
  readonly webhooks: WebhookReport | undefined;
  /** Of a fleet: its clusters, those that need a look first. */
  readonly clusters: Top<ClusterReport>;
};

/** Whether this process is the one of several that works. */
export type LeadershipReport = {
  /** Of the lease. */
  readonly name: string;
  readonly isLeading: boolean;
};

/** What one controller is doing. */
export type ControllerReport = {
  readonly name: string;
  /** `waiting`, `syncing`, `working`, `stopped`. */
  readonly state: string;
  readonly workers: number;
  /** The oldest first. */
  readonly running: Top<RunningKey>;
  /** Waiting for a worker; the oldest first. */
  readonly ready: Top<ReadyKey>;
  /** Failed, and to be tried again; those that failed most often first. */
  readonly failing: Top<LaterKey>;
  /** To be looked at later, without a failure; the soonest first. */
  readonly later: Top<LaterKey>;
  /** Failed for good: not tried again until something wakes them; the newest first. */
  readonly parked: Top<ParkedKey>;
  /** What their reconciles wait for; the oldest first. */
  readonly awaiting: Top<AwaitingKey>;
  /** Slowed down, because they go round in circles; the slowest first. */
  readonly slowed: Top<SlowedKey>;
};

/** An object with a worker. */
export type RunningKey = {
  readonly key: string;
  readonly runsForMs: number;
  readonly reconcileId: string;
  /** 1: nothing failed before. */
  readonly attempt: number;
  readonly causes: readonly string[];
  /** The API calls it is in. */
  readonly calls: readonly { readonly call: string; readonly runsForMs: number }[];
};

/** An object that waits for a worker. */
export type ReadyKey = {
  readonly key: string;
  readonly waitsForMs: number;
  readonly priority: number;
  readonly causes: readonly string[];
};

/** An object that waits for its time. */
export type LaterKey = {
  readonly key: string;
  readonly dueInMs: number;
  /** In a row; 0: it waits for a time that it asked for, or that its options say. */
  readonly failures: number;
  readonly causes: readonly string[];
  readonly lastError: ErrorReport | undefined;
};

/** An object whose reconcile has failed for good (`TerminalError`). */
export type ParkedKey = { readonly key: string; readonly error: ErrorReport };

/** The last error of an object; its text is cut. */
export type ErrorReport = { readonly text: string; readonly failedForMs: number };

/** An object whose reconcile waits for others (`ctx.waitFor`). */
export type AwaitingKey = {
  readonly key: string;
  /** `Secret default/token: ready` */
  readonly what: string;
  readonly waitsForMs: number;
};

/** An object that the loop guard slows down. */
export type SlowedKey = {
  readonly key: string;
  /** `own-writes` or `field-fight`. */
  readonly why: string;
  readonly delayMs: number;
};

/** The local view of a kind. */
export type ViewReport = {
  /** `deployments.apps` */
  readonly resource: string;
  readonly hasSynced: boolean;
  readonly objects: number;
  readonly bytes: number;
  /** Since the server last told anything; undefined: it has told nothing yet. */
  readonly silentForMs: number | undefined;
  /** Behind the newest write of this process. */
  readonly revisionsBehind: number;
  readonly revision: number;
  /** Watches begun so far; many in a short time: connections break. Undefined: it is not known. */
  readonly watches: number | undefined;
  /** Why its list or watch last failed; undefined: it has brought something since. */
  readonly lastError: string | undefined;
};

/** The webhooks that this process serves. */
export type WebhookReport = {
  readonly isOk: boolean;
  readonly state: string;
  /** Until the certificate that is served ends; undefined: none is served. */
  readonly certificateEndsInMs: number | undefined;
};

/** One cluster of a fleet. */
export type ClusterReport = {
  readonly name: string;
  readonly state: string;
  /** Undefined: it is not connected. */
  readonly report: DebugReport | undefined;
};
