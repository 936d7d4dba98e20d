/** The seam to the logs of running pods: `handlers/log.ts` asks, the control plane knows how. */
import type { Context } from "../base/context.ts";
import type { ApiObject } from "../machinery/object.ts";

/** What of a log is wanted. */
export type LogOptions = {
  readonly container: string;
  /** Goes on until the container ends or the signal aborts. */
  readonly isFollowed: boolean;
  /** Of the container's previous run. */
  readonly isPrevious: boolean;
  readonly hasTimestamps: boolean;
  readonly sinceSeconds: number | undefined;
  /** RFC 3339. */
  readonly sinceTime: string | undefined;
  readonly tailLines: number | undefined;
  readonly limitBytes: number | undefined;
};

/**
 * Reads logs from the node a pod runs on. Rejects with a `StatusError` when there is none to read,
 * before the first chunk; the stream ends when the log does or the signal aborts.
 */
export interface NodeLogs {
  open(pod: ApiObject, options: LogOptions, context: Context): Promise<AsyncIterable<Uint8Array>>;
}
