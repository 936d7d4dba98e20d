/**
 * `externalService()`: a model of something outside of the cluster that controllers call, such as a
 * cloud. It is rate limited, what it says may be behind what it does, and calls get lost.
 */
import type { Context } from "../../base/context.ts";
import { errorText } from "../../base/error-text.ts";
import { deepFreeze } from "../../base/freeze.ts";
import { orAborted } from "../../base/signals.ts";
import type { Env } from "../../base/env.ts";
import { Actor } from "../kernel/actor.ts";
import type { Kernel } from "../kernel/kernel.ts";
import { kernelOf, placeOf, type Place } from "../kernel/places.ts";
import type { State } from "../world/state.ts";
import { ServiceHistory, type ExternalItem } from "./service-history.ts";

/** @public A call to an external service failed; `code` as of HTTP, 0: no answer came. */
export class ExternalServiceError extends Error {
  override readonly name = "ExternalServiceError";
  readonly code: number;

  constructor(message: string, code: number) {
    super(message);
    this.code = code;
  }
}

/** @public What `externalService()` can be told. */
export type ExternalServiceOptions = {
  /** So many calls of one second are answered, further ones are told 429 (default 20). */
  readonly callsPerSecondMax?: number;
};

type Asking = Pick<Context, "signal">;

/**
 * @public The service as a program calls it. Each call may reject with `ExternalServiceError`: 429
 * and 500 had no effect; of 0 nobody knows.
 */
export interface ExternalClient<T> {
  /**
   * Makes something and answers it with the id that the service gave. Called again with the same
   * `token` it answers what was made the first time: the way out where an answer may get lost.
   */
  create(
    value: T,
    options?: { readonly token?: string },
    asking?: Asking,
  ): Promise<ExternalItem<T>>;
  /** Undefined: there is none, or none yet for a reader that is behind. */
  get(id: string, asking?: Asking): Promise<ExternalItem<T> | undefined>;
  /** In the order in which they were made. */
  list(asking?: Asking): Promise<readonly ExternalItem<T>[]>;
  /** Rejects with 404 where there is none. */
  update(id: string, value: T, asking?: Asking): Promise<void>;
  /** Rejects with 404 where there is none. */
  delete(id: string, asking?: Asking): Promise<void>;
}

/** @public See `externalService`. */
export interface ExternalService<T> {
  /** For a process of a simulation, by its `env`. Throws `TypeError` for any other. */
  connect(env: Pick<Env, "timers">): ExternalClient<T>;
  /** What there is at this moment of a run, for invariants. */
  all(state: State): readonly ExternalItem<T>[];
}

const CALLS_PER_SECOND_MAX = 20;

/**
 * @public Makes a model of a service. Each run begins with an empty one. What may go wrong is the
 * class `external` of decisions: 429, 500, a call or its answer that is lost, a caller that dies
 * before or after the effect, reads that are up to a minute behind.
 *
 *     const cloud = externalService<{ size: string }>("machine");
 *     const pools: MakeController = (deps) => {
 *       const machines = cloud.connect(deps.env);
 *       return controller(Pool, { reconcile: async (pool, ctx) => ... })(deps);
 *     };
 *     eventually("nothing is left", (state) => cloud.all(state).length === 0);
 */
export function externalService<T>(
  name: string,
  { callsPerSecondMax = CALLS_PER_SECOND_MAX }: ExternalServiceOptions = {},
): ExternalService<T> {
  const models = new WeakMap<Kernel, Model<T>>();
  const modelOf = (kernel: Kernel): Model<T> => {
    const known = models.get(kernel) ?? new Model<T>(name, callsPerSecondMax, kernel);
    models.set(kernel, known);
    return known;
  };
  return {
    connect: (env) => {
      const place = placeOf(env);
      if (place !== undefined) return modelOf(place.kernel).clientOf(place);
      const why = "this is no env of a simulated process; elsewhere take the client of the service";
      throw new TypeError(`externalService ${name}: ${why}`);
    },
    all: (state) => {
      const kernel = kernelOf(state);
      return kernel === undefined ? [] : modelOf(kernel).all;
    },
  };
}

const READ_FATES = ["", "2s behind", "60s behind", "too many requests", "fails", "lost"] as const;
const BEHIND_MS: Readonly<Record<string, number>> = { "2s behind": 2_000, "60s behind": 60_000 };
const WRITE_FATES = [
  "",
  "crash before effect",
  "crash after effect",
  "lost before effect",
  "lost after effect",
  "too many requests",
  "fails",
  "slow",
] as const;
type Fate = (typeof READ_FATES)[number] | (typeof WRITE_FATES)[number];

const SLOW_MS = 20_000;

type Call<R> = {
  readonly place: Place;
  /** `create`, `delete machine-1`. */
  readonly what: string;
  readonly fate: Fate;
  readonly act: () => R;
  /** What it came to, for the story: of writes only. */
  readonly told?: (value: R) => string;
  readonly asking: Asking | undefined;
};

/** The service in one run. */
class Model<T> {
  readonly #name: string;
  readonly #callsPerSecondMax: number;
  readonly #kernel: Kernel;
  readonly #actor: Actor;
  readonly #history = new ServiceHistory<T>();
  #second = 0;
  #calls = 0;

  constructor(name: string, callsPerSecondMax: number, kernel: Kernel) {
    this.#name = name;
    this.#callsPerSecondMax = callsPerSecondMax;
    this.#kernel = kernel;
    this.#actor = new Actor(`service ${name}`);
  }

  get all(): readonly ExternalItem<T>[] {
    return this.#history.now;
  }

  clientOf(place: Place): ExternalClient<T> {
    const history = this.#history;
    const write = <R>(what: string, act: (atMs: number) => R, asking: Asking | undefined) => {
      const fate = this.#fate(place, what, WRITE_FATES);
      const told = (made: R): string => (typeof made === "string" ? made : "done");
      return this.#call({ place, what, fate, asking, told, act: () => act(this.#kernel.nowMs) });
    };
    const read = (what: string, asking: Asking | undefined) => {
      const fate = this.#fate(place, what, READ_FATES);
      const act = () => history.at(this.#kernel.nowMs - (BEHIND_MS[fate] ?? 0));
      return this.#call({ place, what, fate, asking, act });
    };
    const found = (id: string, isThere: boolean): void => {
      if (!isThere) throw new ExternalServiceError(`${id} not found`, 404);
    };
    return {
      create: async (value, { token } = {}, asking) => {
        const kept = deepFreeze(structuredClone(value));
        const id = await write(
          "create",
          (atMs) => history.create(this.#name, kept, token, atMs),
          asking,
        );
        return { id, value: kept };
      },
      get: async (id, asking) => (await read(`get ${id}`, asking)).find((item) => item.id === id),
      list: (asking) => read("list", asking),
      update: (id, value, asking) => {
        const kept = deepFreeze(structuredClone(value));
        return write(`update ${id}`, (atMs) => found(id, history.update(id, kept, atMs)), asking);
      },
      delete: (id, asking) =>
        write(`delete ${id}`, (atMs) => found(id, history.delete(id, atMs)), asking),
    };
  }

  #fate<F extends Fate>(
    { caller }: Place,
    what: string,
    fates: readonly [F, ...(readonly F[])],
  ): F {
    const about = `${caller.name}: ${this.#name} ${what}`;
    return this.#kernel.choices.choose("external", about, fates);
  }

  async #call<R>(call: Call<R>): Promise<R> {
    call.asking?.signal.throwIfAborted();
    const answer = this.#sent(call);
    return call.asking === undefined ? answer : orAborted(answer, call.asking.signal);
  }

  async #sent<R>(call: Call<R>): Promise<R> {
    const { place, what, fate, act } = call;
    const about = `${place.caller.name}: ${this.#name} ${what}`;
    if (fate === "crash before effect") {
      place.crash(`before ${this.#name} ${what}`);
      return never();
    }
    await this.#event(this.#actor, `${about} arrives`, fate === "slow" ? SLOW_MS : 0);
    this.#kernel.steps?.touched(this.#actor.name);
    const refusal = refusalOf(fate) ?? this.#limit();
    const effect = settled(() => {
      if (refusal !== undefined) throw refusal;
      return act();
    });
    this.#tell(call, effect);
    if (fate === "crash after effect") {
      place.crash(`after ${this.#name} ${what}, before it heard of it`);
      return never();
    }
    await this.#event(place.caller, `${about}: ${effect.isDone ? "done" : "refused"}`, 0);
    if (fate === "lost after effect") throw lost();
    if (!effect.isDone) throw effect.error;
    return effect.value;
  }

  /** What a write came to is an event of its own: stories are made of them. */
  #tell<R>({ place, what, fate, told }: Call<R>, effect: Effect<R>): void {
    if (told === undefined) return;
    const { caller } = place;
    const sent = caller.isAlive ? "" : " (sent before it crashed)";
    const came = effect.isDone
      ? `${told(effect.value)}${UNHEARD[fate] ?? ""}`
      : refusalText(effect.error);
    const text = `${caller.name} asks it to ${what}${sent}: ${came}`;
    this.#kernel.log.add(this.#kernel.nowMs, this.#actor.name, text);
  }

  /** More calls than a second allows. */
  #limit(): ExternalServiceError | undefined {
    const second = Math.floor(this.#kernel.nowMs / 1_000);
    this.#calls = second === this.#second ? this.#calls + 1 : 1;
    this.#second = second;
    return this.#calls > this.#callsPerSecondMax ? refusalOf("too many requests") : undefined;
  }

  #event(actor: Actor, what: string, delayMs: number): Promise<void> {
    return new Promise((resolve) => {
      this.#kernel.post(actor, what, delayMs, resolve);
    });
  }
}

function refusalOf(fate: Fate): ExternalServiceError | undefined {
  switch (fate) {
    case "too many requests":
      return new ExternalServiceError("too many requests, please try again later", 429);
    case "fails":
      return new ExternalServiceError("the simulated service has had an accident", 500);
    case "lost":
    case "lost before effect":
      return lost();
    case "":
    case "2s behind":
    case "60s behind":
    case "crash before effect":
    case "crash after effect":
    case "lost after effect":
    case "slow":
      return undefined;
  }
}

/** Of a call that had its effect, and whose caller does not hear so. */
const UNHEARD: Readonly<Record<string, string>> = {
  "lost after effect": ", but the answer is lost",
  "crash after effect": ", but it crashes before it hears so",
};

function refusalText(error: unknown): string {
  if (!(error instanceof ExternalServiceError)) return errorText(error);
  return error.code === 0 ? "no answer, and no effect" : `${error.code}, ${error.message}`;
}

function lost(): ExternalServiceError {
  return new ExternalServiceError("the simulated connection was reset", 0);
}

type Effect<R> =
  | { readonly isDone: true; readonly value: R }
  | { readonly isDone: false; readonly error: unknown };

function settled<R>(act: () => R): Effect<R> {
  try {
    return { isDone: true, value: act() };
  } catch (error) {
    return { isDone: false, error };
  }
}

/** Whoever waits for this is dead. */
function never(): Promise<never> {
  return new Promise(() => undefined);
}
