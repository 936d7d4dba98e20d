/** Brings the definitions of kinds to a server, and waits until they are served. */
import type { WebhookClientConfig } from "../../apis/apiextensions/v1/types.generated.ts";
import type { Context } from "../../base/context.ts";
import type { Env } from "../../base/env.ts";
import { findCondition, isConditionTrue } from "../../machinery/conditions.ts";
import { CustomResourceDefinition } from "../builtin.ts";
import type { Client } from "../client.ts";
import type { ResourceType } from "../resource-type.ts";
import { isStatus, StatusError } from "../../machinery/status.ts";
import { conversionPath, definitionAt, hasAddress, isConverted } from "./conversion-address.ts";

/** A server does not take a definition as it is, e.g. because its names are taken. */
export class DefinitionRefusedError extends Error {
  override readonly name = "DefinitionRefusedError";
}

/** What `installDefinitions` needs for kinds that a webhook converts, and for waiting. */
export type InstallOptions = {
  /** Where API servers reach the webhooks that convert the kinds which need one, by their paths. */
  readonly conversion?: (path: string) => WebhookClientConfig;
  /**
   * The world whose timers are used to wait until every version is served, which takes a server a
   * moment where a definition that is established already gets another one. Default: no such wait.
   */
  readonly env?: Pick<Env, "timers">;
};

type Defined = { readonly definition: CustomResourceDefinition };

/**
 * Applies every definition and resolves when all are established. Rejects with
 * `DefinitionRefusedError` if one will not be. A definition that is there already, the same, is not
 * written; versions that others added to it stay out of what is applied, so they go: use it for
 * definitions that are one's own.
 *
 * Of a kind that a webhook converts, the address is left as it is in the cluster unless
 * `conversion` names one; a definition that is new needs it.
 */
export async function installDefinitions(
  kinds: readonly Defined[],
  client: Client,
  context: Context,
  options: InstallOptions = {},
): Promise<void> {
  await Promise.all(kinds.map((kind) => install(kind, options, client, context)));
}

const FIELD_MANAGER = "setpoint-definitions";

async function install(
  kind: Defined,
  { conversion, env }: InstallOptions,
  client: Client,
  context: Context,
): Promise<void> {
  const { definition } = kind;
  const { name = "" } = definition.metadata;
  const key = { namespace: "", name };
  const { group, names } = definition.spec;
  const lacksAddress = isConverted(kind) && !hasAddress(kind);
  const isOpen = lacksAddress && conversion === undefined;
  if (isOpen) await refuseUnconverted(key, client, context);
  const path = conversionPath({ group, kind: names.kind });
  const full =
    lacksAddress && conversion !== undefined ? definitionAt(kind, conversion(path)) : definition;
  const { conversion: wanted, ...others } = full.spec;
  const spec = isOpen || wanted === undefined ? others : { ...others, conversion: wanted };
  const { apiVersion, kind: called, metadata } = definition;
  const patch = {
    kind: "apply",
    object: { apiVersion, kind: called, metadata, spec },
    isForced: true,
  } as const;
  await client.patch(CustomResourceDefinition, key, patch, context, {
    fieldManager: FIELD_MANAGER,
  });
  await established(name, client, context);
  if (env !== undefined) await served(definition, client, env, context);
}

/** How often, and how long, a version that is not served yet is asked for. */
const SERVED_LOOK_MS = 200;
const SERVED_LOOKS_MAX = 100;

async function served(
  { spec: { group, names, scope, versions } }: CustomResourceDefinition,
  client: Client,
  { timers }: Pick<Env, "timers">,
  context: Context,
): Promise<void> {
  const place = { group, resource: names.plural, kind: names.kind };
  for (const version of versions.filter((each) => each.served)) {
    const type = { ...place, version: version.name, isNamespaced: scope === "Namespaced" };
    for (let looks = 1; looks <= SERVED_LOOKS_MAX; looks += 1) {
      if (await answers(type, client, context)) break;
      await timers.sleep(SERVED_LOOK_MS, context.signal);
    }
  }
}

/** Whatever else is wrong with it is told to whoever uses it. */
async function answers(type: ResourceType, client: Client, context: Context): Promise<boolean> {
  try {
    await client.list(type, { limit: 1 }, context);
    return true;
  } catch (error) {
    if (error instanceof StatusError) return !isStatus(error, "NotFound");
    throw error;
  }
}

/** Without a webhook, a server would take objects of one version for those of another. */
async function refuseUnconverted(
  key: { readonly namespace: string; readonly name: string },
  client: Client,
  context: Context,
): Promise<void> {
  try {
    const { spec } = await client.get(CustomResourceDefinition, key, context);
    if (spec.conversion?.strategy === "Webhook") return;
  } catch (error) {
    if (!isStatus(error, "NotFound")) throw error;
  }
  throw new DefinitionRefusedError(
    `${key.name}: a webhook converts its versions, and nothing says where it is: give the ` +
      "manager `webhooks: { handlers: [conversion(…)] }`, or installDefinitions() a `conversion`",
  );
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
