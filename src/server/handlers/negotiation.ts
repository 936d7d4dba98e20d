/**
 * The form of an answer. Clauses of the Accept header are tried in the order of their quality, each
 * against the media types in the order in which we offer them; the first that can be made is it.
 */
import { notAcceptable, plainRefusal, StatusError } from "../../machinery/status.ts";
import type { ObjectRequest } from "./request.ts";
import { JSON_TYPE, YAML_TYPE } from "../answers.ts";
import { PROTOBUF_TYPE } from "../protobuf/decode-body.ts";

export type MetaVersion = "v1" | "v1beta1";

/** `object`: as it is stored. The others are other views of the same objects. */
export type View =
  | { readonly kind: "object" }
  | { readonly kind: "table"; readonly version: MetaVersion }
  | {
      readonly kind: "metadata";
      readonly version: MetaVersion;
      /** Whether it was called PartialObjectMetadataList. */
      readonly isList: boolean;
    };

export type MediaType = "json" | "yaml" | "protobuf";

export type Format = { readonly mediaType: MediaType; readonly view: View };

/** What an endpoint can answer with. */
export type Offer = {
  /** Whether objects have a protobuf form; their metadata always has. */
  readonly hasProtobuf: boolean;
  readonly hasTable: boolean;
  /** Built-in endpoints check the types before all else, and refuse in other words. */
  readonly routes: readonly string[] | undefined;
  /** It is no object and has no other views, nor versions of its own. */
  readonly isDocument?: boolean;
};

/** Media types of answers. */
export const ANSWER_TYPES: readonly string[] = [JSON_TYPE, YAML_TYPE, PROTOBUF_TYPE];

/** Media types in which events can be sent one by one. */
export const STREAM_TYPES: readonly string[] = [JSON_TYPE, PROTOBUF_TYPE].map(
  (type) => `${type};stream=watch`,
);

/** What is said to be available where watches are answered, too. */
export const LIST_TYPES: readonly string[] = [...ANSWER_TYPES, ...STREAM_TYPES];

/** Of most endpoints of built-in kinds. */
export const BUILT_IN_OFFER: Offer = { hasProtobuf: true, hasTable: true, routes: ANSWER_TYPES };

const OFFERED: readonly (readonly [MediaType, subtype: string])[] = [
  ["json", "json"],
  ["yaml", "yaml"],
  ["protobuf", "vnd.kubernetes.protobuf"],
];

/** Clauses of an Accept header that are looked at. */
const CLAUSES_MAX = 32;

const META_GROUP = "meta.k8s.io";

/** The form in which a request wants objects of its resource. Throws 406. */
export function formatOf(request: ObjectRequest): Format {
  return negotiate(request.request.headers["accept"], offerOf(request));
}

/** As `formatOf`, of objects that are shown in no other view than their own. */
export function plainFormatOf(request: ObjectRequest): Format {
  return negotiate(request.request.headers["accept"], { ...offerOf(request), hasTable: false });
}

/** The form in which a request wants events. Throws 406 where there is no such form. */
export function streamFormatOf(request: ObjectRequest): Format {
  const format = formatOf(request);
  if (format.mediaType === "yaml") throw notAcceptable(STREAM_TYPES);
  return format;
}

function offerOf({ resource, info }: ObjectRequest): Offer {
  if (resource.custom !== undefined) {
    return { hasProtobuf: false, hasTable: true, routes: undefined };
  }
  const isCollection = info.verb === "list" || info.verb === "watch";
  return isCollection ? { ...BUILT_IN_OFFER, routes: LIST_TYPES } : BUILT_IN_OFFER;
}

/** Throws 406 when nothing that is accepted can be made. */
export function negotiate(accept: string | undefined, offer: Offer = BUILT_IN_OFFER): Format {
  const text = accept ?? "";
  if (text === "") return { mediaType: "json", view: { kind: "object" } };
  if (offer.routes !== undefined) checkRoute(text, offer.routes);
  const format = bestFormat(text, offer);
  if (format === undefined) throw notAcceptable(ANSWER_TYPES);
  return format;
}

/** The media type of a refusal: other views count as nothing, and nothing is JSON. */
export function refusalType(accept: string | undefined): MediaType {
  const offer: Offer = { hasProtobuf: true, hasTable: false, routes: undefined };
  for (const clause of parseAccept(accept ?? "")) {
    if (isTransformed(clause.parameters)) continue;
    const found = matching(clause).find((type) => {
      const isPossible = isStreamable(type, clause.parameters);
      return isPossible && isOffered(type, { kind: "object" }, offer);
    });
    if (found !== undefined) return found;
  }
  return "json";
}

/** A document that has no views, and the words of a refusal for those with a route of their own. */
export function negotiateDocument(
  accept: string | undefined,
  routes: readonly string[] | undefined,
): MediaType {
  return negotiate(accept, { ...BUILT_IN_OFFER, routes, isDocument: true }).mediaType;
}

/** The media type in which a list of groups is wanted; undefined: not wanted before all else. */
export function aggregatedType(accept: string | undefined, group: string): MediaType | undefined {
  for (const clause of parseAccept(accept ?? "")) {
    const { parameters } = clause;
    const isAggregated =
      parameters.get("as") === "APIGroupDiscoveryList" &&
      parameters.get("g") === group &&
      parameters.get("v") === "v2";
    if (isTransformed(parameters) && !isAggregated) continue;
    const found = matching(clause).find((type) => isStreamable(type, parameters));
    if (found === undefined) continue;
    return isAggregated && found !== "protobuf" ? found : undefined;
  }
  return undefined;
}

function bestFormat(accept: string, offer: Offer): Format | undefined {
  for (const clause of parseAccept(accept)) {
    const view = viewOf(clause.parameters);
    if (view === undefined) continue;
    if (offer.isDocument === true && !isPlain(clause.parameters)) continue;
    for (const mediaType of matching(clause)) {
      if (!isStreamable(mediaType, clause.parameters)) continue;
      if (isOffered(mediaType, view, offer)) return { mediaType, view };
    }
  }
  return undefined;
}

function isOffered(mediaType: MediaType, view: View, offer: Offer): boolean {
  switch (view.kind) {
    case "object":
      return mediaType !== "protobuf" || offer.hasProtobuf;
    case "table":
      return mediaType !== "protobuf" && offer.hasTable;
    case "metadata":
      return true;
  }
}

/** Throws 406 where none of the types is accepted, whatever the parameters. */
export function checkRoute(accept: string, routes: readonly string[]): void {
  if (accept === "") return;
  const types = routes === LIST_TYPES ? ANSWER_TYPES : routes;
  const isKnown = accept
    .split(",", CLAUSES_MAX)
    .map((clause) => clause.split(";", 1)[0]?.trim() ?? "")
    .some((type) => type === "*/*" || types.includes(type));
  if (isKnown) return;
  const message = `406: Not Acceptable\n\nAvailable representations: ${routes.join(", ")}`;
  const refusal = plainRefusal(406, "NotAcceptable", message);
  throw new StatusError({ ...refusal.status, details: {} });
}

/** One of the forms that a client accepts. */
export type Clause = {
  readonly type: string;
  readonly subtype: string;
  readonly quality: number;
  readonly parameters: ReadonlyMap<string, string>;
};

/** The clauses, best first. */
export function parseAccept(accept: string): readonly Clause[] {
  const clauses = accept.split(",", CLAUSES_MAX).flatMap(clausesIn);
  // Not a consistent order (a specific type of low quality and a wildcard of high quality each
  // come before the other), so the way of sorting matters: this is upstream's for short lists.
  for (let end = 1; end < clauses.length; end += 1) {
    for (let at = end; at > 0; at -= 1) {
      const [left, right] = [clauses[at - 1], clauses[at]];
      if (left === undefined || right === undefined || !isBefore(right, left)) break;
      clauses[at - 1] = right;
      clauses[at] = left;
    }
  }
  return clauses;
}

function isBefore(a: Clause, b: Clause): boolean {
  if (a.quality > b.quality) return true;
  if (a.type !== "*" && b.type === "*") return true;
  return a.subtype !== "*" && b.subtype === "*";
}

/** `application/json;as=Table;v=v1`; nothing for what is no media type. */
function clausesIn(text: string): readonly Clause[] {
  const [range = "", ...rest] = text.split(";").map((part) => part.trim());
  const parameters = new Map<string, string>();
  let quality = 1;
  for (const parameter of rest) {
    const equals = parameter.indexOf("=");
    if (equals < 0) continue;
    const name = parameter.slice(0, equals).trim();
    const value = parameter.slice(equals + 1).trim();
    if (name === "q") quality = qualityOf(value);
    else parameters.set(name, value);
  }
  if (range === "*") return [{ type: "*", subtype: "*", quality, parameters }];
  const parts = range.split("/").map((part) => part.trim());
  const [type = "", subtype = ""] = parts;
  return parts.length === 2 ? [{ type, subtype, quality, parameters }] : [];
}

function qualityOf(text: string): number {
  const value = Number(text);
  return text === "" || Number.isNaN(value) ? 0 : value;
}

function matching(clause: Clause): readonly MediaType[] {
  const { type, subtype } = clause;
  if (type === "*" && subtype === "*") return OFFERED.map(([mediaType]) => mediaType);
  if (type !== "application") return [];
  return OFFERED.filter(([, each]) => subtype === "*" || subtype === each).map(
    ([mediaType]) => mediaType,
  );
}

/** `stream=watch` is all there is to stream, and YAML has no form for it. */
function isStreamable(mediaType: MediaType, parameters: ReadonlyMap<string, string>): boolean {
  const stream = parameters.get("stream") ?? "";
  return stream === "" || (stream === "watch" && mediaType !== "yaml");
}

function isTransformed(parameters: ReadonlyMap<string, string>): boolean {
  return parameters.has("as") || parameters.has("g") || parameters.has("v");
}

function isPlain(parameters: ReadonlyMap<string, string>): boolean {
  return !isTransformed(parameters) && (parameters.get("sv") ?? "") === "";
}

function viewOf(parameters: ReadonlyMap<string, string>): View | undefined {
  const serverVersion = parameters.get("sv") ?? "";
  if (serverVersion !== "" && serverVersion !== "v1") return undefined;
  if (!isTransformed(parameters)) return { kind: "object" };
  const version = parameters.get("v");
  if (parameters.get("g") !== META_GROUP) return undefined;
  if (version !== "v1" && version !== "v1beta1") return undefined;
  switch (parameters.get("as")) {
    case "Table":
      return { kind: "table", version };
    case "PartialObjectMetadata":
      return { kind: "metadata", version, isList: false };
    case "PartialObjectMetadataList":
      return { kind: "metadata", version, isList: true };
    default:
      return undefined;
  }
}
