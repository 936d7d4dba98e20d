import type { Context } from "../../base/context.ts";
import type { ApiResponse } from "../../machinery/request.ts";
import { notFound } from "../../machinery/status.ts";
import { objectOf, prepare, prepareAnew } from "../registry/read.ts";
import { storeKey } from "../registry/resource.ts";
import { getResourceVersion } from "./list-options.ts";
import { formatOf } from "./negotiation.ts";
import { renderObject } from "./render.ts";
import type { HandlerDeps, ObjectRequest } from "./request.ts";
import { waitForRevision } from "./wait-for-revision.ts";

/** The newest state of one object; `resourceVersion` asks for one that is not older. */
export async function getObject(
  request: ObjectRequest,
  deps: HandlerDeps,
  context: Context,
): Promise<ApiResponse> {
  const { resource, info } = request;
  formatOf(request); // who accepts nothing is told so first
  const asked = getResourceVersion(request.request.query);
  if (asked !== undefined && asked > 0) await waitForRevision(asked, deps, context);
  const entry = await deps.store.get(storeKey(resource, info), context);
  if (entry === undefined) throw notFound(resource, info.name);
  if (asked === undefined) await prepareAnew(entry, resource, context);
  else await prepare([entry], resource, context);
  return renderObject(request, { status: 200, object: objectOf(entry, resource) }, deps.env);
}
