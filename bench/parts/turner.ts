/** A controller whose work is asked for in passes over all of its objects. */
import { createManager, type Manager } from "../../src/controller-runtime/manager/manager.ts";
import type { ManagerOptions } from "../../src/controller-runtime/manager/manager-options.ts";
import type {
  ControllerDeps,
  ControllerSpec,
} from "../../src/controller-runtime/controller/controller-spec.ts";
import { DONE, type Reconciler } from "../../src/controller-runtime/controller/outcome.ts";
import { channelSource, ownSource } from "../../src/controller-runtime/sources/sources.ts";
import { realEnv } from "../../src/base/real/env.ts";
import { childSignal } from "../../src/base/signals.ts";
import { ConfigMap } from "../../src/client/builtin.ts";
import type { EventRecorder } from "../../src/client/event-recorder-types.ts";
import type { ControlPlane } from "../../src/control-plane/index.ts";
import { createInformers } from "../../src/informer/informers.ts";
import type { ObjectKey } from "../../src/machinery/key.ts";
import { forEachInFlight } from "./load.ts";
import { aConfigMap } from "./objects.ts";

export type Work = "no-op" | "writing";

export type TurnOptions = {
  readonly objects: number;
  readonly workers: number;
  readonly windowMs: number;
  readonly loopGuard?: "off";
  readonly metrics?: ManagerOptions["metrics"];
};

/** What was done in a second. */
export type TurnRate = { readonly reconciles: number; readonly writes: number };

const SILENT: EventRecorder = { normal: () => undefined, warning: () => undefined };

/** What `turnRate` works on. */
export async function createTurnObjects(plane: ControlPlane, objects: number): Promise<void> {
  const { client, context } = plane;
  await forEachInFlight(objects, 64, (index) =>
    client.create(ConfigMap, aConfigMap(`settings-${index}`, { turn: "0" }), context),
  );
}

/** Passes of `work` for the length of the window, by a manager of its own. */
export async function turnRate(
  plane: ControlPlane,
  work: Work,
  options: TurnOptions,
): Promise<TurnRate> {
  const { client, context } = plane;
  const turner = new Turner(options);
  const first = await client.get(ConfigMap, { namespace: "default", name: "settings-0" }, context);
  turner.turn = Number(first.data?.["turn"] ?? 0);
  const manager = managerOf(turner, plane, options);
  const stop = childSignal(context.signal);
  const running = manager.run({ ...context, signal: stop.signal });
  await turner.pass(work); // after the informer's first list
  const before = { reconciles: turner.reconciles, writes: turner.writes };
  const startMs = performance.now();
  while (performance.now() - startMs < options.windowMs) await turner.pass(work);
  const seconds = (performance.now() - startMs) / 1_000;
  const rate = {
    reconciles: (turner.reconciles - before.reconciles) / seconds,
    writes: (turner.writes - before.writes) / seconds,
  };
  stop.abort();
  await running;
  return rate;
}

function managerOf(turner: Turner, { client }: ControlPlane, options: TurnOptions): Manager {
  const env = realEnv({ level: "warn" });
  const { metrics } = options;
  return createManager({
    client,
    informers: createInformers({ client, env, ...(metrics === undefined ? {} : { metrics }) }),
    recorder: SILENT,
    env,
    ...(metrics === undefined ? {} : { metrics }),
    controllers: [turner.controller],
  });
}

/** Brings `data.turn` of every object to `turn`; when it is there, there is nothing to do. */
class Turner {
  turn = 0;
  reconciles = 0;
  writes = 0;
  #pass = 0;
  #left = 0;
  #complete: (() => void) | undefined;
  readonly #wakes = channelSource("turns");
  readonly #options: TurnOptions;
  readonly #keys: readonly ObjectKey[];

  constructor(options: TurnOptions) {
    this.#options = options;
    this.#keys = Array.from({ length: options.objects }, (_, index) => {
      return { namespace: "default", name: `settings-${index}` };
    });
  }

  readonly controller = (deps: ControllerDeps): ControllerSpec => {
    const { workers, loopGuard } = this.#options;
    return {
      name: "turner",
      concurrency: workers,
      reconcile: this.#reconciler(deps),
      sources: [ownSource(deps.informers.for(ConfigMap)), this.#wakes],
      ...(loopGuard === undefined ? {} : { loopGuard }),
    };
  };

  /** Wakes all objects, and waits until each has been looked at and is as it should be. */
  async pass(work: Work): Promise<void> {
    if (work === "writing") this.turn += 1;
    this.#pass += 1;
    this.#left = this.#keys.length;
    const completed = new Promise<void>((resolve) => {
      this.#complete = resolve;
    });
    for (const key of this.#keys) this.#wakes.wake(key, { kind: "timer" });
    await completed;
  }

  #reconciler({ client, informers }: ControllerDeps): Reconciler {
    const { lister } = informers.for(ConfigMap);
    const seen = new Map<string, number>();
    return async (key, context) => {
      this.reconciles += 1;
      const object = lister.get(key);
      if (object === undefined) return DONE;
      const turn = String(this.turn);
      if (object.data?.["turn"] !== turn) {
        await client.update(ConfigMap, { ...object, data: { ...object.data, turn } }, context);
        this.writes += 1;
      }
      if (seen.get(key.name) === this.#pass) return DONE; // woken twice in this pass
      seen.set(key.name, this.#pass);
      this.#left -= 1;
      if (this.#left === 0) this.#complete?.();
      return DONE;
    };
  }
}
