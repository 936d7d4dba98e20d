/**
 * /openapi/v3: an index, and one document a group and version, whose URL names its content.
 * /openapi/v2: all of it in one protobuf message, for older clients.
 */
import type { ApiRequest, ApiResponse } from "../../machinery/request.ts";
import { notAcceptable } from "../../machinery/status.ts";
import { TEXT_TYPE, valueAnswer } from "../answers.ts";
import { apiGroups } from "../discovery/api-groups.ts";
import { contentHash } from "../discovery/content-hash.ts";
import { withEtag } from "../discovery/discovery-paths.ts";
import type { PathHandler } from "../dispatch.ts";
import type { Resources } from "../registry/resource.ts";
import { encodeSwagger } from "./swagger-protobuf.ts";
import { groupVersionPath, openapiDocument, swaggerDocument } from "./document.ts";

const ROOT = "/openapi/v3";
const SWAGGER_PATH = "/openapi/v2";
const SWAGGER_PROTOBUF_TYPE = "application/com.github.proto-openapi.spec.v2.v1.0+protobuf";
/** How clients ask for it: upstream answers with another spelling than it is asked for. */
const SWAGGER_PROTOBUF_ASKED = "application/com.github.proto-openapi.spec.v2@v1.0+protobuf";

type Document = { readonly hash: string; readonly answer: ApiResponse };

/** Documents are made at the first request and kept. */
export function openapiPaths(resources: Resources): PathHandler {
  let documents: ReadonlyMap<string, Document> | undefined;
  let swagger: Uint8Array | undefined;
  return (request) => {
    if (request.path === SWAGGER_PATH) {
      const accept = request.headers["accept"] ?? "";
      const isReadable = accept.includes(SWAGGER_PROTOBUF_ASKED) || accept.includes("*/*");
      if (!isReadable) throw notAcceptable([SWAGGER_PROTOBUF_ASKED]);
      swagger ??= encodeSwagger(swaggerDocument(resources.all()));
      return answerSwagger(swagger, request);
    }
    if (request.path !== ROOT && !request.path.startsWith(`${ROOT}/`)) return undefined;
    documents ??= makeDocuments(resources);
    if (request.path === ROOT) return answerIndex(documents, request);
    const path = request.path.slice(ROOT.length + 1);
    const document = documents.get(path);
    return document === undefined ? undefined : answerDocument(path, document, request);
  };
}

function answerSwagger(bytes: Uint8Array, request: ApiRequest): ApiResponse {
  const headers = { "content-type": SWAGGER_PROTOBUF_TYPE };
  return withEtag({ status: 200, headers, warnings: [], body: { kind: "bytes", bytes } }, request);
}

function makeDocuments(resources: Resources): ReadonlyMap<string, Document> {
  const entries = apiGroups(resources.all()).flatMap((group) =>
    group.versions.map((version): readonly [string, Document] => {
      const answer = valueAnswer(200, openapiDocument(group.group, version));
      const bytes = answer.body.kind === "object" ? answer.body.object.bytes : new Uint8Array();
      const hash = contentHash(new TextDecoder().decode(bytes)).toUpperCase();
      return [groupVersionPath(group.group, version.version), { hash, answer }];
    }),
  );
  return new Map(entries);
}

function answerIndex(documents: ReadonlyMap<string, Document>, request: ApiRequest): ApiResponse {
  const paths = Object.fromEntries(
    [...documents].map(([path, { hash }]) => [path, { serverRelativeURL: urlOf(path, hash) }]),
  );
  const answer = valueAnswer(200, { paths });
  return withEtag({ ...answer, headers: { "content-type": TEXT_TYPE } }, request);
}

function answerDocument(path: string, document: Document, request: ApiRequest): ApiResponse {
  const asked = request.query.get("hash");
  if (asked === null) return withEtag(document.answer, request);
  if (asked !== document.hash) {
    const location = urlOf(path, document.hash);
    return { status: 301, headers: { location }, warnings: [], body: { kind: "none" } };
  }
  const answer = withEtag(document.answer, request);
  // The URL names the content, so it can be kept for ever.
  const headers = { ...answer.headers, "cache-control": "public, immutable" };
  return { ...answer, headers };
}

function urlOf(path: string, hash: string): string {
  return `${ROOT}/${path}?hash=${hash}`;
}
