/** Which objects of a collection a list or watch is about. */
import {
  matchesFields,
  parseFieldQuery,
  requiredFieldValue,
  type FieldQuery,
} from "../../machinery/fields.ts";
import { SelectorError, parseLabelQuery } from "../../machinery/label-parser.ts";
import { EVERYTHING, matchesLabels, type LabelQuery } from "../../machinery/labels.ts";
import type { ApiObject } from "../../machinery/object.ts";
import { badRequest } from "../../machinery/status.ts";
import type { Resource } from "../registry/resource.ts";
import type { ObjectRequest } from "./request.ts";

export type Selection = {
  /** Whether there is nothing to check, so that objects need not be read at all. */
  readonly isEverything: boolean;
  /** The only name that can be selected; "" if there are others. */
  readonly name: string;
  readonly selects: (object: ApiObject) => boolean;
};

/** The name a collection is asked for in its path, as older watches do; "" if it is none. */
export function nameOf({ info }: ObjectRequest): string {
  return info.isNamed ? info.name : "";
}

/**
 * Throws 400 for a selector that cannot be read, names a field that cannot be selected by, or says
 * another name than the path.
 */
export function parseSelection(query: URLSearchParams, resource: Resource, name = ""): Selection {
  const labels = parseLabels(query.get("labelSelector") ?? "");
  const fields = parseFields(query.get("fieldSelector") ?? "", resource);
  const hasFields = fields !== undefined && fields.requirements.length > 0;
  const selected = hasFields ? requiredFieldValue(fields, "metadata.name") : name;
  if (name !== "" && selected !== name) {
    throw badRequest("fieldSelector metadata.name doesn't match requested name");
  }
  const isEverything = labels.requirements.length === 0 && !hasFields && name === "";
  return {
    isEverything,
    name: selected,
    selects: (object) =>
      (selected === "" || object.metadata.name === selected) &&
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
  const ofKind = Object.keys(resource.strategy.fieldSelectors);
  const hasOwnFields = resource.custom !== undefined || ofKind.length > 0;
  const hasNamespace = resource.isNamespaced || !hasOwnFields;
  const known = ["metadata.name", ...(hasNamespace ? ["metadata.namespace"] : []), ...ofKind];
  if (!known.includes(field)) throw badRequest(unknownFieldText(field, hasOwnFields, resource));
}

/** Kinds with fields of their own have words of their own. */
function unknownFieldText(field: string, hasOwnFields: boolean, resource: Resource): string {
  const shown = JSON.stringify(field);
  if (!hasOwnFields) {
    return `${shown} is not a known field selector: only "metadata.name", "metadata.namespace"`;
  }
  if (resource.group === "resource.k8s.io") {
    const kind = `${resource.group}/${resource.version}, Kind=${resource.kind}`;
    return `field label not supported for ${kind}: ${field}`;
  }
  const isJob = resource.group === "batch" && resource.kind === "Job";
  return isJob
    ? `field label ${shown} not supported for Job`
    : `field label not supported: ${field}`;
}

function readField(object: ApiObject, field: string, resource: Resource): string {
  if (field === "metadata.name") return object.metadata.name ?? "";
  if (field === "metadata.namespace") return object.metadata.namespace ?? "";
  const { fieldSelectors } = resource.strategy;
  const read = Object.hasOwn(fieldSelectors, field) ? fieldSelectors[field] : undefined;
  return read?.(object) ?? "";
}
