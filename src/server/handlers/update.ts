import type { Context } from "../../base/context.ts";
import type { ApiObject } from "../../machinery/object.ts";
import type { ApiResponse } from "../../machinery/request.ts";
import { invalid } from "../../machinery/status.ts";
import { inNamespace, withMetadata } from "../registry/metadata.ts";
import type { Resource } from "../registry/resource.ts";
import { modifyObject } from "../registry/write.ts";
import { decodeObject } from "./body.ts";
import { mayCreate } from "./may-create.ts";
import { formatOf } from "./negotiation.ts";
import { renderObject } from "./render.ts";
import type { HandlerDeps, ObjectRequest } from "./request.ts";
import { checkName, expectedKind, partOf, writeTarget } from "./target.ts";
import { writeOptions } from "./write-options.ts";

/** PUT of an object, or of its status. */
export async function putObject(
  request: ObjectRequest,
  deps: HandlerDeps,
  context: Context,
): Promise<ApiResponse> {
  const { resource, info } = request;
  formatOf(request);
  const options = writeOptions(request.request, "UpdateOptions");
  const { fieldValidation } = options;
  const { object: sent, warnings } = decodeObject(
    request.request,
    expectedKind(resource),
    fieldValidation,
  );
  for (const text of warnings) request.warn?.(text); // a refusal tells them as well
  inNamespace(sent, { resource, namespace: info.namespace });
  checkName(sent, request);
  const isCreating = resource.strategy.isCreatedByUpdate && info.subresource === "";
  const written = await modifyObject(
    writeTarget(request, options, "update"),
    {
      ...partOf(resource, info.subresource),
      ownership: "updated",
      next: () => {
        requireResourceVersion(sent, resource, info.name);
        return sent;
      },
      ...(isCreating
        ? {
            create: () => ({
              object: withMetadata(sent, { resourceVersion: undefined }),
              ownership: "updated",
              authorize: mayCreate(request, deps),
            }),
          }
        : {}),
    },
    deps,
    context,
  );
  const status = written.kind === "created" ? 201 : 200;
  return renderObject(request, { status, object: written.object, warnings }, deps.env);
}

/** Some kinds are never overwritten blindly. */
function requireResourceVersion(sent: ApiObject, resource: Resource, name: string): void {
  const { resourceVersion = "" } = sent.metadata;
  const isBlind = resourceVersion === "" || resourceVersion === "0";
  if (resource.strategy.isUpdatedUnconditionally || !isBlind) return;
  // Upstream names the resource here, where it otherwise names the kind.
  throw invalid({ group: resource.group, kind: resource.resource }, name, [
    {
      field: "metadata.resourceVersion",
      type: "FieldValueInvalid",
      value: 0,
      detail: "must be specified for an update",
    },
  ]);
}
