/**
 * Leads connections to the addresses of services to the pods behind them, in this process.
 *
 * Follows services and endpoint slices, and keeps one listener for each TCP port of a service. What
 * it last saw stays in force while the API server is away. A connection that is established stays
 * with its pod when endpoints change; it is reset when its service goes.
 */
import { withSignal, type Context } from "../../base/context.ts";
import { Channel } from "../../base/channel.ts";
import { orAborted } from "../../base/signals.ts";
import { TaskGroup } from "../../base/task-group.ts";
import { EndpointSlice, Service } from "../../client/builtin.ts";
import type { Informers } from "../../informer/informers.ts";
import { planListeners, type PlannedListener } from "./plan-listeners.ts";
import { PortListener, type PortListenerDeps } from "./port-listener.ts";

/** Between two looks at all services: changes that come together are one. */
export const SYNC_MS_MIN = 100;

/** Listeners of one proxy; services beyond that, by name, are not served. */
export const LISTENERS_MAX = 4_096;

export type ServiceProxyDeps = PortListenerDeps & {
  /** The proxy's own: it runs them. */
  readonly informers: Informers;
};

export interface ServiceProxy {
  /** Lives until the signal aborts; then nothing listens any more and no connection is left. */
  run(context: Context): Promise<void>;
}

export function createServiceProxy(deps: ServiceProxyDeps): ServiceProxy {
  return { run: (context) => runProxy(deps, context) };
}

async function runProxy(deps: ServiceProxyDeps, context: Context): Promise<void> {
  const { informers } = deps;
  const services = informers.for(Service);
  const slices = informers.for(EndpointSlice);
  const plan = (): readonly PlannedListener[] =>
    planListeners(services.lister.list(), slices.lister.list());
  const changes = new Channel<null>({ capacity: 1, whenFull: "drop-newest" });
  const registrations = [services, slices].map((informer) =>
    informer.addListener(() => changes.send(null)),
  );
  const tasks = new TaskGroup(context.signal);
  tasks.spawn((signal) => informers.run(withSignal(context, signal)));
  tasks.spawn(async (signal) => {
    await informers.waitForSync(signal);
    await follow(deps, { plan, changes, tasks }, withSignal(context, signal));
  });
  try {
    await tasks.join();
  } finally {
    for (const registration of registrations) registration.remove();
  }
}

type Following = {
  readonly plan: () => readonly PlannedListener[];
  readonly changes: Channel<null>;
  /** Listeners live in it. */
  readonly tasks: TaskGroup;
};

async function follow(
  deps: ServiceProxyDeps,
  { plan, changes, tasks }: Following,
  context: Context,
): Promise<void> {
  const listeners = new Listeners(deps, tasks);
  try {
    for (;;) {
      await listeners.bringTo(plan(), context);
      await deps.env.timers.sleep(SYNC_MS_MIN, context.signal);
      await orAborted(changes.ready(), context.signal);
      changes.drain();
    }
  } finally {
    await listeners.stop([...listeners.keys()]);
  }
}

type RunningListener = {
  readonly listener: PortListener;
  readonly stop: () => Promise<void>;
};

class Listeners {
  readonly #deps: ServiceProxyDeps;
  readonly #tasks: TaskGroup;
  readonly #running = new Map<string, RunningListener>();
  #isOverfull = false;

  constructor(deps: ServiceProxyDeps, tasks: TaskGroup) {
    this.#deps = deps;
    this.#tasks = tasks;
  }

  /** Stops what is not in `plan` first: an address may have passed to another service. */
  async bringTo(plan: readonly PlannedListener[], context: Context): Promise<void> {
    const wanted = plan.slice(0, LISTENERS_MAX);
    if (plan.length > LISTENERS_MAX && !this.#isOverfull) {
      context.log.warn("too many services to serve them all", { ports: plan.length });
    }
    this.#isOverfull = plan.length > LISTENERS_MAX;
    const byKey = new Map(wanted.map((planned) => [planned.key, planned]));
    const stale = [...this.#running].filter(
      ([key, { listener }]) => !isSameService(listener.planned, byKey.get(key)),
    );
    await this.stop(stale.map(([key]) => key));
    for (const planned of wanted) {
      const running = this.#running.get(planned.key);
      if (running === undefined) this.#running.set(planned.key, this.#start(planned, context));
      else running.listener.update(planned);
    }
  }

  keys(): Iterable<string> {
    return this.#running.keys();
  }

  /** Settles when none of these listens any more. */
  async stop(keys: readonly string[]): Promise<void> {
    const stopping = keys.flatMap((key) => this.#running.get(key) ?? []);
    for (const key of keys) this.#running.delete(key);
    await Promise.all(stopping.map(({ stop }) => stop()));
  }

  #start(planned: PlannedListener, context: Context): RunningListener {
    const listener = new PortListener(planned, this.#deps);
    // Not a child of the proxy's own signal: thousands of listeners on one signal are slow.
    const controller = new AbortController();
    const ended = listener.run(withSignal(context, controller.signal));
    this.#tasks.spawn(() => ended);
    return {
      listener,
      stop: async () => {
        controller.abort(new Error("the address is given up"));
        await ended;
      },
    };
  }
}

function isSameService(running: PlannedListener, planned: PlannedListener | undefined): boolean {
  return planned !== undefined && running.service.metadata.uid === planned.service.metadata.uid;
}
