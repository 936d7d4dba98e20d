/** Writes what the server decides about a definition, through the API like everyone else. */
import type { Definition } from "../../apis/apiextensions/v1/definition-conditions.ts";
import type { Context } from "../../base/context.ts";
import { MASTERS_GROUP, type UserInfo } from "../../machinery/request.ts";
import type { Dispatch } from "../dispatch.ts";

/** The server itself, where it uses its own API. */
export const SERVER_USER: UserInfo = {
  name: "system:apiserver",
  groups: [MASTERS_GROUP, "system:authenticated"],
};

/** `outdated`: the definition changed or went meanwhile. `failed`: worth another try. */
export type WriteOutcome = "written" | "outdated" | "failed";

/** Writes status and finalizers of `definition`, if it is still at its resource version. */
export type DefinitionWriter = (definition: Definition, context: Context) => Promise<WriteOutcome>;

const PATH = "/apis/apiextensions.k8s.io/v1/customresourcedefinitions";

export function definitionWriter(dispatch: Dispatch): DefinitionWriter {
  return async (definition, context) => {
    const { name = "", uid, resourceVersion, finalizers } = definition.metadata;
    const { conditions, acceptedNames } = definition.status;
    const metadata = { uid, resourceVersion, finalizers: finalizers ?? null };
    const answer = await dispatch(
      {
        method: "PATCH",
        path: `${PATH}/${encodeURIComponent(name)}/status`,
        query: new URLSearchParams({ fieldManager: "kube-apiserver" }),
        headers: { "content-type": "application/merge-patch+json" },
        body: { kind: "value", value: { metadata, status: { conditions, acceptedNames } } },
      },
      SERVER_USER,
      context,
    );
    if (answer.status < 300) return "written";
    return answer.status === 409 || answer.status === 404 ? "outdated" : "failed";
  };
}
