/** Events: what happened to an object, written for people. */
import { dnsSubdomainProblem } from "../../../machinery/names.ts";
import type { FieldError } from "../../../machinery/status.ts";
import { canonicalForm } from "../../canonical-form.ts";
import { invalid, required } from "../../field-errors.ts";
import { humanAge } from "../../human-duration.ts";
import { labelNameErrors } from "../../meta/v1/label-validation.ts";
import type { Strategy, TableCell } from "../../strategy.ts";
import { column, NAME_COLUMN, nameOf, wideColumn } from "../../table-columns.ts";
import { eventSchema } from "./schema.generated.ts";
import type { Event } from "./types.generated.ts";

const TEXT_LENGTH_MAX = 128;
const NOTE_LENGTH_MAX = 1024;

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
  nameProblem: dnsSubdomainProblem,
  hasGeneration: false,
  isCreatedByUpdate: true,
  isUpdatedUnconditionally: true,
  applyDefaults: (event) => withDefaults(canonicalForm(event, eventSchema)),
  prepareForCreate: (event) => event,
  prepareForUpdate: (next) => next,
  validate: eventErrors,
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

/** Typed clients write these two even when they are empty. */
function withDefaults(event: Event): Event {
  return {
    ...event,
    involvedObject: event.involvedObject ?? {},
    source: event.source ?? {},
    reportingComponent: event.reportingComponent ?? "",
    reportingInstance: event.reportingInstance ?? "",
  };
}

/** Events that carry a time of their own are written by newer clients, and held to more. */
function eventErrors(event: Event): readonly FieldError[] {
  const namespace = event.metadata.namespace ?? "";
  const involved = event.involvedObject.namespace ?? "";
  const isNew = event.eventTime !== undefined;
  // An object without a namespace has its events in the default one, or with those of the system.
  const homes = isNew ? ["default", "kube-system"] : ["default"];
  const isInPlace = involved === "" ? homes.includes(namespace) : isNew || involved === namespace;
  return [
    ...(isInPlace
      ? []
      : [invalid("involvedObject.namespace", involved, "does not match event.namespace")]),
    ...(isNew ? newStyleErrors(event) : []),
  ];
}

function newStyleErrors(event: Event): readonly FieldError[] {
  const controller = event.reportingComponent ?? "";
  const texts = [
    ["reportingInstance", event.reportingInstance],
    ["action", event.action],
    ["reason", event.reason],
  ] as const;
  return [
    ...(controller === ""
      ? [required("reportingController")]
      : labelNameErrors("reportingController", controller)),
    ...texts.flatMap(([name, text = ""]) =>
      text === "" ? [required(name)] : lengthErrors(name, text, TEXT_LENGTH_MAX),
    ),
    ...lengthErrors("message", event.message ?? "", NOTE_LENGTH_MAX),
  ];
}

function lengthErrors(field: string, text: string, lengthMax: number): readonly FieldError[] {
  if (text.length <= lengthMax) return [];
  return [invalid(field, "", `can have at most ${lengthMax} characters`)];
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
