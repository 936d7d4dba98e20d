/** Events: what happened to an object, written for people. */
import { pathSegmentProblem } from "../../../machinery/names.ts";
import { canonicalForm } from "../../canonical-form.ts";
import { humanAge } from "../../human-duration.ts";
import type { Strategy, TableCell } from "../../strategy.ts";
import { column, NAME_COLUMN, nameOf, wideColumn } from "../../table-columns.ts";
import { eventErrors } from "./event-validation.ts";
import { eventSchema } from "./schema.generated.ts";
import type { Event } from "./types.generated.ts";

export const eventStrategy: Strategy<Event> = {
  names: {
    group: "",
    version: "v1",
    kind: "Event",
    plural: "events",
    singular: "event",
    shortNames: ["ev"],
    categories: [],
    isNamespaced: true,
  },
  schema: eventSchema,
  nameProblem: pathSegmentProblem,
  hasGeneration: false,
  isCreatedByUpdate: true,
  isUpdatedUnconditionally: true,
  applyDefaults: (event) => withDefaults(canonicalForm(event, eventSchema)),
  prepareForCreate: (event) => event,
  prepareForUpdate: (next) => next,
  validate: (event) => eventErrors(event, "reportingComponent"),
  validateUpdate: () => [],
  isReturnedWhenDeleted: false,
  isCollectionDeletable: true,
  fieldSelectors: {
    "involvedObject.kind": (event) => event.involvedObject.kind ?? "",
    "involvedObject.namespace": (event) => event.involvedObject.namespace ?? "",
    "involvedObject.name": (event) => event.involvedObject.name ?? "",
    "involvedObject.uid": (event) => event.involvedObject.uid ?? "",
    "involvedObject.apiVersion": (event) => event.involvedObject.apiVersion ?? "",
    "involvedObject.resourceVersion": (event) => event.involvedObject.resourceVersion ?? "",
    "involvedObject.fieldPath": (event) => event.involvedObject.fieldPath ?? "",
    reason: (event) => event.reason ?? "",
    reportingComponent: (event) => event.reportingComponent ?? "",
    source: (event) => event.source?.component || (event.reportingComponent ?? ""),
    type: (event) => event.type ?? "",
  },
  columns: [
    column("Last Seen", "Time since it last happened."),
    column("Type", "Normal or Warning."),
    column("Reason", "Why, in one word."),
    column("Object", "What it happened to."),
    wideColumn("Subobject", "The part of the object."),
    wideColumn("Source", "Who reports it."),
    column("Message", "What happened."),
    wideColumn("First Seen", "Time since it first happened."),
    wideColumn("Count", "How often it happened."),
    { ...NAME_COLUMN, priority: 1 },
  ],
  row: eventRow,
};

function withDefaults(event: Event): Event {
  return { ...event, involvedObject: event.involvedObject ?? {} };
}

function eventRow(event: Event, nowMs: number): readonly TableCell[] {
  const firstSeen = event.firstTimestamp ?? event.eventTime;
  const lastSeen = event.series?.lastObservedTime ?? event.lastTimestamp ?? firstSeen;
  const count = event.series?.count ?? (event.count || 1);
  const kind = (event.involvedObject.kind ?? "").toLowerCase();
  const name = event.involvedObject.name ?? "";
  return [
    humanAge(lastSeen, nowMs),
    event.type ?? "",
    event.reason ?? "",
    name === "" ? kind : `${kind}/${name}`,
    event.involvedObject.fieldPath ?? "",
    sourceText(event),
    (event.message ?? "").trim(),
    humanAge(firstSeen, nowMs),
    count,
    nameOf(event),
  ];
}

function sourceText(event: Event): string {
  const component = event.source?.component || (event.reportingComponent ?? "");
  const host = event.source?.host || (event.reportingInstance ?? "");
  return host === "" ? component : `${component}, ${host}`;
}
