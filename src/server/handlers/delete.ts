import type { Context } from "../../base/context.ts";
import type { ApiResponse } from "../../machinery/request.ts";
import { isStatus, success } from "../../machinery/status.ts";
import type { Entry } from "../../store/store.ts";
import { deleteObject } from "../registry/delete.ts";
import { keyOf } from "../../machinery/key.ts";
import { objectOf } from "../registry/read.ts";
import { deleteOptions, type DeleteOptions } from "./delete-options.ts";
import { listedOf, selectObjects } from "./list.ts";
import { formatOf } from "./negotiation.ts";
import { renderList, renderObject, renderStatus } from "./render.ts";
import type { HandlerDeps, ObjectRequest } from "./request.ts";
import { writeTarget } from "./target.ts";

/** Deletions of one collection under way together, so that they share a commit of the store. */
const DELETIONS_AT_ONCE = 32;

/** DELETE of one object: the object while it stays, else what the kind promises. */
export async function deleteOne(
  request: ObjectRequest,
  deps: HandlerDeps,
  context: Context,
): Promise<ApiResponse> {
  const { resource, info } = request;
  formatOf(request);
  const options = deleteOptions(request.request);
  warnOfOrphans(request, options);
  const target = writeTarget(request, options, "delete");
  const deleted = await deleteObject(target, options.wish, deps, context);
  const isGone = deleted.kind === "gone";
  if (isGone && !resource.strategy.isReturnedWhenDeleted) {
    const { uid } = deleted.object.value.metadata;
    const { group, resource: kind } = resource;
    const details = { name: info.name, group, kind, ...(uid === undefined ? {} : { uid }) };
    return renderStatus(success(details), request.request.headers["accept"]);
  }
  const status = !isGone && options.isAcceptedOnly ? 202 : 200;
  return renderObject(request, { status, object: deleted.object }, deps.env);
}

/**
 * DELETE of a collection: every selected object, each with its own admission and
 * finalizers. Answers with the objects as they were found; what was gone meanwhile is no error.
 */
export async function deleteCollection(
  request: ObjectRequest,
  deps: HandlerDeps,
  context: Context,
): Promise<ApiResponse> {
  const { resource } = request;
  formatOf(request);
  const options = deleteOptions(request.request);
  const { entries, metadata } = await selectObjects(request, deps, context);
  warnOfOrphans(request, options);
  const target = writeTarget(request, options, "deletecollection");
  const remove = async (entry: Entry): Promise<void> => {
    const key = keyOf(objectOf(entry, resource).value);
    try {
      await deleteObject({ ...target, ...key }, options.wish, deps, context);
    } catch (error) {
      if (!isStatus(error, "NotFound")) throw error;
    }
  };
  for (let index = 0; index < entries.length; index += DELETIONS_AT_ONCE) {
    await Promise.all(entries.slice(index, index + DELETIONS_AT_ONCE).map(remove));
  }
  return renderList(request, metadata, listedOf(entries, resource), deps.env);
}

/** Jobs are the one kind whose users are surprised by what is left of them. */
function warnOfOrphans({ resource, warn }: ObjectRequest, { wish }: DeleteOptions): void {
  const isJob = resource.group === "batch" && resource.resource === "jobs";
  if (!isJob || wish.propagation !== undefined) return;
  warn?.(
    "child pods are preserved by default when jobs are deleted; set propagationPolicy=Background " +
      "to remove them or set propagationPolicy=Orphan to suppress this warning",
  );
}
