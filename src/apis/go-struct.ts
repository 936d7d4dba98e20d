/**
 * Values in the form in which upstream's own code holds and prints them: structs with fields of
 * other names, in another order, every one of them there. Messages that refuse a change show it in
 * that form, and tools and people compare them.
 *
 * A struct is described by a line of `Name type` pairs. Types: none (text), `int`, `bool`,
 * `port` (number or text), `amount`, `any` (null if absent, else as it is), `[]X`, `*X`, `X` (a
 * struct that is always there), `@X` (its fields are those of the outer one), `^X` (a struct that
 * takes its fields from the outer value, too). `Name=json` says which field it is where the rule
 * for names does not tell.
 */
import { compareText } from "../machinery/key.ts";
import { isFields, own, type Fields } from "../machinery/object.ts";
import { setField, type MutableFields } from "../machinery/json-value.ts";
import { lineDiff } from "./line-diff.ts";

/** Descriptions of structs by their names. */
export type GoStructs = Readonly<Record<string, string>>;

/** One struct among those it refers to. */
export type GoStruct = { readonly structs: GoStructs; readonly name: string };

/** `value` as the struct it is upstream. */
export function goStruct(value: unknown, struct: GoStruct): unknown {
  return structValue(isFields(value) ? value : {}, struct);
}

/** What changed between two values, in lines of upstream's form. */
export function structDiff(before: unknown, after: unknown, struct: GoStruct): string {
  return lineDiff(goStruct(before, struct), goStruct(after, struct));
}

type GoField = { readonly name: string; readonly json: string; readonly type: string };

const parsed = new WeakMap<GoStructs, Map<string, readonly GoField[]>>();

function structValue(fields: Fields, struct: GoStruct): Fields {
  const made: MutableFields = {};
  for (const { name, json, type } of fieldsOf(struct)) {
    const inner = { structs: struct.structs, name: type.slice(1) };
    const value = own(fields, json);
    const nested = isFields(value) ? value : {};
    if (type.startsWith("~")) addPresent(made, structValue(nested, inner));
    else if (type.startsWith("^")) {
      setField(made, name, structValue({ ...fields, ...nested }, inner));
    } else setField(made, name, fieldValue(value, type, struct.structs));
  }
  return made;
}

function addPresent(made: MutableFields, fields: Fields): void {
  for (const [name, value] of Object.entries(fields)) {
    if (value !== null) setField(made, name, value);
  }
}

function fieldValue(value: unknown, type: string, structs: GoStructs): unknown {
  if (type.startsWith("[]")) return listValue(value, type.slice(2), structs);
  if (type.startsWith("*")) {
    return value === undefined || value === null ? null : fieldValue(value, type.slice(1), structs);
  }
  switch (type) {
    case "":
      return value ?? "";
    case "int":
    case "port":
      return value ?? 0;
    case "bool":
      return value ?? false;
    case "amount":
      return value ?? "0";
    case "any":
      return anyValue(value);
    case "selector":
      return printedSelector(value);
    default:
      return goStruct(value, { structs, name: type });
  }
}

function listValue(value: unknown, type: string, structs: GoStructs): unknown {
  if (!Array.isArray(value) || value.length === 0) return null;
  return value.map((item: unknown) => fieldValue(item, type, structs));
}

/** Maps are printed sorted, and empty ones are none. */
function anyValue(value: unknown): unknown {
  if (!isFields(value)) return value ?? null;
  const entries = Object.entries(value).sort(([a], [b]) => compareText(a, b));
  return entries.length === 0 ? null : Object.fromEntries(entries);
}

/** A selector of labels with its parts in upstream's order; null if there is none. */
export function printedSelector(value: unknown): unknown {
  if (!isFields(value)) return null;
  const labels = anyValue(own(value, "matchLabels"));
  const expressions = own(value, "matchExpressions");
  return {
    ...(labels === null ? {} : { matchLabels: labels }),
    ...(Array.isArray(expressions)
      ? { matchExpressions: expressions.map(printedRequirement) }
      : {}),
  };
}

function printedRequirement(value: unknown): unknown {
  if (!isFields(value)) return value;
  const values = own(value, "values");
  return {
    key: own(value, "key") ?? "",
    operator: own(value, "operator") ?? "",
    ...(values === undefined ? {} : { values }),
  };
}

function fieldsOf({ structs, name }: GoStruct): readonly GoField[] {
  let known = parsed.get(structs);
  if (known === undefined) parsed.set(structs, (known = new Map()));
  let fields = known.get(name);
  if (fields === undefined) known.set(name, (fields = parseFields(structs[name] ?? "")));
  return fields;
}

function parseFields(text: string): readonly GoField[] {
  return text.split(",").map((part) => {
    const [names = "", type = ""] = part.trim().split(" ");
    const [name = "", json = jsonName(name)] = names.split("=");
    return { name, json, type };
  });
}

/** `DNSPolicy` is `dnsPolicy`, `NodeName` is `nodeName`, `TTY` is `tty`. */
function jsonName(name: string): string {
  const [capitals = ""] = /^[A-Z]+/.exec(name) ?? [];
  const isWhole = capitals.length === name.length || capitals.length === 1;
  const length = isWhole ? capitals.length : capitals.length - 1;
  return name.slice(0, length).toLowerCase() + name.slice(length);
}
