/** Names of pools, requests, attributes and the like. */
import { dnsLabelProblem, dnsSubdomainProblem } from "../../../machinery/names.ts";
import { isFields } from "../../../machinery/object.ts";
import type { FieldError } from "../../../machinery/status.ts";
import { errorIf, fromProblem, invalid, required, tooLong } from "../../field-errors.ts";
import { byteLength } from "../../meta/v1/label-validation.ts";
import { driverNameErrors } from "../../storage/v1/parameter-validation.ts";

const POOL_NAME_LENGTH_MAX = 253;
const ID_LENGTH_MAX = 32;
const UUID = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/;
const IDENTIFIER = /^[A-Za-z_][A-Za-z0-9_]*$/;
const IDENTIFIER_RULE =
  "a valid C identifier must start with alphabetic character or '_', followed by a string of " +
  "alphanumeric characters or '_' (e.g. 'my_name',  or 'MY_NAME',  or 'MyName', regex used for " +
  "validation is '[A-Za-z_][A-Za-z0-9_]*')";
const UUID_RULE =
  "uid must be in RFC 4122 normalized form, `xxxxxxxx-xxxx-xxxx-xxxx-xxxxxxxxxxxx` with " +
  "lowercase hexadecimal characters";

/** A DNS label: of a request, a device or a set of counters. */
export function shortNameErrors(field: string, name: string): readonly FieldError[] {
  return fromProblem(field, name, dnsLabelProblem(name));
}

/** One or more DNS subdomains with slashes between. */
export function poolNameErrors(field: string, name: string): readonly FieldError[] {
  if (name === "") return [required(field)];
  return [
    ...errorIf(name.length > POOL_NAME_LENGTH_MAX, tooLong(field, POOL_NAME_LENGTH_MAX)),
    ...name.split("/").flatMap((part) => fromProblem(field, part, dnsSubdomainProblem(part))),
  ];
}

/** An identifier, maybe with the domain of who defined it. */
export function qualifiedErrors(field: string, name: string): readonly FieldError[] {
  const [first = "", second, ...more] = name.split("/");
  if (more.length > 0) return [invalid(field, name, "must not contain more than one slash")];
  if (second === undefined) return identifierErrors(field, first);
  return [
    ...(first === ""
      ? [invalid(field, "", "the domain must not be empty")]
      : driverNameErrors(field, first)),
    ...(second === ""
      ? [invalid(field, "", "the name must not be empty")]
      : identifierErrors(field, second)),
  ];
}

/** An identifier with a domain. */
export function fullyQualifiedErrors(field: string, name: string): readonly FieldError[] {
  const detail = "a fully qualified name must be a domain and a name separated by a slash";
  return [
    ...qualifiedErrors(field, name),
    ...errorIf(!name.includes("/"), invalid(field, name, detail)),
  ];
}

/** A uid in its usual spelling. */
export function uidErrors(field: string, uid: string): readonly FieldError[] {
  if (UUID.test(uid)) return [];
  const isOdd = /^[0-9a-fA-F{}:urnid-]{32,45}$/.test(uid);
  const detail = isOdd ? UUID_RULE : `error validating uid: invalid UUID length: ${uid.length}`;
  return [invalid(field, uid, detail)];
}

/** An object whose fields only a driver knows. */
export function opaqueErrors(
  field: string,
  value: unknown,
  bytesMax: number,
): readonly FieldError[] {
  if (value === undefined || value === null) return [required(field)];
  const bytes = byteLength(JSON.stringify(value));
  if (bytes > bytesMax) return [tooLong(field, bytesMax)];
  const detail = "must be a valid JSON object";
  return errorIf(!isFields(value), invalid(field, "<value omitted>", detail));
}

function identifierErrors(field: string, id: string): readonly FieldError[] {
  return [
    ...errorIf(id.length > ID_LENGTH_MAX, tooLong(field, ID_LENGTH_MAX)),
    ...errorIf(!IDENTIFIER.test(id), invalid(field, id, IDENTIFIER_RULE)),
  ];
}
