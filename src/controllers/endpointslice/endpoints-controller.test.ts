import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { Endpoints, Pod, Service } from "../../client/builtin.ts";
import {
  controllerWorld,
  type ControllerWorld,
} from "../../controller-runtime/testing/controller-world.ts";
import { endpointsController } from "./endpoints-controller.ts";
import { ADDRESSES_MAX, subsetsOf, truncated } from "./subsets.ts";
import { aPod, aService } from "./testing.ts";

const KEY = { namespace: "default", name: "web" };
const TERMINATING = { deletionTimestamp: "2026-01-01T00:00:00Z", finalizers: ["x.y/z"] };

let world: ControllerWorld;
beforeEach(() => (world = controllerWorld()));
afterEach(() => world.stop());

async function starts(): Promise<void> {
  world.start(endpointsController);
  await world.env.settle();
}

function found(): Endpoints | undefined {
  return world.cluster.find(Endpoints, KEY);
}

function byHand(name: string, annotations = {}): Endpoints {
  const metadata = { name, namespace: "default", annotations };
  return { apiVersion: "v1", kind: "Endpoints", metadata };
}

describe("a controller of Endpoints", () => {
  test("lists the pods of a service, ready and not ready, at their ports", async () => {
    world.cluster.seed(Service, aService({}, { labels: { team: "a" } }));
    world.cluster.seed(Pod, aPod());
    world.cluster.seed(Pod, aPod({ name: "web-2", ip: "127.64.0.2", isReady: false }));
    await starts();
    const targetRef = { kind: "Pod", namespace: "default" };
    expect(found()).toMatchObject({
      metadata: {
        name: "web",
        namespace: "default",
        labels: { team: "a", "endpoints.kubernetes.io/managed-by": "endpoint-controller" },
      },
      subsets: [
        {
          addresses: [
            {
              ip: "127.64.0.1",
              nodeName: "node-1",
              targetRef: { ...targetRef, name: "web-1", uid: "web-1" },
            },
          ],
          notReadyAddresses: [
            {
              ip: "127.64.0.2",
              nodeName: "node-1",
              targetRef: { ...targetRef, name: "web-2", uid: "web-2" },
            },
          ],
          ports: [{ port: 8080, protocol: "TCP" }],
        },
      ],
    });
  });

  test("follows pods and labels, and writes nothing when nothing changes", async () => {
    world.cluster.seed(Service, aService());
    await starts();
    expect(found()?.subsets).toBeUndefined();
    world.cluster.seed(Pod, aPod());
    await world.env.settle();
    expect(found()?.subsets).toHaveLength(1);
    const { length } = world.cluster.requests;
    world.cluster.seed(Pod, aPod({ meta: { annotations: { any: "thing" } } }));
    await world.env.settle();
    expect(world.cluster.requests).toHaveLength(length);
    world.cluster.seed(Service, aService({}, { labels: { team: "b" } }));
    world.cluster.seed(Pod, aPod({ meta: TERMINATING }));
    await world.env.settle();
    expect(found()?.subsets).toBeUndefined();
    expect(found()?.metadata.labels).toMatchObject({ team: "b" });
  });

  test("makes them again when somebody deletes them", async () => {
    world.cluster.seed(Service, aService());
    await starts();
    world.cluster.vanish(Endpoints, KEY);
    await world.env.settle();
    expect(found()).toBeDefined();
  });

  test("takes them away with the service, also one that went while nobody looked", async () => {
    world.cluster.seed(Service, aService());
    world.cluster.seed(Endpoints, byHand("left"));
    world.cluster.seed(
      Endpoints,
      byHand("leads", { "control-plane.alpha.kubernetes.io/leader": "{}" }),
    );
    await starts();
    world.cluster.vanish(Service, KEY);
    world.cluster.seed(Endpoints, byHand("written-by-hand"));
    await world.env.settle();
    const names = world.cluster.list(Endpoints).map(({ metadata }) => metadata.name);
    expect(new Set(names)).toEqual(new Set(["leads", "written-by-hand"]));
  });

  for (const { name, spec } of [
    { name: "without a selector", spec: { selector: {} } },
    { name: "that is a name elsewhere", spec: { type: "ExternalName" } },
  ]) {
    test(`leaves alone a service ${name}`, async () => {
      world.cluster.seed(Service, aService(spec));
      world.cluster.seed(Pod, aPod());
      await starts();
      expect(found()).toBeUndefined();
    });
  }
});

describe("the subsets of a service", () => {
  test("put ports together that the same pods have", () => {
    const ports = [
      { name: "b", port: 81, targetPort: 8081, protocol: "TCP" },
      { name: "a", port: 80, targetPort: "http", protocol: "TCP" },
    ];
    const pods = [8080, 8080, 9090].map((containerPort, index) => {
      const container = { name: "c", ports: [{ name: "http", containerPort }] };
      return aPod({
        name: `web-${index}`,
        ip: `127.64.0.${index + 1}`,
        spec: { containers: [container] },
      });
    });
    const subsets = subsetsOf(aService({ ports }), pods).map(({ addresses = [], ports: at }) => [
      addresses.map(({ ip }) => ip).join(" "),
      at?.map(({ name, port }) => `${name}:${port}`).join(" "),
    ]);
    expect(subsets).toEqual([
      ["127.64.0.1 127.64.0.2", "a:8080"],
      ["127.64.0.3", "a:9090"],
      ["127.64.0.1 127.64.0.2 127.64.0.3", "b:8081"],
    ]);
  });

  for (const { name, spec, pod, subsets } of [
    {
      name: "show a pod on its way out only where such are published",
      spec: { publishNotReadyAddresses: true },
      pod: aPod({ meta: TERMINATING, isReady: false }),
      subsets: [{ addresses: [{ ip: "127.64.0.1" }] }],
    },
    {
      name: "need no ports where the service has no address",
      spec: { clusterIP: "None", ports: [] },
      pod: aPod({ spec: { hostname: "first", subdomain: "web" } }),
      subsets: [{ addresses: [{ ip: "127.64.0.1", hostname: "first" }] }],
    },
    { name: "have no pod that has ended", spec: {}, pod: aPod({ phase: "Failed" }), subsets: [] },
    { name: "have no pod without an address", spec: {}, pod: aPod({ ip: undefined }), subsets: [] },
    {
      name: "have no pod without an address of the service's family",
      spec: { ipFamilies: ["IPv6"] },
      pod: aPod(),
      subsets: [],
    },
  ]) {
    test(name, () => {
      expect(subsetsOf(aService(spec), [pod])).toMatchObject(subsets);
    });
  }

  test("hold a thousand addresses, those that are ready first", () => {
    const many = (count: number, isReady: boolean): readonly Pod[] =>
      Array.from({ length: count }, (_, index) =>
        aPod({
          name: `${isReady}-${index}`,
          ip: `127.${isReady ? 65 : 66}.${index >> 8}.${index & 255}`,
          isReady,
        }),
      );
    const counts = (ready: number, notReady: number): unknown => {
      const pods = [...many(ready, true), ...many(notReady, false)];
      return truncated(subsetsOf(aService(), pods)).map(
        ({ addresses = [], notReadyAddresses = [] }) => [
          addresses.length,
          notReadyAddresses.length,
        ],
      );
    };
    expect(counts(600, 400)).toEqual([[600, 400]]);
    expect(counts(600, 900)).toEqual([[600, ADDRESSES_MAX - 600]]);
    expect(counts(1_200, 900)).toEqual([[ADDRESSES_MAX, 0]]);
  });
});
