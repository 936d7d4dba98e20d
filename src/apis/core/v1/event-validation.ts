/** Events, as they are checked in both groups that serve them. */
import type { FieldError } from "../../../machinery/status.ts";
import { errorIf, invalid, required } from "../../field-errors.ts";
import { labelNameErrors } from "../../meta/v1/label-validation.ts";
import type { Event } from "./types.generated.ts";

const TEXT_LENGTH_MAX = 128;
const NOTE_LENGTH_MAX = 1024;

/**
 * What is wrong with an event. Those that carry a time of their own are written by newer clients,
 * and held to more. `controllerField`: what the one who reports it is called in this group.
 */
export function eventErrors(event: Event, controllerField: string): readonly FieldError[] {
  const namespace = event.metadata.namespace ?? "";
  const involved = event.involvedObject.namespace ?? "";
  const isNew = isNewStyle(event);
  // An object without a namespace has its events in the default one, or with those of the system.
  const homes = isNew ? ["default", "kube-system"] : ["default"];
  const isInPlace = involved === "" ? homes.includes(namespace) : isNew || involved === namespace;
  const misplaced = "does not match event.namespace";
  return [
    ...errorIf(!isInPlace, invalid("involvedObject.namespace", involved, misplaced)),
    ...(isNew ? newStyleErrors(event, controllerField) : []),
  ];
}

/** Whether the event says when it happened, as newer ones do. */
export function isNewStyle(event: Event): boolean {
  return (event.eventTime ?? "") !== "";
}

function newStyleErrors(event: Event, controllerField: string): readonly FieldError[] {
  const controller = event.reportingComponent ?? "";
  const texts = [
    ["reportingInstance", event.reportingInstance],
    ["action", event.action],
    ["reason", event.reason],
  ] as const;
  return [
    ...errorIf(controller === "", required(controllerField)),
    ...labelNameErrors(controllerField, controller),
    ...texts.flatMap(([name, text = ""]) =>
      text === "" ? [required(name)] : lengthErrors(name, text, TEXT_LENGTH_MAX),
    ),
    ...lengthErrors("message", event.message ?? "", NOTE_LENGTH_MAX),
  ];
}

function lengthErrors(field: string, text: string, lengthMax: number): readonly FieldError[] {
  const detail = `can have at most ${lengthMax} characters`;
  return errorIf(text.length > lengthMax, invalid(field, "", detail));
}
