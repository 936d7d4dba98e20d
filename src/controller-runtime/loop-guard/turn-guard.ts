/** The loop guard at the place where turns begin and end. */
import type { CauseId, Context } from "../../base/context.ts";
import type { Env, Log } from "../../base/env.ts";
import type { Metrics } from "../../base/metrics.ts";
import type { ControllerDeps } from "../controller/controller-spec.ts";
import type { Turn } from "../queue/work-queue.ts";
import type { Waking } from "./key-history.ts";
import { LoopGuard, type Admission, type LoopGuardOptions, type SlowKey } from "./loop-guard.ts";
import { tellTrip } from "./tell-trip.ts";
import type { WriteWitness } from "./write-witness.ts";

/** `client` is the one that tells `witness`. */
export type GuardParts = Pick<ControllerDeps, "client" | "informers" | "recorder"> & {
  readonly witness: WriteWitness;
};

export class TurnGuard {
  readonly #name: string;
  readonly #deps: GuardParts;
  readonly #guard: LoopGuard;

  constructor(
    controller: string,
    options: LoopGuardOptions,
    deps: GuardParts & { readonly env: Env; readonly metrics: Metrics },
  ) {
    this.#name = controller;
    this.#deps = deps;
    this.#guard = new LoopGuard(controller, options, deps);
  }

  slowKeys(): Iterable<SlowKey> {
    return this.#guard.slowKeys();
  }

  async admit(turn: Turn, context: Context): Promise<Admission> {
    const admission = this.#guard.admit(turn);
    if (admission.kind === "hold" && admission.trip !== undefined) {
      const who = { controller: this.#name, key: turn.key };
      await tellTrip(admission.trip, who, this.#deps, context);
    }
    return admission;
  }

  begin(id: CauseId): void {
    this.#deps.witness.begin(id);
  }

  end(id: CauseId, turn: Turn, waking: Waking | undefined, log: Log): void {
    const writes = this.#deps.witness.end(id);
    const isFree = this.#guard.ended(turn, waking, writes);
    if (isFree) log.info("reconciles are not slowed down any more: there was nothing to write");
  }
}
