/**
 * Request bodies: bytes or handed-over values in, objects of the expected kind out. Everything a
 * client can send wrong is told apart here, with upstream's words, before any other code sees it.
 */
import {
  DecodeError,
  decodeJson,
  decodeUtf8,
  JsonSyntaxError,
  type Decoded,
} from "../../machinery/codec/json.ts";
import { exactText } from "../../machinery/codec/exact-json.ts";
import { decodeYaml } from "../../machinery/codec/yaml.ts";
import { apiVersionOf, parseApiVersion } from "../../machinery/gvk.ts";
import { isApiObject, isFields, own, type ApiObject, type Fields } from "../../machinery/object.ts";
import type { ApiRequest } from "../../machinery/request.ts";
import { badRequest, unsupportedMediaType, type StatusError } from "../../machinery/status.ts";
import type { StructuralSchema } from "../../schema/structural-schema.ts";
import { checkFields, jsonTypeOf } from "../../schema/strict.ts";
import { JSON_TYPE, YAML_TYPE } from "../answers.ts";
import { schemaNamed } from "../openapi/schema-names.ts";
import { decodeProtobufBody, PROTOBUF_TYPE } from "../protobuf/decode-body.ts";
import { publishedName } from "../protobuf/kinds.ts";
import { ProtobufError } from "../protobuf/wire.ts";
import type { CustomFacts } from "../registry/custom-facts.ts";
import { toCustomObject } from "./custom-body.ts";
import { goPackage } from "./go-names.ts";
import { questionableFields, repeatedKeys } from "./questionable.ts";
import type { FieldValidation } from "./write-options.ts";

/** Media types of bodies that hold an object. */
export const ACCEPTED_TYPES: readonly string[] = [JSON_TYPE, YAML_TYPE, PROTOBUF_TYPE];

const encoder = new TextEncoder();

/** How much of a body that cannot be read is shown. */
const EXCERPT_BYTES_MAX = 30;

/** The kind a body must hold. */
export type ExpectedKind = {
  readonly group: string;
  readonly version: string;
  readonly kind: string;
  readonly schema: StructuralSchema;
  /** Of a custom resource: its schema decodes the body. */
  readonly custom?: CustomFacts;
};

/** An object as it was sent, with what is questionable about it. */
export type DecodedObject = { readonly object: ApiObject; readonly warnings: readonly string[] };

/** The object in the body. Throws 400 or 415. */
export function decodeObject(
  request: ApiRequest,
  expected: ExpectedKind,
  fieldValidation: FieldValidation,
): DecodedObject {
  const decoded = decodeBody(request, expected);
  if (mediaTypeOf(request) === YAML_TYPE && expected.custom === undefined) {
    const repeated = repeatedKeys(textOf(request), decoded.duplicates);
    const told = { ...decoded, duplicates: [], repeated };
    return toObject(told, expected, fieldValidation, () => textOf(request));
  }
  return toObject(decoded, expected, fieldValidation, () => textOf(request));
}

/** The media type of a body, without parameters; JSON if nothing is said. */
export function mediaTypeOf(request: ApiRequest): string {
  const header = request.headers["content-type"] ?? "";
  return header === "" ? JSON_TYPE : (header.split(";", 1)[0] ?? "").trim().toLowerCase();
}

/** The fields of a value, checked against the kind it must be. */
export function toObject(
  decoded: Decoded & { readonly repeated?: readonly string[] },
  expected: ExpectedKind,
  fieldValidation: FieldValidation,
  text: () => string = () => exactText(decoded.value),
): DecodedObject {
  const { group, version, kind, schema, custom } = expected;
  if (custom !== undefined) {
    const shown = (): { readonly whole: string; readonly excerpt: string } => {
      const whole = text();
      return { whole, excerpt: excerptOf(encoder.encode(whole)) };
    };
    return toCustomObject(decoded, { ...expected, custom }, fieldValidation, shown);
  }
  const value = decoded.value ?? {}; // what is null holds nothing
  if (!isFields(value)) {
    throw unrecognizedKind(kind, `${jsonTypeOf(value)} into Go value of type ${GO_KIND}`, text);
  }
  checkKind(value, expected, text);
  const prefix = `${kind} in version "${version}" cannot be handled as a ${kind}`;
  const report = checkFields(value, schema, decoded.spellings);
  const [problem] = report.typeProblems;
  if (problem !== undefined) throw badRequest(`${prefix}: ${problem}`);

  const { unknown } = report;
  const { duplicates, repeated = [] } = decoded;
  const order = decoded.repeated === undefined ? "as sent" : "by name";
  const fields = questionableFields(value, { unknown, duplicates }, order);
  const questionable = [...repeated, ...fields];
  if (fieldValidation === "Strict" && questionable.length > 0) {
    const lines = ["yaml: unmarshal errors:", ...repeated].join("\n  ");
    const all = repeated.length === 0 ? fields : [lines, ...fields];
    throw badRequest(`${prefix}: strict decoding error: ${all.join(", ")}`);
  }
  const kept = isFields(report.value) ? report.value : {};
  const typed = { metadata: {}, ...kept, apiVersion: apiVersionOf({ group, version }), kind };
  if (!isApiObject(typed)) throw badRequest(`${prefix}: metadata must be an object`);
  return { object: typed, warnings: fieldValidation === "Warn" ? questionable : [] };
}

/** Whatever is in the body, not yet judged. Throws 400 or 415. */
export function decodeBody(
  request: ApiRequest,
  expected: Pick<ExpectedKind, "kind" | "schema" | "custom">,
): Decoded {
  try {
    return decodeBytes(request, expected);
  } catch (error) {
    if (!(error instanceof ProtobufError) && !(error instanceof DecodeError)) throw error;
    const { body } = request;
    const bytes = body.kind === "bytes" ? body.bytes : new Uint8Array();
    const what = problemText(error, request);
    throw badRequest(`${unrecognized(expected.kind)}: ${what} (${excerptOf(bytes)})`);
  }
}

/** As `decodeBody`, of options: what is wrong is told in fewer words. */
export function decodeOptions(
  request: ApiRequest,
  expected: Pick<ExpectedKind, "kind" | "schema">,
): Decoded {
  try {
    return decodeBytes(request, expected);
  } catch (error) {
    if (!(error instanceof ProtobufError) && !(error instanceof DecodeError)) throw error;
    throw badRequest(problemText(error, request));
  }
}

function problemText(error: ProtobufError | DecodeError, request: ApiRequest): string {
  if (error instanceof ProtobufError) return error.message;
  const isYaml = mediaTypeOf(request) === YAML_TYPE;
  const what = isYaml ? "" : "couldn't get version/kind; json parse error: ";
  return `${what}${decodeErrorText(error)}`;
}

function decodeBytes(
  request: ApiRequest,
  expected: Pick<ExpectedKind, "kind" | "schema" | "custom">,
): Decoded {
  const { body } = request;
  if (body.kind === "value") return { value: body.value, duplicates: [] };
  const bytes = body.kind === "bytes" ? body.bytes : new Uint8Array();
  switch (mediaTypeOf(request)) {
    case JSON_TYPE:
      return decodeJson(bytes);
    case YAML_TYPE:
      return decodeYaml(decodeUtf8(bytes));
    case PROTOBUF_TYPE:
      if (expected.custom !== undefined) throw unsupportedMediaType([JSON_TYPE, YAML_TYPE]);
      return { value: decodeProtobufBody(bytes, expected), duplicates: [] };
    default:
      throw unsupportedMediaType(ACCEPTED_TYPES);
  }
}

/** The fault and where it is; of text that is not JSON, what upstream says and no more. */
export function decodeErrorText(error: DecodeError): string {
  if (error instanceof JsonSyntaxError) return error.message;
  const place = `line ${error.line}, column ${error.column}`;
  return error.message.includes(place) ? error.message : `${error.message} (${place})`;
}

function textOf(request: ApiRequest): string {
  const { body } = request;
  if (body.kind === "value") return exactText(body.value);
  return body.kind === "bytes" ? new TextDecoder().decode(body.bytes) : "";
}

function unrecognized(kind: string): string {
  return `the object provided is unrecognized (must be of type ${kind})`;
}

/** How Go calls what it reads to find out the kind. */
export const GO_KIND: string =
  'struct { APIVersion string "json:\\"apiVersion,omitempty\\""; ' +
  'Kind string "json:\\"kind,omitempty\\"" }';

/** A body whose kind cannot even be looked for. */
function unrecognizedKind(kind: string, what: string, text: () => string): StatusError {
  const shown = excerptOf(encoder.encode(text()));
  return badRequest(
    `${unrecognized(kind)}: couldn't get version/kind; json parse error: ` +
      `json: cannot unmarshal ${what} (${shown})`,
  );
}

/** Throws when the body says it is something else than the URL takes. */
function checkKind(fields: Fields, expected: ExpectedKind, text: () => string): void {
  for (const field of ["apiVersion", "kind"]) {
    const value = own(fields, field) ?? "";
    if (typeof value === "string") continue;
    const what = `${jsonTypeOf(value)} into Go struct field .${field} of type string`;
    throw unrecognizedKind(expected.kind, what, text);
  }
  const kind = textIn(fields, "kind");
  const apiVersion = textIn(fields, "apiVersion");
  if (apiVersion !== "" && parseApiVersion(apiVersion) === undefined) {
    const shown = excerptOf(encoder.encode(text()));
    const problem = `unexpected GroupVersion string: ${apiVersion}`;
    throw badRequest(`${unrecognized(expected.kind)}: ${problem} (${shown})`);
  }
  const isSameKind = kind === "" || kind === expected.kind;
  const isSameVersion = apiVersion === "" || apiVersion === apiVersionOf(expected);
  if (isSameKind && isSameVersion) return;
  const sent = {
    kind: kind === "" ? expected.kind : kind,
    apiVersion: apiVersion === "" ? apiVersionOf(expected) : apiVersion,
  };
  throw wrongKind(sent, expected);
}

function textIn(fields: Fields, field: string): string {
  const value = own(fields, field);
  return typeof value === "string" ? value : "";
}

type SentKind = { readonly kind: string; readonly apiVersion: string };

function wrongKind({ kind, apiVersion }: SentKind, expected: ExpectedKind): StatusError {
  const sent = parseApiVersion(apiVersion) ?? { group: "", version: apiVersion };
  const subject = `${kind} in version ${JSON.stringify(sent.version)}`;
  const prefix = `${subject} cannot be handled as a ${expected.kind}`;
  if (!isRegistered(apiVersion, kind)) {
    return badRequest(
      `${prefix}: no kind ${JSON.stringify(kind)} is registered for version ` +
        `${JSON.stringify(apiVersion)} in scheme "${GO_SCHEME}"`,
    );
  }
  if (kind === expected.kind && sent.group === expected.group) {
    return badRequest(
      `the API version in the data (${apiVersion}) does not match the expected API version ` +
        `(${apiVersionOf(expected)})`,
    );
  }
  const target = `${goPackage(expected.group)}.${expected.kind}`;
  return badRequest(
    `${prefix}: converting (${sent.version}.${kind}) to (${target}): unknown conversion`,
  );
}

/** Whether there is such a kind: of objects, of their lists, or of what every version has. */
function isRegistered(apiVersion: string, kind: string): boolean {
  const isKnown = (each: string): boolean =>
    schemaNamed(publishedName(apiVersion, each) ?? "") !== undefined;
  if (isKnown(kind)) return true;
  if (publishedName(apiVersion, kind) === undefined) return false;
  if (OPTION_KINDS.has(kind)) return true;
  if (apiVersion === "v1" && CORE_ONLY_KINDS.has(kind)) return true;
  return kind.endsWith("List") && isKnown(kind.slice(0, -"List".length));
}

const OPTION_KINDS: ReadonlySet<string> = new Set([
  "CreateOptions",
  "DeleteOptions",
  "GetOptions",
  "ListOptions",
  "PatchOptions",
  "UpdateOptions",
  "WatchEvent",
]);

const CORE_ONLY_KINDS: ReadonlySet<string> = new Set([
  "APIGroup",
  "APIGroupList",
  "APIResourceList",
  "APIVersions",
  "List",
  "PodAttachOptions",
  "PodExecOptions",
  "PodLogOptions",
  "PodPortForwardOptions",
  "PodProxyOptions",
  "RangeAllocation",
  "SerializedReference",
  "ServiceProxyOptions",
  "NodeProxyOptions",
  "Status",
]);

/** Where upstream's list of kinds begins; its texts say so. */
const GO_SCHEME = "pkg/api/legacyscheme/scheme.go:30";

const OPENING_BRACE = 0x7b;

/** The beginning of what was sent, as upstream shows it: what cannot be JSON in hexadecimal. */
function excerptOf(bytes: Uint8Array): string {
  if (bytes.length === 0) return "<empty>";
  const part = Buffer.from(bytes.subarray(0, EXCERPT_BYTES_MAX));
  const shown = bytes[0] === OPENING_BRACE ? part.toString() : part.toString("hex");
  return bytes.length > EXCERPT_BYTES_MAX ? `${shown} ...` : shown;
}
