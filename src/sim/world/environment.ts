/** What is around the processes of a run: nodes that run pods, and the garbage collector. */
import type { Pod } from "../../client/builtin.ts";
import type { Transport } from "../../client/transport.ts";
import type { ApiObject } from "../../machinery/object.ts";
import { SimCollector } from "../actors/collector.ts";
import { SimVolumeProtection } from "../actors/volume-protection.ts";
import type { SimNode } from "../actors/nodes/sim-node.ts";
import { SimNodes } from "../actors/nodes/sim-nodes.ts";
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
  /** Whether claims and volumes that nobody uses may go (default: as `hasCollector`). */
  readonly hasVolumeProtection?: boolean;
  /** Whether pods are placed and run. */
  readonly hasNodes: boolean;
  /** Whether nodes are objects that somebody else looks after (default: they are none). */
  readonly hasNodeObjects?: boolean;
};

export class Environment {
  readonly #nodes: SimNodes | undefined;
  readonly #collector: SimCollector | undefined;
  readonly #protection: SimVolumeProtection | undefined;

  constructor(deps: EnvironmentDeps, options: EnvironmentOptions) {
    const { hasCollector, hasVolumeProtection: lets = hasCollector, hasNodes } = options;
    const { hasNodeObjects: hasObjects = false } = options;
    const { kernel, state, names, seed, lines, as } = deps;
    const partsOf = (name: string) => {
      const actor = new Actor(name);
      return { kernel, actor, env: simEnv(kernel, actor, { seed, lines }), transport: as(name) };
    };
    const collector = hasCollector ? { ...partsOf("garbage-collector"), state } : undefined;
    this.#collector = collector === undefined ? undefined : new SimCollector(collector);
    const protection = lets ? { ...partsOf("volume-protection"), state } : undefined;
    this.#protection = protection === undefined ? undefined : new SimVolumeProtection(protection);
    this.#nodes = hasNodes ? new SimNodes({ ...partsOf("nodes"), names, hasObjects }) : undefined;
  }

  /** Each write, before anybody else has read it. */
  onWrite({ resource, before, after }: Write): void {
    this.#protection?.see({ resource });
    this.#collector?.see(after, before);
    if (resource === "pods") this.#nodes?.see(podIn(after), podIn(before));
  }

  /** The end of all faults. */
  heal(): void {
    this.#nodes?.heal();
  }

  /** Nodes that something runs on, for who lets them die. */
  get nodes(): readonly MortalNode[] {
    const nodes = this.#nodes;
    if (nodes === undefined) return [];
    return nodes.inUse.map((node) => {
      return { name: node.name, dies: (forMs) => nodes.dies(node, forMs) };
    });
  }
}

export type MortalNode = Pick<SimNode, "name"> & { readonly dies: (forMs: number) => void };

function podIn(object: ApiObject | undefined): Pod | undefined {
  return object as Pod | undefined;
}
