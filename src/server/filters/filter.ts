/** A filter sees every request before the handlers and every answer after them. */
import type { Context } from "../../base/context.ts";
import type { ApiRequest, ApiResponse, UserInfo } from "../../machinery/request.ts";
import type { RequestInfo } from "../request-info.ts";

/** A request under way. */
export type Exchange = {
  readonly request: ApiRequest;
  readonly user: UserInfo;
  /** Who really asks, when they act for `user`. */
  readonly impersonator?: UserInfo;
  readonly info: RequestInfo;
  /** In the log, in the Audit-Id header, and in the text of internal errors. */
  readonly requestId: string;
};

export type Next = (exchange: Exchange, context: Context) => Promise<ApiResponse>;

export type Filter = (exchange: Exchange, next: Next, context: Context) => Promise<ApiResponse>;

/** `last` behind all `filters`; the first filter is the outermost. */
export function chain(filters: readonly Filter[], last: Next): Next {
  return filters.reduceRight<Next>(
    (next, filter) => (exchange, context) => filter(exchange, next, context),
    last,
  );
}
