/** POST to a service account's `token`: a new token for it, which is kept nowhere. */
import {
  TOKEN_SECONDS,
  tokenRequestErrors,
} from "../../../apis/authentication/v1/token-request.ts";
import { tokenRequestStrategy } from "../../../apis/authentication/v1/reviews.ts";
import type {
  BoundObjectReference,
  TokenRequest,
  TokenRequestSpec,
} from "../../../apis/authentication/v1/types.generated.ts";
import { invalid as invalidField } from "../../../apis/field-errors.ts";
import type { Pod } from "../../../apis/core/v1/types.generated.ts";
import type { Context } from "../../../base/context.ts";
import { apiTime } from "../../../machinery/api-time.ts";
import { EncodedObject } from "../../../machinery/encoded.ts";
import { parseApiVersion } from "../../../machinery/gvk.ts";
import type { ApiObject } from "../../../machinery/object.ts";
import type { ApiResponse } from "../../../machinery/request.ts";
import { badRequest, conflict, invalid, isStatus, notFound } from "../../../machinery/status.ts";
import type { ClaimedObject, TokenClaims } from "../../authn/service-account/token-claims.ts";
import { serviceAccountUser } from "../../authn/service-account/user-name.ts";
import { inNamespace, withMetadata } from "../../registry/metadata.ts";
import { objectOf, prepare } from "../../registry/read.ts";
import { makeResource, storeKey, type Resource } from "../../registry/resource.ts";
import { reviewOf } from "../../registry/write.ts";
import { decodeObject, type ExpectedKind } from "../body.ts";
import { renderForeign } from "../render.ts";
import type { HandlerDeps, ObjectRequest } from "../request.ts";
import { expectedKind, writeTarget } from "../target.ts";
import { writeOptions } from "../write-options.ts";
import { negotiateObject, withOwners } from "./review.ts";

/** Of a kind of its own, though it is served as a part of accounts. */
const TOKEN_REQUESTS: Resource = makeResource(tokenRequestStrategy);

const TOKEN_REQUEST: ExpectedKind = expectedKind(TOKEN_REQUESTS);

/** What a token depends on, each as far as there is one. */
type Bound = Pick<TokenClaims, "pod" | "node" | "secret">;

/** A request whose defaults are filled in. */
type Asked = Required<Pick<TokenRequestSpec, "audiences" | "expirationSeconds">> &
  Pick<TokenRequestSpec, "boundObjectRef">;

export async function requestToken(
  request: ObjectRequest,
  deps: HandlerDeps,
  context: Context,
): Promise<ApiResponse> {
  negotiateObject(request);
  const { namespace, name } = request.info;
  const options = writeOptions(request.request, "CreateOptions");
  const { fieldValidation } = options;
  const decoded = decodeObject(request.request, TOKEN_REQUEST, fieldValidation);
  checkPlace(decoded.object, request);
  await find("namespaces", "", namespace, deps, context);
  const account = await find("serviceaccounts", namespace, name, deps, context);
  const nowMs = deps.env.clock.now();
  const asked = withDefaults(decoded.object, deps);
  const errors = tokenRequestErrors(asked);
  if (errors.length > 0) throw invalid(TOKEN_REQUEST, "", errors);

  const uid = deps.env.ids.uuid();
  const metadata = { name, namespace, uid, creationTimestamp: apiTime(nowMs) };
  const target = writeTarget(request, options, "create");
  const writer = { ...target, resource: TOKEN_REQUESTS };
  const owned = await withOwners(asSent(decoded.object, asked), writer, deps, context);
  const empty = {
    spec: { ...asked, boundObjectRef: asked.boundObjectRef ?? null },
    status: { token: "", expirationTimestamp: null },
  };
  const sent = { ...withMetadata(owned, metadata), ...empty };
  const review = {
    ...reviewOf(target, "create"),
    object: sent,
    old: undefined,
    kind: TOKEN_REQUEST,
  };
  const object = await deps.admission.admit(review, context);

  const bound = await boundObject(asked.boundObjectRef, request, deps, context);
  const { seconds, warnings } = limited(asked.expirationSeconds, deps);
  const claims = claimsFor(account, { ...asked, expirationSeconds: seconds }, bound, nowMs, deps);
  const token = await deps.authentication.issuer.issue(claims);
  const spec = { ...empty.spec, expirationSeconds: seconds };
  const status = { token, expirationTimestamp: apiTime(nowMs + seconds * 1_000) };
  const answer = EncodedObject.fromValue({ ...object, spec, status });
  return renderForeign(request, 201, answer, [...decoded.warnings, ...warnings]);
}

/** Name and namespace may be left out, but not be those of another account. */
function checkPlace(object: ApiObject, { info, resource }: ObjectRequest): void {
  const { name = "" } = inNamespace(object, { resource, namespace: info.namespace }).metadata;
  if (name === "" || name === info.name) return;
  const detail = "must match the service account name if specified";
  throw invalid(TOKEN_REQUEST, info.name, [invalidField("metadata.name", name, detail)]);
}

function withDefaults(object: ApiObject, deps: HandlerDeps): Asked {
  const { spec = {} } = object as Partial<Pick<TokenRequest, "spec">>;
  const { expirationSeconds = TOKEN_SECONDS, boundObjectRef } = spec;
  const audiences = spec.audiences ?? [];
  return {
    audiences: audiences.length === 0 ? deps.authentication.audiences : audiences,
    ...(boundObjectRef === undefined ? {} : { boundObjectRef }),
    expirationSeconds,
  };
}

/** Audiences nobody asked for are nobody's. */
function asSent(object: ApiObject, asked: Asked): ApiObject {
  const { spec = {} } = object as Partial<Pick<TokenRequest, "spec">>;
  const { audiences, ...others } = asked;
  const isAsked = (spec.audiences ?? []).length > 0;
  return Object.assign({}, object, { spec: isAsked ? { audiences, ...others } : others });
}

function limited(
  asked: number,
  deps: HandlerDeps,
): { readonly seconds: number; readonly warnings: readonly string[] } {
  const { tokenSecondsMax } = deps.authentication;
  if (tokenSecondsMax === undefined || asked <= tokenSecondsMax) {
    return { seconds: asked, warnings: [] };
  }
  const [wished, given] = [`${asked} seconds`, `${tokenSecondsMax} seconds`];
  const warning = `requested expiration of ${wished} shortened to ${given}`;
  return { seconds: tokenSecondsMax, warnings: [warning] };
}

async function boundObject(
  reference: BoundObjectReference | undefined,
  request: ObjectRequest,
  deps: HandlerDeps,
  context: Context,
): Promise<Bound> {
  const nothing: Bound = { pod: undefined, node: undefined, secret: undefined };
  if (reference === undefined) return nothing;
  const { apiVersion = "", kind = "", name = "" } = reference;
  const { namespace } = request.info;
  const group = parseApiVersion(apiVersion)?.group ?? "";
  const isKnown = group === "" && ["Pod", "Node", "Secret"].includes(kind);
  if (isKnown && name === "") throw badRequest("Name parameter required.");
  switch (group === "" ? kind : "") {
    case "Pod": {
      const pod = await find("pods", namespace, name, deps, context);
      checkPodAccount(pod, request.info.name);
      checkUid(reference, pod);
      return { ...nothing, pod: claimed(pod), node: await nodeOf(pod, deps, context) };
    }
    case "Node": {
      const node = await find("nodes", "", name, deps, context);
      checkUid(reference, node);
      return { ...nothing, node: claimed(node) };
    }
    case "Secret": {
      const secret = await find("secrets", namespace, name, deps, context);
      checkUid(reference, secret);
      return { ...nothing, secret: claimed(secret) };
    }
    default:
      throw badRequest(`cannot bind token to object of type ${typeText(apiVersion, kind)}`);
  }
}

/** `apps/v1, Kind=Deployment` */
function typeText(apiVersion: string, kind: string): string {
  return `${apiVersion.includes("/") ? apiVersion : `/${apiVersion}`}, Kind=${kind}`;
}

function checkPodAccount(pod: ApiObject, account: string): void {
  const { spec } = pod as Partial<Pick<Pod, "spec">>;
  if (spec?.serviceAccountName === account) return;
  throw badRequest(
    `cannot bind token for serviceaccount ${JSON.stringify(account)} to pod running with ` +
      "different serviceaccount name.",
  );
}

function checkUid(reference: BoundObjectReference, object: ApiObject): void {
  const { uid = "", kind = "", name = "" } = reference;
  if (uid === "" || uid === object.metadata.uid) return;
  const why =
    `the UID in the bound object reference (${uid}) does not match the UID in record. ` +
    "The object might have been deleted and then recreated";
  throw conflict({ group: "", resource: kind }, name, why);
}

/** The node a pod is on; one that is not there any more is known by its name alone. */
async function nodeOf(
  pod: ApiObject,
  deps: HandlerDeps,
  context: Context,
): Promise<ClaimedObject | undefined> {
  const { spec } = pod as Partial<Pick<Pod, "spec">>;
  const name = spec?.nodeName ?? "";
  if (name === "") return undefined;
  try {
    return claimed(await find("nodes", "", name, deps, context));
  } catch (error) {
    if (isStatus(error, "NotFound")) return { name, uid: "" };
    throw error;
  }
}

function claimsFor(
  account: ApiObject,
  asked: Asked,
  bound: Bound,
  nowMs: number,
  deps: HandlerDeps,
): TokenClaims {
  const { namespace = "", name = "" } = account.metadata;
  const now = Math.floor(nowMs / 1_000);
  return {
    issuer: deps.authentication.issuer.issuer,
    subject: serviceAccountUser(namespace, name),
    audiences: asked.audiences,
    issuedAt: now,
    notBefore: now,
    expires: now + asked.expirationSeconds,
    id: deps.env.ids.uuid(),
    namespace,
    serviceAccount: claimed(account),
    ...bound,
    warnAfter: undefined,
    isLegacy: false,
  };
}

function claimed({ metadata }: ApiObject): ClaimedObject {
  return { name: metadata.name ?? "", uid: metadata.uid ?? "" };
}

/** An object of the core group. Throws 404. */
async function find(
  plural: string,
  namespace: string,
  name: string,
  deps: HandlerDeps,
  context: Context,
): Promise<ApiObject> {
  const about = { group: "", resource: plural };
  const resource = deps.resources.find({ ...about, version: "v1" });
  if (resource === undefined || name === "") throw notFound(about, name);
  const entry = await deps.store.get(storeKey(resource, { namespace, name }), context);
  if (entry === undefined) throw notFound(about, name);
  await prepare([entry], resource, context);
  return objectOf(entry, resource).value;
}
