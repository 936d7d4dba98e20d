/**
 * What a process keeps, counted: to see whether it keeps more after a day than after an hour.
 *
 * The heap itself is asked, so that private fields are seen like all others, and whatever a future
 * part keeps is counted without a line here.
 */
import { getEventListeners } from "node:events";
import { Session, type Runtime } from "node:inspector";
import { setImmediate } from "node:timers/promises";
import { setFlagsFromString } from "node:v8";
import { runInNewContext } from "node:vm";

export type Census = {
  /** Entries of all maps and sets that are alive. */
  readonly entries: number;
  /** Texts among their keys that name what is wanted to be forgotten. */
  readonly named: readonly string[];
  /** Promises that are alive: each thing that waits has some. */
  readonly promises: number;
  /** Signals that are alive, and those who wait for them to abort. */
  readonly signals: number;
  readonly listeners: number;
};

export type CensusOptions = {
  /** Whether a text names something that nobody should remember. */
  readonly isForgotten: (text: string) => boolean;
  /** Keys that are not counted, as there is another limit to them. */
  readonly isIgnored: (text: string) => boolean;
};

/** Of this thread. Takes a second where there is much. */
export async function takeCensus(options: CensusOptions): Promise<Census> {
  await heapBytes();
  const session = new Session();
  session.connect();
  const count = new Counter(options);
  Object.assign(globalThis, { [GROUP]: (all: readonly object[]) => count.add(all) });
  try {
    const prototype = ask<Runtime.EvaluateReturnType>(session, "Runtime.evaluate", {
      expression: "Object.prototype",
    });
    const all = ask<Runtime.QueryObjectsReturnType>(session, "Runtime.queryObjects", {
      prototypeObjectId: prototype.result.objectId,
    });
    ask<Runtime.CallFunctionOnReturnType>(session, "Runtime.callFunctionOn", {
      objectId: all.objects.objectId,
      functionDeclaration: `function () { globalThis.${GROUP}(this) }`,
    });
  } finally {
    Reflect.deleteProperty(globalThis, GROUP);
    session.disconnect();
  }
  return count;
}

const GROUP = "setpointCensus";

class Counter implements Census {
  entries = 0;
  promises = 0;
  signals = 0;
  listeners = 0;
  readonly named: string[] = [];
  readonly #options: CensusOptions;

  constructor(options: CensusOptions) {
    this.#options = options;
  }

  add(all: readonly object[]): void {
    for (const one of all) {
      if (Object.hasOwn(one, "constructor")) continue; // a prototype is no instance
      if (one instanceof Map || one instanceof Set) {
        for (const key of one.keys()) this.#addKey(key);
      } else if (one instanceof Promise) this.promises += 1;
      else if (one instanceof AbortSignal) {
        this.signals += 1;
        this.listeners += getEventListeners(one, "abort").length;
      }
    }
  }

  #addKey(key: unknown): void {
    if (typeof key === "string" && this.#options.isIgnored(key)) return;
    this.entries += 1;
    if (typeof key === "string" && this.#options.isForgotten(key)) this.named.push(key);
  }
}

let collect: unknown;

/** Bytes of the JavaScript heap of this thread, once there is no more garbage. */
export async function heapBytes(): Promise<number> {
  if (collect === undefined) {
    setFlagsFromString("--expose-gc");
    collect = runInNewContext("gc");
  }
  for (let turn = 0; turn < 2; turn += 1) {
    if (typeof collect === "function") collect();
    await setImmediate(); // for what waits for a finalizer
  }
  return process.memoryUsage().heapUsed;
}

/** The inspector of one's own thread answers before the call returns. */
function ask<Answer>(session: Session, method: string, parameters: object): Answer {
  let told: { readonly answer: Answer } | undefined;
  session.post(method, parameters, (error, answer) => {
    if (error === null) told = { answer: answer as Answer };
  });
  if (told === undefined) throw new Error(`${method} was not answered`);
  return told.answer;
}
