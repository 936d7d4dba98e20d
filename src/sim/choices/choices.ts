/**
 * Every decision of a run that could have gone otherwise: how long a message takes, whether a call
 * fails, when a process dies. Each has a name that says what is decided, not when, so that a list
 * of decisions still fits after an unrelated edit; the first option is always the calm one.
 */

/** What a decision is about. A run may leave whole classes calm. */
export type ChoiceClass =
  /** What becomes of a call: errors, lost answers, crashes around it. */
  | "call"
  /** How long a request or its answer is under way. */
  | "latency"
  /** How far behind a stream of events is from its beginning to its end. */
  | "lag"
  /** What happens to a stream just before one event: a pause, an end. */
  | "event"
  /** How old the list is that a view begins with. */
  | "list"
  /** Which of several things that are due at once comes first. */
  | "order"
  /** What else the environment does: processes end or pause, clocks jump, networks part. */
  | "world"
  /** When the next operation of the scenario comes. */
  | "pace"
  /** What becomes of API servers, and which of them a process talks to. */
  | "server"
  /** What becomes of a call of a server to a webhook. */
  | "webhook"
  /** What becomes of nodes, and of pods on them. */
  | "node"
  /** Which build of a program a process runs. */
  | "version"
  /** What becomes of a call to a service outside of the cluster. */
  | "external"
  /** What becomes of the disk under the store. */
  | "disk";

/** A decision as it is kept: its name, and the option that was taken. */
export type Choice = { readonly name: string; readonly taken: string };

/** Where decisions come from: chance, a plan, or an earlier run. */
export interface ChoiceSource {
  /** One of `options`; the first is the calm one. `name` is unique in a run. */
  pick(kind: ChoiceClass, name: string, options: readonly string[]): string;
}

/** Takes the calm option always: a run without faults, in order, without delays. */
export const CALM: ChoiceSource = { pick: (_kind, _name, options) => options[0] ?? "" };

/** A decision point that was passed, with all that could have been taken there. */
export type ChoicePoint = Choice & {
  readonly kind: ChoiceClass;
  readonly options: readonly string[];
};

/** The decisions of one run: asked of a source, numbered, and kept where they are not calm. */
export class Choices {
  readonly #source: ChoiceSource;
  readonly #counts = new Map<string, number>();
  readonly #taken = new Map<string, string>();
  readonly #points: ChoicePoint[] | undefined;
  #isHealed = false;

  /** `keepsPoints`: all decision points are kept, calm ones too, for who plans further runs. */
  constructor(source: ChoiceSource, options: { readonly keepsPoints: boolean }) {
    this.#source = source;
    this.#points = options.keepsPoints ? [] : undefined;
  }

  /** What was taken and is not calm, in the order of the run. */
  get taken(): ReadonlyMap<string, string> {
    return this.#taken;
  }

  get points(): readonly ChoicePoint[] {
    return this.#points ?? [];
  }

  /** From now on everything is calm, and nothing is a decision any more. */
  heal(): void {
    this.#isHealed = true;
  }

  get isHealed(): boolean {
    return this.#isHealed;
  }

  /** Decides. `about` may repeat: the second time it is `about#2`. */
  choose<T extends string>(
    kind: ChoiceClass,
    about: string,
    options: readonly [T, ...(readonly T[])],
  ): T {
    const [calm] = options;
    if (this.#isHealed || options.length === 1) return calm;
    const base = `${kind}: ${about}`;
    const count = (this.#counts.get(base) ?? 0) + 1;
    this.#counts.set(base, count);
    const name = count === 1 ? base : `${base}#${count}`;
    const wanted = this.#source.pick(kind, name, options);
    const picked = options.find((option) => option === wanted) ?? calm;
    if (picked !== calm) this.#taken.set(name, picked);
    this.#points?.push({ kind, name, taken: picked, options });
    return picked;
  }
}
