/** Waits for the conversions that field ownership asks for while it decides. */
import type { Context } from "../../base/context.ts";
import { isApiObject } from "../../machinery/object.ts";
import type { TypedValue } from "../../patch/apply/typed-value.ts";
import type { ConversionRequest, Converting } from "../../patch/apply/updater.ts";
import { typedObject } from "./managed-fields-kinds.ts";
import type { Resource, Resources } from "./resource.ts";

/** The outcome of a computation, with objects of `resource` converted as it asks for them. */
export async function settled<T>(
  computation: Converting<T>,
  resource: Resource,
  resources: Resources,
  context: Context,
): Promise<T> {
  let step = computation.next();
  while (step.done !== true) {
    step = computation.next(await converted(step.value, resource, resources, context));
  }
  return step.value;
}

/** Undefined: there is no such version. Rejects when the object cannot be converted. */
async function converted(
  request: ConversionRequest,
  resource: Resource,
  resources: Resources,
  context: Context,
): Promise<TypedValue | undefined> {
  const { object, apiVersion } = request;
  const from = inVersion(object.apiVersion, resource, resources);
  const to = inVersion(apiVersion, resource, resources);
  if (from === undefined || to === undefined || !isApiObject(object.value)) return undefined;
  const stored = (await from.conversion?.toStored(object.value, context)) ?? object.value;
  const served = (await to.conversion?.fromStored([stored], context))?.[0] ?? stored;
  return typedObject({ ...served, apiVersion: to.apiVersion, kind: to.kind }, to);
}

/** The same objects as `resource` has, in another version. */
function inVersion(
  apiVersion: string,
  resource: Resource,
  resources: Resources,
): Resource | undefined {
  if (apiVersion === resource.apiVersion) return resource;
  return resources
    .all()
    .find((each) => each.keyPrefix === resource.keyPrefix && each.apiVersion === apiVersion);
}
