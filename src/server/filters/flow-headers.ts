import { isStatus } from "../../machinery/status.ts";
import type { Flow, FlowSchemas } from "../flow-control/flow-schemas.ts";
import type { Exchange, Filter } from "./filter.ts";

/** Tells which flow schema and priority level a request belongs to, refused ones included. */
export function flowHeaders(flows: FlowSchemas): Filter {
  return async (exchange, next, context) => {
    const flow = await flowOf(exchange, flows);
    const answer = await next(exchange, context);
    if (flow === undefined) return answer;
    const headers = {
      ...answer.headers,
      "x-kubernetes-pf-flowschema-uid": flow.schemaUid,
      "x-kubernetes-pf-prioritylevel-uid": flow.levelUid,
    };
    return { ...answer, headers };
  };
}

/** A store that cannot be read is the request's own concern. */
async function flowOf({ user, info }: Exchange, flows: FlowSchemas): Promise<Flow | undefined> {
  try {
    return await flows.flowOf(user, info);
  } catch (error) {
    if (isStatus(error)) return undefined;
    throw error;
  }
}
