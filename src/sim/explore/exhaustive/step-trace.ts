/** The steps of one run with all that each has read, written and touched. */
import type { StepWatch } from "../../kernel/step-watch.ts";

/** What a step has to do with. */
export type Footprint = {
  /** Beginnings of keys. */
  readonly reads: ReadonlySet<string>;
  readonly writes: ReadonlySet<string>;
  /** Actors, the store's revision, queues of events: whoever shares one depends on the other. */
  readonly touches: ReadonlySet<string>;
};

export type Step = {
  readonly id: string;
  readonly actor: string;
  /** Steps of one group have no time and nothing else between them. */
  readonly group: number;
  /** Those that could have come instead, and itself. */
  readonly enabled: readonly string[];
  /** Place of the step that made this event; undefined: none of this run's. */
  readonly maker: number | undefined;
  readonly footprint: Footprint;
};

/** Whether their order can make a difference. */
export function areDependent(a: Footprint, b: Footprint): boolean {
  for (const touched of a.touches) if (b.touches.has(touched)) return true;
  return isReadOf(a, b) || isReadOf(b, a);
}

function isReadOf({ writes }: Footprint, { reads }: Footprint): boolean {
  for (const key of writes) {
    for (const prefix of reads) if (key.startsWith(prefix)) return true;
  }
  return false;
}

/** All that either has to do with. */
export function unionOf(a: Footprint | undefined, b: Footprint): Footprint {
  if (a === undefined) return b;
  return {
    reads: new Set([...a.reads, ...b.reads]),
    writes: new Set([...a.writes, ...b.writes]),
    touches: new Set([...a.touches, ...b.touches]),
  };
}

type Growing = {
  readonly reads: Set<string>;
  readonly writes: Set<string>;
  readonly touches: Set<string>;
};

/** Keeps them. `onChoosing` is asked before each step, when the one before is complete. */
export class StepTrace implements StepWatch {
  readonly #steps: Step[] = [];
  readonly #onChoosing: (ids: readonly string[], last: Step | undefined) => void;
  readonly #onBarrier: () => void;
  readonly #makers = new Map<string, number>();
  #current: Growing | undefined;
  #enabled: readonly string[] = [];
  #atMs = 0;
  #group = 0;

  constructor(on: {
    readonly choosing: (ids: readonly string[], last: Step | undefined) => void;
    readonly barrier: () => void;
  }) {
    this.#onChoosing = on.choosing;
    this.#onBarrier = on.barrier;
  }

  get steps(): readonly Step[] {
    return this.#steps;
  }

  choosing(ids: readonly string[]): void {
    this.#enabled = ids;
    this.#onChoosing(ids, this.#current === undefined ? undefined : this.#steps.at(-1));
  }

  begins({ id, actor, atMs }: Parameters<StepWatch["begins"]>[0]): void {
    if (atMs !== this.#atMs) this.#group += 1;
    this.#atMs = atMs;
    const touches = new Set([`actor ${actor}`]);
    const footprint = { reads: new Set<string>(), writes: new Set<string>(), touches };
    const [maker, group, enabled] = [this.#makers.get(id), this.#group, this.#enabled];
    this.#current = footprint;
    this.#steps.push({ id, actor, group, enabled, maker, footprint });
  }

  posted(id: string, actor: string, atMs: number): void {
    if (this.#current === undefined) return;
    this.#makers.set(id, this.#steps.length - 1);
    this.#current.touches.add(`queue of ${actor} at ${atMs}`);
  }

  read(prefix: string): void {
    this.#current?.reads.add(prefix);
  }

  wrote(key: string): void {
    this.#current?.writes.add(key);
    this.touched("revision");
  }

  touched(what: string): void {
    this.#current?.touches.add(what);
  }

  barrier(): void {
    this.#group += 1;
    this.#current = undefined;
    this.#onBarrier();
  }
}
