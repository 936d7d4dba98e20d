/** How a deletion is wished for: in a `DeleteOptions` body, or where there is none in the query. */
import { deleteOptionsSchema } from "../../apis/meta/v1/schema.generated.ts";
import { isFields, own, type Fields } from "../../machinery/object.ts";
import type { ApiRequest } from "../../machinery/request.ts";
import { badRequest, invalid, type FieldError } from "../../machinery/status.ts";
import { checkFields } from "../../schema/strict.ts";
import type { DeleteWish, Propagation } from "../registry/delete.ts";
import { decodeBody } from "./body.ts";
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
  const propagation = text(fields, "propagationPolicy");
  const orphans = own(fields, "orphanDependents");
  const dryRun = own(fields, "dryRun");
  const dryRuns = (Array.isArray(dryRun) ? dryRun.map(String) : []).filter((each) => each !== "");
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
        uid: text(preconditions, "uid"),
        resourceVersion: text(preconditions, "resourceVersion"),
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
  const { value } = decodeBody(request, { kind: KIND, schema: deleteOptionsSchema });
  const kind = isFields(value) ? own(value, "kind") : undefined;
  // The options are known to every group, so any apiVersion will do.
  if (kind !== undefined && kind !== "" && kind !== KIND) {
    throw badRequest(`expecting ${KIND}, got ${JSON.stringify(kind)}`);
  }
  const report = checkFields(value, deleteOptionsSchema);
  const [problem] = report.typeProblems;
  if (problem !== undefined) throw badRequest(problem);
  return isFields(report.value) ? report.value : {};
}

function queryFields(query: URLSearchParams): Fields {
  const grace = query.get("gracePeriodSeconds") ?? "";
  if (grace !== "" && !/^[+-]?[0-9]{1,18}$/.test(grace)) {
    const why = `strconv.ParseInt: parsing ${JSON.stringify(grace)}: invalid syntax`;
    throw badRequest(why);
  }
  const orphans = query.get("orphanDependents") ?? "";
  const propagation = query.get("propagationPolicy") ?? "";
  const dryRun = query.getAll("dryRun");
  return {
    ...(grace === "" ? {} : { gracePeriodSeconds: Number(grace) }),
    ...(orphans === "" ? {} : { orphanDependents: orphans === "true" || orphans === "1" }),
    ...(propagation === "" ? {} : { propagationPolicy: propagation }),
    ...(dryRun.length === 0 ? {} : { dryRun }),
  };
}

function propagationErrors(
  propagation: string | undefined,
  orphans: unknown,
): readonly FieldError[] {
  const field = "propagationPolicy";
  if (propagation === undefined) return [];
  if (typeof orphans === "boolean") {
    const detail = "orphanDependents and deletionPropagation cannot be both set";
    return [{ field, type: "FieldValueInvalid", value: propagation, detail }];
  }
  if (PROPAGATIONS.some((each) => each === propagation)) return [];
  const detail = 'supported values: "Foreground", "Background", "Orphan", "nil"';
  return [{ field, type: "FieldValueNotSupported", value: propagation, detail }];
}

function legacyPropagation(orphans: unknown): Propagation | undefined {
  if (orphans === true) return "Orphan";
  return orphans === false ? "Background" : undefined;
}

function text(fields: Fields, name: string): string | undefined {
  const value = own(fields, name);
  return typeof value === "string" && value !== "" ? value : undefined;
}
