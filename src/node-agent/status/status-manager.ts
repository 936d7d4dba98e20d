/**
 * Brings the statuses of pods to the API: the newest one per pod, one request per pod at a time,
 * and only what differs from what the API shows. While the API gives no answer, statuses wait here
 * and pods run on.
 *
 * The patch names the pod's uid, so that it can never hit a namesake, and no resourceVersion, since
 * the agent is the only writer of its fields.
 */
import type { PodCondition, PodStatus } from "../../apis/core/v1/types.generated.ts";
import { Backoff } from "../../base/backoff.ts";
import type { Context } from "../../base/context.ts";
import type { Env, Timer } from "../../base/env.ts";
import { aborted, orAborted } from "../../base/signals.ts";
import { TaskGroup } from "../../base/task-group.ts";
import { Pod } from "../../client/builtin.ts";
import type { Client } from "../../client/client.ts";
import { TransportError } from "../../client/transport.ts";
import type { OwnWrites } from "../../informer/lister.ts";
import { keyOf } from "../../machinery/key.ts";
import { equalValues } from "../../machinery/json-value.ts";
import { isFields, own } from "../../machinery/object.ts";
import { isStatus } from "../../machinery/status.ts";
import { causedBy } from "../pod/call-cause.ts";
import type { StatusSink } from "../pod/pod-deps.ts";
import { AGENT_CONDITIONS } from "./pod-status.ts";

/** Requests under way at the same time. */
export const STATUS_REQUESTS_MAX = 8;
const RETRY_MS_MIN = 500;
const RETRY_MS_MAX = 30_000;

export type StatusManagerDeps = {
  readonly client: Client;
  readonly env: Env;
  /** Shows a reply of the API to the pod's readers before the watch does. */
  readonly ownWrites: OwnWrites<Pod>;
};

/** The fields of a pod's status that the agent writes. */
type OwnStatus = Readonly<Record<string, unknown>>;

type Entry = {
  pod: Pod;
  wanted: OwnStatus;
  /** What was sent last, and what the API then showed of it. */
  sent: OwnStatus | undefined;
  shownThen: OwnStatus | undefined;
  isPending: boolean;
  isActive: boolean;
  /** Set while a failed request waits for its next try. */
  retry: Timer | undefined;
  readonly backoff: Backoff;
  waiters: (() => void)[];
};

export class StatusManager implements StatusSink {
  readonly #deps: StatusManagerDeps;
  readonly #entries = new Map<string, Entry>();
  /** Uids with something to send, in the order they asked. */
  readonly #queue: string[] = [];
  #active = 0;
  #tasks: TaskGroup | undefined;
  #context: Context | undefined;

  constructor(deps: StatusManagerDeps) {
    this.#deps = deps;
  }

  set(pod: Pod, status: PodStatus): void {
    const uid = pod.metadata.uid ?? "";
    const wanted = ownFields(status);
    const entry = this.#entries.get(uid) ?? this.#newEntry(uid, pod, wanted);
    entry.pod = pod;
    entry.wanted = wanted;
    if (entry.isPending || !isNeeded(entry)) return;
    entry.isPending = true;
    if (!entry.isActive) this.#queue.push(uid);
    this.#pump();
  }

  async settled(uid: string, signal: AbortSignal): Promise<void> {
    const entry = this.#entries.get(uid);
    if (entry === undefined || (!entry.isPending && !entry.isActive)) return;
    await orAborted(new Promise<void>((resolve) => entry.waiters.push(resolve)), signal);
  }

  forget(uid: string): void {
    const entry = this.#entries.get(uid);
    this.#entries.delete(uid);
    entry?.retry?.cancel();
    for (const resolve of entry?.waiters ?? []) resolve();
  }

  /** Sends until the signal aborts. */
  async run(context: Context): Promise<void> {
    const tasks = new TaskGroup(context.signal);
    this.#tasks = tasks;
    this.#context = context;
    this.#pump();
    tasks.spawn((signal) => aborted(signal));
    try {
      await tasks.join();
    } finally {
      for (const entry of this.#entries.values()) entry.retry?.cancel();
    }
  }

  #newEntry(uid: string, pod: Pod, wanted: OwnStatus): Entry {
    const options = { initialMs: RETRY_MS_MIN, maxMs: RETRY_MS_MAX, factor: 2, jitter: 0.1 };
    const entry: Entry = {
      pod,
      wanted,
      sent: undefined,
      shownThen: undefined,
      isPending: false,
      isActive: false,
      retry: undefined,
      backoff: new Backoff({ ...options, resetMs: Infinity }, this.#deps.env),
      waiters: [],
    };
    this.#entries.set(uid, entry);
    return entry;
  }

  #pump(): void {
    const context = this.#context;
    if (this.#tasks === undefined || context === undefined) return;
    while (this.#active < STATUS_REQUESTS_MAX) {
      const uid = this.#queue.shift();
      if (uid === undefined) return;
      const entry = this.#entries.get(uid);
      if (entry === undefined || entry.isActive) continue;
      this.#active += 1;
      entry.isActive = true;
      this.#tasks.spawn((signal) => this.#work(uid, entry, { ...context, signal }));
    }
  }

  async #work(uid: string, entry: Entry, context: Context): Promise<void> {
    let retryMs: number | undefined;
    try {
      retryMs = await this.#send(entry, context);
    } finally {
      entry.isActive = false;
      this.#active -= 1;
    }
    if (retryMs !== undefined) {
      entry.isPending = true;
      entry.retry = this.#deps.env.timers.after(retryMs, () => this.#requeue(uid, entry));
    } else if (entry.isPending) {
      this.#requeue(uid, entry);
    } else {
      for (const resolve of entry.waiters) resolve();
      entry.waiters = [];
    }
    this.#pump();
  }

  #requeue(uid: string, entry: Entry): void {
    if (this.#entries.get(uid) !== entry || entry.isActive) return;
    if (!this.#queue.includes(uid)) this.#queue.push(uid);
    this.#pump();
  }

  /** Sends what is wanted now. Answers after how long to try again, if that is needed. */
  async #send(entry: Entry, context: Context): Promise<number | undefined> {
    entry.isPending = false;
    if (!isNeeded(entry)) return undefined;
    const { pod, wanted } = entry;
    const call = causedBy(pod, this.#deps.env, context, ["external"]);
    try {
      const patch = { metadata: { uid: pod.metadata.uid }, status: statusPatch(pod, wanted) };
      const options = { subresource: "status" } as const;
      const reply = await this.#deps.client.patch(
        Pod,
        keyOf(pod),
        { kind: "strategic", patch },
        call,
        options,
      );
      entry.sent = wanted;
      entry.shownThen = ownFields(reply.status);
      entry.backoff.reset();
      this.#deps.ownWrites.wrote(reply);
      return undefined;
    } catch (error) {
      context.signal.throwIfAborted();
      if (isStatus(error, "NotFound") || isStatus(error, "Conflict")) return undefined; // gone
      if (!isStatus(error) && !(error instanceof TransportError)) throw error;
      const delayMs = entry.backoff.next();
      context.log.warn("the status of a pod could not be written yet", {
        pod: pod.metadata.name,
        namespace: pod.metadata.namespace,
        error,
        delayMs,
      });
      return delayMs;
    }
  }
}

/** Whether the API shows something else than what is wanted, and not only its form of it. */
function isNeeded(entry: Entry): boolean {
  const shown = ownFields(entry.pod.status);
  if (equalValues(shown, entry.wanted)) return false;
  const isSent = entry.sent !== undefined && equalValues(entry.sent, entry.wanted);
  return !(isSent && equalValues(shown, entry.shownThen));
}

const OWN_FIELDS: readonly (keyof PodStatus)[] = [
  "observedGeneration",
  "phase",
  "reason",
  "message",
  "hostIP",
  "hostIPs",
  "podIP",
  "podIPs",
  "startTime",
  "initContainerStatuses",
  "containerStatuses",
  "ephemeralContainerStatuses",
];

function ownFields(status: PodStatus): OwnStatus {
  const fields = OWN_FIELDS.map((field) => [field, status[field]] as const);
  const conditions = (status.conditions ?? [])
    .filter(({ type }) => AGENT_CONDITIONS.includes(type))
    .map((condition) => [condition.type, condition] as const);
  return {
    ...Object.fromEntries(fields.filter(([, value]) => value !== undefined)),
    conditions: Object.fromEntries(conditions),
  };
}

/** The wanted fields; null takes away what the API shows and is wanted no longer. */
function statusPatch(pod: Pod, wanted: OwnStatus): OwnStatus {
  const shown = ownFields(pod.status);
  const dropped = Object.keys(shown).filter((field) => !Object.hasOwn(wanted, field));
  const conditions = Object.values(Object(wanted["conditions"])) as readonly PodCondition[];
  return {
    ...wanted,
    ...Object.fromEntries(dropped.map((field) => [field, null])),
    ...addresses("podIPs", shown, wanted),
    ...addresses("hostIPs", shown, wanted),
    conditions: conditions.map((condition) => nullable(pod, condition)),
  };
}

/** A condition in a patch keeps the fields it does not name, so those that must go are null. */
function nullable(pod: Pod, condition: PodCondition): OwnStatus {
  const old = pod.status.conditions?.find(({ type }) => type === condition.type);
  const dropped = Object.keys(old ?? {}).filter((field) => !Object.hasOwn(condition, field));
  return { ...condition, ...Object.fromEntries(dropped.map((field) => [field, null])) };
}

/** Lists of addresses are merged by address, so one that must go is deleted by name. */
function addresses(field: "podIPs" | "hostIPs", shown: OwnStatus, wanted: OwnStatus): OwnStatus {
  const [old, next] = [shown[field], wanted[field]];
  if (!Array.isArray(old) || !Array.isArray(next)) return {};
  const ipOf = (item: unknown): unknown => (isFields(item) ? own(item, "ip") : undefined);
  const kept = new Set(next.map(ipOf));
  const gone = old.map(ipOf).filter((ip) => !kept.has(ip));
  if (gone.length === 0) return {};
  return { [field]: [...next, ...gone.map((ip) => ({ $patch: "delete", ip }))] };
}
