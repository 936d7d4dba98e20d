import { getEventListeners } from "node:events";
import { expect, test } from "vitest";
import type { Context } from "../base/context.ts";
import { createMetrics } from "../base/metrics.ts";
import { aborted } from "../base/signals.ts";
import { aContext } from "../base/testing/context.ts";
import { virtualEnv, type VirtualEnv } from "../base/virtual/virtual-env.ts";
import { Lease } from "./builtin.ts";
import { LeaderElector, LeadershipLostError } from "./leader-election.ts";
import type { LeaderElectionOptions } from "./leader-election.ts";
import { FakeApi } from "./testing/fake-api.ts";
import { TransportError } from "./transport.ts";

const PATH = "/apis/coordination.k8s.io/v1/namespaces/kube-system/leases/manager";

type Replica = {
  readonly elector: LeaderElector;
  readonly isLeading: () => boolean;
  readonly stop: () => Promise<void>;
  /** Settles as `run()` does; the error if it throws one. */
  readonly result: Promise<unknown>;
};

type World = { readonly env: VirtualEnv; readonly api: FakeApi };

function aWorld(): World {
  return { env: virtualEnv(), api: new FakeApi() };
}

function aReplica(
  { env, api }: World,
  identity: string,
  options: Partial<LeaderElectionOptions> = {},
): Replica {
  const lease = { namespace: "kube-system", name: "manager" };
  const elector = new LeaderElector(
    { client: api.client(env), env },
    { lease, identity, ...options },
  );
  const controller = new AbortController();
  let isLeading = false;
  const lead = async (context: Context): Promise<void> => {
    isLeading = true;
    await aborted(context.signal);
    isLeading = false;
  };
  const result = elector
    .run(lead, aContext(env, controller.signal))
    .catch((error: unknown) => error);
  return {
    elector,
    isLeading: () => isLeading,
    result,
    stop: async () => {
      controller.abort();
      await result;
      expect(getEventListeners(controller.signal, "abort")).toEqual([]);
    },
  };
}

function leaseOf(api: FakeApi): Lease["spec"] | undefined {
  return (api.objects.get(PATH) as Lease | undefined)?.spec;
}

const cut = (): Promise<never> => Promise.reject(new TransportError("cut", { isRefused: false }));

test("a replica that stands by says whom it waits for, once for each that leads", async () => {
  const world = aWorld();
  const told = (): unknown[] =>
    world.env.lines
      .filter(({ level, message }) => level === "info" && message.includes("stands by"))
      .map(({ fields }) => fields);
  const first = aReplica(world, "a");
  await world.env.settle();
  const second = aReplica(world, "b");
  await world.env.advance(60_000);
  expect(told()).toEqual([{ lease: "kube-system/manager", holder: "a" }]);
  await first.stop();
  await world.env.advance(10_000);
  expect(second.isLeading()).toBe(true);
  const third = aReplica(world, "c");
  await world.env.advance(60_000);
  expect(told().slice(1)).toEqual([{ lease: "kube-system/manager", holder: "b" }]);
  await third.stop();
  await second.stop();
});

test("the first replica leads, and the second waits", async () => {
  const world = aWorld();
  const first = aReplica(world, "a");
  await world.env.settle();
  const second = aReplica(world, "b");
  await world.env.advance(60_000);
  expect([first.isLeading(), second.isLeading()]).toEqual([true, false]);
  expect(second.elector.holder).toBe("a");
  expect(leaseOf(world.api)).toMatchObject({
    holderIdentity: "a",
    leaseDurationSeconds: 15,
    leaseTransitions: 0,
    acquireTime: "2026-01-01T00:00:00.000000Z",
  });
  await second.stop();
  await first.stop();
  expect(world.env.pendingTimers).toBe(0);
});

test("a leader that stops lets go, so that the next one leads at once", async () => {
  const world = aWorld();
  const first = aReplica(world, "a");
  await world.env.settle();
  const second = aReplica(world, "b");
  await world.env.advance(10_000);
  await first.stop();
  expect(first.isLeading()).toBe(false);
  expect(leaseOf(world.api)?.holderIdentity).toBeUndefined();
  await world.env.advance(4_400);
  expect(second.isLeading()).toBe(true);
  expect(leaseOf(world.api)).toMatchObject({ holderIdentity: "b", leaseTransitions: 1 });
  await second.stop();
});

test("a leader told not to let go leaves its lease to end", async () => {
  const world = aWorld();
  const first = aReplica(world, "a", { isReleasedOnCancel: false });
  await world.env.settle();
  const second = aReplica(world, "b");
  await world.env.advance(5_000);
  await first.stop();
  await world.env.advance(10_000);
  expect(second.isLeading()).toBe(false);
  await world.env.advance(10_000);
  expect(second.isLeading()).toBe(true);
  await second.stop();
});

test("a leader that cannot renew stops before another can begin", async () => {
  const world = aWorld();
  const first = aReplica(world, "a");
  await world.env.settle();
  const second = aReplica(world, "b");
  await world.env.advance(5_000);
  // The first one's requests are lost from now on; the second one's get through.
  world.api.before = ({ body }) =>
    JSON.stringify(body).includes('"a"') ? cut() : Promise.resolve();
  let isDouble = false;
  let sawNobody = false;
  for (let passed = 0; passed < 30_000; passed += 250) {
    await world.env.advance(250);
    isDouble ||= first.isLeading() && second.isLeading();
    sawNobody ||= !first.isLeading() && !second.isLeading();
  }
  expect({ isDouble, sawNobody }).toEqual({ isDouble: false, sawNobody: true });
  expect(second.isLeading()).toBe(true);
  expect(await first.result).toBeInstanceOf(LeadershipLostError);
  await second.stop();
});

test("requests that hang do not stretch the deadline", async () => {
  const world = aWorld();
  const first = aReplica(world, "a");
  await world.env.advance(3_000); // renewed at 2 s
  world.api.before = (_request, context) => aborted(context.signal);
  await world.env.advance(8_900);
  expect(first.isLeading()).toBe(true);
  await world.env.advance(200);
  expect(first.isLeading()).toBe(false);
  expect(first.elector.holdsLease()).toBe(false);
  expect(await first.result).toBeInstanceOf(LeadershipLostError);
  expect(world.env.pendingTimers).toBe(0);
});

test("a short outage is survived, also one that swallows answers", async () => {
  const world = aWorld();
  const first = aReplica(world, "a");
  await world.env.advance(3_000);
  world.api.after = cut; // written, but the writer does not learn it
  await world.env.advance(4_000);
  world.api.after = () => Promise.resolve();
  await world.env.advance(20_000);
  expect(first.isLeading()).toBe(true);
  expect(leaseOf(world.api)?.leaseTransitions).toBe(0);
  await first.stop();
});

test("a lease that another took is given up at once", async () => {
  const world = aWorld();
  const first = aReplica(world, "a");
  await world.env.advance(3_000);
  const taken = await world.api.client(world.env).get<Lease>(
    {
      group: "coordination.k8s.io",
      version: "v1",
      kind: "Lease",
      resource: "leases",
      isNamespaced: true,
    },
    { namespace: "kube-system", name: "manager" },
    aContext(world.env),
  );
  world.api.objects.set(PATH, {
    ...taken,
    metadata: { ...taken.metadata, resourceVersion: "1000" },
    spec: { ...taken.spec, holderIdentity: "x" },
  } as Lease);
  await world.env.advance(2_100);
  expect(first.isLeading()).toBe(false);
  expect(await first.result).toBeInstanceOf(LeadershipLostError);
  expect(leaseOf(world.api)?.holderIdentity).toBe("x"); // and not let go of: it is not ours
});

test("clocks that show another time are no matter", async () => {
  const world = aWorld();
  const first = aReplica(world, "a");
  await world.env.settle();
  world.env.jumpWallClock(-3_600_000);
  const second = aReplica(world, "b");
  await world.env.advance(60_000);
  expect([first.isLeading(), second.isLeading()]).toEqual([true, false]);
  world.env.jumpWallClock(7_200_000);
  await world.env.advance(60_000);
  expect([first.isLeading(), second.isLeading()]).toEqual([true, false]);
  await first.stop();
  await second.stop();
});

test("work that ends or fails by itself lets go", async () => {
  const { env, api } = aWorld();
  const lease = { namespace: "kube-system", name: "manager" };
  const elector = new LeaderElector({ client: api.client(env), env }, { lease, identity: "a" });
  await elector.run(() => Promise.resolve(), aContext(env));
  expect(leaseOf(api)?.holderIdentity).toBeUndefined();
  const failure = elector.run(() => Promise.reject(new Error("defect")), aContext(env));
  await expect(failure).rejects.toThrow("defect");
  expect(leaseOf(api)?.holderIdentity).toBeUndefined();
  expect(env.pendingTimers).toBe(0);
});

for (const [field, options] of [
  ["identity", { identity: "" }],
  ["leaseDurationMs", { leaseDurationMs: 10_000, renewDeadlineMs: 10_000 }],
  ["renewDeadlineMs", { renewDeadlineMs: 2_000, retryPeriodMs: 2_000 }],
  ["retryPeriodMs", { retryPeriodMs: 0 }],
] as const) {
  test(`a bad ${field} is refused at construction`, () => {
    const { env, api } = aWorld();
    const lease = { namespace: "ns", name: "x" };
    const make = () =>
      new LeaderElector({ client: api.client(env), env }, { lease, identity: "a", ...options });
    expect(make).toThrow(new RegExp(`^${field}: `));
  });
}

test("a renewal that takes a read is counted; before the first there is a zero", async () => {
  const { env, api } = aWorld();
  const metrics = createMetrics();
  const lease = { namespace: "kube-system", name: "manager" };
  const deps = { client: api.client(env), env, metrics };
  const elector = new LeaderElector(deps, { lease, identity: "a" });
  const stop = new AbortController();
  const lead = (context: Context): Promise<void> => aborted(context.signal);
  const running = elector.run(lead, aContext(env, stop.signal));
  await env.advance(5_000);
  expect(metrics.text()).toContain('leader_election_slowpath_total{name="manager"} 0\n');
  const held = await deps.client.get(Lease, lease, aContext(env));
  const touched = { ...held, metadata: { ...held.metadata, labels: { touched: "yes" } } };
  await deps.client.update(Lease, touched, aContext(env));
  await env.advance(5_000);
  expect(metrics.text()).toContain('leader_election_slowpath_total{name="manager"} 1\n');
  expect(elector.holdsLease()).toBe(true);
  stop.abort();
  await running;
});
