/** The part of a server's objects that one reflector follows. */
import type { Context } from "../base/context.ts";
import type { Client } from "../client/client.ts";
import type { ResourceType } from "../client/resource-type.ts";
import type { ApiList, ApiObject } from "../machinery/object.ts";
import type { WatchEvent } from "../machinery/watch-event.ts";

/** Which objects of a kind are followed. Default: all. */
export type Scope = {
  /** Default: all namespaces. */
  readonly namespace?: string;
  /** Query form, e.g. `app=web`. */
  readonly labelSelector?: string;
  /** Query form, e.g. `spec.nodeName=node-1`. */
  readonly fieldSelector?: string;
};

/** Which page of a list, and how new. */
export type ListRequest = {
  /** "": the newest there is; "0": any; else not older than this. */
  readonly resourceVersion: string;
  /** Objects in one page; 0: all. */
  readonly limit: number;
  /** Continues an earlier page. Empty: the first one. */
  readonly continue: string;
};

/** From where on a watch tells. */
export type WatchRequest = {
  /** Events after this one; with initial events: all objects, not older than this. */
  readonly resourceVersion: string;
  /** Whether the stream begins with all objects, up to a bookmark that says so. */
  readonly isStreamingList: boolean;
  /** The server ends the stream after this. */
  readonly timeoutSeconds: number;
};

/** Lists and watches the same objects. Throws as `Client` does. */
export interface ListerWatcher<T extends ApiObject> {
  /** One page, or all. */
  list(request: ListRequest, context: Context): Promise<ApiList<T>>;
  /** Batches of events, until the server ends the stream. Throws what an ERROR event says. */
  watch(request: WatchRequest, context: Context): Promise<AsyncIterable<readonly WatchEvent<T>[]>>;
}

/** The objects of `type` within `scope`, over a client. */
export function listerWatcher<T extends ApiObject>(
  client: Pick<Client, "list" | "watch">,
  type: ResourceType<T>,
  scope: Scope = {},
): ListerWatcher<T> {
  return {
    list: (request, context) => {
      const isContinued = request.continue !== "";
      return client.list(
        type,
        {
          ...scope,
          ...(request.limit > 0 ? { limit: request.limit } : {}),
          // A continue token knows its revision; sending both is refused.
          ...(isContinued ? { continue: request.continue } : {}),
          ...(isContinued || request.resourceVersion === ""
            ? {}
            : { resourceVersion: request.resourceVersion }),
        },
        context,
      );
    },
    watch: (request, context) =>
      client.watch(
        type,
        {
          ...scope,
          ...(request.resourceVersion === "" ? {} : { resourceVersion: request.resourceVersion }),
          ...(request.isStreamingList
            ? { sendInitialEvents: true, resourceVersionMatch: "NotOlderThan" }
            : {}),
          allowWatchBookmarks: true,
          timeoutSeconds: request.timeoutSeconds,
        },
        context,
      ),
  };
}
