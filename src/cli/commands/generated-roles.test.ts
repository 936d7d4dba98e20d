/** A controller lives on what `generate install` allows it: nothing is missing. */
import { join } from "node:path";
import { expect, test } from "vitest";
import { realEnv } from "../../base/real/env.ts";
import { rootContext } from "../../base/context.ts";
import { ClusterRoleBinding, Deployment, Lease, Service } from "../../client/builtin.ts";
import { RestClient } from "../../client/rest-client.ts";
import type { Transport } from "../../client/transport.ts";
import { createManager } from "../../controller-runtime/manager/manager.ts";
import { isStatus } from "../../machinery/status.ts";
import { createTestWorld, type TestWorld } from "../../test-kit/test-world.ts";
import { HEALTH_PORT } from "../authoring/manifests-of-module.ts";
import { loadModule } from "../authoring/load-module.ts";
import { contentsOf } from "../authoring/module-contents.ts";
import { generateInstall } from "./generate.ts";

const MODULE = join(import.meta.dirname, "../../../examples/site-operator/controller.ts");
const NAME = "site-operator";
const deps = { env: realEnv({ level: "error" }), signal: new AbortController().signal };

/** What the account may do, and no more. */
function clientOfAccount({ plane, env }: TestWorld): RestClient {
  const user = `system:serviceaccount:${NAME}:${NAME}`;
  const transport: Transport = {
    send: ({ headers, ...request }, context) => {
      const asAccount = { ...request, headers: { ...headers, "impersonate-user": user } };
      return plane.transport.send(asAccount, context);
    },
    close: () => Promise.resolve(),
  };
  return new RestClient({ transport, env }, { fieldManager: NAME });
}

/** As a cluster that allows accounts nothing by itself, not even to ask what they may do. */
async function strictWorld(manifests: string): Promise<TestWorld> {
  const world = await createTestWorld({ manifests });
  await world.delete(ClusterRoleBinding, { namespace: "", name: "system:basic-user" });
  return world;
}

const HOME = "{apiVersion: example.dev/v1, kind: Site, metadata: {name: home}, spec: {image: web}}";

test("the generated roles allow all that the example does, and leading", async () => {
  const placement = { name: NAME, namespace: undefined, image: "site-operator:1", replicas: 1 };
  const manifests = await generateInstall(MODULE, { ...placement, healthPort: HEALTH_PORT }, deps);
  const { controllers } = contentsOf(await loadModule(MODULE, deps));
  await using world = await strictWorld(manifests);
  const client = clientOfAccount(world);
  const secrets = client.request({ path: "/api/v1/secrets" }, world.context);
  await expect(secrets).rejects.toSatisfy((error) => isStatus(error, "Forbidden"));

  const stop = new AbortController();
  const lease = { namespace: NAME, name: NAME };
  const manager = createManager({
    client,
    env: world.env,
    controllers,
    leaderElection: { lease, identity: "first" },
  });
  const running = manager.run(rootContext(world.env, stop.signal));
  await world.apply(HOME);
  await world.eventually(() => world.get(Deployment, "home"));
  await world.eventually(() => world.get(Service, "home"));
  await world.advance("10s"); // the lease is renewed meanwhile
  expect((await world.get(Lease, lease))?.spec.holderIdentity).toBe("first");
  stop.abort();
  await world.quiet();
  await running;
  expect(refusalsIn(world)).toEqual([]);
}, 60_000);

test("the generated roles allow processes that share the work", async () => {
  const placement = { name: NAME, namespace: undefined, image: "site-operator:1", replicas: 2 };
  const manifests = await generateInstall(MODULE, { ...placement, healthPort: HEALTH_PORT }, deps);
  const { controllers } = contentsOf(await loadModule(MODULE, deps));
  await using world = await strictWorld(manifests);
  const shards = { lease: { namespace: NAME, name: NAME } };
  const member = () => {
    const client = clientOfAccount(world);
    const manager = createManager({ client, env: world.env, controllers, shards });
    const stop = new AbortController();
    return { stop, running: manager.run(rootContext(world.env, stop.signal)) };
  };
  const [first, second] = [member(), member()];
  await world.apply(HOME);
  await world.eventually(() => world.get(Deployment, "home"));
  const members = async () => (await world.list(Lease, { namespace: NAME })).length;
  await world.eventually(members, (count) => count === 2);
  await world.advance("10s"); // leases are renewed, and each sees the other
  second.stop.abort();
  await world.quiet();
  await second.running;
  await world.eventually(members, (count) => count === 1);
  first.stop.abort();
  await world.quiet();
  await first.running;
  expect(refusalsIn(world)).toEqual([]);
}, 60_000);

function refusalsIn({ env }: TestWorld): readonly unknown[] {
  return env.lines.filter((line) => JSON.stringify(line).includes("forbidden"));
}
