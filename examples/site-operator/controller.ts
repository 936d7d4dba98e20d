/** Keeps a Deployment and a Service for every Site. */
import { Deployment, Service } from "setpoint/client";
import { controller, type DeclaredController } from "setpoint/controller-runtime";
import { Site } from "./site.ts";

export const sites: DeclaredController = controller(Site, {
  owns: [Deployment, Service],
  async reconcile({ metadata: { name = "" }, spec: { image, replicas, port } }, ctx) {
    const labels = { site: name };
    const ports = [{ name: "http", port: 80, targetPort: port }];
    await ctx.apply(Service, { metadata: { name }, spec: { selector: labels, ports } });

    const containers = [{ name: "web", image, ports: [{ containerPort: port }] }];
    const template = { metadata: { labels }, spec: { containers } };
    const selector = { matchLabels: labels };
    const web = { metadata: { name }, spec: { replicas, selector, template } };
    const { readyReplicas = 0 } = (await ctx.apply(Deployment, web)).status;

    ctx.status.set({ readyReplicas });
    const isReady = readyReplicas === replicas;
    const reason = isReady ? "AllReady" : "Starting";
    ctx.status.condition("Ready", isReady, reason, `${readyReplicas} of ${replicas} are ready`);
    return ctx.done();
  },
});
