/** A whole server over a store in memory, and one call that speaks to it. */
import { BUILT_IN } from "../../apis/registry.ts";
import type { AnyStrategy } from "../../apis/strategy.ts";
import { withSignal, type Context } from "../../base/context.ts";
import { aContext } from "../../base/testing/context.ts";
import { virtualEnv, type VirtualEnv } from "../../base/virtual/virtual-env.ts";
import {
  MASTERS_GROUP,
  type ApiResponse,
  type Method,
  type UserInfo,
} from "../../machinery/request.ts";
import { StatusError } from "../../machinery/status.ts";
import type { WatchEvent } from "../../machinery/watch-event.ts";
import { openMemoryStore } from "../../store/memory-store.ts";
import type { Store } from "../../store/store.ts";
import type { Authenticator } from "../authn/authenticator.ts";
import { createServer, type ServerOptions } from "../create-server.ts";
import type { Dispatch } from "../dispatch.ts";
import type { NodeLogs } from "../node-logs.ts";

export const ADMIN: UserInfo = { name: "admin", groups: [MASTERS_GROUP, "system:authenticated"] };

export type CallOptions = {
  /** A value; text is sent as bytes. */
  readonly body?: unknown;
  readonly contentType?: string;
  readonly headers?: Readonly<Record<string, string>>;
  readonly user?: UserInfo;
  readonly context?: Context;
};

/** An answer with its body as a value, whatever form it came in. */
export type Answer = {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly warnings: readonly string[];
  // oxlint-disable-next-line typescript/no-explicit-any -- tests look into answers of every kind.
  readonly value: any;
};

export type TestServer = {
  readonly env: VirtualEnv;
  readonly store: Store;
  readonly dispatch: Dispatch;
  readonly authenticate: Authenticator;
  readonly context: Context;
  call(method: Method, target: string, options?: CallOptions): Promise<Answer>;
  /** The raw answer. */
  send(method: Method, target: string, options?: CallOptions): Promise<ApiResponse>;
  /** Events of a watch as they come, gathered in an array that grows. */
  watch(target: string, options?: CallOptions): Promise<TestWatch>;
};

export type TestWatch = {
  /** `ADDED a`, `BOOKMARK`, … in order. */
  readonly seen: string[];
  readonly events: WatchEvent[];
  readonly isEnded: () => boolean;
  stop(): Promise<void>;
};

/**
 * A server of the built-in kinds with the namespaces `default` and `t`, and accounts for their
 * pods.
 */
export async function aServer(
  options: ServerOptions & {
    readonly strategies?: readonly AnyStrategy[];
    readonly nodeLogs?: NodeLogs;
    readonly env?: VirtualEnv;
    /** One that another server has written to. Default: a new one. */
    readonly store?: Store;
  } = {},
): Promise<TestServer> {
  const env = options.env ?? virtualEnv();
  const store = options.store ?? (await openMemoryStore(env));
  const context = aContext(env);
  const nodeLogs = options.nodeLogs ?? { open: () => Promise.reject(new StatusErrorNoLogs()) };
  const strategies = options.strategies ?? BUILT_IN;
  const made = createServer({ env, store, strategies, nodeLogs }, options);
  const { dispatch, authenticate } = made;
  void made.run(context);
  await made.synced();
  const send = (method: Method, target: string, call: CallOptions = {}): Promise<ApiResponse> =>
    dispatch(requestOf(method, target, call), call.user ?? ADMIN, call.context ?? context);
  const server: TestServer = {
    env,
    store,
    dispatch,
    authenticate,
    context,
    send,
    call: async (method, target, call) => answerOf(await send(method, target, call)),
    watch: (target, call) => startWatch(target, send, context, call),
  };
  for (const name of ["default", "t"]) {
    await makeNamespace(server, name);
  }
  return server;
}

/** A namespace with an account for its pods, as a controller would make it. */
export async function makeNamespace(server: TestServer, name: string): Promise<void> {
  await server.call("POST", "/api/v1/namespaces", { body: { metadata: { name } } });
  const accounts = `/api/v1/namespaces/${name}/serviceaccounts`;
  await server.call("POST", accounts, { body: { metadata: { name: "default" } } });
}

class StatusErrorNoLogs extends StatusError {
  constructor() {
    super({
      kind: "Status",
      apiVersion: "v1",
      metadata: {},
      status: "Failure",
      message: "this test has no nodes",
      code: 400,
    });
  }
}

function requestOf(method: Method, target: string, options: CallOptions): Parameters<Dispatch>[0] {
  const question = target.indexOf("?");
  const path = question < 0 ? target : target.slice(0, question);
  const query = new URLSearchParams(question < 0 ? "" : target.slice(question + 1));
  const { contentType } = options;
  return {
    method,
    path,
    query,
    headers: {
      ...(contentType === undefined ? {} : { "content-type": contentType }),
      ...options.headers,
    },
    body: bodyOf(options.body),
  };
}

function bodyOf(body: unknown): Parameters<Dispatch>[0]["body"] {
  if (body === undefined) return { kind: "none" };
  if (typeof body === "string") return { kind: "bytes", bytes: new TextEncoder().encode(body) };
  if (body instanceof Uint8Array) return { kind: "bytes", bytes: body };
  return { kind: "value", value: body };
}

function answerOf(response: ApiResponse): Answer {
  const { status, headers, warnings } = response;
  return { status, headers, warnings, value: valueOf(response) };
}

function valueOf(response: ApiResponse): unknown {
  const { body } = response;
  switch (body.kind) {
    case "none":
      return undefined;
    case "bytes":
      return new TextDecoder().decode(body.bytes);
    case "object":
      return body.object.value;
    case "list": {
      const { apiVersion, listKind: kind, metadata } = body;
      return { apiVersion, kind, metadata, items: body.items.map((item) => item.value) };
    }
    case "events":
    case "stream":
    case "relay":
    case "upgrade":
      return body;
  }
}

async function startWatch(
  target: string,
  send: TestServer["send"],
  context: Context,
  options: CallOptions = {},
): Promise<TestWatch> {
  const stop = new AbortController();
  const scoped = withSignal(context, stop.signal);
  const response = await send("GET", target, { ...options, context: scoped });
  const { body } = response;
  if (body.kind !== "events") throw new Error(`no watch: ${JSON.stringify(valueOf(response))}`);
  const events: WatchEvent[] = [];
  const seen: string[] = [];
  let isEnded = false;
  const reading = (async (): Promise<void> => {
    for await (const batch of body.events) {
      events.push(...batch);
      seen.push(...batch.map(eventText));
    }
    isEnded = true;
  })();
  return {
    seen,
    events,
    isEnded: () => isEnded,
    stop: async () => {
      stop.abort();
      await reading;
    },
  };
}

function eventText(event: WatchEvent): string {
  if (event.kind === "ERROR") return `ERROR ${event.status.code}`;
  if (event.kind === "BOOKMARK") return event.isInitialEventsEnd ? "BOOKMARK end" : "BOOKMARK";
  return `${event.kind} ${event.object.value.metadata.name ?? ""}`;
}
