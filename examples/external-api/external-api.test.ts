/** The controllers with a provider that limits, lags, forgets and fails, in virtual time. */
import type {
  ControllerDeps,
  ControllerSpec,
  DeclaredController,
} from "setpoint/controller-runtime";
import { findCondition, isConditionTrue, type Condition } from "setpoint/machinery";
import { createTestWorld, type TestWorld } from "setpoint/testing";
import { expect, test } from "vitest";
import type { DnsEntry } from "./dns-api.ts";
import { FakeDns } from "./fake-dns.ts";
import { DnsRecord, DnsZone } from "./kinds.ts";
import { Life } from "./mortal.ts";
import { withinQuota } from "./quota.ts";
import { recordsController, type OurDns } from "./records.ts";
import { zonesController } from "./zones.ts";

const ZONE = `
apiVersion: dns.example.dev/v1
kind: DnsZone
metadata: {name: example}
spec: {domain: example.dev}
`;

function aRecord(name: string, more = ""): string {
  return `
apiVersion: dns.example.dev/v1
kind: DnsRecord
metadata: {name: ${name}}
spec: {zone: example, name: ${name}, type: A, values: [192.0.2.1]${more}}
`;
}

/** A world, the provider beside it, and the process between them, which may be killed. */
class Scene {
  world: TestWorld;
  readonly dns: FakeDns;
  life: Life;

  private constructor(world: TestWorld, life: Life) {
    this.world = world;
    this.life = life;
    this.dns = new FakeDns(world.env);
  }

  static async open(manifests = `${ZONE}---${aRecord("www")}`, life = new Life()): Promise<Scene> {
    const kinds = [DnsZone, DnsRecord];
    const scene = new Scene(await createTestWorld({ kinds, hasControllers: false }), life);
    if (manifests !== "") await scene.world.apply(manifests);
    return scene;
  }

  start(): void {
    this.world.manage(this.#inOneLife(recordsController), this.#inOneLife(zonesController));
  }

  /** What both controllers of a process share: made anew with it. */
  #inOneLife(make: (ours: OurDns) => DeclaredController) {
    return (deps: ControllerDeps): ControllerSpec => {
      const { life } = this;
      const dns = withinQuota(life.dns(this.dns), deps.env, { burst: 5, perSecond: 5 });
      return make({ dns, cluster: "home" })({ ...deps, client: life.client(deps.client) });
    };
  }

  /** A new process finds the cluster and the provider as the one before left them. */
  async restart(): Promise<void> {
    const before = this.world;
    this.life = new Life();
    this.world = await before.fork();
    this.dns.useTime(this.world.env);
    await before.close();
  }

  /** The one record of its name. */
  readonly one = (): DnsEntry | undefined => {
    const named = this.dns.entries.filter((entry) => entry.name === "www.example.dev");
    expect(named.length).toBeLessThanOrEqual(1);
    return named[0];
  };

  async condition(type: string, name = "www"): Promise<Condition | undefined> {
    const record = await this.world.get(DnsRecord, name);
    return findCondition(record?.status?.conditions, type);
  }

  async isReady(name = "www"): Promise<boolean> {
    const { conditions } = (await this.world.get(DnsRecord, name))?.status ?? {};
    return isConditionTrue(conditions, "Ready") && isConditionTrue(conditions, "Synced");
  }

  async ready(name = "www"): Promise<void> {
    await this.world.eventually(() => this.isReady(name), Boolean, { within: "20m" });
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.world.close();
  }
}

/** What somebody does at the provider by hand. */
const signal: AbortSignal = new AbortController().signal;
const THEIRS = { name: "www.example.dev", type: "A", values: ["203.0.113.9"], ttl: 60, owner: "" };

test("a record is made, named and tagged, and its object says what it is called", async () => {
  await using scene = await Scene.open();
  scene.start();
  await scene.ready();
  const { uid } = (await scene.world.get(DnsRecord, "www"))?.metadata ?? {};
  const content = { name: "www.example.dev", type: "A", values: ["192.0.2.1"], ttl: 300 };
  expect(scene.one()).toEqual({ id: "r-1", ...content, owner: `home/${uid}` });
  expect((await scene.world.get(DnsRecord, "www"))?.status?.recordId).toBe("r-1");
});

test("the order does not matter: a record waits for its zone", async () => {
  await using scene = await Scene.open(aRecord("www"));
  scene.start();
  await scene.world.advance("10m");
  expect(await scene.condition("Ready")).toMatchObject({ status: "False", reason: "NoZone" });
  expect(scene.dns.calls).toEqual([]);
  await scene.world.apply(ZONE);
  await scene.ready();
});

test("a change of the spec is a change of the record; at rest nothing is written", async () => {
  await using scene = await Scene.open();
  scene.start();
  await scene.ready();
  await scene.world.change(DnsRecord, "www", { spec: { values: ["192.0.2.7"] } });
  await scene.world.advance("2s");
  expect(scene.one()).toMatchObject({ id: "r-1", values: ["192.0.2.7"] });
  const before = await scene.world.get(DnsRecord, "www");
  scene.dns.calls.length = 0;
  await scene.world.advance("1h");
  expect(await scene.world.get(DnsRecord, "www")).toEqual(before);
  expect(new Set(scene.dns.calls)).toEqual(new Set(["get", "list"]));
  expect(scene.dns.calls.filter((call) => call === "get").length).toBe(12); // each five minutes
});

test.each([
  ["another value", { values: ["203.0.113.9"] }],
  ["another name", { name: "web.example.dev" }],
  ["no tag", { owner: "" }],
])("what is changed at the provider by hand is found and mended: %s", async (_, drift) => {
  await using scene = await Scene.open();
  scene.start();
  await scene.ready();
  const good = scene.one();
  if (good === undefined) throw new Error("it is ready, so it is there");
  await scene.dns.update("r-1", { ...good, ...drift }, signal);
  await scene.world.advance("6m");
  expect(scene.dns.entries).toEqual([good]);
});

test("a record that is deleted at the provider is made again, once", async () => {
  await using scene = await Scene.open();
  scene.start();
  await scene.ready();
  await scene.dns.delete("r-1", signal);
  await scene.world.advance("6m");
  expect(scene.one()?.id).toBe("r-2");
  await scene.dns.delete("r-2", signal);
  await scene.world.advance("6m");
  expect(scene.one()?.id).toBe("r-3");
});

test("a record of somebody else is left alone until it may be adopted", async () => {
  await using scene = await Scene.open();
  await scene.dns.create(THEIRS, "by hand", signal);
  await scene.world.advance("1m"); // until lists show it
  scene.start();
  await scene.world.advance("10m");
  expect(await scene.condition("Ready")).toMatchObject({ status: "False", reason: "Taken" });
  expect(scene.one()).toEqual({ id: "r-1", ...THEIRS });

  await scene.world.change(DnsRecord, "www", { spec: { adopt: true } });
  await scene.ready();
  expect(scene.one()).toMatchObject({ id: "r-1", values: ["192.0.2.1"] });
  await scene.world.delete(DnsRecord, "www");
  await scene.world.advance("2s");
  expect(scene.one()).toBeUndefined();
});

test("a record that another cluster manages is never adopted, nor deleted", async () => {
  await using scene = await Scene.open(`${ZONE}---${aRecord("www", ", adopt: true")}`);
  await scene.dns.create({ ...THEIRS, owner: "work/1234" }, "by another", signal);
  await scene.world.advance("1m");
  scene.start();
  await scene.world.advance("10m");
  const condition = await scene.condition("Ready");
  expect(condition).toMatchObject({ reason: "Taken", message: expect.stringMatching("work/1234") });
  await scene.world.delete(DnsRecord, "www");
  await scene.world.advance("2m");
  expect(await scene.world.get(DnsRecord, "www")).toBeUndefined();
  expect(scene.one()?.owner).toBe("work/1234");
});

test("deleting bears that the record is gone already, and that its zone is", async () => {
  await using scene = await Scene.open();
  scene.start();
  await scene.ready();
  await scene.world.advance("2s");
  await scene.dns.delete("r-1", signal);
  await scene.world.delete(DnsZone, "example");
  await scene.world.delete(DnsRecord, "www");
  await scene.world.advance("2s");
  expect(await scene.condition("Ready")).toMatchObject({ reason: "Deleting" });
  await scene.world.advance("1m");
  expect(await scene.world.get(DnsRecord, "www")).toBeUndefined();
});

test("an answer that is lost makes no second record", async () => {
  await using scene = await Scene.open();
  scene.dns.listLagMs = 3_600_000; // not even a list shows it
  for (let times = 0; times < 3; times += 1) scene.dns.faults.push(["create", "lost"]);
  scene.start();
  await scene.ready();
  expect(scene.one()?.id).toBe("r-1");
  expect(scene.dns.calls.filter((call) => call === "create").length).toBe(4);
});

test("a call that takes too long is given up, and done once in the end", async () => {
  await using scene = await Scene.open();
  scene.dns.delayMs = 60_000;
  scene.start();
  await scene.world.advance("30s");
  expect(await scene.condition("Synced")).toMatchObject({
    reason: "Unreachable",
    message: "no answer within 10000 ms",
  });
  scene.dns.delayMs = 0;
  await scene.ready();
  expect(scene.dns.entries.length).toBe(1);
});

test("while the provider is down, the status says so and when it is tried again", async () => {
  await using scene = await Scene.open();
  scene.start();
  await scene.ready();
  scene.dns.isDown = true;
  scene.dns.calls.length = 0;
  await scene.world.advance("6m");
  expect(await scene.condition("Ready")).toMatchObject({ status: "True" }); // as far as is known
  expect(await scene.condition("Synced")).toMatchObject({
    status: "False",
    reason: "Unreachable",
    message: "down for maintenance",
  });
  await scene.world.advance("2h");
  const { retryAt = "" } = (await scene.world.get(DnsRecord, "www"))?.status ?? {};
  const inMs = Date.parse(retryAt) - scene.world.env.clock.now();
  expect(inMs).toBeGreaterThanOrEqual(0);
  expect(inMs).toBeLessThanOrEqual(10 * 60_000);
  expect(scene.dns.calls.length).toBeLessThan(60); // of both objects: delays double, to ten minutes

  scene.dns.isDown = false;
  const callsBefore = scene.dns.calls.length;
  await scene.world.advance(inMs - 1_000);
  expect(scene.dns.calls.filter((call, at) => at >= callsBefore && call === "get")).toEqual([]);
  await scene.world.advance(2_000);
  expect(await scene.isReady()).toBe(true);
  expect((await scene.world.get(DnsRecord, "www"))?.status?.retryAt).toBeUndefined();
});

test("a full account is told, and tried again now and then", async () => {
  await using scene = await Scene.open(`${ZONE}---${aRecord("www")}---${aRecord("api")}`);
  scene.dns.recordsMax = 1;
  scene.start();
  await scene.world.advance("1h");
  const both = [await scene.condition("Synced", "www"), await scene.condition("Synced", "api")];
  const full = both.find((condition) => condition?.status === "False");
  expect(full).toMatchObject({ reason: "QuotaExceeded", message: "your plan has 1 records" });
  expect(scene.dns.calls.filter((call) => call === "create").length).toBeLessThan(10);
  scene.dns.recordsMax = 2;
  await scene.ready("www");
  await scene.ready("api");
});

test("two hundred records share one bucket: the provider never has to say no", async () => {
  const names = Array.from({ length: 200 }, (_, at) => `host-${at}`);
  await using scene = await Scene.open([ZONE, ...names.map((name) => aRecord(name))].join("---"));
  scene.start();
  await scene.world.advance("2m");
  expect(scene.dns.entries.length).toBe(200);
  expect(scene.dns.calls.filter((call) => call.endsWith("429"))).toEqual([]);
  await scene.world.advance("11m");
  expect(scene.dns.calls.filter((call) => call.endsWith("429"))).toEqual([]);
  expect(scene.dns.entries.length).toBe(200);
});

test("where others use up the quota, all wait as long as the provider asks", async () => {
  const names = Array.from({ length: 40 }, (_, at) => `host-${at}`);
  await using scene = await Scene.open([ZONE, ...names.map((name) => aRecord(name))].join("---"));
  scene.dns.callsPerSecond = 2;
  scene.start();
  await scene.world.advance("3m");
  expect(scene.dns.entries.length).toBe(40);
  const refused = scene.dns.calls.filter((call) => call.endsWith("429")).length;
  expect(refused).toBeGreaterThan(0);
  expect(refused).toBeLessThan(scene.dns.calls.length / 4);
});

test("records that nobody stands for are told first, and deleted if the zone says so", async () => {
  await using scene = await Scene.open();
  const orphan = { ...THEIRS, name: "old.example.dev", owner: "home/lost" };
  await scene.dns.create(orphan, "an object that is lost", signal);
  await scene.dns.create({ ...THEIRS, name: "x.example.dev" }, "by hand", signal);
  await scene.world.advance("1m");
  scene.start();
  await scene.world.advance("1h");
  const zone = await scene.world.get(DnsZone, "example");
  expect(zone?.status).toMatchObject({ orphans: ["r-1"], records: 2 });
  expect(scene.dns.entries.length).toBe(3);

  await scene.world.change(DnsZone, "example", { spec: { orphans: "Delete" } });
  await scene.world.advance("11m");
  expect(scene.dns.entries.map(({ name }) => name)).toEqual(["x.example.dev", "www.example.dev"]);
  expect((await scene.world.get(DnsZone, "example"))?.status?.orphans).toEqual([]);
});

test("what is left of an object without its finalizer is cleaned up", async () => {
  await using scene = await Scene.open(
    ZONE.replace("example.dev}", "example.dev, orphans: Delete}"),
  );
  await scene.world.apply(aRecord("www"));
  scene.start();
  await scene.ready();
  scene.dns.isDown = true;
  await scene.world.delete(DnsRecord, "www");
  await scene.world.change(DnsRecord, "www", { metadata: { finalizers: null } });
  scene.dns.isDown = false;
  await scene.world.advance("30m");
  expect(scene.dns.entries).toEqual([]);
});

test("what makes a record another one is refused by the server", async () => {
  await using scene = await Scene.open();
  for (const spec of [{ name: "web" }, { type: "TXT" }, { zone: "other" }]) {
    const change = scene.world.change(DnsRecord, "www", { spec });
    await expect(change).rejects.toThrow(/spec\.\w+ is fixed/);
  }
  await expect(scene.world.apply(aRecord("-www"))).rejects.toThrow(/Invalid value/);
});

const PHASES = {
  "is made": () => Promise.resolve(),
  "is lost at the provider": async ({ dns, world, one }: Scene) => {
    await dns.delete(one()?.id ?? "", signal);
    await world.change(DnsRecord, "www", { metadata: { annotations: { look: "now" } } });
  },
  "is changed": async ({ world }: Scene) => {
    await world.change(DnsRecord, "www", { spec: { values: ["192.0.2.2"] } });
  },
  "is deleted": ({ world }: Scene) => world.delete(DnsRecord, "www"),
};

/** A record's life, with a process that may be killed on the way. Answers the steps it took. */
async function aLife(life: Life, isDeletedThen = false): Promise<number> {
  await using scene = await Scene.open(undefined, life);
  scene.start();
  let values = ["192.0.2.1"];
  for (const [phase, begin] of Object.entries(PHASES)) {
    await begin(scene);
    // So soon that no list shows what was done last.
    await scene.world.advance("2s");
    if (life.isOver && scene.life === life) {
      if (isDeletedThen) await scene.world.delete(DnsRecord, "www").catch(() => undefined);
      await scene.restart();
    }
    await scene.world.advance("2m");
    const record = await scene.world.get(DnsRecord, "www");
    if (phase === "is deleted" || (isDeletedThen && scene.life !== life)) {
      expect({ phase, record, entries: scene.dns.entries }).toEqual({ phase, entries: [] });
      return life.steps;
    }
    if (phase === "is changed") values = ["192.0.2.2"];
    expect(scene.dns.entries).toMatchObject([{ id: record?.status?.recordId, values }]);
    expect(await scene.isReady()).toBe(true);
  }
  return life.steps;
}

test.each([false, true])(
  "killed after any of its steps, it leaves no duplicate and nothing behind (deleted then: %s)",
  { timeout: 60_000 },
  async (isDeletedThen) => {
    const steps = await aLife(new Life());
    expect(steps).toBeGreaterThan(15);
    for (let last = 0; last < steps; last += 1) {
      await aLife(new Life(last), isDeletedThen).catch((error: unknown) => {
        throw new Error(`killed after ${last} of ${steps} steps`, { cause: error });
      });
    }
  },
);
