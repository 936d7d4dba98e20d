/**
 * Requests and answers as plain values: what the client stair and the server stair meet as, over
 * HTTP or handed across in one process without making bytes.
 */
import type { Backend, BackendHead } from "./backend.ts";
import type { EncodedObject } from "./encoded.ts";
import type { ListMeta } from "./object.ts";
import type { WatchEvent } from "./watch-event.ts";

/** Who asks, after authentication. */
export type UserInfo = {
  readonly name: string;
  readonly uid?: string;
  readonly groups: readonly string[];
  readonly extra?: Readonly<Record<string, readonly string[]>>;
};

/** Members of this group may do everything. */
export const MASTERS_GROUP = "system:masters";

/** The HTTP methods that the API uses. */
export type Method = "GET" | "HEAD" | "OPTIONS" | "POST" | "PUT" | "PATCH" | "DELETE";

/** What a request carries. */
export type RequestBody =
  | { readonly kind: "none" }
  /** As it came over the wire; the content type is in the headers. */
  | { readonly kind: "bytes"; readonly bytes: Uint8Array }
  /**
   * A JSON value handed over in-process, not to be changed by either side afterwards. It counts as
   * `application/json`, or as the content type in the headers (e.g. a patch).
   */
  | { readonly kind: "value"; readonly value: unknown };

/** A request to an API server, whether it goes over HTTP or is handed across within a process. */
export type ApiRequest = {
  readonly method: Method;
  /** Percent-encoded, without query: `/api/v1/namespaces/default/pods`. */
  readonly path: string;
  readonly query: URLSearchParams;
  /** Lower-case names. */
  readonly headers: Readonly<Record<string, string>>;
  readonly body: RequestBody;
};

/** What of a cause travels between processes. The server adds the user and believes only some. */
export const CAUSE_HEADER = "setpoint-cause";

/**
 * What an answer carries; `kind` says in which form. Objects are shared and must not be changed.
 */
export type ResponseBody =
  | { readonly kind: "none" }
  | { readonly kind: "bytes"; readonly bytes: Uint8Array }
  /** One JSON object. `encoded`: its bytes in pieces, where they are made otherwise. */
  | {
      readonly kind: "object";
      readonly object: EncodedObject;
      readonly encoded?: readonly Uint8Array[];
    }
  /** A list: encoded as header and items joined, each item encoded once for all readers. */
  | {
      readonly kind: "list";
      readonly apiVersion: string;
      /** The list's kind, e.g. `PodList`. */
      readonly listKind: string;
      readonly metadata: ListMeta;
      readonly items: readonly EncodedObject[];
      /** Its bytes in pieces, where the content type is not JSON. */
      readonly encoded?: readonly Uint8Array[];
    }
  /** A watch. Ends when the signal of the context does, or the server ends it. */
  | {
      readonly kind: "events";
      readonly events: AsyncIterable<readonly WatchEvent[]>;
      /** How one event is written, where the content type is not JSON. */
      readonly frame?: (event: WatchEvent) => Uint8Array;
    }
  /** Bytes as they come, e.g. a followed log. */
  | { readonly kind: "stream"; readonly chunks: AsyncIterable<Uint8Array> }
  /**
   * No answer but a connection: from now on what the client sends goes to the agent of this node,
   * as a request for `target` (path and query), and back. Only over HTTP/1.1.
   */
  | { readonly kind: "upgrade"; readonly node: string; readonly target: string }
  /** The same with any other server: `head` is how the request begins there. */
  | { readonly kind: "relay"; readonly backend: Backend; readonly head: BackendHead };

/**
 * The answer of an API server, whatever its status code; a failure has a `Status` as its object.
 */
export type ApiResponse = {
  /** HTTP status code. */
  readonly status: number;
  /** Lower-case names; `content-type` is always set unless the body is none. */
  readonly headers: Readonly<Record<string, string>>;
  /** Texts for `Warning: 299` headers. */
  readonly warnings: readonly string[];
  readonly body: ResponseBody;
};
