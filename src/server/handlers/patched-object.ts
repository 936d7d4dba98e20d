/** What a patch made of an object, read as an object; how upstream refuses what is none. */
import { parseApiVersion } from "../../machinery/gvk.ts";
import { isFields, own, type ApiObject } from "../../machinery/object.ts";
import { internalError, invalid, StatusError } from "../../machinery/status.ts";
import { toObject, type ExpectedKind } from "./body.ts";
import type { Patched } from "./patch-body.ts";
import type { FieldValidation } from "./write-options.ts";

/** The object, which `warn` is told the doubts of. Throws 422. */
export function patchedObject(
  patched: Patched,
  expected: ExpectedKind,
  fieldValidation: FieldValidation,
  warn: ((text: string) => void) | undefined,
): ApiObject {
  const { object, doubts: found } = readObject(patched, expected);
  const doubts = patched.form === "strategic" ? found.toSorted() : found;
  const all = [...patched.doubts, ...doubts];
  if (fieldValidation === "Strict" && all.length > 0) {
    throw refused(patched, `strict decoding error: ${all.join(", ")}`);
  }
  if (fieldValidation === "Warn") for (const doubt of all) warn?.(doubt);
  return object;
}

type Read = { readonly object: ApiObject; readonly doubts: readonly string[] };

function readObject(patched: Patched, expected: ExpectedKind): Read {
  const value = patched.form === "strategic" ? ofKind(patched.value, expected) : patched.value;
  checkNames(value, expected, patched);
  const { spellings } = patched;
  const decoded = { value, duplicates: [], ...(spellings === undefined ? {} : { spellings }) };
  try {
    const { object, warnings } = toObject(decoded, expected, "Warn");
    return { object, doubts: warnings };
  } catch (error) {
    if (!(error instanceof StatusError) || error.code !== 400) throw error;
    throw refused(patched, problemIn(error.message, patched));
  }
}

/** A strategic patch does not change what an object is. */
function ofKind(value: unknown, { group, version, kind }: ExpectedKind): unknown {
  if (!isFields(value)) return value;
  return { ...value, apiVersion: group === "" ? version : `${group}/${version}`, kind };
}

const NO_VERSION = "Object 'apiVersion' is missing in 'object has no apiVersion field'";

/** A custom resource keeps its version. */
function checkNames(
  value: unknown,
  { group, version, kind, custom }: ExpectedKind,
  patched: Patched,
): void {
  if (custom === undefined || !isFields(value)) return;
  const sent = own(value, "apiVersion") ?? "";
  if (typeof sent !== "string" || own(value, "kind") !== kind) return;
  if (sent === "") throw internalError(NO_VERSION);
  if (parseApiVersion(sent) === undefined) {
    throw refused(patched, `unexpected GroupVersion string: ${sent}`);
  }
  const apiVersion = `${group}/${version}`;
  if (sent === apiVersion) return;
  const metadata = own(value, "metadata");
  const name = isFields(metadata) ? own(metadata, "name") : undefined;
  const about = { group: sent.includes("/") ? sent.replace(/\/.*$/, "") : "", kind };
  throw invalid(about, typeof name === "string" ? name : "", [
    {
      field: "apiVersion",
      type: "FieldValueInvalid",
      value: sent,
      detail: `must be ${apiVersion}`,
    },
  ]);
}

function refused(patched: Patched, detail: string): StatusError {
  const value = patched.shown();
  const error = { field: "patch", type: "FieldValueInvalid", value, detail } as const;
  const { status } = invalid({ group: "", kind: "" }, "", [error]);
  return new StatusError({ ...status, details: { causes: status.details?.causes ?? [] } });
}

/** What is wrong, without what a refused body is told around it. */
function problemIn(message: string, patched: Patched): string {
  const problem = bareProblem(message);
  return patched.form === "strategic" ? converterProblem(problem) : problem;
}

function bareProblem(message: string): string {
  return message
    .replace(/^the object provided is unrecognized \(must be of type [^)]*\): /, "")
    .replace(/^[^:]*? cannot be handled as an? [\w.]+: /, "")
    .replace(/ \([^()]*\)$/, "");
}

/** Why what an apply made cannot be an object, from what a body would be refused with. */
export function applyProblem(message: string): string {
  const problem = converterProblem(bareProblem(message));
  return problem.startsWith("illegal base64") ? `error decoding from json: ${problem}` : problem;
}

const MISMATCH = /^json: cannot unmarshal (\w+)(?: (\S+))? into Go .* of type (\S+)$/;

const KINDS: Readonly<Record<string, string>> = { object: "map", array: "slice" };

/** The same in the words of what reads a strategic patch's outcome: it is never spelled as JSON. */
function converterProblem(problem: string): string {
  const [, sent = "", number, type = ""] = MISMATCH.exec(problem) ?? [];
  if (sent === "") return problem;
  const whole = number === undefined || /^-?\d+$/.test(number) ? "int64" : "float64";
  const kind = sent === "number" ? whole : (KINDS[sent] ?? sent);
  if (type.startsWith("map[")) return `cannot restore map from ${kind}`;
  if (type.startsWith("[]")) return `cannot restore slice from ${kind}`;
  if (type.includes(".")) return `cannot restore struct from: ${kind}`;
  const isConvertible = sent === "number" && type !== "bool";
  return isConvertible ? `cannot convert ${kind} to ${type}` : `unrecognized type: ${type}`;
}
