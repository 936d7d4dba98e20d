/**
 * Bodies that hold a custom resource. Unlike built-in kinds they must say what they are, and values
 * of wrong types are not the decoder's business: validation names them, all at once.
 */
import { objectMetaSchema } from "../../apis/meta/v1/schema.generated.ts";
import type { Decoded } from "../../machinery/codec/json.ts";
import { apiVersionOf } from "../../machinery/gvk.ts";
import { isApiObject, isFields, own, type Fields } from "../../machinery/object.ts";
import { badRequest, invalid } from "../../machinery/status.ts";
import { decodeCustomResource } from "../../schema/values/decode.ts";
import { jsonTypeOf } from "../../schema/strict.ts";
import type { CustomFacts } from "../registry/custom-facts.ts";
import type { DecodedObject, ExpectedKind } from "./body.ts";
import type { FieldValidation } from "./write-options.ts";

/** `text`: the body as it was sent, for the error that shows it. */
export function toCustomObject(
  decoded: Decoded,
  expected: ExpectedKind & { readonly custom: CustomFacts },
  fieldValidation: FieldValidation,
  text: () => { readonly whole: string; readonly excerpt: string },
): DecodedObject {
  const { group, version, kind, custom } = expected;
  const fields = identified(decoded.value, expected, text);
  const outcome = decodeCustomResource(fields, custom.schema(), objectMetaSchema);
  const prefix = `${kind} in version "${version}" cannot be handled as a ${kind}`;
  if (outcome.kind === "refused") throw badRequest(`${prefix}: ${outcome.problem}`);
  const questionable = [
    ...decoded.duplicates.map((path) => `duplicate field ${JSON.stringify(path)}`),
    ...outcome.unknown.map((path) => `unknown field ${JSON.stringify(path)}`),
  ];
  if (fieldValidation === "Strict" && questionable.length > 0) {
    throw badRequest(`${prefix}: strict decoding error: ${questionable.join(", ")}`);
  }
  const typed = {
    metadata: {},
    ...outcome.value,
    apiVersion: apiVersionOf({ group, version }),
    kind,
  };
  if (!isApiObject(typed)) throw badRequest(`${prefix}: metadata must be an object`);
  return { object: typed, warnings: fieldValidation === "Warn" ? questionable : [] };
}

/** How Go calls what it reads to find out the kind. */
const GO_KIND =
  'struct { APIVersion string "json:\\"apiVersion,omitempty\\""; ' +
  'Kind string "json:\\"kind,omitempty\\"" }';

/** The fields of an object that says it is of the expected kind. */
function identified(
  value: unknown,
  expected: ExpectedKind,
  text: () => { readonly whole: string; readonly excerpt: string },
): Fields {
  const { group, kind } = expected;
  const unrecognized = `the object provided is unrecognized (must be of type ${kind})`;
  if (!isFields(value)) {
    if (value === null) {
      const { whole, excerpt } = text();
      throw badRequest(`${unrecognized}: Object 'Kind' is missing in '${whole}' (${excerpt})`);
    }
    throw badRequest(
      `${unrecognized}: couldn't get version/kind; json parse error: json: cannot unmarshal ` +
        `${jsonTypeOf(value)} into Go value of type ${GO_KIND} (${text().excerpt})`,
    );
  }
  const sentKind = own(value, "kind") ?? "";
  const sentVersion = own(value, "apiVersion") ?? "";
  if (typeof sentKind !== "string" || typeof sentVersion !== "string") {
    throw badRequest(`${unrecognized}: kind and apiVersion must be strings`);
  }
  if (sentKind === "") {
    const { whole, excerpt } = text();
    throw badRequest(`${unrecognized}: Object 'Kind' is missing in '${whole}' (${excerpt})`);
  }
  if (sentVersion !== apiVersionOf(expected)) {
    throw badRequest(
      `the API version in the data (${sentVersion}) does not match the expected API version ` +
        `(${apiVersionOf(expected)})`,
    );
  }
  if (sentKind !== kind) {
    const metadata = own(value, "metadata");
    const name = isFields(metadata) ? own(metadata, "name") : undefined;
    throw invalid({ group, kind: sentKind }, typeof name === "string" ? name : "", [
      { field: "kind", type: "FieldValueInvalid", value: sentKind, detail: `must be ${kind}` },
    ]);
  }
  return value;
}
