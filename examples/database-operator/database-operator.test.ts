/** The operator on a whole control plane in memory; stand-ins run its jobs and its servers. */
import {
  interceptedClient,
  Job,
  PersistentVolumeClaim,
  Secret,
  StatefulSet,
  type Client,
} from "setpoint/client";
import type { ControllerDeps, ControllerSpec } from "setpoint/controller-runtime";
import { findCondition, isConditionTrue, keyOf, type Condition } from "setpoint/machinery";
import { createTestWorld, type TestWorld } from "setpoint/testing";
import { expect, test } from "vitest";
import { backups } from "./backups.ts";
import { databases } from "./databases.ts";
import { Backup, Database } from "./kinds.ts";
import { REASON, VERSION } from "./parts.ts";
import { progressOfBackup } from "./progress.ts";
import { standIns, type StandInOptions } from "./stand-in.ts";
import { databaseWebhook } from "./webhook.ts";

const SHOP = `
apiVersion: databases.example.dev/v1
kind: Database
metadata: {name: shop}
spec: {version: 16, backups: {everyHours: 1, keep: 3}}
`;

/** With the webhook as on a cluster, or without, as when nobody answers it. */
async function aWorld(
  manifests = SHOP,
  options: StandInOptions & { readonly isAsked?: boolean; readonly hasControllers?: boolean } = {},
): Promise<TestWorld> {
  return createTestWorld({
    controllers: [databases, backups, ...standIns(options)],
    webhooks: options.isAsked === false ? [] : [databaseWebhook],
    manifests,
    // Each has timers of its own, and hours have to pass.
    hasControllers: options.hasControllers ?? false,
  });
}

/** Names of all backups there are, without the end that makes them unique. */
async function backupNames(world: TestWorld): Promise<readonly (string | undefined)[]> {
  return (await world.list(Backup)).map(({ metadata }) => metadata.name?.slice(0, -7));
}

/** As kubectl does it. */
async function deleteJob(world: TestWorld, task: string): Promise<void> {
  const jobs = await world.list(Job);
  const job = jobs.find(({ metadata }) => metadata.labels?.[REASON] === task);
  if (job === undefined) throw new Error(`there is no job to ${task}`);
  const options = { propagationPolicy: "Background" } as const;
  await world.client.delete(Job, keyOf(job), world.context, options);
}

async function condition(
  world: TestWorld,
  type: string,
  name = "shop",
): Promise<Condition | undefined> {
  return findCondition((await world.get(Database, name))?.status?.conditions, type);
}

/** Waits for a condition with this reason. */
async function says(world: TestWorld, type: string, reason: string, name = "shop"): Promise<void> {
  const read = async (): Promise<unknown> => (await condition(world, type, name))?.reason;
  await world.eventually(read, (seen) => seen === reason);
}

async function isGone(world: TestWorld, name = "shop"): Promise<void> {
  await world.eventually(async () => (await world.get(Database, name)) === undefined);
}

async function backupsFor(world: TestWorld, reason: string): Promise<readonly Backup[]> {
  const all = await world.list(Backup);
  return all.filter(({ metadata }) => metadata.labels?.[REASON] === reason);
}

/** Undefined as soon as it is to be deleted: it is others who see to that. */
async function volume(world: TestWorld): Promise<PersistentVolumeClaim | undefined> {
  const claim = await world.get(PersistentVolumeClaim, "shop-data");
  return claim?.metadata.deletionTimestamp === undefined ? claim : undefined;
}

async function password(world: TestWorld): Promise<string | undefined> {
  return (await world.get(Secret, "shop-password"))?.data?.["password"];
}

test("a database gets a password, an address, a volume and a server", async () => {
  await using world = await aWorld();
  await says(world, "Available", "Starting");
  await says(world, "Available", "Serving");
  const server = await world.get(StatefulSet, "shop");
  expect(server?.spec.template.spec?.containers[0]?.image).toBe("database:16");
  expect((await volume(world))?.metadata.annotations?.[VERSION]).toBe("16");
  expect(await password(world)).toMatch(/^\w{32}$/);
  const database = await world.get(Database, "shop");
  expect(database?.status?.version).toBe(16);
  expect(isConditionTrue(database?.status?.conditions, "Ready")).toBe(true);
});

test("the password stays as it is, whatever happens to the rest", async () => {
  await using world = await aWorld();
  await says(world, "Available", "Serving");
  const before = await password(world);
  await world.delete(StatefulSet, "shop");
  await world.change(Database, "shop", { spec: { version: 17 } });
  await world.advance("10m");
  await using again = await world.fork();
  await again.advance("2h");
  expect(await password(again)).toBe(before);
  await again.delete(Secret, "shop-password");
  await again.advance("1m");
  expect(await password(again)).not.toBe(before); // lost is lost: there is another, and new pods
  await says(again, "Available", "Serving");
});

test("backups are made by the schedule, at once and then every hour; old ones go", async () => {
  await using world = await aWorld();
  await world.advance("1m");
  expect(await backupNames(world)).toEqual(["shop-2026010100"]);
  expect(await condition(world, "BackedUp")).toMatchObject({ status: "True", reason: "Done" });
  await world.advance("4h");
  const names = ["shop-2026010102", "shop-2026010103", "shop-2026010104"];
  expect(await backupNames(world)).toEqual(names);
  const last = (await world.list(Backup)).at(-1);
  const archive = `default/shop/${last?.metadata.name}`;
  expect(last?.status).toMatchObject({ version: 16, archive });
  expect((await world.get(Database, "shop"))?.status?.lastBackup).toBe(last?.metadata.name);
});

test("a machine that slept for days makes one backup, not all it has missed", async () => {
  await using world = await aWorld();
  await world.advance("1m");
  world.env.jumpWallClock(5 * 24 * 3_600_000);
  await world.advance("61m");
  expect(await backupNames(world)).toEqual(["shop-2026010100", "shop-2026010601"]);
});

test("failed backups are told, and no good one is given up for them", async () => {
  let isBroken = false;
  await using world = await aWorld(SHOP, { endOf: () => (isBroken ? "failed" : "complete") });
  await world.advance("170m");
  const good = (await world.list(Backup)).map(({ metadata }) => metadata.name);
  expect(good.length).toBe(3);
  isBroken = true;
  await world.advance("5h");
  expect(await condition(world, "BackedUp")).toMatchObject({ status: "False", reason: "Late" });
  const all = await world.list(Backup);
  const left = all.filter((one) => progressOfBackup(one) === "complete");
  expect(left.map(({ metadata }) => metadata.name)).toEqual(good);
  isBroken = false;
  await world.advance("2h");
  expect(await condition(world, "BackedUp")).toMatchObject({ status: "True" });
  const after = await world.list(Backup);
  expect(after.filter((one) => progressOfBackup(one) === "failed")).toEqual([]);
});

test("at rest nothing is written", async () => {
  await using world = await aWorld();
  await world.advance("5m");
  const before = await world.get(Database, "shop");
  await world.advance("50m");
  expect(await world.get(Database, "shop")).toEqual(before);
});

test("what is deleted by hand is made again", async () => {
  await using world = await aWorld();
  await says(world, "Available", "Serving");
  await world.delete(StatefulSet, "shop");
  await world.advance("1m");
  await world.change(StatefulSet, "shop", { spec: { replicas: 5 } });
  await world.advance("1m");
  expect((await world.get(StatefulSet, "shop"))?.spec.replicas).toBe(1);
  await says(world, "Available", "Serving");
});

test("a volume that is lost is not replaced by an empty one in silence", async () => {
  await using world = await aWorld(SHOP, { hasControllers: true });
  await world.advance("1m");
  await world.delete(PersistentVolumeClaim, "shop-data");
  await says(world, "Available", "VolumeLost");
  await world.advance("10m");
  expect(await volume(world)).toBeUndefined();
  expect((await condition(world, "Available"))?.message).toContain("shop-2026010100");
});

test("an upgrade stops the server, backs up, converts, and starts the new one", async () => {
  await using world = await aWorld();
  await says(world, "Available", "Serving");
  await world.change(Database, "shop", { spec: { version: 17 } });
  await says(world, "Upgraded", "Stopping");
  await says(world, "Upgraded", "BackingUp");
  expect((await world.get(StatefulSet, "shop"))?.spec.replicas).toBe(0);
  const [backup] = await backupsFor(world, "upgrade");
  await says(world, "Upgraded", "Converting");
  const made = await world.get(Backup, backup?.metadata.name ?? "");
  expect(made?.status?.version).toBe(16);
  await says(world, "Upgraded", "AsAsked");
  await says(world, "Available", "Serving");
  const server = await world.get(StatefulSet, "shop");
  expect(server?.spec.template.spec?.containers[0]?.image).toBe("database:17");
  const database = await world.get(Database, "shop");
  expect(database?.status?.version).toBe(17);
  expect(database?.status?.upgrade).toBeUndefined();
  expect((await volume(world))?.metadata.annotations?.[VERSION]).toBe("17");
});

test("without a backup nothing is converted: the old version serves on", async () => {
  let isBroken = true;
  const endOf = ({ metadata }: Job): "failed" | "complete" =>
    isBroken && metadata.name?.startsWith("shop-v17") === true ? "failed" : "complete";
  await using world = await aWorld(SHOP, { endOf });
  await says(world, "Available", "Serving");
  await world.change(Database, "shop", { spec: { version: 17 } });
  await says(world, "Upgraded", "BackupFailed");
  await says(world, "Available", "Serving");
  await world.advance("2h");
  expect((await world.get(Database, "shop"))?.status?.version).toBe(16);
  expect(
    (await world.list(Job)).some(({ metadata }) => metadata.labels?.[REASON] === "convert"),
  ).toBe(false);
  isBroken = false;
  const [failed] = await backupsFor(world, "upgrade");
  await world.delete(Backup, failed?.metadata.name ?? "");
  await world.advance("2m");
  expect((await world.get(Database, "shop"))?.status?.version).toBe(17);
});

test("a conversion that failed leaves the server stopped, and can be tried again", async () => {
  let isBroken = true;
  const endOf = ({ metadata }: Job): "failed" | "complete" =>
    isBroken && metadata.labels?.[REASON] === "convert" ? "failed" : "complete";
  await using world = await aWorld(SHOP, { endOf });
  await says(world, "Available", "Serving");
  await world.change(Database, "shop", { spec: { version: 17 } });
  await says(world, "Upgraded", "ConversionFailed");
  await world.advance("1d");
  expect((await world.get(StatefulSet, "shop"))?.spec.replicas).toBe(0);
  isBroken = false;
  await deleteJob(world, "convert");
  await says(world, "Upgraded", "AsAsked");
});

test("no backup reads a volume that is converted, and none is converted while read", async () => {
  await using world = await aWorld(SHOP, { tookMs: 20_000 });
  const both = new Set<string>();
  await says(world, "Available", "Serving");
  await world.change(Database, "shop", { spec: { version: 17 } });
  for (let second = 0; second < 180; second += 1) {
    if (second % 7 === 0) {
      await world.apply(
        `{apiVersion: databases.example.dev/v1, kind: Backup, metadata: {name: b-${second}},
          spec: {database: shop}}`,
      );
    }
    await world.advance("1s");
    const running = (await world.list(Job)).filter(({ status }) => (status?.active ?? 0) > 0);
    both.add([...new Set(running.map(({ metadata }) => metadata.labels?.[REASON]))].join());
  }
  await world.advance("5m");
  expect((await world.get(Database, "shop"))?.status?.version).toBe(17);
  expect([...both].filter((tasks) => tasks.includes("convert"))).toEqual(["convert"]);
  const all = await world.list(Backup);
  expect(all.filter((one) => progressOfBackup(one) !== "complete")).toEqual([]);
});

test.each([
  ["back", 15, "cannot go back to 15"],
  ["by two", 18, "go to 17 first"],
])(
  "a version that goes %s is refused, by the webhook and by the controller",
  async (_, to, why) => {
    await using world = await aWorld();
    await says(world, "Available", "Serving");
    await expect(world.change(Database, "shop", { spec: { version: to } })).rejects.toThrow(why);

    await using alone = await aWorld(SHOP, { isAsked: false });
    await says(alone, "Available", "Serving");
    await alone.change(Database, "shop", { spec: { version: to } });
    await says(alone, "Upgraded", "Refused");
    await alone.advance("1h");
    await says(alone, "Available", "Serving");
    expect((await condition(alone, "Upgraded"))?.message).toContain(why);
    expect((await alone.get(Database, "shop"))?.status?.version).toBe(16);
  },
);

test("while a volume is converted its version is fixed, even if no webhook is asked", async () => {
  await using world = await aWorld();
  await says(world, "Available", "Serving");
  await world.change(Database, "shop", { spec: { version: 17 } });
  await says(world, "Upgraded", "Converting");
  const change = world.change(Database, "shop", { spec: { version: 16 } });
  await expect(change).rejects.toThrow("the volume is being converted to 17");

  await using alone = await aWorld(SHOP, { isAsked: false });
  await says(alone, "Available", "Serving");
  await alone.change(Database, "shop", { spec: { version: 17 } });
  await says(alone, "Upgraded", "Converting");
  await alone.change(Database, "shop", { spec: { version: 16 } });
  await says(alone, "Upgraded", "Refused");
  expect((await alone.get(Database, "shop"))?.status?.version).toBe(17);
});

test("the webhook fills in where backups go, and refuses what cannot be changed", async () => {
  await using world = await aWorld();
  expect((await world.get(Database, "shop"))?.spec.archive).toBe("default/shop");
  const refused = async (spec: unknown, why: string): Promise<void> => {
    await expect(world.change(Database, "shop", { spec })).rejects.toThrow(why);
  };
  await refused({ archive: "elsewhere" }, "spec.archive: Invalid value");
  await refused({ storage: "500Mi" }, "can only grow");
  await refused({ storage: "much" }, "is not a quantity");
  await world.change(Database, "shop", { spec: { storage: "2Gi" } });
  const named = (name: string): string => SHOP.replace("shop", name);
  await expect(world.apply(named("1st"))).rejects.toThrow("metadata.name");
  await expect(world.apply(named("a".repeat(41)))).rejects.toThrow("no more than 40");
});

test("a deletion stops the server and takes a last backup before the data goes", async () => {
  await using world = await aWorld(SHOP, { tookMs: 30_000 });
  await says(world, "Available", "Serving");
  await world.advance("5m");
  await world.delete(Database, "shop");
  await says(world, "Available", "Stopped");
  const { deletion } = (await world.get(Database, "shop"))?.status ?? {};
  expect(deletion?.deadline).toBe("2026-01-01T01:05:30Z");
  await world.advance("20s");
  expect(await volume(world)).toBeDefined();
  expect((await world.get(StatefulSet, "shop"))?.spec.replicas).toBe(0);
  await isGone(world);
  const last = await world.get(Backup, deletion?.backup ?? "");
  expect(last?.status).toMatchObject({ version: 16 });
  await world.advance("1m");
  expect(await volume(world)).toBeUndefined();
  expect(await world.list(Backup)).toHaveLength(2); // they outlive it
});

test.each(["failed", "never"] as const)(
  "where the last backup is %s, the deadline is told, and then the volume is kept",
  async (end) => {
    let isBroken = false;
    await using world = await aWorld(SHOP, { endOf: () => (isBroken ? end : "complete") });
    await world.advance("1m");
    isBroken = true;
    await world.delete(Database, "shop");
    await world.advance("30m");
    const told = (await condition(world, "Available"))?.message;
    expect(told).toContain("2026-01-01T01:01:00Z");
    expect(await world.get(Database, "shop")).toBeDefined();
    await world.advance("31m");
    expect(await world.get(Database, "shop")).toBeUndefined();
    expect(await volume(world)).toBeDefined();

    // Another Database of that name finds its data again, and upgrades from there.
    isBroken = false;
    await world.apply(SHOP.replace("16", "17"));
    await says(world, "Available", "Serving");
    await says(world, "Upgraded", "AsAsked");
    expect(await backupsFor(world, "upgrade")).toHaveLength(1);
  },
);

test("a last backup that failed is tried again when it is deleted", async () => {
  let isBroken = false;
  await using world = await aWorld(SHOP, { endOf: () => (isBroken ? "failed" : "complete") });
  await world.advance("1m");
  isBroken = true;
  await world.delete(Database, "shop");
  await world.advance("5m");
  isBroken = false;
  const [last] = await backupsFor(world, "deletion");
  await world.delete(Backup, last?.metadata.name ?? "");
  await isGone(world);
  expect(await volume(world)).toBeUndefined();
});

test("the other policies: the volume stays, or all goes without a backup", async () => {
  await using world = await aWorld();
  await world.advance("1m");
  await using other = await world.fork();
  await world.change(Database, "shop", { spec: { deletionPolicy: "Retain" } });
  await world.delete(Database, "shop");
  await isGone(world);
  expect(await volume(world)).toBeDefined();

  await other.change(Database, "shop", { spec: { deletionPolicy: "Delete" } });
  await other.delete(Database, "shop");
  await isGone(other);
  expect(await volume(other)).toBeUndefined();
  expect(await backupsFor(other, "deletion")).toEqual([]);
});

test("in the middle of a conversion, the backup before it is the last one", async () => {
  const endOf = ({ metadata }: Job): "never" | "complete" =>
    metadata.labels?.[REASON] === "convert" ? "never" : "complete";
  await using world = await aWorld(SHOP, { endOf });
  await says(world, "Available", "Serving");
  await world.change(Database, "shop", { spec: { version: 17 } });
  await says(world, "Upgraded", "Converting");
  await world.delete(Database, "shop");
  await isGone(world);
  expect(await volume(world)).toBeUndefined();
  const [backup] = await backupsFor(world, "upgrade");
  expect(backup?.status?.version).toBe(16);
});

const restored = (backup: string, version = 16): string => `
apiVersion: databases.example.dev/v1
kind: Database
metadata: {name: again}
spec: {version: ${version}, restoreFrom: ${backup}}
`;

test("a database begins with a backup of one that is gone", async () => {
  await using world = await aWorld();
  await world.advance("1m");
  await world.delete(Database, "shop");
  await isGone(world);
  const [last] = await backupsFor(world, "deletion");
  const name = last?.metadata.name ?? "";
  await expect(world.apply(restored("nothing"))).rejects.toThrow("there is no such Backup");
  await expect(world.apply(restored(name, 17))).rejects.toThrow("is of version 16");
  await world.apply(restored(name));
  await says(world, "Available", "Restoring", "again");
  expect(await world.get(StatefulSet, "again")).toBeUndefined();
  await says(world, "Available", "Serving", "again");
  const jobs = await world.list(Job);
  const job = jobs.find(({ metadata }) => metadata.labels?.[REASON] === "restore");
  expect(job?.spec.template.spec?.containers[0]?.args).toEqual(["restore", `default/shop/${name}`]);
});

test("a restore that failed is told, and no server is started on half of the data", async () => {
  let isBroken = true;
  const endOf = ({ metadata }: Job): "failed" | "complete" =>
    isBroken && metadata.labels?.[REASON] === "restore" ? "failed" : "complete";
  await using world = await aWorld(SHOP, { endOf });
  await world.advance("1m");
  await world.apply(restored((await world.list(Backup))[0]?.metadata.name ?? ""));
  await says(world, "Available", "NotRestored", "again");
  await world.advance("6h");
  expect(await world.get(StatefulSet, "again")).toBeUndefined();
  isBroken = false;
  await deleteJob(world, "restore");
  await says(world, "Available", "Serving", "again");
});

/** A process that ends after so many of its writes: of what comes then nothing is sent. */
class Life {
  writes = 0;
  readonly #max: number;

  constructor(max: number = Number.POSITIVE_INFINITY) {
    this.#max = max;
  }

  get isOver(): boolean {
    return this.writes >= this.#max;
  }

  client(client: Client): Client {
    return interceptedClient(client, async (call, next) => {
      if (!call.isWrite) return next();
      if (this.isOver) return nothingMore(call.context.signal);
      this.writes += 1;
      return next();
    });
  }
}

function nothingMore(signal: AbortSignal): Promise<never> {
  return new Promise((_, reject) => {
    const end = (): void => reject(signal.reason);
    if (signal.aborted) end();
    else signal.addEventListener("abort", end, { once: true });
  });
}

/** What happens to a database, and how it must be in the end, be there one process or two. */
const PHASES = {
  "is made": {
    begin: (world: TestWorld) => world.apply(SHOP),
    check: async (world: TestWorld) => {
      expect(await condition(world, "Ready")).toMatchObject({ status: "True" });
      expect(await backupsFor(world, "schedule")).toHaveLength(1);
    },
  },
  "is upgraded": {
    begin: (world: TestWorld) => world.change(Database, "shop", { spec: { version: 17 } }),
    check: async (world: TestWorld) => {
      expect((await world.get(Database, "shop"))?.status?.version).toBe(17);
      expect(await condition(world, "Ready")).toMatchObject({ status: "True" });
      expect(await backupsFor(world, "upgrade")).toHaveLength(1);
    },
  },
  "is deleted": {
    begin: (world: TestWorld) => world.delete(Database, "shop"),
    check: async (world: TestWorld) => {
      expect(await world.get(Database, "shop")).toBeUndefined();
      expect(await volume(world)).toBeUndefined();
      expect((await backupsFor(world, "deletion")).map(progressOfBackup)).toEqual(["complete"]);
    },
  },
};

test("killed after any of its writes, it goes on and loses nothing", async () => {
  let life = new Life();
  /** Of the process that begins now. */
  const inLife =
    (make: (deps: ControllerDeps) => ControllerSpec) =>
    (deps: ControllerDeps): ControllerSpec =>
      make({ ...deps, client: life.client(deps.client) });
  const kinds = [Database, Backup];
  let base = await createTestWorld({ kinds, hasControllers: false });
  base.manage(inLife(databases), inLife(backups), ...standIns({ tookMs: 1_000 }));
  /** Another process takes over where the one before was killed, or never began. */
  const takeOver = async (from: TestWorld, next: Life): Promise<TestWorld> => {
    life = next;
    return from.fork();
  };

  for (const [name, { begin, check }] of Object.entries(PHASES)) {
    const untroubled = await takeOver(base, new Life());
    await begin(untroubled);
    await untroubled.advance("20s");
    await check(untroubled);
    const secret = await password(untroubled);
    const { writes } = life;
    expect(writes).toBeGreaterThan(5);

    for (let last = 0; last < writes; last += 1) {
      await using killed = await takeOver(base, new Life(last));
      await begin(killed);
      await killed.advance("10s");
      await using world = await takeOver(killed, new Life());
      await world.advance("20s");
      await check(world).catch((error: unknown) => {
        throw new Error(`it ${name}: killed after ${last} of ${writes} writes`, { cause: error });
      });
      if (name === "is upgraded") expect(await password(world)).toBe(secret);
    }
    await base.close();
    base = untroubled;
  }
  await base.close();
}, 60_000);
