/** The options of `controller()` that say in which order and how fast its keys run. */
import type { ObjectKey } from "../../machinery/key.ts";
import { RETRY_MS_MAX, RETRY_MS_MIN } from "../controller/controller.ts";
import type { ControllerSpec } from "../controller/controller-spec.ts";
import { milliseconds, type Duration } from "./duration.ts";

/** A pause of the events of an object, and the longest wait for it. */
export type Debounce = {
  /** An object that events wake waits until there was none for so long. */
  readonly quiet: Duration;
  /** It runs after this long at the latest, events or not (default: ten times `quiet`). */
  readonly atMost?: Duration;
};

/** How the keys of a controller take turns, and how often one may run. */
export type QueueOptions = {
  /**
   * Whose an object is. Turns are shared out between those that it names, so that one with ten
   * thousand objects does not keep the others waiting: of those with something to do, the one goes
   * first that has the fewest objects at work, and of equals the one whose turn is longest ago.
   * Priorities go before. Asked each time an object is queued: quick, and without side effects.
   * Default: the object that has waited longer goes first, whosever it is.
   *
   *     fairBy: ({ namespace }) => namespace
   */
  readonly fairBy?: (key: ObjectKey) => string;
  /**
   * From the beginning of a run of an object to that of its next one, at least so long; what wakes
   * it meanwhile is one run after that. A run that failed is tried again as `retry` says, whatever
   * this says. Default: no limit.
   */
  readonly atMostEvery?: Duration;
  /**
   * An object that events wake waits until there was none for so long, and no longer than ten times
   * that, or than `atMost`. Of the first list as well. What the reconcile itself asked for
   * (`requeueAfter`, a retry) comes when it is due. Default: it does not wait; events that come
   * while it waits for a worker are one run anyway.
   */
  readonly debounce?: Duration | Debounce;
  /** Looks at every object again this long after its last run, even if nothing happened. */
  readonly every?: Duration;
};

/** What a controller says of its workers: how many, and how patient. */
type WorkerOptions = {
  readonly concurrency?: number;
  readonly timeout?: Duration;
  readonly retry?: { readonly min?: Duration; readonly max?: Duration };
};

/** Throws `TypeError` or `RangeError` for what makes no sense, naming the option. */
export function workerOptionsOf(
  name: string,
  { concurrency, timeout, retry = {} }: WorkerOptions,
): Pick<ControllerSpec, "concurrency" | "timeoutMs" | "retryMsMin" | "retryMsMax"> {
  if (concurrency !== undefined && !(Number.isInteger(concurrency) && concurrency > 0)) {
    throw refusal(name, "concurrency", `${concurrency} is no whole number from 1 on`);
  }
  const { min, max } = retry;
  const retryMsMin = min === undefined ? RETRY_MS_MIN : lengthOf(name, "retry.min", min);
  const retryMsMax = max === undefined ? RETRY_MS_MAX : lengthOf(name, "retry.max", max);
  if (retryMsMax < retryMsMin) {
    const [longest, first] = [max ?? `${RETRY_MS_MAX} ms`, min ?? `${RETRY_MS_MIN} ms`];
    throw refusal(name, "retry.max", `${longest} is shorter than retry.min (${first})`);
  }
  return {
    ...(concurrency === undefined ? {} : { concurrency }),
    ...(timeout === undefined ? {} : { timeoutMs: lengthOf(name, "timeout", timeout) }),
    ...(min === undefined ? {} : { retryMsMin }),
    ...(max === undefined ? {} : { retryMsMax }),
  };
}

/** Throws `TypeError` or `RangeError` for what makes no sense, naming the option. */
export function queueOptionsOf(
  name: string,
  options: QueueOptions,
): Pick<ControllerSpec, "fairBy" | "pace"> {
  const { fairBy, atMostEvery, debounce, every } = options;
  if (fairBy !== undefined && typeof fairBy !== "function") {
    throw new TypeError(
      `controller ${name}: fairBy is a function of a key, such as ({ namespace }) => namespace`,
    );
  }
  const length = (option: string, value: Duration): number => lengthOf(name, option, value);
  const everyMs = every === undefined ? undefined : length("every", every);
  const atMostEveryMs = atMostEvery === undefined ? undefined : length("atMostEvery", atMostEvery);
  if (everyMs !== undefined && atMostEveryMs !== undefined && everyMs < atMostEveryMs) {
    throw new RangeError(
      `controller ${name}: every (${every}) asks for more than atMostEvery (${atMostEvery}) allows`,
    );
  }
  const pace = {
    ...(atMostEveryMs === undefined ? {} : { atMostEveryMs }),
    ...(debounce === undefined ? {} : pauseOf(name, debounce)),
  };
  return {
    ...(fairBy === undefined ? {} : { fairBy }),
    ...(Object.keys(pace).length === 0 ? {} : { pace }),
  };
}

function pauseOf(
  name: string,
  debounce: Duration | Debounce,
): { readonly quietMs: number; readonly quietMsMax?: number } {
  if (typeof debounce !== "object") return { quietMs: lengthOf(name, "debounce", debounce) };
  const { quiet, atMost } = debounce;
  const quietMs = lengthOf(name, "debounce.quiet", quiet);
  if (atMost === undefined) return { quietMs };
  const quietMsMax = lengthOf(name, "debounce.atMost", atMost);
  if (quietMsMax >= quietMs) return { quietMs, quietMsMax };
  throw new RangeError(
    `controller ${name}: debounce.atMost (${atMost}) is shorter than debounce.quiet (${quiet})`,
  );
}

function lengthOf(name: string, option: string, value: Duration): number {
  try {
    const ms = milliseconds(value);
    if (ms > 0) return ms;
  } catch (error) {
    if (error instanceof RangeError) throw refusal(name, option, error.message);
    throw error;
  }
  throw refusal(name, option, "it is longer than nothing; leave the option out for none");
}

function refusal(name: string, option: string, why: string): RangeError {
  return new RangeError(`controller ${name}: ${option}: ${why}`);
}
