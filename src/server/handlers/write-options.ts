/** The query parameters of writes, read once and checked as upstream does. */
import { invalid, type FieldError } from "../../machinery/status.ts";
import type { ApiRequest } from "../../machinery/request.ts";

/** What happens with fields nobody knows and fields given twice. */
export type FieldValidation = "Ignore" | "Warn" | "Strict";

export type WriteOptions = {
  readonly isDryRun: boolean;
  readonly fieldValidation: FieldValidation;
  /** Field manager, or what the user agent calls itself, or "unknown". */
  readonly manager: string;
};

/** Bytes of a field manager's name. */
export const FIELD_MANAGER_BYTES_MAX = 128;

const FIELD_VALIDATIONS: readonly FieldValidation[] = ["Ignore", "Strict", "Warn"];

/** `kind` names the options in refusals: CreateOptions, UpdateOptions, PatchOptions. */
export function writeOptions(request: ApiRequest, kind: string): WriteOptions {
  const { query } = request;
  const errors: FieldError[] = [];
  const dryRun = query.getAll("dryRun").filter((value) => value !== "");
  errors.push(...dryRunErrors(dryRun));

  const fieldManager = query.get("fieldManager") ?? "";
  if (new TextEncoder().encode(fieldManager).length > FIELD_MANAGER_BYTES_MAX) {
    const detail = `may not be more than ${FIELD_MANAGER_BYTES_MAX} bytes`;
    errors.push({ field: "fieldManager", type: "FieldValueTooLong", detail });
  }
  const asked = query.get("fieldValidation") ?? "";
  const fieldValidation = FIELD_VALIDATIONS.find((each) => each === asked);
  if (fieldValidation === undefined && asked !== "") {
    const detail = 'supported values: "", "Ignore", "Strict", "Warn"';
    errors.push({ field: "fieldValidation", type: "FieldValueNotSupported", value: asked, detail });
  }
  if (errors.length > 0) throw invalid({ group: "meta.k8s.io", kind }, "", errors);
  return {
    isDryRun: dryRun.length > 0,
    fieldValidation: fieldValidation ?? "Warn",
    manager: fieldManager === "" ? userAgentName(request) : fieldManager,
  };
}

/** The only dry run there is has the name "All". */
export function dryRunErrors(dryRun: readonly string[]): readonly FieldError[] {
  if (dryRun.every((value) => value === "All")) return [];
  const detail = 'supported values: "All"';
  return [{ field: "dryRun", type: "FieldValueNotSupported", value: dryRun, detail }];
}

/** `kubectl` of `kubectl/v1.36.4 (linux/amd64)`. */
export function userAgentName(request: ApiRequest): string {
  const agent = request.headers["user-agent"] ?? "";
  const name = agent.split("/", 1)[0] ?? "";
  return name === "" ? "unknown" : name.slice(0, FIELD_MANAGER_BYTES_MAX);
}
