/**
 * One address and port of a service on this machine. All node agents of a machine want to listen
 * there, and one does; the others ask again and again, so that one of them takes over when that one
 * ends.
 */
import { unreachable } from "../../base/assert.ts";
import type { Context } from "../../base/context.ts";
import type { Env, Log } from "../../base/env.ts";
import { aborted } from "../../base/signals.ts";
import { Service } from "../../client/builtin.ts";
import type { EventRecorder } from "../../client/event-recorder-types.ts";
import { keyOf, keyText } from "../../machinery/key.ts";
import { Balancer } from "./balancer.ts";
import type { PlannedListener } from "./plan-listeners.ts";
import type { ClientConnection, ListenResult, ProxySockets } from "./proxy-sockets.ts";

/** Between two attempts to listen where another process does. */
export const TAKEOVER_MS = 2_000;

/** Connections of one listener at a time; further ones are reset. */
export const CONNECTIONS_MAX = 4_096;

export type PortListenerDeps = {
  readonly env: Env;
  readonly recorder: EventRecorder;
  readonly sockets: ProxySockets;
};

export class PortListener {
  readonly #deps: PortListenerDeps;
  readonly #balancer: Balancer;
  readonly #connections = new Map<ClientConnection, Promise<void>>();
  #planned: PlannedListener;
  #isFull = false;

  constructor(planned: PlannedListener, deps: PortListenerDeps) {
    this.#deps = deps;
    this.#planned = planned;
    this.#balancer = new Balancer(deps.env.clock);
    this.update(planned);
  }

  get planned(): PlannedListener {
    return this.#planned;
  }

  /** From now on connections go where `planned` says; those there are stay as they are. */
  update(planned: PlannedListener): void {
    this.#planned = planned;
    this.#balancer.update(planned.backends, planned.affinityMs);
  }

  /** Lives until the signal aborts; then no connection is left. Does not reject. */
  async run(context: Context): Promise<void> {
    const { key, service } = this.#planned;
    const log = context.log.with({ service: keyText(keyOf(service)), address: key });
    const own = { ...context, log };
    let last = "";
    while (!context.signal.aborted) {
      const result = await this.#listen(own);
      if (result.kind === "listening") {
        log.debug("service address is served");
        await this.#serveUntilAborted(result.close, context.signal);
        return;
      }
      if (result.kind !== last) this.#tell(result, own);
      last = result.kind;
      // Whether a process may listen does not change while it runs.
      if (result.kind === "denied") await aborted(context.signal);
      else await this.#rest(context.signal);
    }
  }

  async #rest(signal: AbortSignal): Promise<void> {
    try {
      await this.#deps.env.timers.sleep(TAKEOVER_MS, signal);
    } catch {
      // Aborted: `run` sees that itself.
    }
  }

  #listen({ log }: Context): Promise<ListenResult> {
    return this.#deps.sockets.listen(this.#planned, {
      accept: (connection) => this.#accept(connection, log),
      failed: (error) => log.warn("connection to a service not taken", { error: error.message }),
    });
  }

  async #serveUntilAborted(close: () => Promise<void>, signal: AbortSignal): Promise<void> {
    await aborted(signal);
    const closed = close(); // first: what is taken meanwhile would not be destroyed
    for (const connection of this.#connections.keys()) connection.destroy();
    await Promise.all([closed, ...this.#connections.values()]);
  }

  #accept(connection: ClientConnection, log: Log): void {
    if (this.#connections.size >= CONNECTIONS_MAX) {
      if (!this.#isFull) log.warn("service address has no room for connections");
      this.#isFull = true;
      connection.destroy();
      return;
    }
    const served = this.#serve(connection).finally(() => {
      this.#connections.delete(connection);
      this.#isFull = false;
    });
    this.#connections.set(connection, served);
  }

  /** Passes it on to the first backend that takes it; resets it if there is none. */
  async #serve(connection: ClientConnection): Promise<void> {
    const client = connection.remoteAddress;
    for (const backend of this.#balancer.order(client)) {
      this.#balancer.used(client, backend);
      if ((await connection.forwardTo(backend)) === "ended") return;
    }
    connection.destroy();
  }

  #tell(result: Exclude<ListenResult, { readonly kind: "listening" }>, { log }: Context): void {
    const { key, service } = this.#planned;
    switch (result.kind) {
      case "in-use":
        log.debug("service address is in use; trying again");
        return;
      case "denied": {
        const message =
          `The node agent may not listen at ${key}: ports below 1024 need a privilege. ` +
          "Use a higher port, or lower net.ipv4.ip_unprivileged_port_start.";
        log.warn("service address is denied");
        this.#deps.recorder.warning(service, Service, "ProxyPortDenied", message);
        return;
      }
      case "failed":
        log.warn("service address cannot be served; trying again", { error: result.message });
        return;
      default:
        unreachable(result);
    }
  }
}
