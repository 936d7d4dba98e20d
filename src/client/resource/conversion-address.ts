/** Where API servers reach the webhook that converts a kind, as it stands in its definition. */
import type { WebhookClientConfig } from "../../apis/apiextensions/v1/types.generated.ts";
import type { CustomResourceDefinition } from "../builtin.ts";
import type { ResourceType } from "../resource-type.ts";

/** Where a manager serves the conversions of a kind, e.g. `/convert-example-dev-site`. */
export function conversionPath({ group, kind }: Pick<ResourceType, "group" | "kind">): string {
  return `/convert-${group.replaceAll(".", "-")}-${kind.toLowerCase()}`;
}

/** Whether a webhook converts the versions of a kind, so that its definition needs an address. */
export function isConverted({ definition }: Defined): boolean {
  return definition.spec.conversion?.strategy === "Webhook";
}

/** Whether a definition says where that webhook is. */
export function hasAddress({ definition }: Defined): boolean {
  return definition.spec.conversion?.webhook?.clientConfig !== undefined;
}

/**
 * The definition with that address; as it is for a kind that needs none.
 *
 *     const path = conversionPath(Site);
 *     definitionAt(Site, { service: { namespace: "sites", name: "sites", path } });
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
