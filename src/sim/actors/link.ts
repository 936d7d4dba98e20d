/**
 * The way between one process and the servers: it has a connection to one of them. A call passes
 * four points: sent, effect, answer sent, answer arrived; at each of them a decision may delay it,
 * lose it, or end the process or the server.
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
import type { CallWatch, SentCall } from "./call-watch.ts";
import { GONE, type Connection } from "./connection.ts";
import { LATENCIES, LATENCY_OPTIONS } from "./delays.ts";
import type { NameBook } from "../kernel/name-book.ts";
import type { ServerReplica } from "./server-replica.ts";
import type { Seen } from "./seen.ts";
import { SOMEBODY, touchOf } from "./touch.ts";
import { EventStream, TOO_OLD } from "./event-stream.ts";

export type LinkDeps = {
  readonly kernel: Kernel;
  /** Who calls. */
  readonly caller: Actor;
  /** The servers' ends of its calls. */
  readonly server: Actor;
  /** Makes a connection to one of the servers; undefined: none is up. */
  readonly connect: (last: ServerReplica | undefined) => Connected | undefined;
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
  /** Is told of calls and of answers that arrive. */
  readonly watch?: CallWatch;
};

export type Connected = { readonly replica: ServerReplica; readonly connection: Connection };

export class Link implements Transport {
  readonly #deps: LinkDeps;
  /** What it has now, or had last: the connection may be over. */
  #connected: Connected | undefined;
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
    this.#cutStreams();
    this.#connected?.connection.close();
  }

  #cutStreams(): void {
    for (const stream of this.#streams) stream.cut();
  }

  /** The connection there is, or another one: perhaps to another server. */
  #connect(): Connected | undefined {
    const living = this.#living();
    if (living !== undefined) return living;
    const connected = this.#deps.connect(this.#connected?.replica);
    if (connected === undefined) return undefined;
    // By a name: V8 keeps a function that is written right of a property until all is collected.
    const cut = (): void => this.#cutStreams();
    connected.connection.onReset = cut;
    this.#connected = connected;
    return connected;
  }

  #living(): Connected | undefined {
    return this.#connected?.connection.isOver === false ? this.#connected : undefined;
  }

  async #sent(request: ApiRequest, call: CallName, context: Context): Promise<ApiResponse> {
    const { kernel, caller, crash } = this.#deps;
    const about = `${caller.name}: ${call.text}`;
    const { choices } = kernel;
    const isWorthy = isWorthAFate(call);
    const fate = isWorthy ? choices.choose("call", about, fatesOf(call)) : "";
    if (fate === "crash before effect") {
      crash(`before ${call.text}`);
      return never();
    }
    const heard = this.#deps.watch?.sent({ actor: caller.name, call, request });
    const serverFate =
      isWorthy && call.isWrite ? choices.choose("server", about, SERVER_FATES) : "";
    const sentOn = this.#living()?.connection;
    const requestMs = LATENCIES[choices.choose("latency", `${about}, request`, LATENCY_OPTIONS)];
    await this.#arrivesAtServer(`${about} arrives`, requestMs);
    if (!this.#deps.isConnected()) return this.#resetLater(`${about}: no way to the server`);
    if (sentOn?.isReset === true) return this.#resetLater(`${about}: the server has gone`);
    const connected = this.#connect();
    if (connected === undefined) return this.#refusedLater(`${about}: no server is there`);
    const { connection, replica } = connected;
    if (fate === "lost before effect") return this.#resetLater(`${about} is lost`);
    if (serverFate === "crash before effect") {
      replica.crash(`before ${call.text}`, SERVER_RESTART_MS);
      return this.#resetLater(`${about}: the server has gone`);
    }
    const refusal = refusalOf(fate) ?? this.#streamRefusal(request, call);
    try {
      if (fate === "conflict") await this.#touch(request, call, { connection, context });
      const response =
        refusal === undefined
          ? await this.#effect(request, call, { connection, context })
          : statusAnswer(refusal.status);
      if (serverFate === "crash after effect") {
        replica.crash(`after ${call.text}, before it answered`, SERVER_RESTART_MS);
      }
      return await this.#answered(response, { call, about, fate, heard, connection });
    } catch (error) {
      if (!connection.isOver || context.signal.aborted) throw error;
      return this.#resetLater(`${about}: the connection has gone`);
    }
  }

  async #touch(
    request: ApiRequest,
    call: CallName,
    { connection, context }: Served,
  ): Promise<void> {
    this.#touches += 1;
    const { signal } = connection;
    const touch = touchOf(request, call, this.#touches);
    await connection.as(SOMEBODY).send(touch, { ...context, signal });
  }

  async #effect(
    request: ApiRequest,
    call: CallName,
    { connection, context }: Served,
  ): Promise<ApiResponse> {
    const child = childSignal(connection.signal);
    const onAbort = (): void => child.abort(GONE);
    context.signal.addEventListener("abort", onAbort, { once: true });
    this.#deps.kernel.steps?.read(`${call.resource} `);
    const asked = this.#aged(request, call);
    const transport = connection.as(this.#deps.caller.name);
    const response = await transport.send(asked, { ...context, signal: child.signal });
    if (response.body.kind !== "events") {
      context.signal.removeEventListener("abort", onAbort);
      child.release();
      return response;
    }
    const sent = { actor: this.#deps.caller.name, call, request };
    const stream = this.#stream(response.body.events, sent, () => {
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
    sent: SentCall,
    release: () => void,
  ): EventStream {
    const { kernel, caller, names, seen, watch } = this.#deps;
    const { call } = sent;
    const stream = new EventStream(source, {
      kernel,
      reader: caller,
      name: `${caller.name}'s ${call.resource}`,
      nameOf: (object) => names.nameOf(call.resource, object),
      onSeen: (object) => seen.note(caller.name, call.resource, object),
      watch: caller.isAlive ? watch?.opened(sent) : undefined, // it may have died on the way
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
    { call, about, fate, heard, connection }: Answer,
  ): Promise<ApiResponse> {
    const { kernel, caller, crash } = this.#deps;
    if (fate === "crash after effect") {
      crash(`after ${call.text}, before it heard of it`);
      return never();
    }
    if (fate === "lost after effect") return this.#resetLater(`${about}: the answer is lost`);
    if (connection.isReset) return this.#resetLater(`${about}: the server has gone`);
    const latency = kernel.choices.choose("latency", `${about}, answer`, LATENCY_OPTIONS);
    return new Promise((resolve, reject) => {
      kernel.post(caller, `${about}: ${response.status}`, LATENCIES[latency], () => {
        if (connection.isReset) {
          reject(reset());
          return;
        }
        this.#deps.seen.noteAnswer(caller.name, call.resource, response);
        heard?.(response);
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
    return this.#failsLater(what, reset());
  }

  #refusedLater(what: string): Promise<never> {
    const why = "the simulated connection was refused: no API server is up";
    return this.#failsLater(what, new TransportError(why, { isRefused: true }));
  }

  #failsLater(what: string, error: TransportError): Promise<never> {
    const { kernel, caller } = this.#deps;
    return new Promise((_resolve, reject) => {
      kernel.post(caller, what, 0, () => reject(error));
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

function reset(): TransportError {
  return new TransportError("the simulated connection was reset", { isRefused: false });
}

/** What may become of the server around one write. */
const SERVER_FATES = ["", "crash before effect", "crash after effect"] as const;

/** After a crash around a write. */
const SERVER_RESTART_MS = 1_000;

type Served = { readonly connection: Connection; readonly context: Context };

type Answer = {
  readonly call: CallName;
  readonly about: string;
  readonly fate: Fate;
  /** Is told of the answer when it has arrived. */
  readonly heard: ReturnType<CallWatch["sent"]>;
  readonly connection: Connection;
};
