import { afterEach, beforeEach, expect, test } from "vitest";
import { EndpointSlice, Pod, Service } from "../../client/builtin.ts";
import {
  controllerWorld,
  type ControllerWorld,
} from "../../controller-runtime/testing/controller-world.ts";
import { keyOf } from "../../machinery/key.ts";
import { internalError } from "../../machinery/status.ts";
import { endpointSliceController } from "./controller.ts";
import { aPod, aService } from "./testing.ts";

let world: ControllerWorld;

beforeEach(() => {
  world = controllerWorld();
  world.start(endpointSliceController);
});
afterEach(() => world.stop());

const KEY = { namespace: "default", name: "web" };
const slices = (): readonly EndpointSlice[] => world.cluster.list(EndpointSlice);
const listed = (): readonly string[] =>
  slices().flatMap(({ endpoints = [] }) =>
    endpoints.map(
      ({ targetRef, conditions }) =>
        `${targetRef?.name ?? ""} ${conditions?.ready === true ? "ready" : "unready"}`,
    ),
  );

async function seed(...pods: readonly Pod[]): Promise<void> {
  for (const pod of pods) world.cluster.seed(Pod, pod);
  await world.env.settle();
}

test("a service's slices follow its pods: coming, ready, going, gone", async () => {
  world.cluster.seed(Service, aService());
  await world.env.settle();
  expect(slices()).toHaveLength(1);
  await seed(aPod({ name: "a", isReady: false }), aPod({ name: "b" }));
  expect(listed()).toEqual(["a unready", "b ready"]);
  await seed(aPod({ name: "a" }));
  expect(listed()).toEqual(["a ready", "b ready"]);
  await seed(aPod({ name: "b", meta: { deletionTimestamp: "2026-01-01T00:00:00Z" } }));
  expect(listed()).toEqual(["a ready", "b unready"]);
  world.cluster.vanish(Pod, { namespace: "default", name: "b" });
  await world.env.settle();
  expect(listed()).toEqual(["a ready"]);
});

test("a pod whose labels change joins one service and leaves another", async () => {
  world.cluster.seed(Service, aService());
  world.cluster.seed(Service, aService({ selector: { app: "api" } }, { name: "api", uid: "api" }));
  await seed(aPod({ name: "a" }));
  const of = (name: string): number | undefined =>
    slices().find(({ metadata }) => metadata.labels?.["kubernetes.io/service-name"] === name)
      ?.endpoints?.length;
  expect([of("web"), of("api")]).toEqual([1, 0]);
  await seed(aPod({ name: "a", meta: { labels: { app: "api" } } }));
  expect([of("web"), of("api")]).toEqual([0, 1]);
});

test("nothing is written while nothing changes, nor by a controller that starts anew", async () => {
  world.cluster.seed(Service, aService());
  await seed(aPod({ name: "a" }), aPod({ name: "b" }));
  const before = world.cluster.requests.length;
  await world.env.advance(600_000);
  world.start(endpointSliceController);
  await world.env.advance(600_000);
  expect(world.cluster.requests.length).toBe(before);
});

test("a slice that somebody deletes or empties comes back", async () => {
  world.cluster.seed(Service, aService());
  await seed(aPod({ name: "a" }));
  const [slice] = slices();
  if (slice === undefined) throw new Error("a slice was made");
  await world.cluster.client.delete(EndpointSlice, keyOf(slice), world.context);
  await world.env.settle();
  expect(listed()).toEqual(["a ready"]);
  const [again] = slices();
  if (again === undefined) throw new Error("a slice was made");
  world.cluster.seed(EndpointSlice, { ...again, endpoints: [] });
  await world.env.settle();
  expect(listed()).toEqual(["a ready"]);
});

test("slices of others are left alone, and so are services without pods of their own", async () => {
  const mine: EndpointSlice = {
    apiVersion: "discovery.k8s.io/v1",
    kind: "EndpointSlice",
    metadata: {
      name: "by-hand",
      namespace: "default",
      labels: { "kubernetes.io/service-name": "web" },
    },
    addressType: "IPv4",
    endpoints: [{ addresses: ["10.0.0.1"] }],
  };
  world.cluster.seed(EndpointSlice, mine);
  world.cluster.seed(Service, aService({ selector: {} }));
  world.cluster.seed(Service, aService({ type: "ExternalName" }, { name: "elsewhere" }));
  await seed(aPod({ name: "a" }));
  expect(world.cluster.requests).toEqual([]);
});

test("a service that is being deleted gets no new slices", async () => {
  const meta = { deletionTimestamp: "2026-01-01T00:00:00Z", finalizers: ["foregroundDeletion"] };
  world.cluster.seed(Service, aService({}, meta));
  await seed(aPod());
  expect(world.cluster.requests).toEqual([]);
});

test("a refused write is told and tried again", async () => {
  let isRefusing = true;
  world.cluster.intercept(() => {
    if (isRefusing) throw internalError("not now");
    return "serve";
  });
  world.cluster.seed(Service, aService());
  await seed(aPod({ name: "a" }));
  expect(world.cluster.events[0]).toMatchObject({
    type: "Warning",
    reason: "FailedToUpdateEndpointSlices",
    gvk: { kind: "Service" },
  });
  expect(world.cluster.events[0]?.message).toContain(
    "Error updating Endpoint Slices for Service default/web: ",
  );
  isRefusing = false;
  await world.env.advance(60_000);
  expect(listed()).toEqual(["a ready"]);
});

test("late views and lost replies leave one slice, with each pod once", async () => {
  world.cluster.lag.delayMs = 700;
  world.cluster.intercept(() => (world.env.random.next() < 0.4 ? "lose-reply" : "serve"));
  world.cluster.seed(Service, aService());
  for (let index = 0; index < 30; index += 1) {
    world.cluster.seed(Pod, aPod({ name: `p${index}` }));
    await world.env.advance(100);
  }
  world.cluster.intercept();
  await world.env.advance(120_000);
  expect(listed().toSorted()).toEqual(
    Array.from({ length: 30 }, (_, index) => `p${index} ready`).toSorted(),
  );
  expect(world.cluster.find(Service, KEY)).toBeDefined();
});
