import { internalError, isStatus } from "../../machinery/status.ts";
import { renderStatus } from "../handlers/render.ts";
import { translateStoreError } from "../registry/store-errors.ts";
import type { Exchange, Filter } from "./filter.ts";

/**
 * Turns every refusal into its answer. What is no refusal is a defect: it is logged with its
 * request id, and the client is told that id and nothing else. When the caller has gone there is
 * nobody to answer, so its own abort passes through.
 */
export function answerErrors(): Filter {
  return async (exchange, next, context) => {
    try {
      return await next(exchange, context);
    } catch (thrown) {
      const error = translateStoreError(thrown, aboutOf(exchange), nameOf(exchange));
      const accept = exchange.request.headers["accept"];
      if (isStatus(error)) return renderStatus(error.status, accept);
      if (context.signal.aborted) throw error;
      const { requestId, request } = exchange;
      const { method, path } = request;
      context.log.error("A request failed unexpectedly.", { requestId, method, path, error });
      const why = `an unexpected error, logged under request ${requestId}`;
      return renderStatus(internalError(why).status, accept);
    }
  };
}

function aboutOf(exchange: Exchange): { readonly group: string; readonly resource: string } {
  const { info } = exchange;
  return info.kind === "resource" ? info : { group: "", resource: info.path };
}

function nameOf(exchange: Exchange): string {
  return exchange.info.kind === "resource" ? exchange.info.name : "";
}
