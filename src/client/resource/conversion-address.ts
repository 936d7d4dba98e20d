/** Where API servers reach the webhook that converts a kind, as it stands in its definition. */
import type { WebhookClientConfig } from "../../apis/apiextensions/v1/types.generated.ts";
import type { CustomResourceDefinition } from "../builtin.ts";

/** Where a manager serves the conversions of all kinds. */
export const CONVERSION_PATH = "/convert";

/** Whether a webhook converts the versions of a kind, so that its definition needs an address. */
export function isConverted({ definition }: Defined): boolean {
  return definition.spec.conversion?.strategy === "Webhook";
}

/**
 * The definition with that address; as it is for a kind that needs none.
 *
 *     definitionAt(Site, { service: { namespace: "sites", name: "sites", path: "/convert" } })
 */
export function definitionAt(
  kind: Defined,
  clientConfig: WebhookClientConfig,
): CustomResourceDefinition {
  const { definition } = kind;
  const { conversion } = definition.spec;
  if (conversion?.webhook === undefined) return definition;
  const webhook = { ...conversion.webhook, clientConfig };
  return {
    ...definition,
    spec: { ...definition.spec, conversion: { ...conversion, webhook } },
  };
}

type Defined = { readonly definition: CustomResourceDefinition };
