/** The query parameters of writes, read once and checked as upstream does. */
import type { Fields } from "../../machinery/object.ts";
import { invalid, type FieldError } from "../../machinery/status.ts";
import type { ApiRequest } from "../../machinery/request.ts";
import { isPrintable, managerErrors } from "../registry/metadata-validation.ts";

/** What happens with fields nobody knows and fields given twice. */
export type FieldValidation = "Ignore" | "Warn" | "Strict";

export type WriteOptions = {
  readonly isDryRun: boolean;
  readonly fieldValidation: FieldValidation;
  /** Field manager, or what the user agent calls itself, or "unknown". */
  readonly manager: string;
  /** The options as they were sent, for admission; but for dry run. */
  readonly sent: Fields;
};

export type PatchOptions = WriteOptions & {
  /** Of an apply: fields are taken from other managers. */
  readonly isForced: boolean;
};

/** Bytes of a field manager's name. */
export const FIELD_MANAGER_BYTES_MAX = 128;

const FIELD_VALIDATIONS: readonly FieldValidation[] = ["Ignore", "Strict", "Warn"];

/** `kind` names the options in refusals: CreateOptions, UpdateOptions. */
export function writeOptions(request: ApiRequest, kind: string): WriteOptions {
  return checkedOptions(request, kind, []);
}

/** The options of a PATCH; an apply takes one more, and needs to know who applies. */
export function patchOptions(request: ApiRequest, type: "apply" | "other"): PatchOptions {
  const { query } = request;
  const force = query.get("force");
  const options = checkedOptions(request, "PatchOptions", patchErrors(query, type));
  return { ...options, isForced: force !== null && !/^(false|0)$/i.test(force) };
}

function patchErrors(query: URLSearchParams, type: "apply" | "other"): readonly FieldError[] {
  if (type === "apply") {
    if ((query.get("fieldManager") ?? "") !== "") return [];
    const detail = "is required for apply patch";
    return [{ field: "fieldManager", type: "FieldValueRequired", detail }];
  }
  if (!query.has("force")) return [];
  const detail = "may not be specified for non-apply patch";
  return [{ field: "force", type: "FieldValueForbidden", detail }];
}

function checkedOptions(
  request: ApiRequest,
  kind: string,
  before: readonly FieldError[],
): WriteOptions {
  const { query } = request;
  const fieldManager = query.get("fieldManager") ?? "";
  const dryRun = query.getAll("dryRun");
  const asked = query.get("fieldValidation") ?? "";
  const fieldValidation = FIELD_VALIDATIONS.find((each) => each === asked);
  const errors = [
    ...before,
    ...managerErrors(fieldManager, "fieldManager"),
    ...dryRunErrors(dryRun),
    ...(fieldValidation === undefined && asked !== "" ? [unknownValidation(asked)] : []),
  ];
  if (errors.length > 0) throw invalid({ group: "meta.k8s.io", kind }, "", errors);
  return {
    isDryRun: dryRun.length > 0,
    fieldValidation: fieldValidation ?? "Warn",
    manager: fieldManager === "" ? userAgentName(request) : fieldManager,
    sent: {
      ...(fieldManager === "" ? {} : { fieldManager }),
      ...(asked === "" ? {} : { fieldValidation: asked }),
    },
  };
}

function unknownValidation(value: string): FieldError {
  const detail = 'supported values: "", "Ignore", "Strict", "Warn"';
  return { field: "fieldValidation", type: "FieldValueNotSupported", value, detail };
}

/** The only dry run there is has the name "All". */
export function dryRunErrors(dryRun: readonly string[]): readonly FieldError[] {
  if (dryRun.every((value) => value === "All")) return [];
  const detail = 'supported values: "All"';
  return [{ field: "dryRun", type: "FieldValueNotSupported", value: dryRun, detail }];
}

const utf8 = new TextDecoder("utf-8", { fatal: true, ignoreBOM: true });

/** Headers hold bytes, one a letter; these may be those of a text in UTF-8. */
function utf8Of(header: string): string {
  const bytes = Buffer.from(header, "latin1");
  if (bytes.toString("latin1") !== header) return header; // no bytes at all
  try {
    return utf8.decode(bytes);
  } catch {
    return header;
  }
}

/** `kubectl` of `kubectl/v1.36.4 (linux/amd64)`, as far as it can be printed. */
export function userAgentName(request: ApiRequest): string {
  const agent = utf8Of(request.headers["user-agent"] ?? "").split("/", 1)[0] ?? "";
  let name = "";
  let size = 0;
  for (const character of agent) {
    if (!isPrintable(character)) continue;
    size += Buffer.byteLength(character);
    if (size > FIELD_MANAGER_BYTES_MAX) break;
    name += character;
  }
  return name === "" ? "unknown" : name;
}
