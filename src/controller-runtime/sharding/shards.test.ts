import fc from "fast-check";
import { expect, test } from "vitest";
import { createMetrics } from "../../base/metrics.ts";
import { aContext } from "../../base/testing/context.ts";
import { virtualEnv, type VirtualEnv } from "../../base/virtual/virtual-env.ts";
import { Lease } from "../../client/builtin.ts";
import { fakeCluster, type FakeCluster } from "../testing/fake-cluster.ts";
import { Shards } from "./shards.ts";
import { FragileProcess, type FragileOptions } from "./testing/fragile-process.ts";

const GROUP = { namespace: "default", name: "sites" };
const KEYS = Array.from({ length: 60 }, (_, index) => `default/site-${index}`);

type Member = {
  readonly process: FragileProcess;
  readonly shards: Shards;
  readonly leave: () => Promise<void>;
};

type World = { readonly env: VirtualEnv; readonly cluster: FakeCluster };

function aWorld(seed = 1): World {
  const env = virtualEnv({ seed });
  return { env, cluster: fakeCluster(env) };
}

function join({ env, cluster }: World, options: FragileOptions = {}): Member {
  const process = new FragileProcess(env, cluster.client, options);
  const stop = new AbortController();
  const { client } = process;
  const shards = new Shards(
    { lease: GROUP },
    { client, env: process.env, metrics: createMetrics() },
  );
  const running = shards.run(aContext(process.env, stop.signal));
  return {
    process,
    shards,
    leave: () => {
      stop.abort();
      return running;
    },
  };
}

/** For each key, how many members say it is theirs. */
function owners(members: readonly Member[]): readonly number[] {
  return KEYS.map((key) => members.filter(({ shards }) => shards.owns(key)).length);
}

function sizes(members: readonly Member[]): readonly number[] {
  return members.map(({ shards }) => KEYS.filter((key) => shards.owns(key)).length);
}

test("members share all keys, and one that comes takes its part of them only", async () => {
  const world = aWorld();
  const [a, b, c] = [join(world), join(world), join(world)];
  await world.env.advance(10_000);
  expect(owners([a, b, c])).toEqual(KEYS.map(() => 1));
  expect(Math.min(...sizes([a, b, c]))).toBeGreaterThan(10);
  const before = new Map(
    KEYS.map((key) => [key, [a, b, c].find(({ shards }) => shards.owns(key))]),
  );
  const d = join(world);
  await world.env.advance(10_000);
  expect(owners([a, b, c, d])).toEqual(KEYS.map(() => 1));
  const moved = KEYS.filter((key) => before.get(key)?.shards.owns(key) !== true);
  expect(moved.every((key) => d.shards.owns(key))).toBe(true);
  expect(moved.length).toBeLessThan(KEYS.length / 2);
  await Promise.all([a, b, c, d].map(({ leave }) => leave()));
  expect(world.cluster.list(Lease)).toEqual([]);
  expect(world.env.pendingTimers).toBe(0);
});

test("a key is handed over when the work on it has ended", async () => {
  const world = aWorld();
  const a = join(world);
  await world.env.advance(5_000);
  const signal = new AbortController().signal;
  const id = (index: number) => `turn-${index}` as Parameters<Shards["enter"]>[1];
  const passages = KEYS.map((key, index) => a.shards.enter(key, id(index), signal));
  const b = join(world);
  await world.env.advance(20_000);
  expect(sizes([b])).toEqual([0]);
  expect(sizes([a])[0]).toBeLessThan(KEYS.length); // nothing new begins with what b is to get
  for (const passage of passages) passage?.leave();
  await world.env.advance(5_000);
  expect(owners([a, b])).toEqual(KEYS.map(() => 1));
  expect(sizes([b])[0]).toBeGreaterThan(0);
  await Promise.all([a.leave(), b.leave()]);
});

test("work that does not end is cut off, and what it writes is refused", async () => {
  const world = aWorld();
  const a = join(world);
  await world.env.advance(5_000);
  const context = aContext(a.process.env);
  const passages = KEYS.map((key) => {
    const id = key as Parameters<Shards["enter"]>[1];
    return { key, id, passage: a.shards.enter(key, id, context.signal) };
  });
  const b = join(world);
  await world.env.advance(60_000);
  expect(owners([a, b])).toEqual(KEYS.map(() => 1));
  const client = a.shards.fence(a.process.client);
  const written = (): Lease => ({
    apiVersion: "coordination.k8s.io/v1",
    kind: "Lease",
    metadata: { generateName: "x-", namespace: "default" },
    spec: {},
  });
  const outcomes = await Promise.all(
    passages.map(async ({ id, key, passage }) => {
      const inside = { ...context, cause: { ...context.cause, id } };
      const write = client.create(Lease, written(), inside);
      const isWritten = await write.then(
        () => true,
        () => false,
      );
      return [isWritten, passage?.signal.aborted !== true, a.shards.owns(key)];
    }),
  );
  for (const [isWritten, isLive, isOwned] of outcomes) {
    expect([isWritten, isLive]).toEqual([isOwned, isOwned]);
  }
  for (const { passage } of passages) passage?.leave();
  await Promise.all([a.leave(), b.leave()]);
});

test("a member that is gone without a word is replaced when its lease is over", async () => {
  const world = aWorld();
  const [a, b] = [join(world), join(world)];
  await world.env.advance(10_000);
  b.process.pause();
  await world.env.advance(12_000);
  expect(sizes([a])[0]).toBeLessThan(KEYS.length);
  expect(sizes([b])).toEqual([0]); // it would not begin anything, if it woke up
  await world.env.advance(10_000);
  expect(sizes([a])).toEqual([KEYS.length]);
  b.process.resume();
  await world.env.advance(10_000);
  expect(owners([a, b])).toEqual(KEYS.map(() => 1));
  expect(sizes([b])[0]).toBeGreaterThan(0);
  await Promise.all([a.leave(), b.leave()]);
});

test("who leaves has no keys from before its lease goes", async () => {
  const world = aWorld();
  const member = join(world, { latencyMsMax: 1_500 });
  await world.env.advance(60_000);
  expect(sizes([member])).toEqual([KEYS.length]);
  const left = member.leave();
  let hadNone = false;
  for (let passedMs = 0; passedMs < 10_000; passedMs += 50) {
    await world.env.advance(50);
    const hasLease = world.cluster.list(Lease).length > 0;
    const hasKeys = sizes([member])[0] !== 0;
    expect(hasKeys && !hasLease).toBe(false);
    hadNone ||= hasLease && !hasKeys;
  }
  await left;
  expect(hadNone).toBe(true);
  expect(world.cluster.list(Lease)).toEqual([]);
});

test("after the server was away for a minute, all go on with the keys they had", async () => {
  const world = aWorld();
  const members = [join(world), join(world), join(world)];
  await world.env.advance(10_000);
  const mine = (member: Member) => KEYS.filter((key) => member.shards.owns(key));
  const before = members.map(mine);
  for (const { process } of members) process.isCutOff = true;
  await world.env.advance(60_000);
  expect(sizes(members)).toEqual([0, 0, 0]);
  for (const { process } of members) process.isCutOff = false;
  await world.env.advance(6_000);
  expect(members.map(mine)).toEqual(before);
  await Promise.all(members.map(({ leave }) => leave()));
});

test("a process that cannot reach the leases is not ready, and says why", async () => {
  const world = aWorld();
  const member = join(world);
  member.process.isCutOff = true;
  await world.env.advance(5_000);
  const state = "not a member: connection refused";
  expect(member.shards.check()).toEqual({ name: "shards", isOk: false, state });
  member.process.isCutOff = false;
  await world.env.advance(5_000);
  expect(member.shards.check()).toMatchObject({ isOk: true });
  await member.leave();
});

test.each([
  [{ lease: { namespace: "", name: "x" } }, "shards.lease.namespace"],
  [{ leaseDurationMs: 10_000 }, "shards.leaseDurationMs: must be greater than renewDeadlineMs"],
  [{ renewDeadlineMs: 3_000 }, "shards.renewDeadlineMs: must be greater than 2 times"],
  [{ retryPeriodMs: Number.NaN }, "shards.retryPeriodMs"],
])("options that cannot work are refused: %o", (options, problem) => {
  const { env, cluster } = aWorld();
  const deps = { client: cluster.client, env, metrics: createMetrics() };
  expect(() => new Shards({ lease: GROUP, ...options }, deps)).toThrow(problem);
});

const STEP = fc.record({
  what: fc.constantFrom("join", "leave", "vanish", "pause", "resume", "cut", "mend", "outage"),
  whom: fc.nat(7),
  afterMs: fc.integer({ min: 100, max: 25_000 }),
});

test("whatever happens, no key ever has two owners, and every key has one again soon", async () => {
  const property = fc.asyncProperty(fc.array(STEP, { maxLength: 14 }), fc.nat(), runStory);
  await fc.assert(property, { numRuns: 25, seed: 20_261_123 });
});

async function runStory(
  steps: readonly (typeof STEP extends fc.Arbitrary<infer S> ? S : never)[],
  seed: number,
): Promise<void> {
  const world = aWorld(seed);
  const { env } = world;
  const enter = (): Member => {
    const clockSkewMs = Math.floor((env.random.next() - 0.5) * 7_200_000);
    return join(world, { clockSkewMs, latencyMsMax: 800 });
  };
  const all: Member[] = [enter(), enter(), enter()];
  let present = [...all];
  const watch = async (forMs: number): Promise<void> => {
    for (let passedMs = 0; passedMs < forMs; passedMs += 400) {
      await env.advance(Math.min(400, forMs - passedMs));
      expect(Math.max(...owners(all))).toBeLessThanOrEqual(1);
    }
  };
  for (const { what, whom, afterMs } of steps) {
    await watch(afterMs);
    const member = present[whom % Math.max(1, present.length)];
    if (what === "join" && all.length < 8) {
      all.push(enter());
      present.push(...all.slice(-1));
    } else if (what === "outage") for (const { process } of all) process.isCutOff = true;
    else if (what === "mend") for (const { process } of all) process.isCutOff = false;
    else if (member === undefined) continue;
    else if (what === "leave" || what === "vanish") {
      present = present.filter((one) => one !== member);
      if (what === "vanish") member.process.pause();
      else void member.leave();
    } else if (what === "pause") member.process.pause();
    else if (what === "resume") member.process.resume();
    else member.process.isCutOff = true;
  }
  for (const { process } of present) {
    process.resume();
    process.isCutOff = false;
  }
  await watch(45_000);
  expect(owners(present)).toEqual(KEYS.map(() => (present.length === 0 ? 0 : 1)));
  for (const { process } of all) process.resume();
  const ends = Promise.all(all.map(({ leave }) => leave()));
  await env.advance(60_000);
  await ends;
  expect(env.pendingTimers).toBe(0);
}
