/** Which objects of a collection a list or watch is about. */
import { matchesFields, parseFieldQuery, type FieldQuery } from "../../machinery/fields.ts";
import { SelectorError, parseLabelQuery } from "../../machinery/label-parser.ts";
import { EVERYTHING, matchesLabels, type LabelQuery } from "../../machinery/labels.ts";
import type { ApiObject } from "../../machinery/object.ts";
import { badRequest } from "../../machinery/status.ts";
import type { Resource } from "../registry/resource.ts";

export type Selection = {
  /** Whether there is nothing to check, so that objects need not be read at all. */
  readonly isEverything: boolean;
  readonly selects: (object: ApiObject) => boolean;
};

/** Throws 400 for a selector that cannot be read or names a field that cannot be selected by. */
export function parseSelection(query: URLSearchParams, resource: Resource, name = ""): Selection {
  const labels = parseLabels(query.get("labelSelector") ?? "");
  const fields = parseFields(query.get("fieldSelector") ?? "", resource);
  const hasFields = fields !== undefined;
  const isEverything = labels.requirements.length === 0 && !hasFields && name === "";
  return {
    isEverything,
    selects: (object) =>
      (name === "" || object.metadata.name === name) &&
      matchesLabels(labels, object.metadata.labels) &&
      (!hasFields || matchesFields(fields, (field) => readField(object, field, resource))),
  };
}

function parseLabels(text: string): LabelQuery {
  if (text === "") return EVERYTHING;
  try {
    return parseLabelQuery(text);
  } catch (error) {
    if (error instanceof SelectorError) throw badRequest(error.message);
    throw error;
  }
}

function parseFields(text: string, resource: Resource): FieldQuery | undefined {
  if (text === "") return undefined;
  try {
    const query = parseFieldQuery(text);
    for (const { field } of query.requirements) checkField(field, resource);
    return query;
  } catch (error) {
    if (error instanceof SelectorError) throw badRequest(error.message);
    throw error;
  }
}

function checkField(field: string, resource: Resource): void {
  const known = selectableFields(resource);
  if (known.includes(field)) return;
  const list = known.map((each) => JSON.stringify(each)).join(", ");
  throw badRequest(`${JSON.stringify(field)} is not a known field selector: only ${list}`);
}

function selectableFields(resource: Resource): readonly string[] {
  const ofKind = Object.keys(resource.strategy.fieldSelectors);
  const namespace = resource.isNamespaced ? ["metadata.namespace"] : [];
  return ["metadata.name", ...namespace, ...ofKind];
}

function readField(object: ApiObject, field: string, resource: Resource): string {
  if (field === "metadata.name") return object.metadata.name ?? "";
  if (field === "metadata.namespace") return object.metadata.namespace ?? "";
  const { fieldSelectors } = resource.strategy;
  const read = Object.hasOwn(fieldSelectors, field) ? fieldSelectors[field] : undefined;
  return read?.(object) ?? "";
}
