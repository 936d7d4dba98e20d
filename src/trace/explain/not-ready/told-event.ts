/** Events as they are kept in the API. */
import { parseApiTime } from "../../../machinery/api-time.ts";
import type { ApiObject } from "../../../machinery/object.ts";
import type { ToldEvent } from "./judgement.ts";
import { numberAt, textAt } from "./reading.ts";

/** An `Event` of either group. */
export function toldEvent(event: ApiObject): ToldEvent {
  const last =
    textAt(event, "series", "lastObservedTime") ??
    textAt(event, "lastTimestamp") ??
    textAt(event, "eventTime") ??
    "";
  const lastMs = parseApiTime(last);
  const firstMs = parseApiTime(textAt(event, "firstTimestamp") ?? textAt(event, "eventTime") ?? "");
  return {
    isWarning: textAt(event, "type") === "Warning",
    reason: textAt(event, "reason") ?? "",
    message: textAt(event, "message") ?? textAt(event, "note") ?? "",
    lastMs: Number.isNaN(lastMs) ? 0 : lastMs,
    firstMs: Number.isNaN(firstMs) ? (Number.isNaN(lastMs) ? 0 : lastMs) : firstMs,
    count: numberAt(event, "series", "count") ?? numberAt(event, "count") ?? 1,
  };
}

/** By the uid of what they tell of, newest first. */
export function eventsByUid(
  events: readonly ApiObject[],
): ReadonlyMap<string, readonly ToldEvent[]> {
  const byUid = new Map<string, ToldEvent[]>();
  for (const event of events) {
    const uid = textAt(event, "involvedObject", "uid") ?? textAt(event, "regarding", "uid") ?? "";
    const told = byUid.get(uid) ?? [];
    byUid.set(uid, told);
    told.push(toldEvent(event));
  }
  for (const told of byUid.values()) told.sort((a, b) => b.lastMs - a.lastMs);
  return byUid;
}

/** Where events of objects outside of all namespaces are told. */
export const CLUSTER_EVENTS = "default";
