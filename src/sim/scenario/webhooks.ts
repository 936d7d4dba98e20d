/** Tells a server of the webhooks of a system, and what their kinds need. */
import type { Context } from "../../base/context.ts";
import type { Client } from "../../client/client.ts";
import { isConverted } from "../../client/resource/conversion-address.ts";
import type { DefinedResource } from "../../client/resource/define-resource.ts";
import type { ResourceType } from "../../client/resource-type.ts";
import { conversion } from "../../controller-runtime/conversion/conversion.ts";
import { Registrar } from "../../controller-runtime/webhooks/registrar.ts";
import { registrationsOf } from "../../controller-runtime/webhooks/webhook-options.ts";
import { WEBHOOK_REACH, type SimWebhook } from "../actors/webhooks.ts";

const NAME = "webhooks-under-simulation";

/** Those that are given, and the conversions of all kinds with several versions: the last wins. */
export function withConversions(
  given: readonly SimWebhook[],
  kinds: readonly DefinedResource[],
): readonly SimWebhook[] {
  const known = given.filter(({ kind }) => kind === "conversion").map(({ type }) => nameOf(type));
  const converted = kinds.filter((kind) => isConverted(kind) && !known.includes(nameOf(kind)));
  const last = new Map(converted.map((kind) => [nameOf(kind), kind]));
  return [...given, ...[...last.values()].map(conversion)];
}

function nameOf({ group, kind }: ResourceType): string {
  return `${kind}.${group}`;
}

/** From now on servers call them. */
export async function registerWebhooks(
  webhooks: readonly SimWebhook[],
  client: Client,
  context: Context,
): Promise<void> {
  if (webhooks.length === 0) return;
  const registrations = registrationsOf(webhooks, NAME);
  await new Registrar(registrations, "apply", client).ensure(WEBHOOK_REACH, context);
}
