/** Calls and streams made by hand, and what an oracle says of their answers. */
import { EncodedObject } from "../../../machinery/encoded.ts";
import type { ApiObject } from "../../../machinery/object.ts";
import type { ApiRequest, ApiResponse, Method } from "../../../machinery/request.ts";
import { notFound, type StatusError } from "../../../machinery/status.ts";
import type { WatchEvent } from "../../../machinery/watch-event.ts";
import { statusAnswer } from "../../../server/answers.ts";
import { callName } from "../../actors/call-name.ts";
import type { SentCall } from "../../actors/call-watch.ts";
import { NameBook } from "../../kernel/name-book.ts";
import type { HandMadeRun } from "../../testing/hand-made.ts";

/** Of configmaps in `default`. */
export const CONFIGMAPS = "/api/v1/namespaces/default/configmaps";

/** What the process `a` sends. */
export function sentCall(
  method: Method,
  path: string,
  { query = {}, body }: { readonly query?: Record<string, string>; readonly body?: object } = {},
): SentCall {
  const request: ApiRequest = {
    method,
    path,
    query: new URLSearchParams(query),
    headers: {},
    body: body === undefined ? { kind: "none" } : { kind: "value", value: body },
  };
  return { actor: "a", call: callName(request, new NameBook()), request };
}

/** Sends it. Answers what tells the oracle of the answer, and what that finds. */
export function calls(
  run: HandMadeRun,
  ...sent: Parameters<typeof sentCall>
): (response: ApiResponse) => string | undefined {
  return run.oracle.onCall?.(sentCall(...sent), run.scene) ?? (() => undefined);
}

/** Opens a stream of configmaps. */
export function opens(
  run: HandMadeRun,
  query: Record<string, string>,
): {
  /** An event of a configmap of this name arrives. */
  readonly arrives: (kind: "ADDED" | "MODIFIED" | "DELETED", name: string, at: number) => Found;
  readonly isAt: (revision: number, isInitialEventsEnd?: boolean) => Found;
  readonly ends: () => void;
} {
  const sent = sentCall("GET", CONFIGMAPS, { query: { watch: "true", ...query } });
  const stream = run.oracle.onStream?.(sent, run.scene);
  const told = (event: WatchEvent): Found => stream?.arrived(event);
  return {
    arrives: (kind, name, at) => told({ kind, object: EncodedObject.fromValue(shown(name, at)) }),
    isAt: (revision, isInitialEventsEnd = false) => {
      const object = EncodedObject.fromValue<ApiObject>({ metadata: {} });
      const resourceVersion = String(revision);
      return told({ kind: "BOOKMARK", resourceVersion, isInitialEventsEnd, object });
    },
    ends: () => stream?.ends(),
  };
}

type Found = string | undefined;

/** The ConfigMap of this name as it was at a revision. */
export function shown(name: string, revision: number, fields: object = {}): ApiObject {
  const metadata = { namespace: "default", name, resourceVersion: String(revision) };
  return { apiVersion: "v1", kind: "ConfigMap", metadata, ...fields };
}

/** An answer that is an object. */
export function answerOf(object: ApiObject, status = 200): ApiResponse {
  const body = { kind: "object", object: EncodedObject.fromValue(object) } as const;
  return { status, headers: {}, warnings: [], body };
}

/** A list of configmaps as of a revision. */
export function listOf(revision: number, items: readonly ApiObject[]): ApiResponse {
  const metadata = { resourceVersion: String(revision) };
  const head = { kind: "list", apiVersion: "v1", listKind: "ConfigMapList", metadata } as const;
  const body = { ...head, items: items.map((item) => EncodedObject.fromValue(item)) };
  return { status: 200, headers: {}, warnings: [], body };
}

export function refusal({ status }: StatusError): ApiResponse {
  return statusAnswer(status);
}

export function notThere(name: string): ApiResponse {
  return refusal(notFound({ group: "", resource: "configmaps" }, name));
}
