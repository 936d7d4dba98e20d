/** What every kind shows: labels, annotations, owners, conditions, events. */
import { humanAge } from "../../../apis/human-duration.ts";
import type { EventObject } from "../../../client/builtin.ts";
import type { Condition } from "../../../machinery/conditions.ts";
import { parseApiTime, type ApiObject } from "../../../machinery/object.ts";
import { controllerOf } from "../../../machinery/owners.ts";
import { formatTable } from "../table.ts";
import { block, field, textLines, type Part } from "./layout.ts";

const LAST_APPLIED = "kubectl.kubernetes.io/last-applied-configuration";

/** Name and, for namespaced objects, namespace. */
export function identity(object: ApiObject): readonly Part[] {
  const { name, namespace } = object.metadata;
  return [
    field("Name", name ?? ""),
    ...(namespace === undefined ? [] : [field("Namespace", namespace)]),
  ];
}

export function labelsAndAnnotations(object: ApiObject): readonly Part[] {
  const annotations = Object.entries(object.metadata.annotations ?? {}).filter(
    ([key]) => key !== LAST_APPLIED,
  );
  return [
    field("Labels", pairs(Object.entries(object.metadata.labels ?? {}), "=")),
    field("Annotations", pairs(annotations, ": ")),
  ];
}

/** `key=value` lines in key order. */
export function pairs(
  entries: readonly (readonly [string, string])[],
  separator: string,
): readonly string[] {
  return entries.map(([key, value]) => `${key}${separator}${value}`).sort();
}

export function controlledBy(object: ApiObject): readonly Part[] {
  const owner = controllerOf(object);
  return owner === undefined ? [] : [field("Controlled By", `${owner.kind}/${owner.name}`)];
}

export function conditionsBlock(
  conditions: readonly Condition[] | undefined,
  columns: readonly ("Reason" | "Message")[],
): readonly Part[] {
  if (conditions === undefined || conditions.length === 0) return [];
  const rows = conditions.map((condition) => [
    condition.type,
    condition.status,
    ...columns.map((column) => (column === "Reason" ? condition.reason : condition.message) ?? ""),
  ]);
  const headings = ["Type", "Status", ...columns];
  return [block("Conditions", [textLines(ruledTable(headings, rows))])];
}

/** The events about an object, oldest first. */
export function eventsBlock(events: readonly EventObject[], nowMs: number): Part {
  if (events.length === 0) return field("Events", "<none>");
  const sorted = events.toSorted((a, b) => parseApiTime(lastSeen(a)) - parseApiTime(lastSeen(b)));
  const rows = sorted.map((event) => [
    event.type ?? "",
    event.reason ?? "",
    eventAge(event, nowMs),
    event.source?.component ?? event.reportingComponent ?? "",
    (event.message ?? "").trim(),
  ]);
  const headings = ["Type", "Reason", "Age", "From", "Message"];
  return block("Events", [textLines(ruledTable(headings, rows))]);
}

/** A table with a line of dashes under the headings. */
export function ruledTable(
  headings: readonly string[],
  rows: readonly (readonly string[])[],
): readonly string[] {
  return formatTable(headings, [headings.map((heading) => "-".repeat(heading.length)), ...rows]);
}

function lastSeen(event: EventObject): string {
  const time = event.series?.lastObservedTime ?? event.lastTimestamp ?? event.eventTime;
  return time ?? event.metadata.creationTimestamp ?? "";
}

function eventAge(event: EventObject, nowMs: number): string {
  const age = humanAge(lastSeen(event), nowMs);
  const count = event.series?.count ?? event.count ?? 1;
  if (count <= 1) return age;
  const first = event.firstTimestamp ?? event.metadata.creationTimestamp;
  return `${age} (x${count} over ${humanAge(first, nowMs)})`;
}
