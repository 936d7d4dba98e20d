import { beforeEach, describe, expect, test } from "vitest";
import type { Context } from "../../base/context.ts";
import { aborted, orAborted } from "../../base/signals.ts";
import { aContext } from "../../base/testing/context.ts";
import { virtualEnv, type VirtualEnv } from "../../base/virtual/virtual-env.ts";
import type { Informers } from "../../informer/informers.ts";
import type { ControllerDeps, ControllerSpec } from "../controller/controller-spec.ts";
import type { ManagerOptions } from "./manager-options.ts";
import { createManager, type Manager } from "./manager.ts";
import { DONE, type Reconciler } from "../controller/outcome.ts";
import type { LeaderElection, Runnable } from "./runnable.ts";
import { ownSource } from "../sources/sources.ts";
import { fakeCluster, type FakeCluster } from "../testing/fake-cluster.ts";
import { aWidget, Widget } from "../testing/widget.ts";

let env: VirtualEnv;
let cluster: FakeCluster;
let steps: string[];
let isSynced: boolean;

/** The cluster's informers, synced when the test says so; their life is noted. */
function notingInformers(): Informers {
  return {
    ...cluster.informers,
    run: async ({ signal }) => {
      steps.push("+informers");
      await aborted(signal);
      steps.push("-informers");
    },
    waitForSync: async (signal) => {
      while (!isSynced) await env.timers.sleep(100, signal);
    },
  };
}

function controller(name: string, reconcile: Reconciler = () => Promise.resolve(DONE)) {
  return ({ informers }: ControllerDeps): ControllerSpec => {
    const own = ownSource(informers.for(Widget));
    const noting = {
      ...own,
      start: (...call: Parameters<typeof own.start>) => {
        steps.push(`+${name}`);
        void aborted(call[1].signal).then(() => steps.push(`-${name}`));
        own.start(...call);
      },
    };
    return { name, reconcile, sources: [noting] };
  };
}

const service: Runnable = {
  name: "service",
  run: async ({ signal }) => {
    steps.push("+service");
    await aborted(signal);
    steps.push("-service");
  },
};

function aManager(options: Partial<ManagerOptions> = {}): Manager {
  const { client, deps } = cluster;
  return createManager({
    client,
    informers: notingInformers(),
    recorder: deps.recorder,
    env,
    controllers: [controller("one")],
    runnables: [service],
    ...options,
  });
}

beforeEach(() => {
  env = virtualEnv();
  cluster = fakeCluster(env);
  steps = [];
  isSynced = true;
});

describe("manager", () => {
  test("starts informers, services, controllers, and stops them the other way round", async () => {
    const abort = new AbortController();
    const running = aManager().run(aContext(env, abort.signal));
    await env.settle();
    expect(steps).toEqual(["+informers", "+service", "+one"]);
    abort.abort();
    await running;
    expect(steps.slice(3)).toEqual(["-one", "-service", "-informers"]);
  });

  test("nothing works before the informers have synced, and readiness says so", async () => {
    isSynced = false;
    const abort = new AbortController();
    const manager = aManager();
    const running = manager.run(aContext(env, abort.signal));
    await env.advance(1_000);
    expect(steps).toEqual(["+informers"]);
    expect(manager.readyz()).toMatchObject({ isOk: false, checks: [{ state: "syncing" }, {}] });
    isSynced = true;
    await env.advance(100);
    expect(manager.readyz()).toEqual({
      isOk: true,
      checks: [
        { name: "manager", isOk: true, state: "leading" },
        { name: "one", isOk: true, state: "working" },
      ],
    });
    abort.abort();
    await running;
    expect(manager.readyz().isOk).toBe(false);
  });

  test("gives up when the informers do not sync in time", async () => {
    isSynced = false;
    const manager = aManager({ syncMsMax: 5_000 });
    const running = manager.run(aContext(env)).catch((error: unknown) => String(error));
    await env.advance(5_000);
    expect(await running).toContain("have not synced within 5000 ms");
    expect(steps).toEqual(["+informers", "-informers"]);
    expect(manager.healthz()).toMatchObject({ isOk: false });
  });

  test("a stop while syncing is a stop, not a failure", async () => {
    isSynced = false;
    const abort = new AbortController();
    const running = aManager().run(aContext(env, abort.signal));
    await env.advance(1_000);
    abort.abort();
    await running;
    expect(env.pendingTimers).toBe(0);
  });

  test("the failure of a service stops all the rest and is the manager's failure", async () => {
    const failing: Runnable = {
      name: "failing",
      run: ({ signal }) =>
        env.timers.sleep(50, signal).then(() => Promise.reject(new Error("broken"))),
    };
    const running = aManager({ runnables: [failing, service] })
      .run(aContext(env))
      .catch((error: unknown) => String(error));
    await env.advance(50);
    expect(await running).toBe("Error: broken");
    expect(steps).toContain("-one");
    expect(steps.at(-1)).toBe("-informers");
  });

  test("a reconciler that will not stop is waited for only so long, and named", async () => {
    cluster.seed(Widget, aWidget("a"));
    const abort = new AbortController();
    const stuck = controller("stuck", () => new Promise(() => undefined));
    const running = aManager({ controllers: [stuck] })
      .run(aContext(env, abort.signal))
      .catch((error: unknown) => String(error));
    await env.settle();
    abort.abort();
    await env.advance(30_000);
    expect(await running).toContain("not stopped within 30000 ms: stuck (default/a)");
    const told = env.lines.find(({ message }) => message.startsWith("the end of runs is waited"));
    expect(told?.fields).toMatchObject({ controllers: "stuck (default/a)", waitsMsMax: 30_000 });
  });

  test("controllers wait for leadership while the view is kept warm", async () => {
    let grant = (): void => undefined;
    const granted = new Promise<void>((resolve) => (grant = resolve));
    const leaderElection: LeaderElection = {
      name: "lock",
      run: async (context: Context, lead) => {
        await orAborted(granted, context.signal);
        await lead(context);
        steps.push("released");
      },
    };
    const abort = new AbortController();
    const manager = aManager({ leaderElection });
    const running = manager.run(aContext(env, abort.signal));
    await env.settle();
    expect(steps).toEqual(["+informers", "+service"]);
    expect(manager.readyz().isOk).toBe(true);
    expect(manager.metrics.text()).toContain('leader_election_master_status{name="lock"} 0');
    expect(manager.metrics.text()).toContain(
      'running_managed_controllers{manager="controller-manager",name="one"} 0',
    );
    grant();
    await env.settle();
    expect(steps.at(-1)).toBe("+one");
    expect(manager.metrics.text()).toContain('leader_election_master_status{name="lock"} 1');
    expect(manager.metrics.text()).toContain(
      'running_managed_controllers{manager="controller-manager",name="one"} 1',
    );
    abort.abort();
    await running;
    expect(steps.slice(3)).toEqual(["-one", "released", "-service", "-informers"]);
    expect(manager.metrics.text()).toContain('leader_election_master_status{name="lock"} 0');
    expect(manager.metrics.text()).toContain(
      'running_managed_controllers{manager="controller-manager",name="one"} 0',
    );
  });

  test("losing leadership ends the manager with a failure", async () => {
    const leaderElection: LeaderElection = {
      name: "lock",
      run: async (context, lead) => {
        const abort = new AbortController();
        const leading = lead({ ...context, signal: abort.signal });
        await env.timers.sleep(100, context.signal);
        abort.abort();
        await leading;
        throw new Error("leadership is lost");
      },
    };
    const manager = aManager({ leaderElection });
    const running = manager.run(aContext(env)).catch((error: unknown) => String(error));
    await env.advance(100);
    expect(await running).toBe("Error: leadership is lost");
    expect(manager.healthz().isOk).toBe(false);
  });

  test("refuses two controllers of one name", () => {
    const controllers = [controller("one"), controller("one")];
    expect(() => aManager({ controllers })).toThrow("two are named one");
  });
});
