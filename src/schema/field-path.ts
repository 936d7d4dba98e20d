/** Paths of fields as errors show them: `spec.ports[0].name`, `labels[app]`; "" is the root. */

/** A named field. */
export function child(path: string, name: string): string {
  return path === "" ? name : `${path}.${name}`;
}

/** An element of a list, or the value at a key of a map. */
export function at(path: string, step: string | number): string {
  return `${path}[${step}]`;
}

/** Upstream prints the root like this. */
export const ROOT_FIELD = "<nil>";

/** The path as errors name it. */
export function fieldName(path: string): string {
  return path === "" ? ROOT_FIELD : path;
}
