/** Events of events.k8s.io: the same as those of the core group, under newer names. */
import type { ApiObject } from "../../../machinery/object.ts";
import { equalValues } from "../../../machinery/json-value.ts";
import { dnsSubdomainProblem } from "../../../machinery/names.ts";
import type { FieldError } from "../../../machinery/status.ts";
import { canonicalForm } from "../../canonical-form.ts";
import { eventErrors } from "../../core/v1/event-validation.ts";
import { eventStrategy as coreStrategy } from "../../core/v1/event.ts";
import type { Event as CoreEvent } from "../../core/v1/types.generated.ts";
import { errorIf, IMMUTABLE, invalid, required } from "../../field-errors.ts";
import { goStruct, type GoStruct } from "../../go-struct.ts";
import { ORDINARY } from "../../ordinary.ts";
import type { Strategy } from "../../strategy.ts";
import { eventSchema } from "./schema.generated.ts";
import type { Event } from "./types.generated.ts";

export const eventsEventStrategy: Strategy<Event> = {
  ...ORDINARY,
  names: { ...coreStrategy.names, group: "events.k8s.io" },
  storedAs: {
    group: "",
    version: "v1",
    plural: "events",
    toStored: toCore,
    fromStored: (object) => fromCore(asCore(object)),
  },
  schema: eventSchema,
  nameProblem: dnsSubdomainProblem, // where the core group takes what fits into a path
  isCreatedByUpdate: true,
  applyDefaults: (event) => canonicalForm(event, eventSchema),
  validate: (event, old) => [
    ...eventErrors(toCore(event), "reportingController"),
    ...(old === undefined ? newEventErrors(event) : []),
  ],
  validateUpdate: changeErrors,
  fieldSelectors: {
    "regarding.kind": (event) => event.regarding?.kind ?? "",
    "regarding.namespace": (event) => event.regarding?.namespace ?? "",
    "regarding.name": (event) => event.regarding?.name ?? "",
    "regarding.uid": (event) => event.regarding?.uid ?? "",
    "regarding.apiVersion": (event) => event.regarding?.apiVersion ?? "",
    "regarding.resourceVersion": (event) => event.regarding?.resourceVersion ?? "",
    "regarding.fieldPath": (event) => event.regarding?.fieldPath ?? "",
    reason: (event) => event.reason ?? "",
    reportingController: (event) => event.reportingController ?? "",
    type: (event) => event.type ?? "",
  },
  columns: coreStrategy.columns,
  row: (event, nowMs) => coreStrategy.row(toCore(event), nowMs),
};

/** What is asked of new events here, and of none that the older group makes. */
function newEventErrors(event: Event): readonly FieldError[] {
  const { deprecatedFirstTimestamp: first, deprecatedLastTimestamp: last } = event;
  const type = event.type ?? "";
  const unset = "needs to be unset";
  const { component = "", host = "" } = event.deprecatedSource ?? {};
  const isKnown = type === "Normal" || type === "Warning";
  return [
    ...errorIf((event.eventTime ?? "") === "", required("eventTime")),
    ...seriesErrors(event),
    ...errorIf(!isKnown, invalid("type", "", `has invalid value: ${type}`)),
    ...errorIf((first ?? "") !== "", invalid("firstTimestamp", "", unset)),
    ...errorIf((last ?? "") !== "", invalid("lastTimestamp", "", unset)),
    ...errorIf((event.deprecatedCount ?? 0) !== 0, invalid("count", "", unset)),
    ...errorIf(component !== "" || host !== "", invalid("source", "", unset)),
  ];
}

function seriesErrors({ series }: Event): readonly FieldError[] {
  if (series === undefined) return [];
  return [
    ...errorIf(series.count < 2, invalid("series.count", "", "should be at least 2")),
    ...errorIf((series.lastObservedTime ?? "") === "", required("series.lastObservedTime")),
  ];
}

/** What happened stays as it was told; only how often it happened changes. */
function changeErrors(next: Event, old: Event): readonly FieldError[] {
  const before = toldOf(toCore(old));
  const changed = toldOf(toCore(next)).filter(
    ([, told], index) => !equalValues(told, before[index]?.[1]),
  );
  return [
    ...(equalValues(next.series, old.series) ? [] : seriesErrors(next)),
    ...changed.map(([field, told]) => invalid(field, told, IMMUTABLE)),
  ];
}

const REFERENCE: GoStruct = {
  structs: { Reference: "Kind,Namespace,Name,UID,APIVersion,ResourceVersion,FieldPath" },
  name: "Reference",
};
const SOURCE: GoStruct = { structs: { Source: "Component,Host" }, name: "Source" };

/** Field by field as upstream holds and prints it; it looks at the reason twice. */
function toldOf(event: CoreEvent): readonly (readonly [field: string, told: unknown])[] {
  return [
    ["involvedObject", goStruct(event.involvedObject, REFERENCE)],
    ["reason", event.reason ?? ""],
    ["message", event.message ?? ""],
    ["source", goStruct(event.source, SOURCE)],
    ["firstTimestamp", event.firstTimestamp ?? null],
    ["lastTimestamp", event.lastTimestamp ?? null],
    ["count", event.count ?? 0],
    ["reason", event.reason ?? ""],
    ["type", event.type ?? ""],
    ["eventTime", event.eventTime ?? null],
    ["action", event.action ?? ""],
    ["related", event.related === undefined ? null : goStruct(event.related, REFERENCE)],
    ["reportingController", event.reportingComponent ?? ""],
    ["reportingInstance", event.reportingInstance ?? ""],
  ];
}

/** What was stored in this form. */
function asCore(object: ApiObject): CoreEvent {
  return object as CoreEvent;
}

function toCore(event: Event): CoreEvent {
  const {
    note,
    regarding,
    reportingController,
    deprecatedCount,
    deprecatedFirstTimestamp,
    deprecatedLastTimestamp,
    deprecatedSource,
    reportingInstance,
    ...same
  } = event;
  return {
    ...same,
    apiVersion: "v1",
    involvedObject: regarding ?? {},
    source: deprecatedSource ?? {},
    reportingComponent: reportingController ?? "",
    reportingInstance: reportingInstance ?? "",
    ...(note === undefined ? {} : { message: note }),
    ...(deprecatedCount === undefined ? {} : { count: deprecatedCount }),
    ...(deprecatedFirstTimestamp === undefined ? {} : { firstTimestamp: deprecatedFirstTimestamp }),
    ...(deprecatedLastTimestamp === undefined ? {} : { lastTimestamp: deprecatedLastTimestamp }),
  };
}

function fromCore(event: CoreEvent): Event {
  const {
    message,
    involvedObject,
    reportingComponent = "",
    reportingInstance = "",
    count,
    firstTimestamp,
    lastTimestamp,
    source,
    eventTime,
    ...same
  } = event;
  const made = {
    ...same,
    apiVersion: "events.k8s.io/v1",
    ...(eventTime === undefined ? {} : { eventTime }),
    regarding: involvedObject,
    deprecatedSource: source ?? {},
    ...(reportingComponent === "" ? {} : { reportingController: reportingComponent }),
    ...(reportingInstance === "" ? {} : { reportingInstance }),
    ...(message === undefined ? {} : { note: message }),
    ...(count === undefined ? {} : { deprecatedCount: count }),
    ...(firstTimestamp === undefined ? {} : { deprecatedFirstTimestamp: firstTimestamp }),
    ...(lastTimestamp === undefined ? {} : { deprecatedLastTimestamp: lastTimestamp }),
  };
  return canonicalForm(made as Event, eventSchema); // the same fields under their other names
}
