/** Values as TypeScript source, laid out as a formatter would. */
import { isFields } from "../../machinery/object.ts";

const WIDTH = 100;
const IDENTIFIER = /^[A-Za-z_$][A-Za-z0-9_$]*$/;

/** A literal of a JSON value. `used`: columns of the first line that are taken already. */
export function literalText(value: unknown, indent = "", used = 0): string {
  const flat = flatText(value);
  if (indent.length + used + flat.length < WIDTH) return flat;
  const inner = `${indent}  `;
  if (Array.isArray(value)) {
    const items = value.map((item: unknown) => `${inner}${literalText(item, inner)},\n`);
    return `[\n${items.join("")}${indent}]`;
  }
  if (!isFields(value)) return flat;
  const fields = Object.entries(value).map(([name, field]) => {
    const key = `${keyText(name)}: `;
    return `${inner}${key}${literalText(field, inner, key.length)},\n`;
  });
  return `{\n${fields.join("")}${indent}}`;
}

function flatText(value: unknown): string {
  if (Array.isArray(value)) return `[${value.map(flatText).join(", ")}]`;
  if (!isFields(value)) return JSON.stringify(value) ?? "undefined";
  const fields = Object.entries(value).map(([name, field]) => {
    return `${keyText(name)}: ${flatText(field)}`;
  });
  return fields.length === 0 ? "{}" : `{ ${fields.join(", ")} }`;
}

/** In a literal, `__proto__` by itself would be no field. */
function keyText(name: string): string {
  return name === "__proto__" ? '["__proto__"]' : propertyName(name);
}

/** The name of a field of a type: quoted where it must be. */
export function propertyName(name: string): string {
  return IDENTIFIER.test(name) ? name : JSON.stringify(name);
}
