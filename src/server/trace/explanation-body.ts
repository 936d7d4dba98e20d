/** The question in the body of a request. */
import { isFields, own, type Fields } from "../../machinery/object.ts";
import type { ApiRequest } from "../../machinery/request.ts";
import { badRequest, invalid, type FieldError } from "../../machinery/status.ts";
import {
  QUESTIONS,
  TRACE_GROUP,
  type ExplanationSpec,
  type Question,
} from "../../trace/explanation.ts";
import type { ObjectName } from "../../trace/facts.ts";
import { decodeBody } from "../handlers/body.ts";

const KIND = "Explanation";
const ANY_OBJECT = { type: "object" } as const;

/** Throws 400, 415 or 422. */
export function explanationSpec(request: ApiRequest): ExplanationSpec {
  const { value } = decodeBody(request, { kind: KIND, schema: ANY_OBJECT });
  if (!isFields(value)) throw badRequest(`the body must be an object of kind ${KIND}`);
  const kind = own(value, "kind");
  if (kind !== undefined && kind !== KIND) throw badRequest(`the kind must be ${KIND}`);
  const given = own(value, "spec");
  const errors: FieldError[] = [];
  const spec = isFields(given) ? specOf(given, errors) : undefined;
  if (spec === undefined) {
    errors.push({ type: "FieldValueRequired", field: "spec", detail: "ask something" });
  }
  if (errors.length > 0 || spec === undefined) {
    throw invalid({ group: TRACE_GROUP, kind: KIND }, "", errors);
  }
  return spec;
}

function specOf(spec: Fields, errors: FieldError[]): ExplanationSpec {
  const question = own(spec, "question");
  const known = QUESTIONS.find((each) => each === question);
  if (known === undefined) {
    const supported = QUESTIONS.map((each) => JSON.stringify(each)).join(", ");
    const detail = `supported values: ${supported}`;
    errors.push({
      type: "FieldValueNotSupported",
      field: "spec.question",
      value: question,
      detail,
    });
  }
  const fallback: Question = "Why"; // not used: it is refused
  const object = own(spec, "object");
  const named = object === undefined ? undefined : objectName(object, errors);
  const text = (name: "field" | "time"): string | undefined => textAt(spec, name, errors);
  const number = (name: "revision" | "limit"): number | undefined => numberAt(spec, name, errors);
  const field = text("field");
  const time = text("time");
  const revision = number("revision");
  const limit = number("limit");
  return {
    question: known ?? fallback,
    ...(named === undefined ? {} : { object: named }),
    ...(field === undefined ? {} : { field }),
    ...(time === undefined ? {} : { time }),
    ...(revision === undefined ? {} : { revision }),
    ...(limit === undefined ? {} : { limit }),
  };
}

function objectName(value: unknown, errors: FieldError[]): ObjectName {
  const fields = isFields(value) ? value : {};
  const text = (name: string, isRequired: boolean): string => {
    const given = own(fields, name) ?? "";
    if (typeof given !== "string") {
      const detail = "must be a string";
      const field = `spec.object.${name}`;
      errors.push({ type: "FieldValueTypeInvalid", field, value: given, detail });
      return "";
    }
    if (isRequired && given === "") {
      errors.push({ type: "FieldValueRequired", field: `spec.object.${name}`, detail: "" });
    }
    return given;
  };
  return {
    apiVersion: text("apiVersion", true),
    kind: text("kind", true),
    namespace: text("namespace", false),
    name: text("name", true),
  };
}

function textAt(spec: Fields, name: string, errors: FieldError[]): string | undefined {
  const value = own(spec, name);
  if (value === undefined || typeof value === "string") return value;
  const detail = "must be a string";
  errors.push({ type: "FieldValueTypeInvalid", field: `spec.${name}`, value, detail });
  return undefined;
}

function numberAt(spec: Fields, name: string, errors: FieldError[]): number | undefined {
  const value = own(spec, name);
  if (value === undefined) return undefined;
  if (typeof value === "number" && Number.isSafeInteger(value) && value > 0) return value;
  const detail = "must be a positive integer";
  errors.push({ type: "FieldValueInvalid", field: `spec.${name}`, value, detail });
  return undefined;
}
