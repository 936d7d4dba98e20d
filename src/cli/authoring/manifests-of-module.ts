/** The manifests that follow from kinds and controllers. Pure: the same in, the same out. */
import type { PolicyRule } from "../../apis/rbac/v1/types.generated.ts";
import type { DeclaredController } from "../../controller-runtime/declared/declared-controller.ts";
import { permissionsOf, rulesOf } from "../../controller-runtime/declared/permissions.ts";
import { encodeYaml } from "../../machinery/codec/yaml.ts";
import type { Fields } from "../../machinery/object.ts";
import {
  definitionManifests,
  disruptionBudget,
  networkPolicy,
  userRoles,
} from "./install-extras.ts";
import type { ModuleContents } from "./module-contents.ts";
import {
  webhookConfigurations,
  webhookContainer,
  webhookRules,
  webhookSurroundings,
  type DeclaredWebhook,
} from "./webhook-manifests.ts";

/** What the objects are called and where they live. */
export type Placement = { readonly name: string; readonly namespace: string };

export type InstallOptions = Placement & {
  readonly image: string;
  readonly replicas: number;
  /** Where the program answers `/healthz` and `/readyz`. */
  readonly healthPort: number;
  /** Whether nothing but probes, metrics and webhooks is reached over the network (default no). */
  readonly hasNetworkPolicy?: boolean;
};

/** Where a manager answers probes unless told. */
export const HEALTH_PORT = 8080;

/** One stream of YAML documents. */
export function manifestsText(objects: readonly Fields[]): string {
  return objects.map(encodeYaml).join("---\n");
}

/**
 * An account, what the controllers and webhooks need in the whole cluster, and what leader
 * election, shards and certificates need in the account's own namespace.
 */
export function accessManifests(
  { controllers, webhooks }: Pick<ModuleContents, "controllers" | "webhooks">,
  placement: Placement,
): readonly Fields[] {
  const { name, namespace } = placement;
  const election = `${name}-leader-election`;
  const rbac = { apiVersion: "rbac.authorization.k8s.io/v1" };
  const subjects = [{ kind: "ServiceAccount", name, namespace }];
  const apiGroup = "rbac.authorization.k8s.io";
  const hooks = webhookRules(webhooks, placement);
  return [
    { apiVersion: "v1", kind: "ServiceAccount", metadata: meta(name, { name, namespace }) },
    {
      ...rbac,
      kind: "ClusterRole",
      metadata: meta(name, { name }),
      rules: [...clusterRules(controllers), ...hooks.cluster],
    },
    {
      ...rbac,
      kind: "ClusterRoleBinding",
      metadata: meta(name, { name }),
      roleRef: { apiGroup, kind: "ClusterRole", name },
      subjects,
    },
    {
      ...rbac,
      kind: "Role",
      metadata: meta(name, { name: election, namespace }),
      rules: [
        {
          apiGroups: ["coordination.k8s.io"],
          resources: ["leases"],
          // A leader gets, makes and renews one; members of a group of shards see and end others.
          verbs: ["get", "list", "create", "update", "delete"],
        },
        ...hooks.own,
      ],
    },
    {
      ...rbac,
      kind: "RoleBinding",
      metadata: meta(name, { name: election, namespace }),
      roleRef: { apiGroup, kind: "Role", name: election },
      subjects,
    },
  ];
}

/** A manager asks at its start what it may do; most clusters allow everybody that, not all. */
const ASKING: PolicyRule = {
  apiGroups: ["authorization.k8s.io"],
  resources: ["selfsubjectaccessreviews"],
  verbs: ["create"],
};

/** Rules of single objects or of paths are kept as their author wrote them. */
function clusterRules(controllers: readonly DeclaredController[]): readonly PolicyRule[] {
  const isNarrow = ({ resourceNames = [], nonResourceURLs = [] }: PolicyRule): boolean =>
    resourceNames.length > 0 || nonResourceURLs.length > 0;
  const narrow = controllers.flatMap(({ permissions }) => permissions.filter(isNarrow));
  return [...rulesOf(permissionsOf(controllers)), ...narrow, ASKING];
}

/** Everything a cluster needs, in the order it needs it. */
export function installManifests(
  { kinds, controllers, webhooks }: ModuleContents,
  options: InstallOptions,
): readonly Fields[] {
  const { name, namespace } = options;
  const labels = {
    // Pods of this namespace are held to the strictest of the pod security standards.
    "pod-security.kubernetes.io/enforce": "restricted",
  };
  const own = labelsOf(name);
  const space = meta(name, { name: namespace });
  return [
    ...definitionManifests(kinds, options, own),
    {
      apiVersion: "v1",
      kind: "Namespace",
      metadata: { ...space, labels: { ...labelsOf(name), ...labels } },
    },
    ...accessManifests({ controllers, webhooks }, { name, namespace }),
    ...userRoles(kinds, options, own),
    ...(options.hasNetworkPolicy === true ? [networkPolicy(options, webhooks, own)] : []),
    ...webhookSurroundings(webhooks, options, own),
    ...disruptionBudget(options, own),
    deploymentManifest(options, webhooks),
    ...webhookConfigurations(webhooks, options, own),
  ];
}

/** Longer than a manager gives its controllers to end. */
const STOP_SECONDS_MAX = 40;

function deploymentManifest(
  { name, namespace, replicas, ...of }: InstallOptions,
  webhooks: readonly DeclaredWebhook[],
): Fields {
  const selector = { "app.kubernetes.io/name": name };
  return {
    apiVersion: "apps/v1",
    kind: "Deployment",
    metadata: meta(name, { name, namespace }),
    spec: {
      replicas,
      selector: { matchLabels: selector },
      template: {
        metadata: { labels: selector },
        spec: {
          serviceAccountName: name,
          terminationGracePeriodSeconds: STOP_SECONDS_MAX,
          securityContext: { runAsNonRoot: true, seccompProfile: { type: "RuntimeDefault" } },
          ...spread(replicas, selector),
          containers: [containerOf(of, webhooks)],
        },
      },
    },
  };
}

/** Replicas are for the day a node is lost: on one node they would go together. */
function spread(replicas: number, matchLabels: Fields): Fields {
  if (replicas < 2) return {};
  const topologyKey = "kubernetes.io/hostname";
  const rule = { maxSkew: 1, topologyKey, whenUnsatisfiable: "ScheduleAnyway" };
  return { topologySpreadConstraints: [{ ...rule, labelSelector: { matchLabels } }] };
}

function containerOf(
  { image, healthPort }: Pick<InstallOptions, "image" | "healthPort">,
  webhooks: readonly DeclaredWebhook[],
): Fields {
  const { ports, ...more } = webhookContainer(webhooks);
  const probe = (path: string, more: Fields): Fields => ({
    httpGet: { path, port: "health" },
    ...more,
  });
  return {
    name: "controller",
    image,
    env: [{ name: "POD_NAMESPACE", valueFrom: { fieldRef: { fieldPath: "metadata.namespace" } } }],
    ports: [{ name: "health", containerPort: healthPort }, ...ports],
    livenessProbe: probe("/healthz", { initialDelaySeconds: 10, periodSeconds: 20 }),
    readinessProbe: probe("/readyz", { periodSeconds: 10 }),
    ...more,
    resources: { requests: { cpu: "10m", memory: "128Mi" }, limits: { memory: "256Mi" } },
    securityContext: {
      allowPrivilegeEscalation: false,
      capabilities: { drop: ["ALL"] },
      readOnlyRootFilesystem: true,
    },
  };
}

function meta(app: string, place: { readonly name: string; readonly namespace?: string }): Fields {
  return { ...place, labels: labelsOf(app) };
}

function labelsOf(app: string): Readonly<Record<string, string>> {
  return { "app.kubernetes.io/name": app };
}
