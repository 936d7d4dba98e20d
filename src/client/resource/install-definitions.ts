/** Brings the definitions of kinds to a server, and waits until they are served. */
import type { Context } from "../../base/context.ts";
import { findCondition, isConditionTrue } from "../../machinery/conditions.ts";
import { CustomResourceDefinition } from "../builtin.ts";
import type { Client } from "../client.ts";

/** A server does not take a definition as it is, e.g. because its names are taken. */
export class DefinitionRefusedError extends Error {
  override readonly name = "DefinitionRefusedError";
}

/**
 * Applies every definition and resolves when all are established. Rejects with
 * `DefinitionRefusedError` if one will not be. A definition that is there already, the same, is not
 * written; versions that others added to it stay out of what is applied, so they go: use it for
 * definitions that are one's own.
 */
export async function installDefinitions(
  kinds: readonly { readonly definition: CustomResourceDefinition }[],
  client: Client,
  context: Context,
): Promise<void> {
  await Promise.all(kinds.map(({ definition }) => install(definition, client, context)));
}

const FIELD_MANAGER = "setpoint-definitions";

async function install(
  { apiVersion, kind, metadata, spec }: CustomResourceDefinition,
  client: Client,
  context: Context,
): Promise<void> {
  const { name = "" } = metadata;
  const patch = {
    kind: "apply",
    object: { apiVersion, kind, metadata, spec },
    isForced: true,
  } as const;
  const key = { namespace: "", name };
  await client.patch(CustomResourceDefinition, key, patch, context, {
    fieldManager: FIELD_MANAGER,
  });
  await established(name, client, context);
}

async function established(name: string, client: Client, context: Context): Promise<void> {
  const only = { fieldSelector: `metadata.name=${name}` };
  while (!context.signal.aborted) {
    for await (const batch of await client.watch(CustomResourceDefinition, only, context)) {
      for (const event of batch) {
        if (event.kind !== "ADDED" && event.kind !== "MODIFIED") continue;
        if (isEstablished(event.object.value)) return;
      }
    }
  }
  context.signal.throwIfAborted();
}

function isEstablished({ metadata, status }: CustomResourceDefinition): boolean {
  const { conditions } = status;
  for (const type of ["NamesAccepted", "NonStructuralSchema"]) {
    const bad = findCondition(conditions, type);
    if (bad === undefined || bad.status !== (type === "NamesAccepted" ? "False" : "True")) continue;
    throw new DefinitionRefusedError(`${metadata.name}: ${bad.reason}: ${bad.message}`);
  }
  return isConditionTrue(conditions, "Established");
}
