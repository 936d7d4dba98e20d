/**
 * What an installation has besides the program: how people are allowed its kinds, and what keeps it
 * up while nodes are drained.
 */
import type { CustomResourceDefinition } from "../../client/builtin.ts";
import { conversionPath, definitionAt } from "../../client/resource/conversion-address.ts";
import type { DefinedResource } from "../../client/resource/define-resource.ts";
import type { Fields } from "../../machinery/object.ts";
import type { Placement } from "./manifests-of-module.ts";
import { webhookReach, withoutUrl, type DeclaredWebhook } from "./webhook-manifests.ts";

/** With the address of the webhook, where one converts the kind. */
export function definitionManifests(
  kinds: readonly DefinedResource[],
  placement: Placement,
  labels?: Fields,
): readonly Fields[] {
  const reach = webhookReach(placement);
  return kinds.map((kind) => {
    const definition = definitionAt(kind, reach.clientConfig(conversionPath(kind)));
    const { apiVersion, kind: called, metadata, spec } = definition;
    const labelled = labels === undefined ? metadata : { ...metadata, labels };
    return { apiVersion, kind: called, metadata: labelled, spec: reachedByService(spec) };
  });
}

function reachedByService(spec: CustomResourceDefinition["spec"]): Fields {
  const { conversion } = spec;
  if (conversion?.webhook?.clientConfig === undefined) return spec;
  const clientConfig = withoutUrl(conversion.webhook.clientConfig);
  return {
    ...spec,
    conversion: { ...conversion, webhook: { ...conversion.webhook, clientConfig } },
  };
}

const READ = ["get", "list", "watch"];
const WRITE = ["create", "update", "patch", "delete", "deletecollection"];

/** Whoever may view, edit or administer a namespace may do so with the program's kinds. */
export function userRoles(
  kinds: readonly DefinedResource[],
  { name }: Placement,
  labels: Fields,
): readonly Fields[] {
  if (kinds.length === 0) return [];
  const role = (suffix: string, verbs: readonly string[], into: readonly string[]): Fields => ({
    apiVersion: "rbac.authorization.k8s.io/v1",
    kind: "ClusterRole",
    metadata: {
      name: `${name}-${suffix}`,
      labels: {
        ...labels,
        ...Object.fromEntries(
          into.map((each) => [`rbac.authorization.k8s.io/aggregate-to-${each}`, "true"]),
        ),
      },
    },
    rules: [...Map.groupBy(kinds, ({ group }) => group)].map(([group, of]) => ({
      apiGroups: [group],
      resources: of.map(({ resource }) => resource),
      verbs,
    })),
  });
  return [role("edit", [...READ, ...WRITE], ["edit", "admin"]), role("view", READ, ["view"])];
}

/** One pod at a time may be taken away. For one pod alone it would only block the drain. */
export function disruptionBudget(
  { name, namespace, replicas }: Placement & { readonly replicas: number },
  labels: Fields,
): readonly Fields[] {
  if (replicas < 2) return [];
  return [
    {
      apiVersion: "policy/v1",
      kind: "PodDisruptionBudget",
      metadata: { name, namespace, labels },
      spec: { maxUnavailable: 1, selector: { matchLabels: { "app.kubernetes.io/name": name } } },
    },
  ];
}

/** Only probes, metrics and webhooks are reached; the program itself may call anything. */
export function networkPolicy(
  { name, namespace }: Placement,
  webhooks: readonly DeclaredWebhook[],
  labels: Fields,
): Fields {
  const ports = ["health", ...(webhooks.length === 0 ? [] : ["webhook"])];
  return {
    apiVersion: "networking.k8s.io/v1",
    kind: "NetworkPolicy",
    metadata: { name, namespace, labels },
    spec: {
      podSelector: { matchLabels: { "app.kubernetes.io/name": name } },
      policyTypes: ["Ingress"],
      ingress: [{ ports: ports.map((port) => ({ port })) }],
    },
  };
}
