/**
 * A day of several processes in virtual time: one that works all day, and two of which one leads.
 * Objects with ever new names come and go while the server and the way to it have bad hours. At the
 * end of each hour everything is well again, all that came has gone, and what is kept is counted.
 */
import { rootContext, type Context } from "../../base/context.ts";
import type { Env, Log } from "../../base/env.ts";
import { createMetrics, type Metrics } from "../../base/metrics.ts";
import {
  heapBytes,
  takeCensus,
  type Census,
  type CensusOptions,
} from "../../base/testing/census.ts";
import { virtualEnv, type VirtualEnv } from "../../base/virtual/virtual-env.ts";
import { ConfigMap, EventObject, Secret } from "../../client/builtin.ts";
import { installDefinitions } from "../../client/resource/install-definitions.ts";
import type { ResourceType } from "../../client/resource-type.ts";
import { RestClient } from "../../client/rest-client.ts";
import { createControlPlane, type ControlPlane } from "../../control-plane/control-plane.ts";
import { createManager, type Manager } from "../manager/manager.ts";
import {
  Shop,
  shopController,
  signController,
  Site,
  siteController,
  tokenOf,
  TROUBLES,
} from "./hard-working-controllers.ts";
import { NO_FAULTS, UnrulyTransport, type Faults } from "./unruly-transport.ts";

/** What is kept at the end of an hour. */
export type Hour = {
  /** Asked for at some hours only: it takes long. */
  readonly census: Census | undefined;
  /** Of the heap. */
  readonly bytes: number;
  readonly timers: number;
  /** Lines of metrics. */
  readonly series: number;
  /** Objects that the controllers have made and that are still there. */
  readonly objects: number;
};

export type Day = {
  readonly hours: readonly Hour[];
  /** How often what has happened. */
  readonly faults: ReadonlyMap<string, number>;
  readonly leaders: ReadonlySet<string>;
  readonly lostLeads: number;
  readonly restarts: number;
  readonly reconciles: number;
};

const MINUTE_MS = 60_000;
/** Of each hour; the rest is calm. */
const BUSY_MINUTES = 45;
/** Names of what went so long ago should be forgotten. */
export const FORGOTTEN_HOURS = 12;
/** Between two times that people do something. */
const STEP_MINUTES = 3;
/** How long an object lives. */
const LIFE_MINUTES = 12;
const RESTART_HOURS = 3;
const HISTORY_MS = 10 * MINUTE_MS;
const IN = "default";

const BAD: Faults = {
  refused: 0.03,
  lostBefore: 0.02,
  lostAfter: 0.02,
  late: 0.02,
  watchExpired: 0.1,
  watchFalters: 0.01,
};

const nothing = (): void => undefined;
const SILENT: Log = {
  debug: nothing,
  info: nothing,
  warn: nothing,
  error: nothing,
  with: () => SILENT,
};

/** `censusAt`: the hours after which everything is counted. */
export async function endureDay(
  hours: number,
  censusAt: readonly number[],
  look: (hour: number) => void = nothing,
): Promise<Day> {
  const day = new EnduredDay();
  await day.begin();
  const counted: Hour[] = [];
  for (let hour = 0; hour < hours; hour += 1) {
    counted.push(await day.hour(hour, censusAt.includes(hour + 1)));
    look(hour);
  }
  return day.end(counted);
}

/** A process that is started again whenever it ends. */
type Process = { readonly transport: UnrulyTransport; readonly running: Promise<void> };

class EnduredDay {
  readonly #world: VirtualEnv = virtualEnv({ seed: 7 });
  /** Log lines would be kept all day. */
  readonly #env: Env;
  readonly #stop = new AbortController();
  readonly #context: Context;
  readonly #metrics: Metrics = createMetrics();
  readonly #processes: Process[] = [];
  readonly #leaders = new Set<string>();
  #lostLeads = 0;
  #restarts = 0;
  #plane: ControlPlane | undefined;
  /** Names of what lives, oldest first, with the minute of birth. */
  #living: { readonly name: string; readonly minute: number }[] = [];
  #minute = 0;

  constructor() {
    const { clock, timers, random, ids } = this.#world;
    this.#env = { clock, timers, random, ids, log: SILENT };
    this.#context = rootContext(this.#env, this.#stop.signal);
  }

  async begin(): Promise<void> {
    this.#plane = await createControlPlane({ env: this.#env, historyMs: HISTORY_MS });
    await this.#driven(installDefinitions([Site, Shop], this.#client, this.#context));
    const all = [siteController(), shopController()];
    const metrics = this.#metrics;
    this.#start((client) => createManager({ client, env: this.#env, controllers: all, metrics }));
    for (const identity of ["a", "b"]) {
      const times = { leaseDurationMs: 120_000, renewDeadlineMs: 80_000, retryPeriodMs: 20_000 };
      const leaderElection = { lease: { namespace: IN, name: "signer" }, identity, ...times };
      this.#start((client) => {
        const controllers = [signController(identity)];
        return createManager({ client, env: this.#env, controllers, leaderElection });
      });
    }
    for (const name of ["first", "second", "third"]) await this.#create(name, 0);
    await this.#world.advance(5 * MINUTE_MS);
  }

  /** Bad weather, then calm, then a count. */
  async hour(hour: number, hasCensus: boolean): Promise<Hour> {
    for (const { transport } of this.#processes) transport.faults = BAD;
    for (let minute = 0; minute < BUSY_MINUTES; minute += STEP_MINUTES) {
      if (minute === 21 && hour % RESTART_HOURS === 1) await this.#restart();
      await this.#driven(this.#work());
      if (minute % 2 === 0) for (const { transport } of this.#processes) transport.cutWatches();
      if (minute === 30) this.#silence((hour % 2) + 1, true);
      if (minute === 33) this.#silence((hour % 2) + 1, false);
      await this.#world.advance(STEP_MINUTES * MINUTE_MS);
    }
    for (const { transport } of this.#processes) transport.faults = NO_FAULTS;
    await this.#driven(this.#deleteOlderThan(0));
    await this.#world.advance(10 * MINUTE_MS);
    const events = { namespace: IN }; // they would stay: the server has no end for them
    await this.#driven(this.#client.deleteCollection(EventObject, events, this.#context));
    await this.#world.advance(5 * MINUTE_MS);
    return this.#count(hasCensus);
  }

  async end(hours: readonly Hour[]): Promise<Day> {
    this.#stop.abort();
    await Promise.all(this.#processes.map(({ running }) => running));
    await this.#plane?.close();
    const faults = new Map<string, number>();
    for (const { transport } of this.#processes) {
      for (const [name, count] of transport.tally)
        faults.set(name, (faults.get(name) ?? 0) + count);
    }
    const counted = this.#metrics.histogram("controller_runtime_reconcile_time_seconds", "", []);
    const reconciles =
      counted.count({ controller: "sites" }) + counted.count({ controller: "shops" });
    const leaders = this.#leaders;
    return {
      hours,
      faults,
      leaders,
      lostLeads: this.#lostLeads,
      restarts: this.#restarts,
      reconciles,
    };
  }

  get #client(): RestClient {
    if (this.#plane === undefined) throw new Error("the day has not begun");
    return this.#plane.client;
  }

  #start(make: (client: RestClient) => Manager): void {
    if (this.#plane === undefined) throw new Error("the day has not begun");
    const transport = new UnrulyTransport(this.#plane.transport, this.#env);
    const client = new RestClient({ transport, env: this.#env });
    this.#processes.push({ transport, running: this.#keepUp(() => make(client)) });
  }

  async #keepUp(make: () => Manager): Promise<void> {
    const { signal } = this.#stop;
    while (!signal.aborted) {
      await make()
        .run(this.#context)
        .catch((error: unknown) => {
          if (error instanceof Error && error.name === "LeadershipLostError") this.#lostLeads += 1;
        });
      await this.#env.timers.sleep(5_000, signal).catch(nothing);
    }
  }

  /** Nobody hears one of the processes, and it hears nobody. */
  #silence(which: number, isDown: boolean): void {
    const transport = this.#processes[which]?.transport;
    if (transport === undefined) return;
    transport.isDown = isDown;
    if (isDown) transport.cutWatches();
  }

  /** The server ends, and another one goes on with what it has stored. */
  async #restart(): Promise<void> {
    const old = this.#plane;
    if (old === undefined) return;
    this.#restarts += 1;
    for (const { transport } of this.#processes) transport.isDown = true;
    await this.#world.advance(1_000);
    const store = { kind: "memory", copyOf: old.store } as const;
    this.#plane = await createControlPlane({ env: this.#env, historyMs: HISTORY_MS, store });
    await this.#driven(old.close());
    await this.#world.advance(20_000);
    for (const { transport } of this.#processes) {
      transport.moveTo(this.#plane.transport);
      transport.isDown = false;
    }
  }

  /** What people do now and then. */
  async #work(): Promise<void> {
    this.#minute += STEP_MINUTES;
    const name = `thing-${this.#minute}`;
    await this.#create(name, this.#minute / STEP_MINUTES);
    this.#living.push({ name, minute: this.#minute });
    const waiting = this.#living.at(-2)?.name; // one in four waits in vain
    if (waiting !== undefined && this.#minute % 4 > 0) await this.#giveToken(waiting);
    const text = `${this.#minute}`;
    await this.#change(Site, "first", { spec: { text } });
    if (this.#minute % 7 === 0) await this.#change(Shop, "second", { spec: { text } });
    await this.#deleteOlderThan(LIFE_MINUTES);
  }

  async #create(name: string, seed: number): Promise<void> {
    const metadata = { name, namespace: IN };
    const trouble = seed % 3 === 0 ? "none" : (TROUBLES[seed % TROUBLES.length] ?? "none");
    await this.#client.create(Site, Site.create({ metadata, spec: { trouble } }), this.#context);
    await this.#client.create(Shop, Shop.create({ metadata, spec: {} }), this.#context);
    const labels = { unsigned: "yes" };
    const map = { apiVersion: "v1", kind: "ConfigMap", metadata: { ...metadata, labels } } as const;
    await this.#client.create(ConfigMap, map, this.#context);
    if (seed === 0) await this.#giveToken(name);
  }

  async #giveToken(name: string): Promise<void> {
    const metadata = { name: tokenOf(name), namespace: IN };
    await this.#client.create(
      Secret,
      { apiVersion: "v1", kind: "Secret", metadata },
      this.#context,
    );
  }

  async #change(type: ResourceType, name: string, patch: object): Promise<void> {
    const merge = { kind: "merge", patch } as const;
    await this.#client.patch(type, { namespace: IN, name }, merge, this.#context);
  }

  async #deleteOlderThan(minutes: number): Promise<void> {
    const isOld = (one: { readonly minute: number }): boolean =>
      this.#minute - one.minute >= minutes;
    for (const { name } of this.#living.filter(isOld)) {
      const signed = await this.#client.get(ConfigMap, { namespace: IN, name }, this.#context);
      const by = signed.data?.["by"];
      if (by !== undefined) this.#leaders.add(by);
      const kinds: readonly ResourceType[] = [Site, Shop, ConfigMap];
      for (const type of kinds) await this.#delete(type, name);
      await this.#delete(Secret, tokenOf(name));
    }
    this.#living = this.#living.filter((one) => !isOld(one));
  }

  async #delete(type: ResourceType, name: string): Promise<void> {
    await this.#client.delete(type, { namespace: IN, name }, this.#context).catch(nothing);
  }

  async #count(hasCensus: boolean): Promise<Hour> {
    let objects = 0;
    for (const type of [Site, Shop, ConfigMap, Secret] as readonly ResourceType[]) {
      objects += (await this.#client.list(type, { namespace: IN }, this.#context)).items.length;
    }
    const series = this.#metrics.text().split("\n").length;
    const census = hasCensus ? await takeCensus(this.#asked) : undefined;
    const timers = this.#world.pendingTimers;
    return { census, bytes: await heapBytes(), timers, series, objects };
  }

  readonly #asked: CensusOptions = {
    isForgotten: (text) => {
      const minute = /thing-(\d+)/.exec(text)?.[1];
      return minute !== undefined && Number(minute) < this.#minute - FORGOTTEN_HOURS * BUSY_MINUTES;
    },
    isIgnored: (text) => / @\d+$/.test(text), // a loop guard's own writes: the last few thousand
  };

  /** Moves time on until the work has ended: some of what a server does takes a moment. */
  async #driven(work: Promise<unknown>): Promise<void> {
    let isOver = false;
    const end = (): void => {
      isOver = true;
    };
    work.then(end, end);
    for (let turn = 0; turn < 10 && !isOver; turn += 1) await this.#world.settle();
    while (!isOver && (await this.#world.step(MINUTE_MS)));
    await work;
  }
}
