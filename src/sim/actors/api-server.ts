/** The API server of a run: the real one over a store in memory, whose every commit is heard. */
import type { Env } from "../../base/env.ts";
import { rootContext, type Context } from "../../base/context.ts";
import { BUILT_IN } from "../../apis/registry.ts";
import { inProcessTransport } from "../../client/in-process.ts";
import type { Transport } from "../../client/transport.ts";
import { MASTERS_GROUP } from "../../machinery/request.ts";
import { createServer } from "../../server/create-server.ts";
import { NO_WEBHOOKS } from "../../server/webhooks/webhook-client.ts";
import { withLocalWebhooks, type AnswersWebhook } from "../../control-plane/local-webhooks.ts";
import { AgentLogs } from "../../control-plane/node-logs.ts";
import type { Store } from "../../store/store.ts";

export type SimServer = {
  /** As a user of this name who may do everything. */
  as(name: string): Transport;
  readonly store: Store;
  /** Resolves when all kinds that are defined are served. */
  synced(): Promise<void>;
};

/**
 * Starts one. Accounts of pods are not looked at, since nobody makes them here; everything else of
 * a request's way is as in production. `answersWebhook` answers people's webhooks, if any.
 */
export function startServer(
  store: Store,
  env: Env,
  context: Context,
  answersWebhook?: AnswersWebhook,
): SimServer {
  const server = createServer(
    { env, store, strategies: BUILT_IN, nodeLogs: NO_LOGS },
    {
      authentication: { tokens: [], allowsAnonymous: true },
      openPaths: [],
      admissionChoice: { enabled: [], disabled: ["ServiceAccount"] },
      bookmarkMs: BOOKMARK_MS,
      ...(answersWebhook === undefined
        ? {}
        : { webhooks: () => withLocalWebhooks(NO_WEBHOOKS, answersWebhook, env) }),
    },
  );
  server.run(context).catch((error: unknown) => {
    if (!context.signal.aborted) env.log.error("the simulated server has failed", { error });
  });
  return {
    store,
    synced: () => server.synced(),
    as: (name) => {
      const user = { name, groups: [MASTERS_GROUP, "system:authenticated"] };
      return inProcessTransport({ dispatch: server.dispatch, user });
    },
  };
}

/** Bookmarks of quiet watches cost time and tell nothing here. */
const BOOKMARK_MS = 3_600_000;

const NO_LOGS = new AgentLogs({
  client: () => {
    throw new Error("there are no nodes to read logs from");
  },
  connect: () => {
    throw new Error("there are no nodes to read logs from");
  },
});

/** A context of the environment itself. */
export function worldContext(env: Env): Context {
  return rootContext(env, new AbortController().signal);
}
