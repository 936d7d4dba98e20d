/**
 * Whether a cluster answers: learnt from the calls that are made anyway, without any of its own.
 */
import type { Client } from "../../client/client.ts";
import { TransportError } from "../../client/transport.ts";
import { interceptedClient } from "../../client/wrappers/intercepted-client.ts";
import { isStatus } from "../../machinery/status.ts";

export class Reachability {
  readonly #changed: () => void;
  #problem: string | undefined;

  /** `changed` is called when a cluster stops to answer, and when it answers again. */
  constructor(changed: () => void) {
    this.#changed = changed;
  }

  /** Why no answer came last; undefined: one came. */
  get problem(): string | undefined {
    return this.#problem;
  }

  /** `client`, whose calls tell whether they were answered: a refusal is an answer. */
  watched(client: Client): Client {
    return interceptedClient(client, async (_call, next) => {
      try {
        const answer = await next();
        this.tell(undefined);
        return answer;
      } catch (error) {
        if (error instanceof TransportError) this.tell(error.message);
        else if (isStatus(error)) this.tell(undefined);
        throw error;
      }
    });
  }

  tell(problem: string | undefined): void {
    const before = this.#problem;
    this.#problem = problem;
    if ((before === undefined) !== (problem === undefined)) this.#changed();
  }
}
