/** The form of an answer: the first the client accepts that we can make. */
import { notAcceptable, plainRefusal, StatusError } from "../../machinery/status.ts";
import { JSON_TYPE, YAML_TYPE } from "../answers.ts";

export type MetaVersion = "v1" | "v1beta1";

/** `object`: as it is stored. The others are other views of the same objects. */
export type View =
  | { readonly kind: "object" }
  | { readonly kind: "table"; readonly version: MetaVersion }
  | { readonly kind: "metadata"; readonly version: MetaVersion };

export type Format = { readonly mediaType: "json" | "yaml"; readonly view: View };

/** Media types of answers. */
export const ANSWER_TYPES: readonly string[] = [JSON_TYPE, YAML_TYPE];

/** Clauses of an Accept header that are looked at. */
const CLAUSES_MAX = 32;

const META_GROUP = "meta.k8s.io";

/** Throws 406 when nothing that is accepted can be made. */
export function negotiate(accept: string | undefined): Format {
  const clauses = (accept ?? "").split(",", CLAUSES_MAX).map(parseClause);
  const present = clauses.filter((clause) => clause.type !== "");
  if (present.length === 0) return { mediaType: "json", view: { kind: "object" } };
  for (const clause of present) {
    const mediaType = mediaTypeOf(clause.type);
    const view = viewOf(clause.parameters);
    if (mediaType !== undefined && view !== undefined) return { mediaType, view };
  }
  if (present.some((clause) => mediaTypeOf(clause.type) !== undefined)) {
    throw notAcceptable(ANSWER_TYPES);
  }
  const list = ANSWER_TYPES.join(", ");
  const message = `406: Not Acceptable\n\nAvailable representations: ${list}`;
  const refusal = plainRefusal(406, "NotAcceptable", message);
  throw new StatusError({ ...refusal.status, details: {} });
}

type Clause = { readonly type: string; readonly parameters: ReadonlyMap<string, string> };

/** `application/json;as=Table;v=v1` */
export function parseClause(text: string): Clause {
  const [type = "", ...rest] = text.split(";").map((part) => part.trim());
  const parameters = new Map<string, string>();
  for (const parameter of rest) {
    const equals = parameter.indexOf("=");
    if (equals > 0) parameters.set(parameter.slice(0, equals), parameter.slice(equals + 1));
  }
  return { type: type.toLowerCase(), parameters };
}

function mediaTypeOf(type: string): "json" | "yaml" | undefined {
  if (type === JSON_TYPE || type === "*/*" || type === "application/*") return "json";
  return type === YAML_TYPE ? "yaml" : undefined;
}

function viewOf(parameters: ReadonlyMap<string, string>): View | undefined {
  const as = parameters.get("as");
  if (as === undefined) return { kind: "object" };
  const version = parameters.get("v");
  if (parameters.get("g") !== META_GROUP) return undefined;
  if (version !== "v1" && version !== "v1beta1") return undefined;
  if (as === "Table") return { kind: "table", version };
  const isMetadata = as === "PartialObjectMetadata" || as === "PartialObjectMetadataList";
  return isMetadata ? { kind: "metadata", version } : undefined;
}
