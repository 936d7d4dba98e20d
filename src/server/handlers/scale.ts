/** The scale subresource: replicas of any kind that has them, as autoscaling/v1 Scale. */
import { scaleSchema } from "../../apis/autoscaling/v1/schema.generated.ts";
import type { ScaleStrategy } from "../../apis/strategy.ts";
import { assert } from "../../base/assert.ts";
import type { Context } from "../../base/context.ts";
import { EncodedObject } from "../../machinery/encoded.ts";
import { isFields, own, type ApiObject } from "../../machinery/object.ts";
import type { ApiResponse } from "../../machinery/request.ts";
import { invalid, notFound } from "../../machinery/status.ts";
import { withMetadata } from "../registry/metadata.ts";
import { objectOf, prepare } from "../registry/read.ts";
import { storeKey } from "../registry/resource.ts";
import { modifyObject } from "../registry/write.ts";
import { decodeObject, toObject, type ExpectedKind } from "./body.ts";
import { readPatch } from "./patch-body.ts";
import { renderForeign } from "./render.ts";
import type { HandlerDeps, ObjectRequest } from "./request.ts";
import { checkName, partOf, writeTarget } from "./target.ts";
import { writeOptions, type WriteOptions } from "./write-options.ts";

const SCALE: ExpectedKind = {
  group: "autoscaling",
  version: "v1",
  kind: "Scale",
  schema: scaleSchema,
};

export async function getScale(
  request: ObjectRequest,
  deps: HandlerDeps,
  context: Context,
): Promise<ApiResponse> {
  const { resource, info } = request;
  const entry = await deps.store.get(storeKey(resource, info), context);
  if (entry === undefined) throw notFound(resource, info.name);
  await prepare([entry], resource, context);
  const scale = scaleOf(objectOf(entry, resource).value, strategyOf(request));
  return renderForeign(request, 200, EncodedObject.fromValue(scale));
}

export async function putScale(
  request: ObjectRequest,
  deps: HandlerDeps,
  context: Context,
): Promise<ApiResponse> {
  const options = writeOptions(request.request, "UpdateOptions");
  const { object, warnings } = decodeObject(request.request, SCALE, options.fieldValidation);
  checkName(object, request);
  return writeScale(request, options, "update", { next: () => object, warnings }, deps, context);
}

export async function patchScale(
  request: ObjectRequest,
  deps: HandlerDeps,
  context: Context,
): Promise<ApiResponse> {
  const options = writeOptions(request.request, "PatchOptions");
  const patch = readPatch(request.request, scaleSchema);
  const next = (scale: ApiObject): ApiObject => {
    const decoded = { value: patch({ ...scale }), duplicates: [] };
    const { object } = toObject(decoded, SCALE, options.fieldValidation);
    checkName(object, request);
    return object;
  };
  return writeScale(request, options, "patch", { next, warnings: [] }, deps, context);
}

async function writeScale(
  request: ObjectRequest,
  options: WriteOptions,
  verb: string,
  change: {
    readonly next: (scale: ApiObject) => ApiObject;
    readonly warnings: readonly string[];
  },
  deps: HandlerDeps,
  context: Context,
): Promise<ApiResponse> {
  const { resource } = request;
  const scaling = strategyOf(request);
  const written = await modifyObject(
    writeTarget(request, options, verb),
    {
      ...partOf(resource, ""),
      next: (old) => {
        const scale = change.next(scaleOf(old, scaling));
        const replicas = replicasOf(scale, request.info.name);
        // The precondition of a Scale is that of the object behind it.
        const { resourceVersion, uid } = scale.metadata;
        return withMetadata(scaling.withReplicas(old, replicas), { resourceVersion, uid });
      },
    },
    deps,
    context,
  );
  const scale = EncodedObject.fromValue(scaleOf(written.object.value, scaling));
  return renderForeign(request, 200, scale, change.warnings);
}

function scaleOf(object: ApiObject, scaling: ScaleStrategy<ApiObject>): ApiObject {
  const { name, namespace, uid, resourceVersion, creationTimestamp } = object.metadata;
  const selector = scaling.selector(object);
  const scale = {
    kind: SCALE.kind,
    apiVersion: "autoscaling/v1",
    metadata: {},
    spec: { replicas: scaling.replicas(object) },
    status: {
      replicas: scaling.statusReplicas(object),
      ...(selector === "" ? {} : { selector }),
    },
  };
  return withMetadata(scale, { name, namespace, uid, resourceVersion, creationTimestamp });
}

function replicasOf(scale: ApiObject, name: string): number {
  const { spec }: { readonly spec?: unknown } = scale as { readonly spec?: unknown };
  const replicas = isFields(spec) ? (own(spec, "replicas") ?? 0) : 0;
  if (typeof replicas === "number" && replicas >= 0) return replicas;
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
