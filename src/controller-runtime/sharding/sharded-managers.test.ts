/**
 * Whole managers that share their objects: what counts is what their writes leave on the server.
 */
import fc from "fast-check";
import { expect, test } from "vitest";
import { aContext } from "../../base/testing/context.ts";
import { virtualEnv, type VirtualEnv } from "../../base/virtual/virtual-env.ts";
import type { ClientCall } from "../../client/wrappers/intercepted-client.ts";
import { createInformers } from "../../informer/informers.ts";
import { keyOf, keyText } from "../../machinery/key.ts";
import type { ControllerDeps, ControllerSpec } from "../controller/controller-spec.ts";
import { DONE } from "../controller/outcome.ts";
import { createManager, type Manager } from "../manager/manager.ts";
import { ownedSource, ownSource } from "../sources/sources.ts";
import { fakeCluster, type FakeCluster } from "../testing/fake-cluster.ts";
import { aWidget, Widget } from "../testing/widget.ts";
import { FragileProcess, type FragileOptions } from "./testing/fragile-process.ts";

const WORK_MS = 700;
const WIDGETS = 20;

/**
 * Two writes a run, with time between: another process's run must not come between them. It heeds
 * no signal, as bad code would: what keeps it from harm is that its writes are refused.
 */
function slowController({ client, informers, env }: ControllerDeps): ControllerSpec {
  const widgets = informers.for(Widget);
  return {
    name: "slow",
    concurrency: 10,
    loopGuard: "off",
    sources: [ownSource(widgets), ownedSource(widgets, Widget)],
    reconcile: async (key, context) => {
      const run = context.cause.id;
      const deaf = { ...context, signal: new AbortController().signal };
      if (widgets.lister.get(key) === undefined) return DONE;
      for (const step of ["begun", "ended"]) {
        const patch = { status: { run, step, spec: widgets.lister.get(key)?.spec } };
        const options = { subresource: "status" } as const;
        await client.patch(Widget, key, { kind: "merge", patch }, deaf, options);
        await env.timers.sleep(WORK_MS, deaf.signal);
      }
      return { kind: "requeue-after", delayMs: 5_000 };
    },
  };
}

type Replica = {
  readonly process: FragileProcess;
  readonly manager: Manager;
  readonly stop: () => Promise<void>;
};

/** A write of a run of `slowController`. */
type Effect = { readonly process: number; readonly run: string; readonly sent: string };

class World {
  readonly env: VirtualEnv;
  readonly cluster: FakeCluster;
  readonly replicas: Replica[] = [];
  /** By key, in the order in which the server took them. */
  readonly effects = new Map<string, Effect[]>();

  constructor(seed: number) {
    this.env = virtualEnv({ seed });
    this.cluster = fakeCluster(this.env);
    for (let index = 0; index < WIDGETS; index += 1) this.touch(index, 0);
  }

  touch(index: number, size: number): void {
    const name = `w${index}`;
    const old = this.cluster.find(Widget, { namespace: "default", name });
    this.cluster.seed(Widget, { ...aWidget(name), ...old, spec: { size } });
  }

  start(options: FragileOptions = {}): Replica {
    const index = this.replicas.length;
    const onWrite = (call: ClientCall): void => {
      if (call.type.kind !== "Widget") return;
      const effects = this.effects.get(keyText(call.key)) ?? [];
      this.effects.set(keyText(call.key), effects);
      effects.push({ process: index, run: call.context.cause.id, sent: JSON.stringify(call.sent) });
    };
    const process = new FragileProcess(this.env, this.cluster.client, { ...options, onWrite });
    const { env, client } = process;
    const manager = createManager({
      client,
      env,
      informers: createInformers({ client, env }),
      recorder: this.cluster.deps.recorder,
      controllers: [slowController],
      shards: { lease: { namespace: "default", name: "slow" } },
    });
    const stop = new AbortController();
    const running = manager.run(aContext(env, stop.signal));
    const replica: Replica = {
      process,
      manager,
      stop: () => {
        stop.abort();
        return running;
      },
    };
    this.replicas.push(replica);
    return replica;
  }

  /** Runs of one process between whose writes another's came. */
  torn(): readonly string[] {
    const torn: string[] = [];
    for (const [key, effects] of this.effects) {
      for (const [index, effect] of effects.entries()) {
        const last = effects.findLastIndex(({ run }) => run === effect.run);
        const between = effects.slice(index, last);
        const other = between.find(({ process }) => process !== effect.process);
        if (other !== undefined) torn.push(`${key}: ${effect.process} and ${other.process}`);
      }
    }
    return torn;
  }

  /** Widgets whose newest spec no run has ended with. */
  unserved(): readonly string[] {
    return this.cluster.list(Widget).flatMap((widget) => {
      const key = keyText(keyOf(widget));
      const wanted = `"step":"ended","spec":${JSON.stringify(widget.spec)}`;
      const isServed = this.effects.get(key)?.some(({ sent }) => sent.includes(wanted)) === true;
      return isServed ? [] : [key];
    });
  }

  servers(): ReadonlySet<number> {
    return new Set([...this.effects.values()].flatMap((list) => list.slice(-1)).map(lastOf));
  }
}

function lastOf({ process }: Effect): number {
  return process;
}

test("managers share the objects, and the rest take over those of one that stops", async () => {
  const world = new World(1);
  const { env } = world;
  const [a, b, c] = [world.start(), world.start(), world.start()];
  await env.advance(30_000);
  expect(world.servers().size).toBe(3);
  expect(a.manager.readyz().checks.find(({ name }) => name === "shards")?.isOk).toBe(true);
  const text = a.manager.metrics.text();
  expect(text).toContain('setpoint_shard_members{group="default/slow"} 3');
  const stopped = b.stop();
  await env.advance(5_000);
  await stopped;
  world.effects.clear();
  for (let index = 0; index < WIDGETS; index += 1) world.touch(index, 1);
  await env.advance(10_000);
  expect(world.unserved()).toEqual([]);
  expect(world.servers()).toEqual(new Set([0, 2]));
  const ends = Promise.all([a.stop(), c.stop()]);
  await env.advance(5_000);
  await ends;
  expect(world.torn()).toEqual([]);
  expect(env.pendingTimers).toBe(0);
});

test("shards and leader election exclude each other", () => {
  const { cluster } = new World(1);
  const lease = { namespace: "default", name: "x" };
  const options = { client: cluster.client, controllers: [], leaderElection: { lease } };
  expect(() => createManager({ ...options, shards: { lease } })).toThrow("one of them");
});

const STEP = fc.record({
  what: fc.constantFrom("start", "stop", "vanish", "pause", "resume", "cut", "mend", "touch"),
  whom: fc.nat(5),
  afterMs: fc.integer({ min: 200, max: 20_000 }),
});

test("whatever happens, no run is torn, and every change is served soon after", async () => {
  const property = fc.asyncProperty(
    fc.array(STEP, { minLength: 1, maxLength: 10 }),
    fc.nat(),
    async (steps, seed) => {
      const world = new World(seed);
      const { env } = world;
      const options = (): FragileOptions => {
        return { latencyMsMax: 300, clockSkewMs: env.random.next() * 3_600_000 };
      };
      let present = [world.start(options()), world.start(options())];
      for (const [index, { what, whom, afterMs }] of steps.entries()) {
        await env.advance(afterMs);
        world.touch(whom, index + 1);
        const replica = present[whom % Math.max(1, present.length)];
        if (what === "start" && world.replicas.length < 5) present.push(world.start(options()));
        if (replica === undefined) continue;
        const { process } = replica;
        if (what === "pause" || what === "vanish") process.pause();
        if (what === "resume") process.resume();
        if (what === "cut") process.isCutOff = true;
        if (what === "mend") process.isCutOff = false;
        if (what === "stop") void replica.stop().catch(() => undefined); // may not end in time
        if (what === "stop" || what === "vanish") {
          present = present.filter((one) => one !== replica);
        }
      }
      for (const { process } of present) {
        process.resume();
        process.isCutOff = false;
      }
      if (present.length === 0) world.start(options());
      for (let index = 0; index < WIDGETS; index += 1) world.touch(index, 99);
      await env.advance(75_000);
      expect(world.unserved()).toEqual([]);
      for (const { process } of world.replicas) {
        process.resume();
        process.isCutOff = false;
      }
      await env.advance(20_000);
      expect(world.torn()).toEqual([]);
      const ends = Promise.allSettled(world.replicas.map(({ stop }) => stop()));
      await env.advance(60_000);
      await ends;
      expect(env.pendingTimers).toBe(0);
    },
  );
  await fc.assert(property, { numRuns: 8, seed: 20_261_124 });
}, 90_000); // seconds of work: a machine that is busy takes many times as long
