/** POST to `bindings`: what POST to `pods/NAME/binding` does, with the name in the body. */
import { bindingStrategy } from "../../../apis/core/v1/binding.ts";
import type { Context } from "../../../base/context.ts";
import type { ApiResponse } from "../../../machinery/request.ts";
import { noSuchResource } from "../../../machinery/status.ts";
import { decodeObject } from "../body.ts";
import { bindPod } from "../pod-subresources.ts";
import type { HandlerDeps, ObjectRequest } from "../request.ts";
import { expectedKind } from "../target.ts";
import { writeOptions } from "../write-options.ts";

export async function postBinding(
  request: ObjectRequest,
  deps: HandlerDeps,
  context: Context,
): Promise<ApiResponse> {
  const { names } = bindingStrategy;
  const pods = deps.resources.find({ ...names, resource: "pods" });
  if (pods === undefined) throw noSuchResource();
  const { fieldValidation } = writeOptions(request.request, "CreateOptions");
  const expected = expectedKind(request.resource);
  const { name = "" } = decodeObject(request.request, expected, fieldValidation).object.metadata;
  const place = { resource: "pods", subresource: "binding", name, isNamed: true };
  return bindPod(
    { ...request, info: { ...request.info, ...place }, resource: pods },
    deps,
    context,
  );
}
