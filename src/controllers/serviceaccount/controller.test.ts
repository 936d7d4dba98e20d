import { describe, expect, test } from "vitest";
import { ConfigMap, Namespace, ServiceAccount } from "../../client/builtin.ts";
import {
  controllerWorld,
  type ControllerWorld,
} from "../../controller-runtime/testing/controller-world.ts";
import { alreadyExists, internalError } from "../../machinery/status.ts";
import { serviceAccountController } from "./controller.ts";
import { rootCaPublisher } from "./root-ca-publisher.ts";

const account = { namespace: "team", name: "default" };
const roots = { namespace: "team", name: "kube-root-ca.crt" };

async function aWorld(): Promise<ControllerWorld> {
  const world = controllerWorld();
  world.start(serviceAccountController, (deps) => rootCaPublisher(deps, { authorityPem: "PEM" }));
  const namespace: Namespace = {
    apiVersion: "v1",
    kind: "Namespace",
    metadata: { name: "team" },
    spec: {},
    status: {},
  };
  await world.cluster.client.create(Namespace, namespace, world.context);
  return world;
}

describe("service account controller and root certificate publisher", () => {
  test("a new namespace gets its service account and certificates", async () => {
    const world = await aWorld();
    await world.env.settle();
    expect(world.cluster.find(ServiceAccount, account)).toBeDefined();
    expect(world.cluster.find(ConfigMap, roots)?.data).toEqual({ "ca.crt": "PEM" });
    await world.stop();
  });

  test("what is deleted comes back", async () => {
    const world = await aWorld();
    await world.env.settle();
    const before = world.cluster.find(ServiceAccount, account)?.metadata.uid;
    await world.cluster.client.delete(ServiceAccount, account, world.context);
    await world.cluster.client.delete(ConfigMap, roots, world.context);
    await world.env.settle();
    expect(world.cluster.find(ServiceAccount, account)?.metadata.uid).not.toBe(before);
    expect(world.cluster.find(ConfigMap, roots)?.data).toEqual({ "ca.crt": "PEM" });
    await world.stop();
  });

  test("certificates that were changed are put right, labels of others stay", async () => {
    const world = await aWorld();
    await world.env.settle();
    const patch = {
      kind: "merge",
      patch: { metadata: { labels: { mine: "yes" } }, data: { "ca.crt": "bad", more: "x" } },
    } as const;
    await world.cluster.client.patch(ConfigMap, roots, patch, world.context);
    await world.env.settle();
    const mended = world.cluster.find(ConfigMap, roots);
    expect(mended?.data).toEqual({ "ca.crt": "PEM" });
    expect(mended?.metadata.labels).toEqual({ mine: "yes" });
    await world.stop();
  });

  test("a service account that is there is left as it is", async () => {
    const world = controllerWorld();
    const mine: ServiceAccount = {
      apiVersion: "v1",
      kind: "ServiceAccount",
      metadata: account,
      automountServiceAccountToken: false,
    };
    world.cluster.seed(ServiceAccount, mine);
    world.cluster.seed(Namespace, {
      apiVersion: "v1",
      kind: "Namespace",
      metadata: { name: "team" },
      spec: {},
      status: {},
    });
    world.start(serviceAccountController);
    await world.env.settle();
    expect(world.cluster.requests).toEqual([]);
    await world.stop();
  });

  test("a namespace on its way out is given nothing, and is no failure", async () => {
    const world = await aWorld();
    await world.env.settle();
    world.cluster.lag.delayMs = 5_000;
    await world.cluster.client.delete(Namespace, { namespace: "", name: "team" }, world.context);
    world.cluster.lag.delayMs = 0; // the deletion below is seen first
    world.cluster.vanish(ServiceAccount, account);
    await world.env.advance(60_000);
    expect(world.cluster.find(ServiceAccount, account)).toBeUndefined();
    expect(world.cluster.requests.map(({ verb }) => verb).slice(-2)).toEqual(["delete", "create"]);
    expect(world.env.lines.filter(({ level }) => level === "warn")).toEqual([]);
    await world.stop();
  });

  test("someone else being first is fine; a failure is tried again", async () => {
    const world = await aWorld();
    let count = 0;
    world.cluster.intercept(({ verb, type }) => {
      if (verb !== "create") return "serve";
      if (type.kind === "ConfigMap") throw alreadyExists(type, roots.name);
      count += 1;
      if (count < 3) throw internalError("not now");
      return "serve";
    });
    await world.env.advance(1_000);
    expect(world.cluster.find(ServiceAccount, account)).toBeDefined();
    const failed = world.metrics.counter("controller_runtime_reconcile_errors_total", "");
    expect(failed.value({ controller: "root-ca-certificate-publisher" })).toBe(0);
    expect(failed.value({ controller: "serviceaccount-controller" })).toBe(2);
    await world.stop();
  });
});
