import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { Endpoints, EndpointSlice, Service } from "../../client/builtin.ts";
import {
  controllerWorld,
  type ControllerWorld,
} from "../../controller-runtime/testing/controller-world.ts";
import { compareText } from "../../machinery/key.ts";
import { endpointsMirrorController } from "./mirror-controller.ts";
import { MIRRORED_MAX } from "./mirror-plan.ts";
import { aService } from "./testing.ts";

const KEY = { namespace: "default", name: "web" };

let world: ControllerWorld;
beforeEach(async () => {
  world = controllerWorld();
  world.start(endpointsMirrorController);
  await world.env.settle();
});
afterEach(() => world.stop());

async function writes(
  subsets: Endpoints["subsets"],
  metadata: Endpoints["metadata"] = {},
): Promise<void> {
  world.cluster.seed(Endpoints, {
    apiVersion: "v1",
    kind: "Endpoints",
    metadata: { ...KEY, uid: "endpoints-uid", ...metadata },
    ...(subsets === undefined ? {} : { subsets }),
  });
  await world.env.settle();
}

/** `IPv4 http:80 10.0.0.1 10.0.0.2-`, a minus after what is not ready. */
function slices(): readonly string[] {
  const texts = world.cluster.list(EndpointSlice).map(({ addressType, ports, endpoints }) => {
    const at = (ports ?? []).map(({ name, port }) => `${name}:${port}`);
    const to = (endpoints ?? []).map(({ addresses, conditions }) => {
      return `${addresses.join()}${conditions?.ready === true ? "" : "-"}`;
    });
    return [addressType, ...at, ...to].join(" ");
  });
  return texts.sort(compareText);
}

const SUBSET = {
  addresses: [{ ip: "10.0.0.1" }, { ip: "fd00::1" }],
  notReadyAddresses: [{ ip: "10.0.0.2", nodeName: "n", hostname: "h" }],
  ports: [{ name: "http", port: 80, protocol: "TCP" }],
};

describe("a mirror of endpoints", () => {
  test("makes a slice of each family, which follows what is written by hand", async () => {
    world.cluster.seed(Service, aService({ selector: {} }));
    const metadata = { labels: { a: "b" }, annotations: { c: "d" } };
    await writes([SUBSET], metadata);
    expect(slices()).toEqual(["IPv4 http:80 10.0.0.1 10.0.0.2-", "IPv6 http:80 fd00::1"]);
    expect(world.cluster.list(EndpointSlice)[0]?.metadata).toMatchObject({
      generateName: "web-",
      annotations: { c: "d" },
      labels: {
        a: "b",
        "kubernetes.io/service-name": "web",
        "endpointslice.kubernetes.io/managed-by": "endpointslicemirroring-controller.k8s.io",
      },
      ownerReferences: [{ apiVersion: "v1", kind: "Endpoints", uid: "endpoints-uid" }],
    });
    const { length } = world.cluster.requests;
    const applied = { "kubectl.kubernetes.io/last-applied-configuration": "{}" };
    await writes([SUBSET], { ...metadata, annotations: { c: "d", ...applied } });
    expect(world.cluster.requests).toHaveLength(length);
    await writes([{ ...SUBSET, addresses: [{ ip: "10.0.0.9" }] }], metadata);
    expect(slices()).toEqual(["IPv4 http:80 10.0.0.9 10.0.0.2-"]);
    await writes([{ ...SUBSET, ports: [{ port: 81 }] }], metadata);
    expect(slices()).toEqual(["IPv4 :81 10.0.0.1 10.0.0.2-", "IPv6 :81 fd00::1"]);
    world.cluster.vanish(Endpoints, KEY);
    await world.env.settle();
    expect(slices()).toEqual([]);
  });

  test("takes its slices back when the service gets a selector, or goes", async () => {
    for (const change of [
      () => world.cluster.seed(Service, aService()),
      () => world.cluster.vanish(Service, KEY),
    ]) {
      world.cluster.seed(Service, aService({ selector: {} }));
      await writes([SUBSET]);
      expect(slices()).toHaveLength(2);
      change();
      await world.env.settle();
      expect(slices()).toEqual([]);
    }
  });

  for (const { name, metadata } of [
    {
      name: "say that they are not to be mirrored",
      metadata: { labels: { "endpointslice.kubernetes.io/skip-mirror": "true" } },
    },
    {
      name: "only say who leads",
      metadata: { annotations: { "control-plane.alpha.kubernetes.io/leader": "{}" } },
    },
  ]) {
    test(`leaves alone endpoints that ${name}`, async () => {
      world.cluster.seed(Service, aService({ selector: {} }));
      await writes([SUBSET], metadata);
      expect(slices()).toEqual([]);
    });
  }

  test("mirrors a thousand addresses of a subset", async () => {
    world.cluster.seed(Service, aService({ selector: {} }));
    const addresses = Array.from({ length: MIRRORED_MAX + 5 }, (_, index) => ({
      ip: `10.1.${index >> 8}.${index & 255}`,
    }));
    await writes([{ addresses }]);
    expect(world.cluster.list(EndpointSlice)[0]?.endpoints).toHaveLength(MIRRORED_MAX);
  });
});
