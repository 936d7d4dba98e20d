/** How a deletion is wished for: in a `DeleteOptions` body, or where there is none in the query. */
import { deleteOptionsSchema } from "../../apis/meta/v1/schema.generated.ts";
import { quoted } from "../../machinery/go-quote.ts";
import { parseApiVersion } from "../../machinery/gvk.ts";
import { isFields, own, type Fields } from "../../machinery/object.ts";
import type { ApiRequest } from "../../machinery/request.ts";
import { badRequest, invalid, type FieldError, type StatusError } from "../../machinery/status.ts";
import { checkFields, jsonTypeOf } from "../../schema/strict.ts";
import type { DeleteWish, Propagation } from "../registry/delete.ts";
import { isTrue } from "../request-info.ts";
import { decodeOptions, GO_KIND } from "./body.ts";
import { dryRunErrors, userAgentName } from "./write-options.ts";

export type DeleteOptions = {
  readonly wish: DeleteWish;
  readonly isDryRun: boolean;
  readonly manager: string;
  /** The options as they were sent, for admission; but for dry run. */
  readonly sent: Fields;
  /** Asked for by the old `orphanDependents=false`, which is answered 202 while it goes on. */
  readonly isAcceptedOnly: boolean;
};

const KIND = "DeleteOptions";
const NOT_SENT_ON: ReadonlySet<string> = new Set(["kind", "apiVersion", "dryRun"]);
const PROPAGATIONS: readonly Propagation[] = ["Foreground", "Background", "Orphan"];

/** Throws 400 or 422. */
export function deleteOptions(request: ApiRequest): DeleteOptions {
  const fields = hasBody(request) ? bodyFields(request) : queryFields(request.query);
  return toDeleteOptions(fields, request);
}

/** Options from fields that were checked already, e.g. of an Eviction. */
export function toDeleteOptions(fields: Fields, request: ApiRequest): DeleteOptions {
  const propagation = textOf(fields, "propagationPolicy");
  const orphans = own(fields, "orphanDependents");
  const dryRun = own(fields, "dryRun");
  const dryRuns = Array.isArray(dryRun) ? dryRun.map(String) : [];
  const errors = [...propagationErrors(propagation, orphans), ...dryRunErrors(dryRuns)];
  if (errors.length > 0) throw invalid({ group: "meta.k8s.io", kind: KIND }, "", errors);

  const grace = own(fields, "gracePeriodSeconds");
  const sent = own(fields, "preconditions");
  const preconditions = isFields(sent) ? sent : {};
  return {
    wish: {
      graceSeconds: typeof grace === "number" ? (grace < 0 ? 1 : grace) : undefined,
      propagation: PROPAGATIONS.find((each) => each === propagation) ?? legacyPropagation(orphans),
      preconditions: {
        uid: textOf(preconditions, "uid"),
        resourceVersion: textOf(preconditions, "resourceVersion"),
      },
    },
    isDryRun: dryRuns.length > 0,
    manager: userAgentName(request),
    sent: Object.fromEntries(Object.entries(fields).filter(([name]) => !NOT_SENT_ON.has(name))),
    isAcceptedOnly: orphans === false,
  };
}

function hasBody(request: ApiRequest): boolean {
  const { body } = request;
  return body.kind === "value" || (body.kind === "bytes" && body.bytes.length > 0);
}

function bodyFields(request: ApiRequest): Fields {
  const { value } = decodeOptions(request, { kind: KIND, schema: deleteOptionsSchema });
  const fields = value ?? {};
  if (!isFields(fields)) throw unreadable(`${jsonTypeOf(fields)} into Go value of type ${GO_KIND}`);
  checkKind(fields);
  const report = checkFields(fields, deleteOptionsSchema);
  const [problem] = report.typeProblems;
  if (problem !== undefined) throw badRequest(problem);
  return isFields(report.value) ? report.value : {};
}

/** The options are known to every group, so any apiVersion of ours will do. */
function checkKind(fields: Fields): void {
  for (const field of ["apiVersion", "kind"]) {
    const value = own(fields, field) ?? "";
    if (typeof value === "string") continue;
    throw unreadable(`${jsonTypeOf(value)} into Go struct field .${field} of type string`);
  }
  const kind = textOf(fields, "kind") ?? "";
  const stated = textOf(fields, "apiVersion") ?? "";
  const apiVersion = stated === "" ? "meta.k8s.io/v1" : stated;
  if (parseApiVersion(apiVersion) === undefined) {
    throw badRequest(`unexpected GroupVersion string: ${apiVersion}`);
  }
  if (kind === "" || kind === KIND) return;
  const version = JSON.stringify(apiVersion);
  const where = `version ${version} in scheme "${GO_SCHEME}"`;
  throw badRequest(`no kind ${quoted(kind)} is registered for ${where}`);
}

/** Where upstream's list of the options begins; its texts say so. */
const GO_SCHEME = "pkg/apis/meta/internalversion/scheme/register.go:27";

function unreadable(what: string): StatusError {
  return badRequest(`couldn't get version/kind; json parse error: json: cannot unmarshal ${what}`);
}

function queryFields(query: URLSearchParams): Fields {
  const grace = query.get("gracePeriodSeconds") ?? "";
  if (grace !== "" && !/^[+-]?[0-9]{1,18}$/.test(grace)) {
    const why = `strconv.ParseInt: parsing ${JSON.stringify(grace)}: invalid syntax`;
    throw badRequest(why);
  }
  const orphans = query.get("orphanDependents");
  const propagation = query.get("propagationPolicy");
  const dryRun = query.getAll("dryRun");
  const uid = query.get("uid");
  const resourceVersion = query.get("resourceVersion");
  const preconditions = {
    ...(uid === null ? {} : { uid }),
    ...(resourceVersion === null ? {} : { resourceVersion }),
  };
  return {
    ...(grace === "" ? {} : { gracePeriodSeconds: Number(grace) }),
    ...(orphans === null ? {} : { orphanDependents: isTrue(orphans) }),
    ...(propagation === null ? {} : { propagationPolicy: propagation }),
    ...(dryRun.length === 0 ? {} : { dryRun }),
    ...(Object.keys(preconditions).length === 0 ? {} : { preconditions }),
  };
}

function propagationErrors(
  propagation: string | undefined,
  orphans: unknown,
): readonly FieldError[] {
  const field = "propagationPolicy";
  if (propagation === undefined) return [];
  const errors: FieldError[] = [];
  if (typeof orphans === "boolean") {
    const detail = "orphanDependents and deletionPropagation cannot be both set";
    errors.push({ field, type: "FieldValueInvalid", value: propagation, detail });
  }
  if (PROPAGATIONS.some((each) => each === propagation)) return errors;
  const detail = 'supported values: "Foreground", "Background", "Orphan", "nil"';
  return [...errors, { field, type: "FieldValueNotSupported", value: propagation, detail }];
}

function legacyPropagation(orphans: unknown): Propagation | undefined {
  if (orphans === true) return "Orphan";
  return orphans === false ? "Background" : undefined;
}

/** What is there counts, even if it is empty. */
function textOf(fields: Fields, name: string): string | undefined {
  const value = own(fields, name);
  return typeof value === "string" ? value : undefined;
}
