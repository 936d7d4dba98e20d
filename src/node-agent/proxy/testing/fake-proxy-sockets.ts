/** Loopback addresses without a machine: who listens where, and who is connected to whom. */
import { addressText, type SocketAddress } from "../plan-listeners.ts";
import type {
  ClientConnection,
  ListenHandlers,
  ListenResult,
  ProxySockets,
} from "../proxy-sockets.ts";

/** Addresses shared by all agents of a test. */
export class FakeLoopback {
  /** Where a backend takes connections; `addressText`. */
  readonly backends: Set<string> = new Set();
  /** Ports that nobody may listen at. */
  readonly deniedPorts: Set<number> = new Set();
  /** What `listen` at an address fails with. */
  readonly failures: Map<string, string> = new Map();
  /** All attempts to listen. */
  attempts = 0;
  readonly #listeners = new Map<string, { readonly owner: string; readonly on: ListenHandlers }>();

  /** The sockets of the agent called `owner`. */
  socketsOf(owner: string): ProxySockets {
    return {
      listen: (at, on): Promise<ListenResult> => Promise.resolve(this.#listen(owner, at, on)),
    };
  }

  /** Who listens where: `127.96.0.1:80 node-1`. */
  listening(): readonly string[] {
    return [...this.#listeners].map(([key, { owner }]) => `${key} ${owner}`).sort();
  }

  /** As `kill -9` does: all that `owner` listens at is free. */
  kill(owner: string): void {
    for (const [key, listener] of this.#listeners) {
      if (listener.owner === owner) this.#listeners.delete(key);
    }
  }

  /** A client connects; throws where nobody listens. */
  connect(to: string, from = "127.0.0.1"): FakeConnection {
    const listener = this.#listeners.get(to);
    if (listener === undefined) throw new Error(`nobody listens at ${to}`);
    const connection = new FakeConnection(from, this.backends);
    listener.on.accept(connection);
    return connection;
  }

  #listen(owner: string, at: SocketAddress, on: ListenHandlers): ListenResult {
    const key = addressText(at);
    this.attempts += 1;
    const message = this.failures.get(key);
    if (message !== undefined) return { kind: "failed", message };
    if (this.deniedPorts.has(at.port)) return { kind: "denied" };
    if (this.#listeners.has(key)) return { kind: "in-use" };
    this.#listeners.set(key, { owner, on });
    return {
      kind: "listening",
      close: () => {
        this.#listeners.delete(key);
        return Promise.resolve();
      },
    };
  }
}

export class FakeConnection implements ClientConnection {
  readonly remoteAddress: string;
  /** All backends it was sent to, the last being the one that has it. */
  readonly tried: string[] = [];
  state: "waiting" | "open" | "ended" | "reset" = "waiting";
  readonly #backends: ReadonlySet<string>;
  #end: (() => void) | undefined;

  constructor(remoteAddress: string, backends: ReadonlySet<string>) {
    this.remoteAddress = remoteAddress;
    this.#backends = backends;
  }

  get backend(): string | undefined {
    return this.state === "open" ? this.tried.at(-1) : undefined;
  }

  async forwardTo(backend: SocketAddress): Promise<"ended" | "unreachable"> {
    if (this.state !== "waiting") return "ended";
    const text = addressText(backend);
    this.tried.push(text);
    if (!this.#backends.has(text)) return "unreachable";
    this.state = "open";
    await new Promise<void>((resolve) => {
      this.#end = resolve;
    });
    return "ended";
  }

  /** Both sides have said all. */
  end(): void {
    this.state = "ended";
    this.#end?.();
  }

  destroy(): void {
    if (this.state !== "ended") this.state = "reset";
    this.#end?.();
  }
}
