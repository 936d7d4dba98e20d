/** What is around the processes of a run: nodes that run pods, and the garbage collector. */
import type { Pod } from "../../client/builtin.ts";
import type { Transport } from "../../client/transport.ts";
import { SimCollector } from "../actors/collector.ts";
import { SimPods } from "../actors/pods.ts";
import { Actor } from "../kernel/actor.ts";
import type { Kernel } from "../kernel/kernel.ts";
import type { NameBook } from "../kernel/name-book.ts";
import { simEnv, type SimLogLine } from "../kernel/sim-env.ts";
import type { Write } from "../oracles/oracle.ts";
import type { LiveState } from "./state.ts";

export type EnvironmentDeps = {
  readonly kernel: Kernel;
  readonly names: NameBook;
  readonly state: LiveState;
  readonly seed: number;
  readonly lines: SimLogLine[] | undefined;
  /** To the API, as somebody of this name; nothing gets lost on that way. */
  readonly as: (name: string) => Transport;
};

export type EnvironmentOptions = {
  /** Whether it collects what has lost its owners. */
  readonly hasCollector: boolean;
  /** Whether pods are placed and run. */
  readonly hasNodes: boolean;
};

export class Environment {
  readonly #pods: SimPods | undefined;
  readonly #collector: SimCollector | undefined;

  constructor(deps: EnvironmentDeps, { hasCollector, hasNodes }: EnvironmentOptions) {
    const { kernel, state, names, seed, lines, as } = deps;
    const partsOf = (name: string) => {
      const actor = new Actor(name);
      return { kernel, actor, env: simEnv(kernel, actor, { seed, lines }), transport: as(name) };
    };
    const collector = hasCollector ? { ...partsOf("garbage-collector"), state } : undefined;
    this.#collector = collector === undefined ? undefined : new SimCollector(collector);
    this.#pods = hasNodes ? new SimPods({ ...partsOf("nodes"), names }) : undefined;
  }

  /** Each write, before anybody else has read it. */
  onWrite({ resource, before, after }: Write): void {
    this.#collector?.see(after, before);
    if (resource === "pods" && after !== undefined) this.#pods?.see(after as Pod);
  }

  /** The end of all faults. */
  heal(): void {
    this.#pods?.heal();
  }
}
