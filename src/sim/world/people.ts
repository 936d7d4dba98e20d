/** The one who does the operations of a scenario: nothing gets lost on their way. */
import { type Context, rootContext } from "../../base/context.ts";
import { errorText } from "../../base/error-text.ts";
import { RestClient } from "../../client/rest-client.ts";
import type { Transport } from "../../client/transport.ts";
import { Actor } from "../kernel/actor.ts";
import type { Kernel } from "../kernel/kernel.ts";
import { simEnv, type SimLogLine } from "../kernel/sim-env.ts";
import type { Refused } from "../scenario/operation-refused.ts";
import type { Operation } from "../scenario/operation.ts";

export type PeopleDeps = {
  readonly kernel: Kernel;
  readonly seed: number;
  readonly lines: SimLogLine[] | undefined;
  readonly transport: Transport;
};

export class People {
  readonly #kernel: Kernel;
  readonly #client: RestClient;
  readonly #context: Context;
  readonly #refused: Refused[] = [];

  constructor({ kernel, seed, lines, transport }: PeopleDeps) {
    const env = simEnv(kernel, new Actor("user"), { seed, lines });
    this.#kernel = kernel;
    this.#client = new RestClient({ transport, env }, { fieldManager: "user" });
    this.#context = rootContext(env, new AbortController().signal);
  }

  /** What was refused and is not meant to be. */
  get refused(): readonly Refused[] {
    return this.#refused;
  }

  /** Begins it. What is refused is told in the story, and the run goes on. */
  async does(operation: Operation): Promise<void> {
    const { log, nowMs } = this.#kernel;
    log.add(nowMs, "user", `DOES ${operation.name}`);
    try {
      await operation.run(this.#client, this.#context);
    } catch (error) {
      log.add(this.#kernel.nowMs, "user", `is refused: ${errorText(error)}`);
      if (operation.mayBeRefused === true) return;
      this.#refused.push({ operation: operation.name, error });
    }
  }
}
