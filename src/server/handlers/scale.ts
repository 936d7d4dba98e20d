/** The scale subresource: replicas of any kind that has them, as autoscaling/v1 Scale. */
import { scaleSchema } from "../../apis/autoscaling/v1/schema.generated.ts";
import type { ScaleStrategy } from "../../apis/strategy.ts";
import { assert } from "../../base/assert.ts";
import type { Context } from "../../base/context.ts";
import { EncodedObject } from "../../machinery/encoded.ts";
import { isFields, own, type ApiObject, type Fields } from "../../machinery/object.ts";
import type { ApiResponse } from "../../machinery/request.ts";
import {
  badRequest,
  internalError,
  invalid,
  notFound,
  plainRefusal,
} from "../../machinery/status.ts";
import { ownersOf, withMetadata } from "../registry/metadata.ts";
import { objectOf, prepare } from "../registry/read.ts";
import { storeKey } from "../registry/resource.ts";
import { appliedObject } from "../registry/managed-fields-apply.ts";
import type { FieldWriter } from "../registry/managed-fields.ts";
import { modifyObject } from "../registry/write.ts";
import { decodeObject, toObject, type ExpectedKind } from "./body.ts";
import { PATCH_TYPES, patchTypeOf, readPatch } from "./patch-body.ts";
import { patchedObject } from "./patched-object.ts";
import { renderObject } from "./render.ts";
import type { HandlerDeps, ObjectRequest } from "./request.ts";
import {
  changedScale,
  parentWithOwners,
  scaleWithOwners,
  scaleWriter,
  type ScaleChange,
} from "./scale-owners.ts";
import { shownAsScale } from "./scale-table.ts";
import { checkName, partOf, writeTarget } from "./target.ts";
import { patchOptions, writeOptions, type WriteOptions } from "./write-options.ts";

const SCALE: ExpectedKind = {
  group: "autoscaling",
  version: "v1",
  kind: "Scale",
  schema: scaleSchema,
};

/** Upstream takes the first owner's Scale for a custom resource, and cannot convert it. */
const UNOWNED_SCALE =
  "failed to create manager for existing fields: failed to convert live object " +
  "(/; autoscaling/v1, Kind=Scale) to proper version: request to convert CR to an invalid " +
  "group/version: autoscaling/v1";

export async function getScale(
  request: ObjectRequest,
  deps: HandlerDeps,
  context: Context,
): Promise<ApiResponse> {
  const { resource, info } = request;
  const entry = await deps.store.get(storeKey(resource, info), context);
  if (entry === undefined) throw notFound(resource, info.name);
  await prepare([entry], resource, context);
  const scaling = strategyOf(request);
  const object = objectOf(entry, resource).value;
  if (scaling.hasReplicas?.(object) === false) {
    const field = JSON.stringify(scaling.replicasField ?? "");
    throw internalError(`the spec replicas field ${field} does not exist`);
  }
  return render(scaleOf(object, scaling), request, deps);
}

export async function putScale(
  request: ObjectRequest,
  deps: HandlerDeps,
  context: Context,
): Promise<ApiResponse> {
  const options = writeOptions(request.request, "UpdateOptions");
  const { object, warnings } = decodeObject(request.request, SCALE, options.fieldValidation);
  checkName(object, request);
  const change: ScaleChange = { ownership: "updated", next: () => object, warnings };
  return writeScale(request, options, "update", change, deps, context);
}

export async function patchScale(
  request: ObjectRequest,
  deps: HandlerDeps,
  context: Context,
): Promise<ApiResponse> {
  const type = patchTypeOf(request.request, PATCH_TYPES);
  const options = patchOptions(request.request, type);
  const patch = readPatch(request.request, scaleSchema);
  const read = (value: unknown): ApiObject => {
    const decoded = { value, duplicates: [] };
    const { object } = toObject(decoded, SCALE, options.fieldValidation);
    checkName(object, request);
    return object;
  };
  if (patch.kind === "document") {
    const next = (scale: ApiObject): ApiObject => {
      const patched = patch.change({ ...scale });
      const object = patchedObject(patched, SCALE, options.fieldValidation, request.warn);
      checkName(object, request);
      return object;
    };
    const change: ScaleChange = { ownership: "updated", next, warnings: [] };
    return writeScale(request, options, "patch", change, deps, context);
  }
  const { isForced } = options;
  const isCustom = request.resource.custom !== undefined;
  const next = async (scale: ApiObject, writer: FieldWriter): Promise<ApiObject> => {
    if (isCustom && ownersOf(scale).length === 0) throw plainRefusal(500, "", UNOWNED_SCALE);
    const { config } = patch.read();
    return read(await appliedObject(scale, { config, isForced }, writer, deps, context));
  };
  const change: ScaleChange = { ownership: "given", next, warnings: [] };
  return writeScale(request, options, "patch", change, deps, context);
}

async function writeScale(
  request: ObjectRequest,
  options: WriteOptions,
  verb: string,
  change: ScaleChange,
  deps: HandlerDeps,
  context: Context,
): Promise<ApiResponse> {
  const { resource } = request;
  const { resources } = deps;
  const scaling = strategyOf(request);
  const writer = scaleWriter(resource, SCALE, options.manager);
  const written = await modifyObject(
    writeTarget(request, options, verb),
    {
      ...partOf(resource, ""),
      ownership: "given",
      form: {
        kind: SCALE,
        show: (object) => scaleOf(object, scaling),
        take: (object, scale) => scaling.withReplicas(object, replicasOf(scale, request)),
      },
      next: async (old) => {
        const before = scaleOf(old, scaling);
        const hasReplicas = scaling.hasReplicas?.(old) !== false;
        const known = hasReplicas ? before : Object.assign({}, before, { spec: {} });
        const live = scaleWithOwners(known, old, resource, resources);
        const scale = await changedScale(live, change, writer, deps, context);
        if (!hasReplicas) requireReplicas(scale, scaling);
        const replicas = replicasOf(scale, request);
        // The precondition of a Scale is that of the object behind it.
        const { resourceVersion, uid } = scale.metadata;
        const next = withMetadata(scaling.withReplicas(old, replicas), { resourceVersion, uid });
        return parentWithOwners(next, scale, resource, resources);
      },
    },
    deps,
    context,
  );
  return render(scaleOf(written.object.value, scaling), request, deps, change.warnings);
}

function render(
  scale: ApiObject,
  request: ObjectRequest,
  { env }: HandlerDeps,
  warnings: readonly string[] = [],
): ApiResponse {
  const shown = { ...request, resource: shownAsScale(request.resource, SCALE) };
  const object = EncodedObject.fromValue(scale);
  return renderObject(shown, { status: 200, object, warnings }, env);
}

/** A change of an object without the number must bring it. */
function requireReplicas(scale: ApiObject, scaling: ScaleStrategy<ApiObject>): void {
  const { spec }: { readonly spec?: unknown } = scale as { readonly spec?: unknown };
  if (isFields(spec) && own(spec, "replicas") !== undefined) return;
  const field = JSON.stringify(scaling.replicasField ?? "");
  throw badRequest(`the spec replicas field ${field} cannot be empty`);
}

function scaleOf(object: ApiObject, scaling: ScaleStrategy<ApiObject>): ApiObject {
  const { name, namespace, uid, resourceVersion, creationTimestamp } = object.metadata;
  const selector = scaling.selector(object);
  const scale = {
    kind: SCALE.kind,
    apiVersion: "autoscaling/v1",
    metadata: {},
    spec: specOf(scaling.replicas(object)),
    status: {
      replicas: scaling.statusReplicas(object),
      ...(selector === "" ? {} : { selector }),
    },
  };
  return withMetadata(scale, { name, namespace, uid, resourceVersion, creationTimestamp });
}

/** None at all is what a typed writer leaves out. */
function specOf(replicas: number): Fields {
  return replicas === 0 ? {} : { replicas };
}

function replicasOf(scale: ApiObject, { resource, info: { name } }: ObjectRequest): number {
  const { spec }: { readonly spec?: unknown } = scale as { readonly spec?: unknown };
  const replicas = isFields(spec) ? (own(spec, "replicas") ?? 0) : 0;
  // A custom resource is validated itself, with the path of its own field.
  const isJudgedLater = resource.custom !== undefined;
  if (typeof replicas === "number" && (replicas >= 0 || isJudgedLater)) return replicas;
  throw invalid(SCALE, name, [
    {
      field: "spec.replicas",
      type: "FieldValueInvalid",
      value: replicas,
      detail: "must be greater than or equal to 0",
    },
  ]);
}

function strategyOf(request: ObjectRequest): ScaleStrategy<ApiObject> {
  const { scale } = request.resource.strategy;
  assert(scale !== undefined, "only resources with a scale are routed here");
  return scale;
}
