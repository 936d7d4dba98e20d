/** A hub and three clusters, each a whole control plane, in one virtual time. */
import { ConfigMap, rootContext, TransportError, type Transport } from "setpoint/client";
import { createFleetManager, fixedClusters, type FleetManager } from "setpoint/controller-runtime";
import { findCondition } from "setpoint/machinery";
import { createTestWorld, type TestWorld } from "setpoint/testing";
import { expect, test } from "vitest";
import { Bundle, type BundleStatus } from "./bundle.ts";
import { hubControllers, views } from "./fleet.ts";

const SETTINGS = `
apiVersion: fleet.example.dev/v1
kind: Bundle
metadata: {name: settings}
spec:
  clusters: {tier: production}
  configMaps:
    settings: {level: info}
    banner: {text: hello}
`;

/** A cluster that can be cut off. */
class Member {
  readonly world: TestWorld;
  readonly transport: Transport;
  #line = new AbortController();

  constructor(world: TestWorld) {
    this.world = world;
    this.transport = {
      send: async (request, context) => {
        const line = this.#line.signal;
        if (line.aborted) throw new TransportError("no route to host", { isRefused: true });
        const signal = AbortSignal.any([context.signal, line]);
        return world.plane.transport.send(request, { ...context, signal });
      },
      close: () => Promise.resolve(),
    };
  }

  /** Calls and watches that are under way end as well. */
  cutOff(): void {
    this.#line.abort();
  }

  mend(): void {
    this.#line = new AbortController();
  }

  async names(): Promise<readonly (string | undefined)[]> {
    const copies = await this.world.list(ConfigMap, { namespace: "default" });
    return copies.map(({ metadata }) => metadata.name).filter((name) => !name?.startsWith("kube-"));
  }

  async level(): Promise<string | undefined> {
    return (await this.world.get(ConfigMap, "settings"))?.data?.["level"];
  }
}

type Fleet = AsyncDisposable & {
  readonly hub: TestWorld;
  readonly manager: FleetManager;
  readonly north: Member;
  readonly south: Member;
  readonly lab: Member;
  readonly status: () => Promise<BundleStatus | undefined>;
  /** Waits for the hub to say this of the clusters. */
  readonly says: (clusters: Readonly<Record<string, string>>) => Promise<void>;
};

async function aFleet(): Promise<Fleet> {
  const options = { hasControllers: false };
  const hub = await createTestWorld({ ...options, kinds: [Bundle] });
  const { env } = hub;
  const join = async (): Promise<Member> => new Member(await createTestWorld({ ...options, env }));
  const [north, south, lab] = [await join(), await join(), await join()];
  const production = { labels: { tier: "production" } };
  const manager = createFleetManager({
    env,
    hub: { client: hub.client, controllers: hubControllers },
    provider: fixedClusters([
      { name: "north", transport: north.transport, ...production },
      { name: "south", transport: south.transport, ...production },
      { name: "lab", transport: lab.transport },
    ]),
    informers: views,
  });
  const stop = new AbortController();
  const running = manager.run(rootContext(env, stop.signal));
  const status = async (): Promise<BundleStatus | undefined> =>
    (await hub.get(Bundle, "settings"))?.status;
  return {
    hub,
    manager,
    north,
    south,
    lab,
    status,
    says: async (clusters) => {
      const seen = async (): Promise<unknown> =>
        Object.fromEntries((await status())?.clusters?.map((one) => [one.name, one.state]) ?? []);
      const wanted = JSON.stringify(clusters);
      await hub.eventually(seen, (states) => JSON.stringify(states) === wanted);
    },
    async [Symbol.asyncDispose]() {
      stop.abort();
      await env.advance(1_000);
      await running;
      for (const world of [north.world, south.world, lab.world, hub]) await world.close();
    },
  };
}

const BOTH = { north: "Synced", south: "Synced" };

test("a bundle is carried to the clusters it selects, and rolled up", async () => {
  await using fleet = await aFleet();
  await fleet.hub.apply(SETTINGS);
  await fleet.says(BOTH);
  expect(await fleet.north.names()).toEqual(["banner", "settings"]);
  expect(await fleet.lab.names()).toEqual([]);
  const bundle = await fleet.hub.get(Bundle, "settings");
  expect(bundle?.status?.synced).toBe("2/2");
  expect(findCondition(bundle?.status?.conditions, "Synced")).toMatchObject({ status: "True" });
});

test("what is changed on the hub follows; what is changed in a cluster is put right", async () => {
  await using fleet = await aFleet();
  await fleet.hub.apply(SETTINGS);
  await fleet.says(BOTH);
  await fleet.hub.apply(SETTINGS.replace("info", "debug").replace("    banner: {text: hello}", ""));
  await fleet.hub.eventually(
    () => fleet.south.level(),
    (level) => level === "debug",
  );
  await fleet.hub.eventually(
    () => fleet.north.names(),
    (names) => names.length === 1,
  );
  await fleet.south.world.delete(ConfigMap, "settings");
  await fleet.hub.eventually(() => fleet.south.level());
});

test("a cluster that is away for an hour gets what it missed when it is back", async () => {
  await using fleet = await aFleet();
  await fleet.hub.apply(SETTINGS);
  await fleet.says(BOTH);
  fleet.north.cutOff();
  await fleet.hub.advance("1m");
  await fleet.hub.apply(SETTINGS.replace("info", "debug"));
  await fleet.says({ north: "Away", south: "Synced" });
  expect([await fleet.north.level(), await fleet.south.level()]).toEqual(["info", "debug"]);
  const checks = fleet.manager.readyz().checks.filter(({ isOk }) => !isOk);
  expect(checks.map(({ name }) => name)).toEqual(["cluster/north"]);
  expect(fleet.manager.readyz().isOk).toBe(true);
  await fleet.hub.advance("1h");
  expect(await fleet.status()).toMatchObject({ synced: "1/2" });
  fleet.north.mend();
  await fleet.hub.advance("1m");
  expect(await fleet.north.level()).toBe("debug");
  expect(await fleet.status()).toMatchObject({ synced: "2/2" });
});

test("a cluster that is not selected any more is cleaned up, once it can be", async () => {
  await using fleet = await aFleet();
  await fleet.hub.apply(SETTINGS);
  await fleet.says(BOTH);
  fleet.north.cutOff();
  await fleet.hub.advance("1m");
  await fleet.hub.apply(SETTINGS.replace("tier: production", "tier: test"));
  await fleet.says({ north: "Away" });
  expect([await fleet.north.names(), await fleet.south.names()]).toEqual([
    ["banner", "settings"],
    [],
  ]);
  fleet.north.mend();
  await fleet.says({});
  expect(await fleet.north.names()).toEqual([]);
});

test("a bundle that is deleted stays until all copies are gone", async () => {
  await using fleet = await aFleet();
  await fleet.hub.apply(SETTINGS);
  await fleet.says(BOTH);
  fleet.south.cutOff();
  await fleet.hub.advance("1m");
  await fleet.hub.delete(Bundle, "settings");
  await fleet.says({ south: "Away" });
  expect(await fleet.north.names()).toEqual([]);
  await fleet.hub.advance("1h");
  expect(await fleet.hub.get(Bundle, "settings")).toBeDefined();
  fleet.south.mend();
  await fleet.hub.eventually(async () => (await fleet.hub.get(Bundle, "settings")) === undefined);
  expect(await fleet.south.names()).toEqual([]);
});

test("what somebody else wrote in a cluster is not taken over", async () => {
  await using fleet = await aFleet();
  const theirs = "{apiVersion: v1, kind: ConfigMap, metadata: {name: settings}, data: {level: x}}";
  await fleet.lab.world.apply(theirs);
  await fleet.hub.apply(SETTINGS.replace("{tier: production}", "{}"));
  await fleet.says({ lab: "Failed", north: "Synced", south: "Synced" });
  expect(await fleet.lab.level()).toBe("x");
  const lab = (await fleet.status())?.clusters?.find(({ name }) => name === "lab");
  expect(lab?.message).toContain("conflict");
});
