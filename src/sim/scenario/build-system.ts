/** Makes what every run of a simulation begins with, once. */
import type { Context } from "../../base/context.ts";
import { errorText } from "../../base/error-text.ts";
import type { Client } from "../../client/client.ts";
import { createNamespaces } from "../../control-plane/bootstrap/bootstrap.ts";
import type { DefinedResource } from "../../client/resource/define-resource.ts";
import { installDefinitions } from "../../client/resource/install-definitions.ts";
import type { Store } from "../../store/store.ts";
import { WEBHOOK_REACH, type SimWebhook } from "../actors/webhooks.ts";
import { onServer } from "./on-server.ts";
import type { Operation } from "./operation.ts";
import { registerWebhooks, withConversions } from "./webhooks.ts";

export type BaseOptions = {
  /** Kinds whose definitions are there. */
  readonly kinds: readonly DefinedResource[];
  /** Done before the first run, without faults. */
  readonly given: readonly Operation[];
  /** Are called by the server from then on (default: none). */
  readonly webhooks?: readonly SimWebhook[];
};

/** A store with namespaces, definitions, registrations of webhooks and what is given. */
export function buildBase({ kinds, given, ...options }: BaseOptions): Promise<Store> {
  const webhooks = withConversions(options.webhooks ?? [], kinds);
  const conversion = (path: string) => WEBHOOK_REACH.clientConfig(path);
  return onServer(
    async ({ client, context, synced }) => {
      await createNamespaces(client, context);
      await installDefinitions(kinds, client, context, { conversion });
      await registerWebhooks(webhooks, client, context);
      await synced();
      for (const operation of given) await give(operation, client, context);
    },
    { webhooks },
  );
}

async function give({ name, run }: Operation, client: Client, context: Context): Promise<void> {
  try {
    await run(client, context);
  } catch (error) {
    throw new Error(`given: "${name}" was refused: ${errorText(error)}`, { cause: error });
  }
}
