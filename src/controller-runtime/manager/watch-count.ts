/**
 * How many watches the views of a manager have begun. A server ends each after five to ten minutes;
 * many more than that say that connections break.
 */
import type { Client } from "../../client/client.ts";
import { typeKey, type ResourceType } from "../../client/resource-type.ts";
import { delegatingClient } from "../../client/wrappers/delegating-client.ts";

export class WatchCount {
  readonly #begun = new Map<string, number>();

  of(type: ResourceType): number {
    return this.#begun.get(typeKey(type)) ?? 0;
  }

  /** `client`, with its watches counted. */
  follow(client: Client): Client {
    return delegatingClient(client, {
      watch: (type, options, context) => {
        this.#begun.set(typeKey(type), this.of(type) + 1);
        return client.watch(type, options, context);
      },
    });
  }
}
