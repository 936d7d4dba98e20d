import type { Context } from "../../base/context.ts";
import type { ApiResponse } from "../../machinery/request.ts";
import { createObject } from "../registry/write.ts";
import { decodeObject } from "./body.ts";
import { formatOf } from "./negotiation.ts";
import { Pace } from "./pace.ts";
import { renderObject } from "./render.ts";
import type { HandlerDeps, ObjectRequest } from "./request.ts";
import { expectedKind, writeTarget } from "./target.ts";
import { writeOptions } from "./write-options.ts";

/** POST to a collection. */
export async function postObject(
  request: ObjectRequest,
  deps: HandlerDeps,
  context: Context,
): Promise<ApiResponse> {
  formatOf(request); // refuse before anything is written
  const options = writeOptions(request.request, "CreateOptions");
  const { fieldValidation } = options;
  const pace = new Pace(deps.env);
  const decoded = decodeObject(request.request, expectedKind(request.resource), fieldValidation);
  for (const text of decoded.warnings) request.warn?.(text); // a refusal tells them as well
  await pace.step(); // a large body may have taken a turn already
  const target = writeTarget(request, options, "create");
  const { object } = await createObject(decoded.object, target, deps, context);
  return renderObject(request, { status: 201, object, warnings: decoded.warnings }, deps.env);
}
