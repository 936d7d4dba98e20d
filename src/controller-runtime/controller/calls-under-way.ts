/** Which calls each reconcile is in. A client tells, which knows the reconcile by its cause. */
import type { CauseId } from "../../base/context.ts";
import type { Clock } from "../../base/env.ts";
import type { Client } from "../../client/client.ts";
import { interceptedClient, type ClientCall } from "../../client/wrappers/intercepted-client.ts";
import { keyText } from "../../machinery/key.ts";

export type CallUnderWay = { readonly text: string; readonly sinceMs: number };

export class CallsUnderWay {
  readonly #clock: Clock;
  readonly #calls = new Map<CauseId, Set<CallUnderWay>>();

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  of(id: CauseId): readonly CallUnderWay[] {
    return [...(this.#calls.get(id) ?? [])];
  }

  /** `client`, with its calls told here as long as they last. */
  watch(client: Client): Client {
    return interceptedClient(client, async (call, next) => {
      const { id } = call.context.cause;
      if (id === "") return next();
      const one = { text: callText(call), sinceMs: this.#clock.monotonic() };
      const calls = this.#calls.get(id) ?? new Set();
      this.#calls.set(id, calls.add(one));
      try {
        return await next();
      } finally {
        calls.delete(one);
        if (calls.size === 0) this.#calls.delete(id);
      }
    });
  }
}

/** `patch Site default/home status` */
function callText({ verb, type, key, subresource }: ClientCall): string {
  const where = key.name === "" ? key.namespace : keyText(key);
  return [verb, type.kind, where, subresource ?? ""].filter((part) => part !== "").join(" ");
}
