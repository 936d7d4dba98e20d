/** Paths of files in volumes and mounts. */
import type { FieldError } from "../../../machinery/status.ts";
import { fromProblem, invalid } from "../../field-errors.ts";

/** A path below the root of a volume. */
export function relativePathErrors(field: string, path: string): readonly FieldError[] {
  if (path.startsWith("/")) return [invalid(field, path, "must be a relative path")];
  return backstepErrors(field, path);
}

/** A path that stays below where it starts. */
export function backstepErrors(field: string, path: string): readonly FieldError[] {
  const problem = path.split("/").includes("..") ? "must not contain '..'" : undefined;
  return fromProblem(field, path, problem);
}
