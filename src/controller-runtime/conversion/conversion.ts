/**
 * `conversion()`: the webhook that shows objects of a kind in each of its versions, by the
 * functions of its definition.
 *
 *     createManager({
 *       controllers: [siteController],
 *       webhooks: { handlers: [conversion(Site)], service: { namespace: "sites", name: "sites" } },
 *     });
 */
import { CustomResourceDefinition } from "../../client/builtin.ts";
import { conversionPath, isConverted } from "../../client/resource/conversion-address.ts";
import type { DefinedResource } from "../../client/resource/define-resource.ts";
import { isFields, own, type ApiObject } from "../../machinery/object.ts";
import type { ConversionWebhook, WebhookRegistration } from "../webhooks/webhook-handler.ts";
import { ConversionHandler } from "./conversion-handler.ts";

/**
 * The webhook that converts a kind's objects between its versions, for `webhooks.handlers` of a
 * manager. Throws `RangeError` for a kind whose versions need none: it has one only, or they have
 * the same fields.
 */
export function conversion(type: DefinedResource): ConversionWebhook {
  if (!isConverted(type)) {
    throw new RangeError(
      `conversion(${type.kind}): servers convert its versions by themselves; leave it out, or ` +
        "give its olderVersions toHub and fromHub",
    );
  }
  const path = conversionPath(type);
  return {
    kind: "conversion",
    type,
    handlers: ({ env }) => [new ConversionHandler(type, path, env)],
    registration: registrationOf(type, path),
  };
}

/** The definition is another's to make: of it, only the conversion is looked after. */
function registrationOf({ definition }: DefinedResource, path: string): WebhookRegistration {
  const conversionReviewVersions = ["v1"];
  return {
    type: CustomResourceDefinition,
    name: definition.metadata.name ?? "",
    wanted: (reach) => {
      const clientConfig = reach.clientConfig(path);
      const webhook = { clientConfig, conversionReviewVersions };
      return { spec: { conversion: { strategy: "Webhook", webhook } } };
    },
    bundlePointers: (object) =>
      isCalledAt(object, path) ? ["/spec/conversion/webhook/clientConfig/caBundle"] : [],
  };
}

/** Whether a definition has its conversions done at a path, wherever that is. */
function isCalledAt(object: ApiObject, path: string): boolean {
  const at = (value: unknown, name: string): unknown =>
    isFields(value) ? own(value, name) : undefined;
  const webhook = at(at(at({ ...object }, "spec"), "conversion"), "webhook");
  const config = at(webhook, "clientConfig");
  const url = at(config, "url");
  return (
    at(at(config, "service"), "path") === path || (typeof url === "string" && url.endsWith(path))
  );
}
