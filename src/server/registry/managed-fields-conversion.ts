/** Waits for the conversions that field ownership asks for while it decides. */
import { canonicalForm } from "../../apis/canonical-form.ts";
import type { Context } from "../../base/context.ts";
import { isApiObject, isFields, type ApiObject, type Fields } from "../../machinery/object.ts";
import { ManagerError } from "../../patch/apply/manager-error.ts";
import type { TypedValue } from "../../patch/apply/typed-value.ts";
import type { ConversionRequest, Converting } from "../../patch/apply/updater.ts";
import { problemsText, typeProblems } from "../../patch/apply/validate.ts";
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
  const { value } = object;
  if (from === undefined || to === undefined || !isFields(value)) return undefined;
  // Events of the two groups know nothing of each other's owners, as upstream.
  if (from.group !== to.group) return undefined;
  // What is left of an object while it is computed may be without metadata.
  const whole = typed(isApiObject(value) ? value : { ...value, metadata: {} }, from);
  const stored = (await from.conversion?.toStored(whole, context)) ?? whole;
  const served = (await to.conversion?.fromStored([stored], context))?.[0] ?? stored;
  const names = { apiVersion: to.apiVersion, kind: to.kind };
  const result = typedObject(typed({ ...served, ...names }, to), to);
  if (to.custom !== undefined) checkType(result);
  return isApiObject(value) ? result : { ...result, value: withoutMetadata(result.value, value) };
}

/** Items that are in a list twice are borne in what was written, not in what was converted. */
function checkType(converted: TypedValue): void {
  const problems = typeProblems(converted);
  if (problems.length > 0) throw new ManagerError(problemsText(problems));
}

/** As typed writers see it: the parts of a built-in object are there, whatever is left of them. */
function typed(object: ApiObject, { custom, strategy }: Resource): ApiObject {
  return custom === undefined ? canonicalForm(object, strategy.schema) : object;
}

/** `converted` with no more metadata than `before` has: none, or null. */
function withoutMetadata(converted: unknown, before: Fields): Fields {
  const { metadata: _metadata, ...body } = isFields(converted) ? converted : {};
  return Object.hasOwn(before, "metadata") ? { ...body, metadata: before["metadata"] } : body;
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
