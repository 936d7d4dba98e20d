import { expect, test } from "vitest";
import { z } from "zod";
import { CustomResourceDefinition, Deployment } from "../../client/builtin.ts";
import { defineResource } from "../../client/resource/define-resource.ts";
import { controller } from "../../controller-runtime/declared/controller.ts";
import { own, type Fields } from "../../machinery/object.ts";
import { createTestWorld } from "../../test-kit/test-world.ts";
import { helmChart } from "./helm-chart.ts";
import { HEALTH_PORT, installManifests, manifestsText } from "./manifests-of-module.ts";
import { contentsOf } from "./module-contents.ts";

const Site = defineResource({
  group: "example.dev",
  version: "v2",
  kind: "Site",
  description: "A site, as {{ people }} say.",
  spec: z.object({ hosts: z.array(z.string()) }),
  olderVersions: {
    v1: {
      spec: z.object({ host: z.string() }),
      toHub: ({ spec }) => ({ spec: { hosts: [spec.host] } }),
      fromHub: ({ spec }) => ({ spec: { host: spec.hosts[0] ?? "" } }),
    },
  },
});
const sites = controller(Site, {
  owns: [Deployment],
  reconcile: (_, ctx) => Promise.resolve(ctx.done()),
});
const contents = contentsOf({ sites });
const options = { name: "sites", image: "sites:1", replicas: 2, healthPort: HEALTH_PORT };
const objects = installManifests(contents, { ...options, namespace: "ops" });

function find(all: readonly Fields[], kind: string, name?: string): Fields | undefined {
  return all.find((each) => {
    const metadata = own(each, "metadata");
    return (
      own(each, "kind") === kind && (name === undefined || own(Object(metadata), "name") === name)
    );
  });
}

test("a kind with conversions names the Service that its API servers call, exported or not", () => {
  expect(find(objects, "CustomResourceDefinition")).toMatchObject({
    spec: {
      conversion: {
        strategy: "Webhook",
        webhook: {
          conversionReviewVersions: ["v1"],
          clientConfig: {
            service: { namespace: "ops", name: "sites-webhook", path: "/convert-example-dev-site" },
          },
        },
      },
    },
  });
  expect(find(objects, "Service", "sites-webhook")).toBeDefined();
  expect(find(objects, "ClusterRole", "sites")).toHaveProperty(
    "rules",
    expect.arrayContaining([
      {
        apiGroups: ["apiextensions.k8s.io"],
        resources: ["customresourcedefinitions"],
        resourceNames: ["sites.example.dev"],
        verbs: ["get", "patch"],
      },
    ]),
  );
});

test("an address from development goes when the installation is applied", async () => {
  await using world = await createTestWorld({ kinds: [Site] }); // reached by a `url`
  const key = { namespace: "", name: "sites.example.dev" };
  const before = await world.get(CustomResourceDefinition, key);
  expect(before?.spec.conversion?.webhook?.clientConfig?.url).toMatch(/^https:/);
  const object = find(objects, "CustomResourceDefinition");
  const patch = { kind: "apply", object, isForced: true } as const;
  const options = { fieldManager: "kubectl" };
  const { client, context } = world;
  const after = await client.patch(CustomResourceDefinition, key, patch, context, options);
  const { clientConfig } = after.spec.conversion?.webhook ?? {};
  expect(clientConfig?.url).toBeUndefined();
  expect(clientConfig?.service).toMatchObject({ namespace: "ops", name: "sites-webhook" });
});

test("who may edit or view a namespace may do so with the kinds", () => {
  expect(find(objects, "ClusterRole", "sites-view")).toMatchObject({
    metadata: { labels: { "rbac.authorization.k8s.io/aggregate-to-view": "true" } },
    rules: [{ apiGroups: ["example.dev"], resources: ["sites"], verbs: ["get", "list", "watch"] }],
  });
  expect(find(objects, "ClusterRole", "sites-edit")).toMatchObject({
    metadata: {
      labels: {
        "rbac.authorization.k8s.io/aggregate-to-edit": "true",
        "rbac.authorization.k8s.io/aggregate-to-admin": "true",
      },
    },
  });
});

test("several replicas are spread and go one at a time; one has no budget", () => {
  expect(find(objects, "PodDisruptionBudget")).toMatchObject({ spec: { maxUnavailable: 1 } });
  const one = installManifests(contents, { ...options, namespace: "ops", replicas: 1 });
  expect(find(one, "PodDisruptionBudget")).toBeUndefined();
  expect(JSON.stringify(one)).not.toContain("topologySpreadConstraints");
});

test("a network policy lets probes and webhooks in, if one is asked for", () => {
  expect(find(objects, "NetworkPolicy")).toBeUndefined();
  const some = installManifests(contents, { ...options, namespace: "ops", hasNetworkPolicy: true });
  expect(find(some, "NetworkPolicy")).toMatchObject({
    spec: {
      policyTypes: ["Ingress"],
      ingress: [{ ports: [{ port: "health" }, { port: "webhook" }] }],
    },
  });
});

test("a server takes everything, with no warning of its own", async () => {
  const all = installManifests(contents, { ...options, namespace: "ops", hasNetworkPolicy: true });
  await using world = await createTestWorld({ manifests: manifestsText(all) });
  const deployment = await world.get(Deployment, { namespace: "ops", name: "sites" });
  expect(deployment?.spec.replicas).toBe(2);
  expect(world.env.lines.filter(({ level }) => level === "warn")).toEqual([]);
});

test("a chart holds the same, with values where clusters differ", () => {
  const files = helmChart(contents, { ...options, version: "1.2.3" });
  expect([...files.keys()]).toEqual([
    "Chart.yaml",
    "values.yaml",
    "templates/customresourcedefinition.yaml",
    "templates/serviceaccount.yaml",
    "templates/clusterrole.yaml",
    "templates/clusterrolebinding.yaml",
    "templates/role.yaml",
    "templates/rolebinding.yaml",
    "templates/networkpolicy.yaml",
    "templates/secret.yaml",
    "templates/service.yaml",
    "templates/poddisruptionbudget.yaml",
    "templates/deployment.yaml",
  ]);
  const deployment = files.get("templates/deployment.yaml") ?? "";
  expect(deployment).toContain("  replicas: {{ .Values.replicas }}\n");
  expect(deployment).toContain("  namespace: {{ .Release.Namespace | quote }}\n");
  expect(deployment).toContain("image: {{ .Values.image | quote }}\n");
  expect(deployment).toContain("resources:\n{{- toYaml .Values.resources | nindent 10 }}\n");
  const definition = files.get("templates/customresourcedefinition.yaml") ?? "";
  expect(definition).toContain('A site, as {{ "{{" }} people }} say.');
  expect(definition).toContain("helm.sh/resource-policy: keep");
  expect(definition).toContain("namespace: {{ .Release.Namespace | quote }}\n");
  expect(definition).toMatch(/^\{\{- if \.Values\.definitions \}\}\n/);
  expect(files.get("values.yaml")).toContain("\nreplicas: 2\n");
  expect([...files.values()].join("")).not.toContain("setpoint-chart-value");
});
