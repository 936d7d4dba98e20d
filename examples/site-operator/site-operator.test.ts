/** The operator on a whole control plane in memory, and in virtual time. */
import { Deployment, Pod, Service } from "setpoint/client";
import { findCondition, isConditionTrue } from "setpoint/machinery";
import { createTestWorld, type TestWorld } from "setpoint/testing";
import { expect, test } from "vitest";
import { sites } from "./controller.ts";
import { Site } from "./site.ts";

const HOME = `
apiVersion: example.dev/v1
kind: Site
metadata:
  name: home
spec:
  image: web:1
  replicas: 2
`;

/** There are no nodes in a test: it says itself that the pods run. */
async function startPods(world: TestWorld): Promise<void> {
  for (const pod of await world.list(Pod)) {
    const { name = "", namespace = "" } = pod.metadata;
    const conditions = [{ type: "Ready", status: "True" }];
    const status = { phase: "Running", conditions };
    await world.change(Pod, { namespace, name }, { status }, { subresource: "status" });
  }
}

test("a site gets web servers and an address, and is ready when they are", async () => {
  await using world = await createTestWorld({ controllers: [sites], manifests: HOME });
  const pods = await world.eventually(
    () => world.list(Pod),
    ({ length }) => length === 2,
  );
  expect(pods.map(({ spec }) => spec.containers[0]?.image)).toEqual(["web:1", "web:1"]);
  expect((await world.get(Service, "home"))?.spec.ports?.[0]?.targetPort).toBe(80);
  const waiting = findCondition((await world.get(Site, "home"))?.status?.conditions, "Ready");
  expect(waiting).toMatchObject({ status: "False", message: "0 of 2 are ready" });

  await startPods(world);
  const site = await world.eventually(
    () => world.get(Site, "home"),
    (seen) => isConditionTrue(seen?.status?.conditions, "Ready"),
  );
  expect(site?.status?.readyReplicas).toBe(2);
});

test("whatever is changed or deleted by hand is made again", async () => {
  await using world = await createTestWorld({ controllers: [sites], manifests: HOME });
  await world.eventually(() => world.get(Deployment, "home"));
  await world.change(Deployment, "home", { spec: { replicas: 7 } });
  await world.eventually(
    () => world.get(Deployment, "home"),
    (web) => web?.spec.replicas === 2,
  );
  await world.delete(Service, "home");
  await world.eventually(() => world.get(Service, "home"));
});

test("hours pass in a moment, and a site at rest is not written again", async () => {
  const options = { hasControllers: false }; // a Deployment is all that matters here
  await using world = await createTestWorld({ controllers: [sites], ...options });
  await world.apply(HOME);
  await world.eventually(() => world.get(Deployment, "home"));
  await world.advance("10m");
  const before = await world.get(Site, "home");
  await world.advance("2h");
  expect(await world.get(Site, "home")).toEqual(before);
});

test("what belongs to a site goes with it", async () => {
  await using world = await createTestWorld({ controllers: [sites], manifests: HOME });
  await world.eventually(() => world.get(Deployment, "home"));
  await world.delete(Site, "home");
  await world.eventually(async () => (await world.list(Deployment)).length === 0);
  await world.eventually(async () => (await world.get(Service, "home")) === undefined);
});

test("a site without an image, or with too many servers, is refused by the server", async () => {
  await using world = await createTestWorld({ controllers: [sites] });
  const site = "{apiVersion: example.dev/v1, kind: Site, metadata: {name: bad}, spec: SPEC}";
  await expect(world.apply(site.replace("SPEC", "{replicas: 1}"))).rejects.toThrow(
    /spec\.image: Required value/,
  );
  await expect(world.apply(site.replace("SPEC", "{image: a, replicas: 51}"))).rejects.toThrow(
    /spec\.replicas: Invalid value: 51/,
  );
});
