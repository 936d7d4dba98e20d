/** The code a project begins with: a kind, a controller, a program and a test. */
import type { Project } from "./project.ts";
import { webhookExport, webhookName, webhookOption } from "./webhook.ts";

/** What it says must be what `manifests.ts` says of it; a test compares the two. */
export function kindText({ group, kind }: Project): string {
  return `/** The kind: types, defaults and the definition for the server follow from the schema. */
import { defineResource, type ObjectOf } from "setpoint/controller-runtime";
import { z } from "zod";

export const ${kind} = defineResource({
  group: "${group}",
  version: "v1",
  kind: "${kind}",
  spec: z.object({
    image: z.string().min(1).describe("What the pods run."),
    replicas: z.int().min(0).max(100).default(1).describe("How many pods."),
  }),
});
export type ${kind} = ObjectOf<typeof ${kind}>;
`;
}

export function controllerText(project: Project): string {
  const { kind, plural, file } = project;
  return `/** Keeps a Deployment for every ${kind}. */
import { Deployment } from "setpoint/client";
import { controller } from "setpoint/controller-runtime";
import { ${kind} } from "./${file}.ts";

export const ${plural} = controller(${kind}, {
  owns: [Deployment],
  async reconcile({ metadata: { name = "" }, spec: { image, replicas } }, ctx) {
    const labels = { "app.kubernetes.io/instance": name };
    const template = { metadata: { labels }, spec: { containers: [{ name: "main", image }] } };
    const selector = { matchLabels: labels };
    const wanted = { metadata: { name }, spec: { replicas, selector, template } };
    const { readyReplicas = 0 } = (await ctx.apply(Deployment, wanted)).status;
    const message = \`\${readyReplicas} of \${replicas} are ready\`;
    ctx.status.condition("Ready", readyReplicas === replicas, "Replicas", message);
    return ctx.done();
  },
});
${webhookExport(project)}`;
}

export function programText(project: Project): string {
  const { name, plural, hasWebhook } = project;
  const imported = hasWebhook ? `${plural}, ${webhookName(project)}` : plural;
  return `/**
 * The program. In a cluster the definition comes with the manifests, and one of its pods leads;
 * started by hand, the program brings the definition along.
 */
import { createManager } from "setpoint/controller-runtime";
import { ${imported} } from "./controller.ts";

const namespace = process.env["POD_NAMESPACE"];
const name = "${name}";

await createManager({
  controllers: [${plural}],
${webhookOption(project)}  ...(namespace === undefined
    ? { installsDefinitions: true }
    : { probes: { port: 8080 }, leaderElection: { lease: { namespace, name } } }),
}).run();
`;
}

export function testText({ group, kind, plural, file }: Project): string {
  return `/** The controller on a whole control plane in memory, and in virtual time. */
import { Deployment } from "setpoint/client";
import { createTestWorld } from "setpoint/testing";
import { expect, test } from "vitest";
import { ${plural} } from "./controller.ts";
import { ${kind} } from "./${file}.ts";

const HOME = \`
apiVersion: ${group}/v1
kind: ${kind}
metadata:
  name: home
spec:
  image: web:1
  replicas: 2
\`;

test("it gets a Deployment, again if that is deleted", async () => {
  await using world = await createTestWorld({ controllers: [${plural}], manifests: HOME });
  const first = await world.eventually(() => world.get(Deployment, "home"));
  expect(first?.spec.replicas).toBe(2);

  await world.delete(Deployment, "home");
  await world.eventually(
    () => world.get(Deployment, "home"),
    (seen) => seen !== undefined && seen.metadata.uid !== first?.metadata.uid,
  );
});

test("it is ready as soon as its Deployment is, an hour later", async () => {
  // Nothing but this controller acts here: the test plays the rest of the cluster.
  const options = { hasControllers: false, manifests: HOME };
  await using world = await createTestWorld({ controllers: [${plural}], ...options });
  await world.eventually(() => world.get(Deployment, "home"));
  await world.advance("1h");
  const ready = async () => (await world.get(${kind}, "home"))?.status?.conditions?.[0]?.status;
  expect(await ready()).toBe("False");

  const status = { replicas: 2, readyReplicas: 2 };
  await world.change(Deployment, "home", { status }, { subresource: "status" });
  await world.eventually(ready, (seen) => seen === "True");
});
`;
}
