/**
 * The way between one process and the server. A call passes four points: sent, effect, answer sent,
 * answer arrived; at each of them a decision may delay it, lose it, or end the process.
 */
import type { Context } from "../../base/context.ts";
import { childSignal, orAborted } from "../../base/signals.ts";
import type { ApiRequest, ApiResponse } from "../../machinery/request.ts";
import { badRequest, type StatusError } from "../../machinery/status.ts";
import { TransportError, type Transport } from "../../client/transport.ts";
import { statusAnswer } from "../../server/answers.ts";
import type { Actor } from "../kernel/actor.ts";
import type { Kernel } from "../kernel/kernel.ts";
import { fatesOf, isWorthAFate, refusalOf, type Fate } from "./call-fates.ts";
import { callName, type CallName } from "./call-name.ts";
import { LATENCIES, LATENCY_OPTIONS } from "./delays.ts";
import type { NameBook } from "../kernel/name-book.ts";
import type { Seen } from "./seen.ts";
import { touchOf } from "./touch.ts";
import { EventStream, TOO_OLD } from "./event-stream.ts";

export type LinkDeps = {
  readonly kernel: Kernel;
  /** Who calls. */
  readonly caller: Actor;
  readonly server: Actor;
  /** To the server, without any way between. */
  readonly transport: Transport;
  /** The same as somebody else. */
  readonly other: Transport;
  /** The caller's process ends here and now. */
  readonly crash: (why: string) => void;
  /** Whether caller and server can reach each other now. */
  readonly isConnected: () => boolean;
  /** An older revision that a list for "any" revision may be answered from; undefined: newest. */
  readonly staleRevision: (call: CallName, about: string) => number | undefined;
  /** How objects are called in names of decisions. */
  readonly names: NameBook;
  /** What processes have been shown. */
  readonly seen: Seen;
};

export class Link implements Transport {
  readonly #deps: LinkDeps;
  /** The server's side of all connections: aborts when the caller dies or is cut off. */
  #connection = new AbortController();
  readonly #streams = new Set<EventStream>();
  /** Resources whose next watch is told that its revision is no longer known. */
  readonly #expired = new Set<string>();
  #touches = 0;
  /** Resources whose first list is answered from an older revision. */
  readonly #stale = new Map<string, number>();

  constructor(deps: LinkDeps) {
    this.#deps = deps;
  }

  async send(request: ApiRequest, context: Context): Promise<ApiResponse> {
    context.signal.throwIfAborted();
    const call = callName(request, this.#deps.names);
    if (!this.#deps.caller.isAlive) return never();
    return orAborted(this.#sent(request, call, context), context.signal);
  }

  close(): Promise<void> {
    this.cut();
    return Promise.resolve();
  }

  /** The connection is lost, with all streams on it. */
  cut(): void {
    for (const stream of this.#streams) stream.cut();
    this.#connection.abort(GONE);
    this.#connection = new AbortController();
  }

  async #sent(request: ApiRequest, call: CallName, context: Context): Promise<ApiResponse> {
    const { kernel, caller, crash } = this.#deps;
    const about = `${caller.name}: ${call.text}`;
    const { choices } = kernel;
    const fate = isWorthAFate(call) ? choices.choose("call", about, fatesOf(call)) : "";
    if (fate === "crash before effect") {
      crash(`before ${call.text}`);
      return never();
    }
    const requestMs = LATENCIES[choices.choose("latency", `${about}, request`, LATENCY_OPTIONS)];
    await this.#arrivesAtServer(`${about} arrives`, requestMs);
    if (!this.#deps.isConnected()) return this.#resetLater(`${about}: no way to the server`);
    if (fate === "lost before effect") return this.#resetLater(`${about} is lost`);
    if (fate === "conflict") await this.#touch(request, call, context);
    const refusal = refusalOf(fate) ?? this.#streamRefusal(request, call);
    const response =
      refusal === undefined
        ? await this.#effect(request, call, context)
        : statusAnswer(refusal.status);
    return this.#answered(response, { call, about, fate });
  }

  async #touch(request: ApiRequest, call: CallName, context: Context): Promise<void> {
    this.#touches += 1;
    const { signal } = this.#connection;
    await this.#deps.other.send(touchOf(request, call, this.#touches), { ...context, signal });
  }

  async #effect(request: ApiRequest, call: CallName, context: Context): Promise<ApiResponse> {
    const child = childSignal(this.#connection.signal);
    const onAbort = (): void => child.abort(GONE);
    context.signal.addEventListener("abort", onAbort, { once: true });
    this.#deps.kernel.steps?.read(`${call.resource} `);
    const asked = this.#aged(request, call);
    const response = await this.#deps.transport.send(asked, { ...context, signal: child.signal });
    if (response.body.kind !== "events") {
      context.signal.removeEventListener("abort", onAbort);
      child.release();
      return response;
    }
    const stream = this.#stream(response.body.events, call, () => {
      context.signal.removeEventListener("abort", onEnd);
      context.signal.removeEventListener("abort", onAbort);
      child.abort(GONE);
      child.release();
    });
    const onEnd = (): void => stream.cut();
    context.signal.addEventListener("abort", onEnd, { once: true });
    return { ...response, body: { kind: "events", events: stream } };
  }

  #stream(
    source: ConstructorParameters<typeof EventStream>[0],
    call: CallName,
    release: () => void,
  ): EventStream {
    const { kernel, caller, names, seen } = this.#deps;
    const stream = new EventStream(source, {
      kernel,
      reader: caller,
      name: `${caller.name}'s ${call.resource}`,
      nameOf: (object) => names.nameOf(call.resource, object),
      onSeen: (object) => seen.note(caller.name, call.resource, object),
      onCut: (end) => {
        this.#streams.delete(stream);
        if (end.expired) this.#expired.add(call.resource);
        release();
      },
    });
    this.#streams.add(stream);
    return stream;
  }

  async #answered(
    response: ApiResponse,
    { call, about, fate }: { readonly call: CallName; readonly about: string; readonly fate: Fate },
  ): Promise<ApiResponse> {
    const { kernel, caller, crash } = this.#deps;
    if (fate === "crash after effect") {
      crash(`after ${call.text}, before it heard of it`);
      return never();
    }
    if (fate === "lost after effect") return this.#resetLater(`${about}: the answer is lost`);
    const latency = kernel.choices.choose("latency", `${about}, answer`, LATENCY_OPTIONS);
    return new Promise((resolve) => {
      kernel.post(caller, `${about}: ${response.status}`, LATENCIES[latency], () => {
        this.#deps.seen.noteAnswer(caller.name, call.resource, response);
        resolve(response);
        if (fate !== "crash after answer") return;
        kernel.post(caller, "", 0, () => crash(`after the answer to ${call.text}`));
      });
    });
  }

  #arrivesAtServer(what: string, delayMs: number): Promise<void> {
    const { kernel, server } = this.#deps;
    return new Promise((resolve) => {
      kernel.post(server, what, delayMs, resolve);
    });
  }

  #resetLater(what: string): Promise<never> {
    const { kernel, caller } = this.#deps;
    return new Promise((_resolve, reject) => {
      kernel.post(caller, what, 0, () => {
        reject(new TransportError("the simulated connection was reset", { isRefused: false }));
      });
    });
  }

  /**
   * A view whose stream was cut as expired must list anew. One that begins may meet a replica that
   * is behind; that one knows no streaming lists, which would have to be of the newest state.
   */
  #streamRefusal(request: ApiRequest, call: CallName): StatusError | undefined {
    if (call.verb !== "watch") return undefined;
    const isStreamingList = request.query.get("sendInitialEvents") === "true";
    if (!isStreamingList) return this.#expired.delete(call.resource) ? TOO_OLD : undefined;
    const about = `${this.#deps.caller.name}'s ${call.resource}`;
    const revision = this.#deps.staleRevision(call, about);
    if (revision === undefined) return undefined;
    this.#stale.set(call.resource, revision);
    return badRequest("sendInitialEvents: this simulated replica does not know it");
  }

  /** The list for any revision that follows is answered by the replica that is behind. */
  #aged(request: ApiRequest, call: CallName): ApiRequest {
    if (call.verb !== "list" || request.query.get("resourceVersion") !== "0") return request;
    const revision = this.#stale.get(call.resource);
    if (revision === undefined) return request;
    this.#stale.delete(call.resource);
    const query = new URLSearchParams(request.query);
    query.set("resourceVersion", String(revision));
    query.set("resourceVersionMatch", "Exact");
    return { ...request, query };
  }
}

/** Whoever waits for this is dead. */
function never(): Promise<never> {
  return new Promise(() => undefined);
}

const GONE = new Error("the simulated connection is gone");
