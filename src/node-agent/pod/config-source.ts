/**
 * ConfigMaps, Secrets and tokens as pods of this node see them: read when asked for, and remembered
 * for a short while, so that a hundred pods with one ConfigMap cost one request a period.
 */
import type { Context } from "../../base/context.ts";
import type { Clock } from "../../base/env.ts";
import { ConfigMap, Secret } from "../../client/builtin.ts";
import type { Client } from "../../client/client.ts";
import type { ResourceType } from "../../client/resource-type.ts";
import { keyText, type ObjectKey } from "../../machinery/key.ts";
import type { ApiObject } from "../../machinery/object.ts";
import { isStatus } from "../../machinery/status.ts";
import { accountTokens, type AccountTokens } from "../volume/account-tokens.ts";

export interface ConfigSource extends AccountTokens {
  /** Undefined: there is none. Throws what the client throws when the API gives no answer. */
  configMap(key: ObjectKey, context: Context): Promise<ConfigMap | undefined>;
  secret(key: ObjectKey, context: Context): Promise<Secret | undefined>;
}

export const CONFIG_AGE_MS_MAX = 5_000;

/** More objects than this are not remembered at the same time. */
export const CONFIG_COUNT_MAX = 4_096;

type Entry<T> = { readonly atMs: number; readonly found: Promise<T | undefined> };

/** One kind of objects, each read at most once in `CONFIG_AGE_MS_MAX`. */
class RecentReads<T extends ApiObject> {
  readonly #type: ResourceType<T>;
  readonly #client: Client;
  readonly #clock: Clock;
  readonly #entries = new Map<string, Entry<T>>();

  constructor(type: ResourceType<T>, client: Client, clock: Clock) {
    this.#type = type;
    this.#client = client;
    this.#clock = clock;
  }

  async get(key: ObjectKey, context: Context): Promise<T | undefined> {
    const text = keyText(key);
    const nowMs = this.#clock.monotonic();
    const known = this.#entries.get(text);
    if (known !== undefined && nowMs - known.atMs < CONFIG_AGE_MS_MAX) return known.found;
    const entry: Entry<T> = { atMs: nowMs, found: this.#read(key, context) };
    this.#forgetOldest();
    this.#entries.set(text, entry);
    try {
      return await entry.found;
    } catch (error) {
      if (this.#entries.get(text) === entry) this.#entries.delete(text);
      throw error;
    }
  }

  async #read(key: ObjectKey, context: Context): Promise<T | undefined> {
    try {
      return await this.#client.get(this.#type, key, context);
    } catch (error) {
      if (isStatus(error, "NotFound")) return undefined;
      throw error;
    }
  }

  #forgetOldest(): void {
    const [oldest] = this.#entries.keys();
    if (this.#entries.size >= CONFIG_COUNT_MAX && oldest !== undefined) {
      this.#entries.delete(oldest);
    }
  }
}

/** ConfigMaps and Secrets over `client`. */
export function configSource(client: Client, clock: Clock): ConfigSource {
  const configMaps = new RecentReads(ConfigMap, client, clock);
  const secrets = new RecentReads(Secret, client, clock);
  return {
    configMap: (key, context) => configMaps.get(key, context),
    secret: (key, context) => secrets.get(key, context),
    ...accountTokens(client, clock),
  };
}
