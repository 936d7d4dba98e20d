/** The API servers of a run: one or several over one store, and how to reach one that is up. */
import { orAborted } from "../../base/signals.ts";
import { TransportError, type Transport } from "../../client/transport.ts";
import type { ApiResponse } from "../../machinery/request.ts";
import type { Connected } from "../actors/link.ts";
import { ServerReplica, type ReplicaDeps, type ServerLife } from "../actors/server-replica.ts";

const START_MS_MAX = 60_000;
const REOPEN_MS = 1_000;

export class SimServers {
  readonly replicas: readonly ServerReplica[];
  readonly #deps: ReplicaDeps;

  /** `count`: how many. The first is called `server`, as one that is alone is. */
  constructor(count: number, deps: ReplicaDeps) {
    this.#deps = deps;
    this.replicas = Array.from({ length: count }, (_, nth) => {
      return new ServerReplica(nth === 0 ? "server" : `server-${nth + 1}`, deps);
    });
  }

  /** Resolves when all of them serve. */
  async start(): Promise<void> {
    const { kernel } = this.#deps;
    for (const replica of this.replicas) replica.start();
    await kernel.settle();
    const isUp = (): boolean => this.replicas.every(({ life }) => life !== undefined);
    while (!isUp() && (await kernel.step(START_MS_MAX)));
  }

  heal(): void {
    for (const replica of this.replicas) replica.heal();
  }

  /** After the disk has failed: a store that was opened before takes no writes any more. */
  openStoreAgain(): void {
    for (const replica of this.replicas) replica.crash("to open the store again", REOPEN_MS);
  }

  /**
   * The way of people and of the environment: to any server that is up. What was under way at one
   * that died is asked again; while none is up they wait. Nothing else gets lost on their way.
   */
  as(name: string): Transport {
    return {
      send: async (request, context) => {
        for (;;) {
          const life = this.#living() ?? (await orAborted(this.#serving(), context.signal));
          try {
            const answer = life.api.as(name).send(request, context);
            return untilDeath(await orAborted(answer, life.signal), life);
          } catch (error) {
            if (!life.signal.aborted || context.signal.aborted) throw error;
          }
        }
      },
      close: () => Promise.resolve(),
    };
  }

  /** The one that a process talks to first: they are spread over all there are. */
  nth(place: number): ServerReplica | undefined {
    return this.replicas[place % this.replicas.length];
  }

  /**
   * A connection for a process that was connected to `last` before: to that server where nothing
   * else is decided and it is up, else to the next one. Undefined: nobody is there.
   */
  connect(
    caller: string,
    { last, ends }: { readonly last: ServerReplica | undefined; readonly ends: readonly string[] },
  ): Connected | undefined {
    const from = last === undefined ? 0 : this.replicas.indexOf(last);
    const inTurn = [...this.replicas.slice(from), ...this.replicas.slice(0, from)];
    const [first, ...others] = inTurn.filter(({ life }) => life !== undefined);
    if (first === undefined) return undefined;
    const names = others.map(({ name }) => `to ${name}`);
    const { choices } = this.#deps.kernel;
    const picked = choices.choose("server", `${caller} connects`, ["", ...names]);
    const replica = others.find(({ name }) => picked === `to ${name}`) ?? first;
    const connection = replica.connect(ends);
    return connection === undefined ? undefined : { replica, connection };
  }

  #living(): ServerLife | undefined {
    return this.replicas.find(({ life }) => life !== undefined)?.life;
  }

  async #serving(): Promise<ServerLife> {
    for (;;) {
      await new Promise<void>((resolve) => {
        for (const replica of this.replicas) replica.whenServing(resolve);
      });
      const life = this.#living();
      if (life !== undefined) return life;
    }
  }
}

/** A stream ends with the server it comes from. */
function untilDeath(response: ApiResponse, life: ServerLife): ApiResponse {
  const { body } = response;
  if (body.kind !== "events") return response;
  return { ...response, body: { kind: "events", events: eventsUntilDeath(body.events, life) } };
}

async function* eventsUntilDeath<T>(
  events: AsyncIterable<T>,
  { signal }: ServerLife,
): AsyncGenerator<T, void, undefined> {
  const iterator = events[Symbol.asyncIterator]();
  try {
    for (;;) {
      const next = await orAborted(iterator.next(), signal);
      if (next.done === true) return;
      yield next.value;
    }
  } catch (error) {
    if (!signal.aborted) throw error;
    throw new TransportError("the simulated API server has died", { isRefused: false });
  } finally {
    iterator.return?.().catch(() => undefined);
  }
}
