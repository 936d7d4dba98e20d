import type { EncodedObject } from "./encoded.ts";
import type { ApiObject } from "./object.ts";
import type { Status } from "./status.ts";

/** A change of one object, or news about the stream itself. */
export type WatchEvent<T extends ApiObject = ApiObject> =
  | { readonly kind: "ADDED" | "MODIFIED" | "DELETED"; readonly object: EncodedObject<T> }
  /** All events up to this resource version were sent. */
  | {
      readonly kind: "BOOKMARK";
      readonly resourceVersion: string;
      /** True on the bookmark that ends the initial events of a streaming list. */
      readonly isInitialEventsEnd: boolean;
      readonly object: EncodedObject;
    }
  /** The stream ends after this. */
  | { readonly kind: "ERROR"; readonly status: Status };

/** Marks the bookmark that ends the initial events of a watch with `sendInitialEvents=true`. */
export const INITIAL_EVENTS_END_ANNOTATION = "k8s.io/initial-events-end";
