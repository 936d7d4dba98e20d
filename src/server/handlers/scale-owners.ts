/** Who owns the replicas of an object, as its Scale tells it and learns it. */
import type { Context } from "../../base/context.ts";
import { isFields, own, type ApiObject } from "../../machinery/object.ts";
import { fieldElement, type FieldPath } from "../../patch/apply/path-element.ts";
import { parentEntries, scaleEntries, type ReplicasPaths } from "../../patch/apply/scale-fields.ts";
import { trackedEntries, type FieldWriter } from "../registry/managed-fields.ts";
import { ownersOf, withOwners } from "../registry/metadata.ts";
import type { Resource, Resources } from "../registry/resource.ts";
import type { ExpectedKind } from "./body.ts";
import type { HandlerDeps } from "./request.ts";

/** A write to a Scale. */
export type ScaleChange = {
  /** The Scale after it. */
  readonly next: (scale: ApiObject, writer: FieldWriter) => ApiObject | Promise<ApiObject>;
  /** `given`: the next Scale brings its owners along. */
  readonly ownership: "updated" | "given";
  readonly warnings: readonly string[];
};

/** The Scale after a write, with the owners of its replicas. `live`: the Scale before it. */
export async function changedScale(
  live: ApiObject,
  change: ScaleChange,
  writer: FieldWriter,
  deps: HandlerDeps,
  context: Context,
): Promise<ApiObject> {
  const next = await change.next(live, writer);
  if (change.ownership === "given") return next;
  const tracked = { live, next: withoutZero(next), sent: undefined };
  return withOwners(next, await trackedEntries(tracked, writer, deps, context));
}

/** A number of zero has no owner: typed writers leave it out. */
function withoutZero(scale: ApiObject): ApiObject {
  const { spec }: { readonly spec?: unknown } = scale as { readonly spec?: unknown };
  const isZero = isFields(spec) && own(spec, "replicas") === 0;
  return isZero ? Object.assign({}, scale, { spec: {} }) : scale;
}

/** `scale` with the owners that `parent` has for the number. */
export function scaleWithOwners(
  scale: ApiObject,
  parent: ApiObject,
  resource: Resource,
  resources: Resources,
): ApiObject {
  return withOwners(scale, scaleEntries(ownersOf(parent), replicasPaths(resource, resources)));
}

/** `next`, the parent after the write, with the owners it has after `scale` was written. */
export function parentWithOwners(
  next: ApiObject,
  scale: ApiObject,
  resource: Resource,
  resources: Resources,
): ApiObject {
  const paths = replicasPaths(resource, resources);
  const owners = parentEntries(ownersOf(next), ownersOf(scale), resource.apiVersion, paths);
  return withOwners(next, owners);
}

/** Who writes to the Scale of an object of `parent`. */
export function scaleWriter(parent: Resource, scale: ExpectedKind, manager: string): FieldWriter {
  return { resource: scaleResource(parent, scale), subresource: "scale", manager };
}

/** A Scale as a resource of its own, as far as the owners of its fields are concerned. */
function scaleResource(parent: Resource, scale: ExpectedKind): Resource {
  const { conversion: _conversion, custom: _custom, ...rest } = parent;
  const { group, version, kind, schema } = scale;
  return {
    ...rest,
    group,
    version,
    kind,
    apiVersion: `${group}/${version}`,
    resource: "scales",
    keyPrefix: "",
    strategy: { ...parent.strategy, schema },
  };
}

/** Where the number is, in all versions in which these objects are served. */
function replicasPaths(resource: Resource, resources: Resources): ReplicasPaths {
  const versions = resources.all().filter((each) => each.keyPrefix === resource.keyPrefix);
  return new Map(versions.map((each) => [each.apiVersion, replicasPath(each)]));
}

function replicasPath(resource: Resource): FieldPath | null {
  const { scale } = resource.strategy;
  if (scale === undefined) return null;
  const { replicasField = ".spec.replicas" } = scale;
  return replicasField.replace(/^\./, "").split(".").map(fieldElement);
}
