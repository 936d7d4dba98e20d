/** Makes what every run of a simulation begins with, once. */
import { createNamespaces } from "../../control-plane/bootstrap/bootstrap.ts";
import type { DefinedResource } from "../../client/resource/define-resource.ts";
import { installDefinitions } from "../../client/resource/install-definitions.ts";
import type { Store } from "../../store/store.ts";
import { onServer } from "./on-server.ts";
import type { Operation } from "./operation.ts";

export type BaseOptions = {
  /** Kinds whose definitions are there. */
  readonly kinds: readonly DefinedResource[];
  /** Done before the first run, without faults. */
  readonly given: readonly Operation[];
};

/** A store with namespaces, definitions and what is given. */
export function buildBase({ kinds, given }: BaseOptions): Promise<Store> {
  return onServer(async ({ client, context, synced }) => {
    await createNamespaces(client, context);
    await installDefinitions(kinds, client, context);
    await synced();
    for (const operation of given) await operation.run(client, context);
  });
}
