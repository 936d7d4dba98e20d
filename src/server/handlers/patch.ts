import type { Context } from "../../base/context.ts";
import type { ApiObject, Fields } from "../../machinery/object.ts";
import type { ApiResponse } from "../../machinery/request.ts";
import { badRequest, conflict, plainRefusal, StatusError } from "../../machinery/status.ts";
import { appliedObject, configText } from "../registry/managed-fields-apply.ts";
import { withMetadata } from "../registry/metadata.ts";
import { modifyObject, type Modification, type WriteTarget } from "../registry/write.ts";
import { toObject, type DecodedObject } from "./body.ts";
import { mayCreate } from "./may-create.ts";
import { formatOf } from "./negotiation.ts";
import {
  CUSTOM_PATCH_TYPES,
  PATCH_TYPES,
  patchTypeOf,
  readPatch,
  type AppliedConfig,
  type PatchDocument,
} from "./patch-body.ts";
import { applyProblem, patchedObject } from "./patched-object.ts";
import { renderObject } from "./render.ts";
import type { HandlerDeps, ObjectRequest } from "./request.ts";
import { checkName, expectedKind, partOf, writeTarget } from "./target.ts";
import { patchOptions, type FieldValidation, type PatchOptions } from "./write-options.ts";

/**
 * PATCH of an object, or of its status. The patch is applied to the newest state; when another
 * write comes first, again to what that one left, so a patch without resourceVersion never meets a
 * conflict. An apply makes the object if there is none.
 */
export async function patchObject(
  request: ObjectRequest,
  deps: HandlerDeps,
  context: Context,
): Promise<ApiResponse> {
  const { resource, info } = request;
  const accepted = resource.custom === undefined ? PATCH_TYPES : CUSTOM_PATCH_TYPES;
  const type = patchTypeOf(request.request, accepted);
  formatOf(request);
  const options = patchOptions(request.request, type);
  const writes = resource.custom === undefined ? "touched" : "all";
  const patch = readPatch(request.request, resource.strategy.schema, writes);
  const target = writeTarget(request, options, "patch");
  const warnings: string[] = [];
  const change =
    patch.kind === "apply"
      ? applying(request, patch.read, { options, target, warnings }, deps)
      : patching(request, patch.change, options.fieldValidation);
  const modification: Modification = { ...partOf(resource, info.subresource), ...change };
  const { kind, object } = await modifyObject(target, modification, deps, context);
  const status = kind === "created" ? 201 : 200;
  return renderObject(request, { status, object, warnings }, deps.env);
}

type Change = Pick<Modification, "next" | "create" | "ownership">;

function patching(
  request: ObjectRequest,
  patch: PatchDocument,
  fieldValidation: FieldValidation,
): Change {
  const expected = expectedKind(request.resource);
  return {
    ownership: "updated",
    next: (old) => {
      const object = patchedObject(patch({ ...old }), expected, fieldValidation, request.warn);
      checkNamespace(object, request);
      checkName(object, request);
      return object;
    },
  };
}

/** The namespace is looked at before the name. */
function checkNamespace({ metadata }: ApiObject, { info, resource }: ObjectRequest): void {
  const { namespace = "" } = metadata;
  if (!resource.isNamespaced || namespace === "" || namespace === info.namespace) return;
  throw badRequest(
    "the namespace of the provided object does not match the namespace sent on the request",
  );
}

function applying(
  request: ObjectRequest,
  read: () => AppliedConfig,
  to: {
    readonly options: PatchOptions;
    readonly target: WriteTarget;
    readonly warnings: string[];
  },
  deps: HandlerDeps,
): Change {
  const { options, target, warnings } = to;
  const applied = async (live: ApiObject | undefined, context: Context): Promise<ApiObject> => {
    const { config, doubts } = read();
    const application = { config, isForced: options.isForced };
    const fields = await appliedObject(live, application, target, deps, context);
    warnings.splice(0, Infinity, ...judged(doubts, options.fieldValidation));
    return appliedAs(request, fields, config);
  };
  const onto: Change = { ownership: "given", next: applied };
  if (target.subresource !== "") return onto;
  return {
    ...onto,
    create: async (context) => {
      const object = await applied(undefined, context);
      checkNoUid(object, request);
      checkNamespace(object, request);
      checkName(object, request);
      const draft = withMetadata(object, { resourceVersion: undefined }); // of nothing, any will do
      return { object: draft, ownership: "given", authorize: mayCreate(request, deps) };
    },
    next: async (live, context) => {
      const object = await applied(live, context);
      checkNamespace(object, request);
      checkName(object, request);
      return object;
    },
  };
}

/** Fields that stand there twice; there are no unknown ones, they do not fit the schema. */
function judged(doubts: readonly string[], fieldValidation: FieldValidation): readonly string[] {
  if (doubts.length === 0 || fieldValidation === "Ignore") return [];
  if (fieldValidation === "Warn") return doubts;
  const why = ["error converting YAML to JSON: yaml: unmarshal errors:", ...doubts].join("\n  ");
  throw badRequest(`error strict decoding YAML: ${why}`);
}

/** The outcome of an apply as an object of the kind: nulls go, and its values must be possible. */
function appliedAs(request: ObjectRequest, fields: Fields, config: Fields): ApiObject {
  try {
    return decodeAs(request, fields, "Ignore").object;
  } catch (error) {
    if (!(error instanceof StatusError) || error.code !== 400) throw error;
    const what = `failed to convert new object (${configText(config)}) to proper version`;
    const { group, version, kind } = request.resource;
    const why = `unable to convert unstructured object to ${group}/${version}, Kind=${kind}`;
    throw plainRefusal(500, "", `${what}: ${why}: ${applyProblem(error.message)}`);
  }
}

function decodeAs(
  request: ObjectRequest,
  value: unknown,
  fieldValidation: FieldValidation,
): DecodedObject {
  return toObject({ value, duplicates: [] }, expectedKind(request.resource), fieldValidation);
}

/** Who names a uid means an object that is there. */
function checkNoUid(object: ApiObject, request: ObjectRequest): void {
  const { uid = "" } = object.metadata;
  if (uid === "") return;
  const why =
    `uid mismatch: the provided object specified uid ${uid}, ` + "and no existing object was found";
  throw conflict(request.resource, request.info.name, why);
}
