/** Columns and cells that several kinds share. */
import type { ApiObject } from "../machinery/object.ts";
import { compareText } from "../machinery/key.ts";
import { labelQueryText, queryOfSelector, type LabelSelector } from "../machinery/labels.ts";
import { humanAge } from "./human-duration.ts";
import type { TableColumn } from "./strategy.ts";

/** What is shown where there is nothing to show. */
export const NONE = "<none>";
/** What is shown for a field that has no value, where none is not a value itself. */
export const UNSET = "<unset>";

/** A column that is always shown. */
export function column(
  name: string,
  description: string,
  type: TableColumn["type"] = "string",
): TableColumn {
  return { name, type, description, priority: 0 };
}

/** A column that is shown only with `-o wide`. */
export function wideColumn(name: string, description: string): TableColumn {
  return { name, type: "string", description, priority: 1 };
}

export const NAME_COLUMN: TableColumn = {
  name: "Name",
  type: "string",
  format: "name",
  description: "Name of the object, unique in its namespace.",
  priority: 0,
};

export const AGE_COLUMN: TableColumn = column("Age", "Time since the object was created.");

/** In place of the age, where upstream has no columns of its own. */
export const CREATED_AT_COLUMN: TableColumn = column(
  "Created At",
  "When the object was created.",
  "date",
);

/** Columns of controllers that make pods from a template. */
export const TEMPLATE_COLUMNS: readonly TableColumn[] = [
  wideColumn("Containers", "Names of the containers in the pod template."),
  wideColumn("Images", "Images of the containers in the pod template."),
  wideColumn("Selector", "Selector of the pods."),
];

export function nameOf(object: ApiObject): string {
  return object.metadata.name ?? "";
}

export function ageOf(object: ApiObject, nowMs: number): string {
  return humanAge(object.metadata.creationTimestamp, nowMs);
}

export function createdAtOf(object: ApiObject): string {
  return object.metadata.creationTimestamp ?? "";
}

/** `a=1,b=2`, sorted; `<none>` if there are none. */
export function labelsText(labels: Readonly<Record<string, string>> | undefined): string {
  const pairs = Object.entries(labels ?? {}).map(([key, value]) => `${key}=${value}`);
  return pairs.length === 0 ? NONE : pairs.sort(compareText).join(",");
}

/** A selector in query form, sorted by key; "" for none, and for one of everything. */
export function selectorQuery(selector: LabelSelector | undefined): string {
  const { requirements } = queryOfSelector(selector ?? {});
  return labelQueryText({
    requirements: requirements.toSorted((a, b) => compareText(a.key, b.key)),
  });
}

/** The same for people: `<none>` where nothing is asked for. */
export function selectorText(selector: LabelSelector | undefined): string {
  return textOrNone(selectorQuery(selector));
}

/** `True`, `False`, or `<unset>`. */
export function flagText(value: boolean | undefined): string {
  return value === undefined ? UNSET : value ? "True" : "False";
}

/** The text itself, or `<none>`. */
export function textOrNone(text: string | undefined): string {
  return text === undefined || text === "" ? NONE : text;
}
