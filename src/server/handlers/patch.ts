import type { Context } from "../../base/context.ts";
import type { ApiResponse } from "../../machinery/request.ts";
import { modifyObject } from "../registry/write.ts";
import { toObject } from "./body.ts";
import { negotiate } from "./negotiation.ts";
import { readPatch } from "./patch-body.ts";
import { renderObject } from "./render.ts";
import type { HandlerDeps, ObjectRequest } from "./request.ts";
import { checkName, expectedKind, partOf, writeTarget } from "./target.ts";
import { writeOptions } from "./write-options.ts";

/**
 * PATCH of an object, or of its status. The patch is applied to the newest state; when another
 * write comes first, again to what that one left, so a patch without resourceVersion never meets a
 * conflict.
 */
export async function patchObject(
  request: ObjectRequest,
  deps: HandlerDeps,
  context: Context,
): Promise<ApiResponse> {
  const { resource, info } = request;
  negotiate(request.request.headers["accept"]);
  const options = writeOptions(request.request, "PatchOptions");
  const patch = readPatch(request.request, resource.strategy.schema);
  let warnings: readonly string[] = [];
  const written = await modifyObject(
    writeTarget(request, options, "patch"),
    {
      ...partOf(resource, info.subresource),
      next: (old) => {
        const decoded = { value: patch({ ...old }), duplicates: [] };
        const patched = toObject(decoded, expectedKind(resource), options.fieldValidation);
        warnings = patched.warnings;
        checkName(patched.object, request);
        return patched.object;
      },
    },
    deps,
    context,
  );
  return renderObject(request, { status: 200, object: written.object, warnings }, deps.env);
}
