/** All API services as the store has them, by name. */
import type { APIService } from "../../apis/apiregistration/v1/types.generated.ts";
import type { Context } from "../../base/context.ts";
import { CompactedError, type Entry, type Revision, type Store } from "../../store/store.ts";
import { objectOf } from "../registry/read.ts";
import type { Resource } from "../registry/resource.ts";

/** The server that answers for a group and version, if it is another one. */
export type RemoteService = {
  readonly name: string;
  readonly group: string;
  readonly version: string;
  readonly service: { readonly namespace: string; readonly name: string; readonly port: number };
  readonly apiService: APIService;
};

export class ApiServiceIndex {
  readonly #store: Store;
  readonly #kind: Resource;
  readonly #byName = new Map<string, APIService>();
  readonly #listeners = new Set<() => void>();
  readonly #synced = Promise.withResolvers<void>();

  /** `kind`: that of API services. */
  constructor(store: Store, kind: Resource) {
    this.#store = store;
    this.#kind = kind;
    this.#synced.promise.catch(() => undefined); // who waits is told, nobody else
  }

  /** Resolves when all that was there at the beginning is known. */
  synced(): Promise<void> {
    return this.#synced.promise;
  }

  get(name: string): APIService | undefined {
    return this.#byName.get(name);
  }

  all(): readonly APIService[] {
    return [...this.#byName.values()];
  }

  /** Undefined: this server answers itself, or nobody does. */
  remote(group: string, version: string): RemoteService | undefined {
    const found = this.#byName.get(`${version}.${group}`);
    return found === undefined ? undefined : remoteOf(found);
  }

  remotes(): readonly RemoteService[] {
    return this.all().flatMap((each) => remoteOf(each) ?? []);
  }

  /** Calls `listener` after every change until the signal aborts. It must not throw. */
  onChange(listener: () => void, signal: AbortSignal): void {
    this.#listeners.add(listener);
    signal.addEventListener("abort", () => this.#listeners.delete(listener), { once: true });
  }

  /** Lives until the signal aborts. Rejects when the store fails. */
  async run(context: Context): Promise<void> {
    try {
      while (!context.signal.aborted) await this.#follow(context);
    } finally {
      this.#synced.reject(new Error("the server ended before it had begun"));
    }
  }

  /** Until the signal aborts, or the store has forgotten what is next. */
  async #follow(context: Context): Promise<void> {
    try {
      const after = await this.#list(context);
      const options = { prefix: this.#kind.keyPrefix, after };
      for await (const batch of this.#store.watch(options, context)) {
        if (batch.kind !== "changes") continue;
        for (const change of batch.changes) {
          if (change.kind === "put") this.#put(change.entry);
          else this.#byName.delete(change.key.slice(this.#kind.keyPrefix.length));
        }
        this.#tell();
      }
    } catch (error) {
      if (!(error instanceof CompactedError)) throw error;
    }
  }

  async #list(context: Context): Promise<Revision> {
    const range = await this.#store.range({ prefix: this.#kind.keyPrefix }, context);
    this.#byName.clear();
    for (const entry of range.entries) this.#put(entry);
    this.#synced.resolve();
    this.#tell();
    return range.revision;
  }

  #put(entry: Entry): void {
    const object = objectOf(entry, this.#kind).value as APIService;
    this.#byName.set(object.metadata.name ?? "", object);
  }

  #tell(): void {
    for (const listener of this.#listeners) listener();
  }
}

function remoteOf(apiService: APIService): RemoteService | undefined {
  const { group = "", version = "", service } = apiService.spec;
  if (service === undefined) return undefined;
  const { namespace = "", name = "", port = 443 } = service;
  const own = apiService.metadata.name ?? "";
  return { name: own, group, version, service: { namespace, name, port }, apiService };
}
