/** What every handler gets: the request as it was understood, and the server's parts. */
import type { Context } from "../../base/context.ts";
import type { Env } from "../../base/env.ts";
import type { ApiRequest, ApiResponse, UserInfo } from "../../machinery/request.ts";
import type { Authentication } from "../authn/authentication.ts";
import type { Authorizer } from "../authz/authorizer.ts";
import type { NodeLogs } from "../node-logs.ts";
import type { Backends } from "../proxy/backends.ts";
import type { BookmarkClock } from "./bookmark-clock.ts";
import type { Component } from "./reviews/component-statuses.ts";
import type { Resource, Resources } from "../registry/resource.ts";
import type { WriteDeps } from "../registry/write.ts";
import type { ResourceInfo } from "../request-info.ts";

export type HandlerDeps = WriteDeps & {
  readonly env: Env;
  readonly resources: Resources;
  readonly nodeLogs: NodeLogs;
  /** Servers that requests are handed on to. */
  readonly backends: Backends;
  readonly authentication: Authentication;
  readonly authorizer: Authorizer;
  /** What `componentstatuses` lists. */
  readonly components: readonly Component[];
  readonly bookmarks: BookmarkClock;
  readonly limits: WatchLimits;
};

/** Durations of watches, in milliseconds. */
export type WatchLimits = {
  /** Between two bookmarks of a quiet watch. */
  readonly bookmarkMs: number;
  /** A watch without `timeoutSeconds` ends after this, and up to twice as long by chance. */
  readonly watchMsMin: number;
};

/** A request for objects of a resource that is served. */
export type ObjectRequest = {
  readonly info: ResourceInfo;
  readonly resource: Resource;
  readonly request: ApiRequest;
  readonly user: UserInfo;
  /** Tells the client something besides the answer. */
  readonly warn?: (text: string) => void;
};

export type Handler = (
  request: ObjectRequest,
  deps: HandlerDeps,
  context: Context,
) => Promise<ApiResponse>;
