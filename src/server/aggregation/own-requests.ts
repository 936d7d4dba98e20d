/** Requests of the server to its own API, by the rules that hold for everyone else. */
import type { Context } from "../../base/context.ts";
import type { ApiResponse, Method } from "../../machinery/request.ts";
import { SERVER_USER } from "../crd/write-definition.ts";
import type { Dispatch } from "../dispatch.ts";

export const API_SERVICES = "/apis/apiregistration.k8s.io/v1/apiservices";

/** The status code of the answer. */
export type OwnRequest = (
  method: Method,
  path: string,
  body: object | undefined,
  context: Context,
) => Promise<number>;

export function ownRequests(dispatch: Dispatch): OwnRequest {
  return async (method, path, body, context) => {
    const answer: ApiResponse = await dispatch(
      {
        method,
        path,
        query: new URLSearchParams(method === "DELETE" ? {} : { fieldManager: "kube-apiserver" }),
        headers: {},
        body: body === undefined ? { kind: "none" } : { kind: "value", value: body },
      },
      SERVER_USER,
      context,
    );
    return answer.status;
  };
}
