/**
 * The work of the controllers that are compared: `data.done` of each ConfigMap is to be what
 * `data.asked` is. Here is who asks, and who sees when it was done.
 */
import type { Context } from "../../src/base/context.ts";
import { childSignal } from "../../src/base/signals.ts";
import { ConfigMap } from "../../src/client/builtin.ts";
import type { Client } from "../../src/client/client.ts";
import { atRate, machineMs } from "./clock.ts";
import { forEachInFlight } from "./load.ts";
import { aConfigMap } from "./objects.ts";

export const WORKERS = 16;

/** What a controller would write; undefined: nothing. */
export function answerTo(data: Readonly<Record<string, string>> | undefined): string | undefined {
  const asked = data?.["asked"];
  return asked === undefined || asked === data?.["done"] ? undefined : asked;
}

export type Place = {
  readonly client: Client;
  readonly context: Context;
  readonly namespace: string;
};

/** Asks, and watches for the answers. */
export class Asker {
  readonly #place: Place;
  readonly #objects: number;
  /** By object: its questions that are not answered yet. */
  readonly #waiting = new Map<string, Map<number, () => void>>();
  readonly #stop: ReturnType<typeof childSignal>;
  #seen: Promise<void> = Promise.resolve();
  #asked = 0;

  constructor(place: Place, objects: number) {
    this.#place = place;
    this.#objects = objects;
    this.#stop = childSignal(place.context.signal);
  }

  /** Makes the objects, and begins to watch. */
  async begin(): Promise<void> {
    const { client, context, namespace } = this.#place;
    await forEachInFlight(this.#objects, WORKERS, async (index) => {
      const { metadata, ...rest } = aConfigMap(nameOf(index), { asked: "0", done: "0" });
      await client.create(ConfigMap, { ...rest, metadata: { ...metadata, namespace } }, context);
    });
    const { metadata } = await client.list(ConfigMap, { namespace, limit: 1 }, context);
    const { resourceVersion = "" } = metadata;
    const watching = { ...context, signal: this.#stop.signal };
    const events = await client.watch(ConfigMap, { namespace, resourceVersion }, watching);
    this.#seen = this.#see(events);
  }

  /** So many questions at this rate; answers how long each took until its answer was seen. */
  async atRate(questions: number, perSecond: number): Promise<readonly number[]> {
    const latenciesMs: number[] = [];
    await atRate(questions, perSecond, async (index) => {
      const startMs = machineMs();
      await this.#ask(index % this.#objects);
      latenciesMs.push(machineMs() - startMs);
    });
    return latenciesMs;
  }

  /** So many questions, some always open; answers how many were answered in a second. */
  async atOnce(questions: number, open: number): Promise<number> {
    const startMs = machineMs();
    await forEachInFlight(questions, open, (index) => this.#ask(index % this.#objects));
    return questions / ((machineMs() - startMs) / 1_000);
  }

  async end(): Promise<void> {
    this.#stop.abort();
    await this.#seen;
    const { client, context, namespace } = this.#place;
    await client.deleteCollection(ConfigMap, { namespace }, context);
  }

  async #ask(index: number): Promise<void> {
    this.#asked += 1;
    const number = this.#asked;
    const name = nameOf(index);
    const waiting = this.#waiting.get(name) ?? new Map<number, () => void>();
    this.#waiting.set(name, waiting);
    const answered = new Promise<void>((resolve) => waiting.set(number, resolve));
    const { client, context, namespace } = this.#place;
    const patch = { kind: "merge", patch: { data: { asked: String(number) } } } as const;
    await client.patch(ConfigMap, { namespace, name }, patch, context);
    await answered;
  }

  /** A question may be put again before it is answered: one answer is enough for both. */
  #answered(name: string, done: number): void {
    const waiting = this.#waiting.get(name);
    for (const [number, resolve] of waiting ?? []) {
      if (number > done) continue;
      waiting?.delete(number);
      resolve();
    }
  }

  async #see(batches: Awaited<ReturnType<typeof watchOf>>): Promise<void> {
    try {
      for await (const batch of batches) {
        for (const event of batch) {
          if (event.kind !== "MODIFIED") continue;
          const { metadata, data } = event.object.value;
          this.#answered(metadata.name ?? "", Number(data?.["done"]));
        }
      }
    } catch (error) {
      if (!this.#stop.signal.aborted) throw error;
    }
  }
}

function watchOf({ client, context, namespace }: Place) {
  return client.watch(ConfigMap, { namespace }, context);
}

function nameOf(index: number): string {
  return `question-${index}`;
}
