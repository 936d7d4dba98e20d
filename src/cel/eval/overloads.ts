/** Which overload values are for, where types did not tell. */
import { CelError } from "../cel-error.ts";
import type { FunctionDeclaration, Overload } from "../functions.ts";
import type { CelType } from "../types.ts";
import type { CelResult, CelValue } from "../values.ts";
import { isError, typeNameOf } from "./runtime-types.ts";

/** Calls the first of the overloads that takes these values. */
export function dispatch(
  declaration: FunctionDeclaration,
  overloads: readonly Overload[],
  args: readonly CelValue[],
): CelResult {
  for (const { parameters, run } of overloads) {
    if (run !== undefined && takes(parameters, args)) return run(args);
  }
  const types = args.map((arg) => shownTypeName(arg)).join(", ");
  return new CelError(`no such overload: ${declaration.name}(${types})`);
}

function shownTypeName(value: CelValue): string {
  return typeNameOf(value);
}

function takes(parameters: readonly CelType[], args: readonly CelValue[]): boolean {
  if (parameters.length !== args.length) return false;
  return parameters.every((type, index) => isOfType(args[index] ?? null, type));
}

/** Whether a value is of a type. Of lists and maps, the first element stands for all. */
export function isOfType(value: CelResult, type: CelType): boolean {
  if (isError(value)) return false;
  switch (type.kind) {
    case "dyn":
    case "parameter":
      return true;
    case "null":
      return value === null;
    case "wrapper":
      return value === null || isOfType(value, type.of);
    case "list":
      return isListOf(value, type.element);
    case "map":
      return isMapOf(value, type.key, type.value);
    default:
      return typeNameOf(value) === runtimeTypeName(type);
  }
}

function isListOf(value: CelValue, element: CelType): boolean {
  if (typeof value !== "object" || value === null || value instanceof Uint8Array) return false;
  if (value.kind !== "list") return false;
  return isOpen(element) || value.size === 0 || isOfType(value.at(0), element);
}

function isMapOf(value: CelValue, keyType: CelType, valueType: CelType): boolean {
  if (typeof value !== "object" || value === null || value instanceof Uint8Array) return false;
  if (value.kind !== "map") return false;
  if (isOpen(keyType) && isOpen(valueType)) return true;
  const [key] = value.keys();
  if (key === undefined) return true;
  return isOfType(key, keyType) && isOfType(value.get(key) ?? null, valueType);
}

function isOpen(type: CelType): boolean {
  return type.kind === "dyn" || type.kind === "parameter";
}

function runtimeTypeName(type: CelType): string {
  switch (type.kind) {
    case "timestamp":
      return "google.protobuf.Timestamp";
    case "duration":
      return "google.protobuf.Duration";
    case "optional":
      return "optional_type";
    case "object":
    case "opaque":
      return type.name;
    default:
      return type.kind;
  }
}
