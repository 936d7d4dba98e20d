/** Begins and ends the daemons of one name, one for each object. */
import { Backoff } from "../../base/backoff.ts";
import { causeId, NO_CAUSE, type Context } from "../../base/context.ts";
import { aborted, childSignal, type ChildSignal } from "../../base/signals.ts";
import { TaskGroup } from "../../base/task-group.ts";
import type { SharedInformer } from "../../informer/shared-informer-types.ts";
import { keyOf, keyText, type ObjectKey } from "../../machinery/key.ts";
import { isTerminating, type ApiObject } from "../../machinery/object.ts";
import type { ControllerDeps } from "../controller/controller-spec.ts";
import { milliseconds } from "../declared/duration.ts";
import type { Enqueue, Source } from "../sources/source.ts";
import type { Daemon, DaemonContext } from "./daemon.ts";

export const DAEMON_RETRY_MS_MIN = 1_000;
export const DAEMON_RETRY_MS_MAX = 60_000;
/** After this long without a failure the delay is the first one again. */
export const DAEMON_HEALTHY_MS = 120_000;

/** What there is of one object. */
type Slot<T extends ApiObject> = {
  /** As it was seen last; undefined: there shall be no daemon. */
  wanted: T | undefined;
  /** Of the daemon that is there. */
  life: ChildSignal | undefined;
  identity: string;
};

export class DaemonSource<T extends ApiObject> implements Source {
  readonly name: string;
  readonly isUnshared = true;
  readonly #daemon: Daemon<T>;
  readonly #informer: SharedInformer<T>;
  readonly #deps: Pick<ControllerDeps, "client" | "env">;
  readonly #controller: string;
  readonly #slots = new Map<string, Slot<T>>();

  constructor(
    controller: string,
    daemon: Daemon<T>,
    informer: SharedInformer<T>,
    deps: Pick<ControllerDeps, "client" | "env">,
  ) {
    this.name = `daemon ${daemon.name}`;
    this.#controller = controller;
    this.#daemon = daemon;
    this.#informer = informer;
    this.#deps = deps;
  }

  /** Objects that have one, be it one that has returned. */
  get size(): number {
    return this.#slots.size;
  }

  start(): void {
    // All of it is in `run`, which waits for the tasks.
  }

  waitForSync(): Promise<void> {
    return Promise.resolve();
  }

  async run(enqueue: Enqueue, context: Context): Promise<void> {
    const group = new TaskGroup(context.signal);
    const registration = this.#informer.addListener(({ kind, object }) => {
      const { when = () => true } = this.#daemon;
      const isWanted = kind !== "delete" && !isTerminating(object) && when(object);
      this.#see(object, isWanted, (slot) => {
        group.spawn((signal) => this.#live(slot, keyOf(object), enqueue, { ...context, signal }));
      });
    });
    group.spawn((signal) => aborted(signal));
    try {
      await group.join();
    } finally {
      registration.remove();
    }
  }

  #see(object: T, isWanted: boolean, begin: (slot: Slot<T>) => void): void {
    const who = keyText(keyOf(object));
    const slot = this.#slots.get(who);
    if (slot !== undefined) {
      slot.wanted = isWanted ? object : undefined;
      if (!isWanted || slot.identity !== this.#identityOf(object)) slot.life?.abort();
      return;
    }
    if (!isWanted) return;
    const made = { wanted: object, life: undefined, identity: this.#identityOf(object) };
    this.#slots.set(who, made);
    begin(made);
  }

  /** One daemon after the other, as long as one is wanted. */
  async #live(slot: Slot<T>, key: ObjectKey, enqueue: Enqueue, context: Context): Promise<void> {
    for (let object = slot.wanted; object !== undefined; object = slot.wanted) {
      if (context.signal.aborted) break;
      const life = childSignal(context.signal);
      slot.life = life;
      slot.identity = this.#identityOf(object);
      await this.#keepUp(
        object,
        this.#contextOf(key, enqueue, { ...context, signal: life.signal }),
      );
      await aborted(life.signal); // one that has returned is there until something changes
      life.release();
    }
    this.#slots.delete(keyText(key));
  }

  /** Until it returns, or must end. Never rejects. */
  async #keepUp(object: T, context: DaemonContext<T>): Promise<void> {
    const { timers } = this.#deps.env;
    const { min = DAEMON_RETRY_MS_MIN, max = DAEMON_RETRY_MS_MAX } = this.#daemon.retry ?? {};
    const limits = { initialMs: milliseconds(min), maxMs: milliseconds(max) };
    const growth = { factor: 2, jitter: 0.2, resetMs: DAEMON_HEALTHY_MS };
    const backoff = new Backoff({ ...limits, ...growth }, this.#deps.env);
    while (!context.signal.aborted) {
      try {
        await this.#daemon.run(object, context);
        return;
      } catch (error) {
        if (context.signal.aborted) return;
        const retryInMs = Math.round(backoff.next());
        context.log.warn("a daemon failed; it is begun again", { error, retryInMs });
        await timers.sleep(retryInMs, context.signal).catch(() => undefined);
      }
    }
  }

  #contextOf(key: ObjectKey, enqueue: Enqueue, context: Context): DaemonContext<T> {
    const { client, env } = this.#deps;
    const { name } = this.#daemon;
    const id = causeId(env.ids.uuid());
    return {
      signal: context.signal,
      cause: {
        ...NO_CAUSE,
        actor: `${this.#controller}/${name}`,
        id,
        roots: ["external"],
      },
      log: context.log.with({ daemon: name, object: keyText(key) }),
      key,
      client,
      latest: () => this.#informer.lister.get(key),
      wake: () => enqueue(key, { kind: "external" }),
      now: () => env.clock.now(),
      sleep: (duration) => env.timers.sleep(milliseconds(duration), context.signal),
    };
  }

  #identityOf({ metadata: { uid = "", generation = 0 } }: T): string {
    const { restartsOn = "spec" } = this.#daemon;
    return restartsOn === "spec" ? `${uid} ${generation}` : uid;
  }
}
