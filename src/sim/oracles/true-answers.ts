/**
 * What processes read is what there was: an answer of the newest state fits one moment between the
 * request and the answer, and a list is all there was at the revision that it names.
 */
import { parseLabelQuery } from "../../machinery/label-parser.ts";
import { matchesLabels } from "../../machinery/labels.ts";
import type { ApiObject } from "../../machinery/object.ts";
import type { ApiRequest, ApiResponse, ResponseBody } from "../../machinery/request.ts";
import type { CallName } from "../actors/call-name.ts";
import type { SentCall } from "../actors/call-watch.ts";
import { isKept, keyCalled, prefixCalled } from "./called-object.ts";
import type { MakeOracle, OnAnswer } from "./oracle.ts";
import type { Past, Span } from "./past.ts";

type List = Extract<ResponseBody, { readonly kind: "list" }>;

export const trueAnswers: MakeOracle = () => ({
  name: "true answers",
  onCall: (sent, { past }): OnAnswer | undefined => {
    const { verb, subresource } = sent.call;
    if (!isKept(sent.call) || subresource !== "") return undefined;
    if (verb !== "get" && verb !== "list") return undefined;
    const from = past.revision;
    return (response) => {
      const span = { from, to: past.revision };
      const problem = verb === "get" ? wrongGet : wrongList;
      const what = problem(sent, response, past, span);
      return what === undefined ? undefined : `${sent.actor}: ${sent.call.text} ${what}`;
    };
  },
});

function wrongGet(
  { call, request }: SentCall,
  { status, body }: ApiResponse,
  past: Past,
  span: Span,
): string | undefined {
  const key = keyCalled(call);
  const isAnyAge = request.query.get("resourceVersion") === "0";
  const moments = isAnyAge ? { from: 0, to: span.to } : span;
  if (body.kind !== "object") return undefined;
  const object = body.object.value;
  if (status === 404) {
    if (!isNamed(object, call) || past.wasAbsent(key, moments)) return undefined;
    return `is told that there is none, and there was one all the time, ${between(span)}`;
  }
  if (status !== 200 || object.metadata.resourceVersion === undefined) return undefined;
  const revision = revisionOf(object);
  if (past.wasCurrent(key, revision, moments)) return undefined;
  return `is answered with revision ${revision}, which was not the newest ${between(span)}`;
}

/** A kind that is not served is not found either, and then nothing has a name. */
function isNamed(status: object, { realName }: CallName): boolean {
  const { details }: { readonly details?: { readonly name?: string } } = status;
  return details?.name === realName;
}

function wrongList(
  { call, request }: SentCall,
  { status, body }: ApiResponse,
  past: Past,
  span: Span,
): string | undefined {
  if (status !== 200 || body.kind !== "list") return undefined;
  const at = Number(body.metadata.resourceVersion ?? "0");
  const oldest = oldestFor(request, span);
  if (at < oldest || at > span.to) {
    return `is answered as of revision ${at}, which must be from ${oldest} to ${span.to}`;
  }
  const untrue = body.items.find(({ value }) => {
    const key = keyCalled(call, namesOf(value));
    return past.versionAt(key, at)?.revision !== revisionOf(value);
  });
  if (untrue !== undefined) {
    const { namespace, name } = namesOf(untrue.value);
    const revision = revisionOf(untrue.value);
    return `shows ${namespace}/${name} at revision ${revision}, which it was not at ${at}`;
  }
  const missing = missingFrom(body, call, request, past);
  return missing && `as of revision ${at} lacks ${missing}`;
}

/** What is asked for: the newest, any, or one that is not older than another. */
function oldestFor({ query }: ApiRequest, { from }: Span): number {
  const wanted = query.get("resourceVersion") ?? "";
  if ((query.get("continue") ?? "") !== "") return 0;
  return wanted === "" ? from : Number(wanted);
}

/** A key that the list should have, where it is a whole one. */
function missingFrom(
  { metadata, items }: List,
  call: CallName,
  { query }: ApiRequest,
  past: Past,
): string | undefined {
  const isPart =
    (query.get("continue") ?? "") !== "" ||
    (metadata.continue ?? "") !== "" ||
    query.has("fieldSelector");
  if (isPart) return undefined;
  const at = Number(metadata.resourceVersion ?? "0");
  const wanted = parseLabelQuery(query.get("labelSelector") ?? "");
  const there = new Set(items.map(({ value }) => keyCalled(call, namesOf(value))));
  const place = keyCalled(call, { namespace: call.namespace, name: "" });
  for (const key of past.keysAt(prefixCalled(call), at)) {
    if (there.has(key) || !key.startsWith(place)) continue;
    const labels = past.versionAt(key, at)?.object?.metadata.labels;
    if (matchesLabels(wanted, labels)) return key;
  }
  return undefined;
}

function namesOf({ metadata }: ApiObject): { readonly namespace: string; readonly name: string } {
  return { namespace: metadata.namespace ?? "", name: metadata.name ?? "" };
}

function revisionOf({ metadata }: ApiObject): number {
  return Number(metadata.resourceVersion ?? "0");
}

function between({ from, to }: Span): string {
  return `from its beginning (revision ${from}) to its end (${to})`;
}
