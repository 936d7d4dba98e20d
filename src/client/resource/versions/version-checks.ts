/** What can be said of a kind's versions before any object is converted. */
import type { JSONSchemaProps } from "../../../apis/apiextensions/v1/types.generated.ts";
import { dns1035LabelProblem } from "../../../machinery/names.ts";
import { isFields, own, type Fields } from "../../../machinery/object.ts";
import { SchemaError } from "../schema-error.ts";
import type { AnyOlderVersion } from "./older-version.ts";

/** Of `deprecationWarning`, in a definition. */
const WARNING_BYTES_MAX = 256;

type Side = { readonly version: string; readonly schema: JSONSchemaProps };

/** Throws `RangeError` for names and texts, `SchemaError` for versions that do not fit. */
export function checkVersion(older: Side & { readonly options: AnyOlderVersion }, hub: Side): void {
  const { version, options } = older;
  const problem = dns1035LabelProblem(version);
  if (problem !== undefined) throw new RangeError(`older version "${version}": ${problem}`);
  if (version === hub.version) {
    throw new RangeError(`${version} is the version that is stored, it cannot be an older one too`);
  }
  const { toHub, fromHub, deprecated = "" } = options;
  if (new TextEncoder().encode(deprecated).length > WARNING_BYTES_MAX) {
    throw new RangeError(`deprecated of ${version}: is at most ${WARNING_BYTES_MAX} bytes`);
  }
  if (toHub === undefined && fromHub === undefined) return checkSame(older, hub);
  const missing = toHub === undefined ? "toHub" : fromHub === undefined ? "fromHub" : undefined;
  if (missing === undefined) return;
  const other = missing === "toHub" ? "fromHub" : "toHub";
  throw new RangeError(`${version} has ${other}: give it ${missing} as well, objects go both ways`);
}

/** Versions without functions differ in nothing that a write would lose or refuse. */
function checkSame(older: Side, hub: Side): void {
  for (const part of ["spec", "status"]) {
    compare(at(older.schema, part), at(hub.schema, part), part, older.version, hub.version);
  }
}

function compare(old: Fields, now: Fields, path: string, version: string, hub: string): void {
  const say = (what: string): SchemaError =>
    new SchemaError(
      path,
      `${what}: say how ${version} and ${hub} follow from each other with toHub and fromHub`,
    );
  const [before, after] = [own(old, "type"), own(now, "type")];
  if (before !== after && before !== undefined && after !== undefined) {
    throw say(`is of type ${text(before)} in ${version} and ${text(after)} in ${hub}`);
  }
  const [left, right] = [own(old, "properties"), own(now, "properties")];
  if (!isFields(left) || !isFields(right)) return items(old, now, path, version, hub);
  for (const name of new Set([...Object.keys(left), ...Object.keys(right)])) {
    const only = !Object.hasOwn(left, name) ? hub : Object.hasOwn(right, name) ? "" : version;
    if (only === "") {
      compare(at(old, name), at(now, name), `${path}.${name}`, version, hub);
      continue;
    }
    const isOpen = own(only === hub ? old : now, "x-kubernetes-preserve-unknown-fields") === true;
    if (!isOpen)
      throw say(`only ${only} has ${name}, so a write in the other version would lose it`);
  }
  const [had, has] = [required(old), required(now)];
  const demanded = [...has].find((name) => !had.has(name));
  if (demanded !== undefined) throw say(`${demanded} is required in ${hub} and not in ${version}`);
}

function items(old: Fields, now: Fields, path: string, version: string, hub: string): void {
  for (const name of ["items", "additionalProperties"]) {
    const [left, right] = [own(old, name), own(now, name)];
    if (isFields(left) && isFields(right)) compare(left, right, `${path}[]`, version, hub);
  }
}

function at(schema: Fields, name: string): Fields {
  const properties = own(schema, "properties");
  const inner = isFields(properties) ? own(properties, name) : undefined;
  return isFields(inner) ? inner : {};
}

function required(schema: Fields): ReadonlySet<string> {
  const names = own(schema, "required");
  return new Set(Array.isArray(names) ? names.map(String) : []);
}

function text(type: unknown): string {
  return typeof type === "string" ? type : "unknown";
}
