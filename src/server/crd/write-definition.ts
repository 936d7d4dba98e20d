/** Writes what the server decides about a definition, by the rules that hold for everyone else. */
import type { Definition } from "../../apis/apiextensions/v1/definition-conditions.ts";
import type { Context } from "../../base/context.ts";
import type { ApiObject } from "../../machinery/object.ts";
import { MASTERS_GROUP, type UserInfo } from "../../machinery/request.ts";
import { isStatus } from "../../machinery/status.ts";
import { partOf } from "../handlers/target.ts";
import { withMetadata } from "../registry/metadata.ts";
import type { Resource } from "../registry/resource.ts";
import { modifyObject, type WriteDeps } from "../registry/write.ts";

/** The server itself, where it uses its own API. */
export const SERVER_USER: UserInfo = {
  name: "system:apiserver",
  groups: [MASTERS_GROUP, "system:authenticated"],
};

/** `outdated`: the definition changed or went meanwhile. `failed`: worth another try. */
export type WriteOutcome = "written" | "outdated" | "failed";

/** Writes status and finalizers of `definition`, if it is still at its resource version. */
export type DefinitionWriter = (definition: Definition, context: Context) => Promise<WriteOutcome>;

/** `resource` is that of definitions. */
export function definitionWriter(resource: Resource, deps: WriteDeps): DefinitionWriter {
  return async (definition, context) => {
    const { name = "" } = definition.metadata;
    try {
      await modifyObject(
        {
          resource,
          subresource: "status",
          namespace: "",
          name,
          user: SERVER_USER,
          manager: "kube-apiserver",
          verb: "update/status",
          isDryRun: false,
        },
        {
          ...partOf(resource, "status"),
          ownership: "updated",
          next: (old) => nextState(old, definition),
        },
        deps,
        context,
      );
      return "written";
    } catch (error) {
      if (isStatus(error, "Conflict") || isStatus(error, "NotFound")) return "outdated";
      if (isStatus(error)) return "failed";
      throw error;
    }
  };
}

/** Schemas stay the very same values, so that nothing has to look at them again. */
function nextState(old: ApiObject, { metadata, status }: Definition): ApiObject {
  const { uid, resourceVersion, finalizers } = metadata;
  const { conditions, acceptedNames } = status;
  const { status: before, ...rest } = old as ApiObject & { readonly status?: object };
  const next = Object.assign({}, rest, { status: { ...before, conditions, acceptedNames } });
  return withMetadata(next, { uid, resourceVersion, finalizers });
}
