/**
 * Who waits for what. A key that needs an object which is not there, not ready or not gone is woken
 * the moment that is over: neither polled nor punished with a growing delay.
 *
 * The view of a kind is kept as long as somebody waits for something of it, and for the runs of
 * those who did; nobody else pays for it.
 */
import type { Clock } from "../../base/env.ts";
import type { Context } from "../../base/context.ts";
import { typeKey, type ResourceType } from "../../client/resource-type.ts";
import type { Informers } from "../../informer/informers.ts";
import type { SharedInformer } from "../../informer/shared-informer-types.ts";
import { keyOf, keyText, type ObjectKey } from "../../machinery/key.ts";
import type { ApiObject } from "../../machinery/object.ts";
import type { Awaiting } from "../controller/controller-spec.ts";
import { channelSource } from "../sources/sources.ts";
import type { Source, Trigger } from "../sources/source.ts";

/** Of the objects of one wait, so many are named. */
const NAMED_MAX = 5;

/** What a key waits for. */
export type Wait<T extends ApiObject> = {
  readonly type: ResourceType<T>;
  /** All of them. */
  readonly objects: readonly ObjectKey[];
  /** Tells it from other waits for the same objects. */
  readonly what: "ready" | "gone";
  /** Whether it is over for one of the objects, as it is now. */
  readonly isOver: (present: T | undefined) => boolean;
};

type Waiting = {
  readonly key: ObjectKey;
  /** Looks at the objects as the lister has them now. */
  readonly isOver: () => boolean;
};

/** All that is waited for in one kind: by object, then by who waits. */
type KindWaits = {
  readonly byObject: Map<string, Map<string, Waiting>>;
  /** Ends the view, unless others need it. */
  readonly end: () => void;
  /** Runs under way of keys that have waited for something of this kind. */
  runs: number;
};

/** What a key was told of its wait. */
export type Awaited = {
  /** Since when it waits for this without a break, on the monotonic clock. */
  readonly sinceMs: number;
  /** It was over at the last run already, and is again: nothing wakes the key. */
  readonly isIdle: boolean;
};

/** By what is waited for. */
type Said = Map<string, SaidWait>;

type SaidWait = { readonly text: string; readonly sinceMs: number; readonly isOver: boolean };

/** One object that is waited for. */
type Place = { readonly kind: string; readonly object: string };

export class Waits {
  /** Wakes those whose wait has ended. */
  readonly source: Source;
  readonly #channel = channelSource("waits");
  readonly #informers: Informers;
  readonly #clock: Clock;
  readonly #kinds = new Map<string, KindWaits>();
  /** Where each key waits, or has waited since its last run began. */
  readonly #places = new Map<string, Place[]>();
  /** Of each run under way, and of each that is sure to come, the kinds that are kept for it. */
  readonly #runs = new Map<string, Set<string>>();
  readonly #nextRuns = new Map<string, Set<string>>();
  /** What each key waits for, as its last run and this one have said. */
  readonly #said = new Map<string, { readonly old: Said; readonly now: Said }>();

  constructor(informers: Informers, clock: Clock) {
    this.#informers = informers;
    this.#clock = clock;
    this.source = {
      ...this.#channel,
      start: (enqueue, context) => {
        this.#channel.start(enqueue, context);
        onceAborted(context, () => this.#close());
      },
    };
  }

  /** How many waits there are, one for each object. */
  get size(): number {
    let size = 0;
    for (const { byObject } of this.#kinds.values()) {
      for (const waiting of byObject.values()) size += waiting.size;
    }
    return size;
  }

  /** What each key waits for, as its last run has said. */
  *awaiting(): Iterable<Awaiting> {
    for (const [key, { now }] of this.#said) {
      for (const { text, sinceMs, isOver } of now.values()) {
        if (!isOver) yield { key, what: text, sinceMs };
      }
    }
  }

  /** A run of this key begins: it looks at its own waits only, what it waited for is forgotten. */
  begin(key: ObjectKey): void {
    const who = keyText(key);
    this.#keepForNext(who);
    this.#forget(who);
    this.#runs.set(who, this.#nextRuns.get(who) ?? new Set());
    this.#nextRuns.delete(who);
    const said = this.#said.get(who);
    if (said !== undefined) this.#said.set(who, { old: said.now, now: new Map() });
  }

  /** The run is over: what nobody waits for any more needs no view. */
  end(key: ObjectKey): void {
    const who = keyText(key);
    const said = this.#said.get(who);
    if (said?.now.size === 0) this.#said.delete(who);
    else said?.old.clear();
    const kinds = this.#runs.get(who) ?? [];
    this.#runs.delete(who);
    for (const name of kinds) {
      const kind = this.#kinds.get(name);
      if (kind === undefined) continue;
      kind.runs -= 1;
      this.#endIfUnused(name, kind);
    }
  }

  /** The kinds it waits for are kept until the end of its next run. */
  #keepForNext(who: string): void {
    for (const { kind } of this.#places.get(who) ?? []) this.#hold(this.#nextRuns, who, kind);
  }

  /**
   * Wakes `key` once, as soon as the wait is over; at once if it is already, but not in one run
   * after the other: a reconcile that waits for what is there would never rest.
   */
  add<T extends ApiObject>(key: ObjectKey, wait: Wait<T>): Awaited {
    const who = keyText(key);
    const { type, objects } = wait;
    const name = typeKey(type);
    const known = this.#kinds.get(name) ?? this.#follow(type);
    if (this.#runs.has(who)) this.#hold(this.#runs, who, name);
    const informer = this.#informers.peek(type);
    const isOver = (): boolean =>
      informer?.hasSynced() === true &&
      objects.every((object) => wait.isOver(informer.lister.get(object)));
    if (isOver()) {
      const awaited = this.#say(who, wait, { isOver: true });
      if (!awaited.isIdle) this.#channel.wake(key, triggerOf(type, objects[0], informer));
      this.#hold(this.#nextRuns, who, name);
      return awaited;
    }
    const places = this.#places.get(who) ?? [];
    for (const object of objects.map(keyText)) {
      const waiting = known.byObject.get(object) ?? new Map<string, Waiting>();
      const other = waiting.get(who); // of the same run: both count
      const isEither = other === undefined ? isOver : () => other.isOver() || isOver();
      waiting.set(who, { key, isOver: isEither });
      known.byObject.set(object, waiting);
      places.push({ kind: name, object });
    }
    this.#places.set(who, places);
    return this.#say(who, wait, { isOver: false });
  }

  /** As `add`, of a kind that is not served: nothing is watched, and nothing wakes the key. */
  note<T extends ApiObject>(key: ObjectKey, wait: Wait<T>): Awaited {
    return this.#say(keyText(key), wait, { isOver: wait.isOver(undefined) });
  }

  #say<T extends ApiObject>(
    who: string,
    wait: Wait<T>,
    { isOver }: { readonly isOver: boolean },
  ): Awaited {
    const what = nameOf(wait);
    const said = this.#said.get(who) ?? { old: new Map(), now: new Map() };
    this.#said.set(who, said);
    const [now, old] = [said.now.get(what), said.old.get(what)];
    const sinceMs = now?.sinceMs ?? old?.sinceMs ?? this.#clock.monotonic();
    said.now.set(what, { text: textOf(wait), sinceMs, isOver: isOver || now?.isOver === true });
    return { sinceMs, isIdle: isOver && old?.isOver === true };
  }

  /** The kind is kept until that run of `who` is over. */
  #hold(runs: Map<string, Set<string>>, who: string, name: string): void {
    const kind = this.#kinds.get(name);
    const held = runs.get(who) ?? new Set();
    if (kind === undefined || held.has(name)) return;
    runs.set(who, held.add(name));
    kind.runs += 1;
  }

  #forget(who: string): void {
    for (const { kind, object } of this.#places.get(who) ?? []) {
      const byObject = this.#kinds.get(kind)?.byObject;
      const waiting = byObject?.get(object);
      waiting?.delete(who);
      if (waiting?.size === 0) byObject?.delete(object);
    }
    this.#places.delete(who);
  }

  #follow<T extends ApiObject>(type: ResourceType<T>): KindWaits {
    const name = typeKey(type);
    const { informer, release } = this.#informers.acquire(type);
    const registration = informer.addListener(({ object }) => {
      this.#look(name, keyText(keyOf(object)), () => triggerOf(type, keyOf(object), informer));
    });
    const life = new AbortController();
    // What is not there makes no event: those who wait for its absence are told by the first list.
    const look = (): void => this.#lookAtAll(name, () => triggerOf(type, undefined, informer));
    if (!informer.hasSynced()) informer.waitForSync(life.signal).then(look, () => undefined);
    const end = (): void => {
      life.abort();
      registration.remove();
      release();
    };
    const kind: KindWaits = { byObject: new Map(), end, runs: 0 };
    this.#kinds.set(name, kind);
    return kind;
  }

  #lookAtAll(name: string, trigger: () => Trigger): void {
    for (const object of this.#kinds.get(name)?.byObject.keys() ?? []) {
      this.#look(name, object, trigger);
    }
  }

  #look(name: string, object: string, trigger: () => Trigger): void {
    const waiting = this.#kinds.get(name)?.byObject.get(object);
    for (const [who, { key, isOver }] of waiting ?? []) {
      if (!isOver()) continue;
      this.#keepForNext(who);
      this.#forget(who);
      this.#channel.wake(key, trigger());
    }
  }

  #endIfUnused(name: string, kind: KindWaits): void {
    if (kind.runs > 0 || kind.byObject.size > 0) return;
    kind.end();
    this.#kinds.delete(name);
  }

  #close(): void {
    for (const { end } of this.#kinds.values()) end();
    this.#kinds.clear();
    this.#places.clear();
    this.#runs.clear();
    this.#nextRuns.clear();
    this.#said.clear();
  }
}

function nameOf<T extends ApiObject>({ what, type, objects }: Wait<T>): string {
  return `${what} ${typeKey(type)} ${objects.map(keyText).join()}`;
}

/** `Secret default/token: ready` */
function textOf<T extends ApiObject>({ what, type, objects }: Wait<T>): string {
  const names = objects.slice(0, NAMED_MAX).map(keyText);
  const more = objects.length > NAMED_MAX ? ` and ${objects.length - NAMED_MAX} more` : "";
  return `${type.kind} ${names.join(", ")}${more}: ${what}`;
}

function triggerOf<T extends ApiObject>(
  type: ResourceType<T>,
  key: ObjectKey | undefined,
  informer: SharedInformer<T> | undefined,
): Trigger {
  const present = key === undefined ? undefined : informer?.lister.get(key);
  const revision = Number(present?.metadata.resourceVersion ?? informer?.revision() ?? 0);
  const name = key === undefined ? "" : ` ${keyText(key)}`;
  return { kind: "event", revision, object: `${type.kind}${name}` };
}

function onceAborted({ signal }: Context, work: () => void): void {
  if (signal.aborted) work();
  else signal.addEventListener("abort", work, { once: true });
}
