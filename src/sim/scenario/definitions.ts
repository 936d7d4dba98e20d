/** What people do with the definitions of kinds while a system runs. */
import { CustomResourceDefinition } from "../../client/builtin.ts";
import type { DefinedResource } from "../../client/resource/define-resource.ts";
import { installDefinitions } from "../../client/resource/install-definitions.ts";
import { isStatus } from "../../machinery/status.ts";
import { WEBHOOK_REACH } from "../actors/webhooks.ts";
import { gone } from "./gone.ts";
import type { Operation } from "./operation.ts";

/**
 * Installs the definition of a kind, or changes the one that is there to this one: other fields,
 * another version, another one that is stored. One that is being deleted is waited for.
 */
export function install(type: DefinedResource): Operation {
  const key = keyOf(type);
  const versions = [...Object.keys(type.olderVersions ?? {}), type.version];
  const conversion = (path: string) => WEBHOOK_REACH.clientConfig(path);
  return {
    name: `install ${type.kind} ${versions.join(" ")}`,
    installs: type,
    run: async (client, context) => {
      if (await isGoing(client, key, context)) {
        await gone(client, CustomResourceDefinition, key, context);
      }
      await installDefinitions([type], client, context, { conversion });
    },
  };
}

/** Deletes the definition of a kind, and with it all objects of it. */
export function uninstall(type: DefinedResource): Operation {
  return {
    name: `uninstall ${type.kind}`,
    run: async (client, context) => {
      await client.delete(CustomResourceDefinition, keyOf(type), context);
    },
  };
}

function keyOf({ definition }: DefinedResource): { readonly namespace: ""; readonly name: string } {
  return { namespace: "", name: definition.metadata.name ?? "" };
}

async function isGoing(
  client: Parameters<Operation["run"]>[0],
  key: ReturnType<typeof keyOf>,
  context: Parameters<Operation["run"]>[1],
): Promise<boolean> {
  try {
    const { metadata } = await client.get(CustomResourceDefinition, key, context);
    return metadata.deletionTimestamp !== undefined;
  } catch (error) {
    if (isStatus(error, "NotFound")) return false;
    throw error;
  }
}
