/** What an admission webhook is told about a request, and what it may say besides yes and no. */
import type { Context } from "../../base/context.ts";
import type { Client } from "../../client/client.ts";
import type { ObjectKey } from "../../machinery/key.ts";
import type { ApiObject, Fields } from "../../machinery/object.ts";
import type { UserInfo } from "../../machinery/request.ts";

/** What is about to be done with an object. */
export type AdmissionOperation = "CREATE" | "UPDATE" | "DELETE";

/** Is a `Context` as well: hand it to any call that wants one. */
export interface AdmissionContext<T extends ApiObject = ApiObject> extends Context {
  readonly operation: AdmissionOperation;
  /** As it is stored: before an update, or before it is deleted. */
  readonly old: T | undefined;
  /** The name is "" while it is still to be made of `generateName`. */
  readonly key: ObjectKey;
  /** E.g. `status`; "" is the object itself. */
  readonly subresource: string;
  /** Who asks. */
  readonly user: UserInfo;
  /** Nothing will be stored: a webhook must then do nothing outside of its answer. */
  readonly isDryRun: boolean;
  /** All of `request` of the AdmissionReview, for what has no word here. */
  readonly request: Fields;
  /** The manager's, for looking up other objects: each look-up makes a user wait. */
  readonly client: Client;
  /** The time of day in milliseconds since 1970; in tests, the one of their world. */
  now(): number;
  /** Shown to the user, e.g. by kubectl, whatever the answer is. Keep it under 120 characters. */
  warn(message: string): void;
  /** Refuses at once; users read `why`. `code` is of HTTP (default 403, "forbidden"). */
  deny(why: string, code?: number): never;
}
