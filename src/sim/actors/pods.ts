/**
 * The nodes, as far as pods can tell: each new pod is placed, starts and becomes ready; one that is
 * deleted stops and goes. Now and then one dies, or never gets ready.
 */
import { type Context, rootContext } from "../../base/context.ts";
import type { Env } from "../../base/env.ts";
import { Pod } from "../../client/builtin.ts";
import { RestClient } from "../../client/rest-client.ts";
import type { Transport } from "../../client/transport.ts";
import { apiTime } from "../../machinery/api-time.ts";
import { keyOf } from "../../machinery/key.ts";
import { isStatus } from "../../machinery/status.ts";
import type { Actor } from "../kernel/actor.ts";
import type { Kernel } from "../kernel/kernel.ts";
import type { NameBook } from "../kernel/name-book.ts";

export type PodsDeps = {
  readonly kernel: Kernel;
  readonly env: Env;
  /** The nodes', as one. */
  readonly actor: Actor;
  readonly transport: Transport;
  readonly names: NameBook;
};

const START_MS = 1_000;
const STOP_MS = 1_000;
const FAILS_AFTER_MS = 5_000;
const NODES = ["node-1", "node-2", "node-3"] as const;

export class SimPods {
  readonly #deps: PodsDeps;
  readonly #client: RestClient;
  readonly #context: Context;
  /** By uid: those that are started, and those that are being stopped. */
  readonly #started = new Set<string>();
  readonly #stopping = new Set<string>();
  /** Those that are not to get ready. */
  readonly #unready: Pod[] = [];
  #placed = 0;

  constructor(deps: PodsDeps) {
    const { env, transport } = deps;
    this.#deps = deps;
    this.#client = new RestClient({ transport, env }, { fieldManager: "kubelet" });
    this.#context = rootContext(env, new AbortController().signal);
  }

  /** A pod as it was just written. */
  see(pod: Pod): void {
    const { uid = "", deletionTimestamp } = pod.metadata;
    if (deletionTimestamp !== undefined) {
      this.#once(this.#stopping, uid, STOP_MS, pod, () => this.#stop(pod));
      return;
    }
    if (pod.status?.phase !== "Pending" && pod.status?.phase !== undefined) return;
    this.#once(this.#started, uid, START_MS, pod, () => this.#start(pod));
  }

  /** The end of all faults: what runs gets ready. */
  heal(): void {
    for (const pod of this.#unready.splice(0)) {
      const report = this.#report(pod, { phase: "Running", isReady: true });
      report.catch((error: unknown) => this.#failed(error));
    }
  }

  #once(done: Set<string>, uid: string, delayMs: number, pod: Pod, act: () => Promise<void>): void {
    if (done.has(uid)) return;
    done.add(uid);
    const { kernel, actor } = this.#deps;
    const what = `${done === this.#started ? "starts" : "stops"} ${this.#nameOf(pod)}`;
    kernel.post(actor, what, delayMs, () => {
      void act().catch((error: unknown) => this.#failed(error));
    });
  }

  async #start(pod: Pod): Promise<void> {
    const { kernel } = this.#deps;
    const options = ["", "not ready", "fails soon"] as const;
    const fate = kernel.choices.choose("world", `pod ${this.#nameOf(pod)}`, options);
    if (pod.spec?.nodeName === undefined) await this.#place(pod);
    if (fate === "not ready") this.#unready.push(pod);
    await this.#report(pod, { phase: "Running", isReady: fate !== "not ready" });
    if (fate !== "fails soon") return;
    kernel.post(this.#deps.actor, `lets ${this.#nameOf(pod)} fail`, FAILS_AFTER_MS, () => {
      void this.#report(pod, { phase: "Failed", isReady: false }).catch((error: unknown) =>
        this.#failed(error),
      );
    });
  }

  async #place(pod: Pod): Promise<void> {
    const node = NODES[this.#placed++ % NODES.length] ?? NODES[0];
    const target = { apiVersion: "v1", kind: "Node", name: node };
    const { name = "", namespace = "" } = pod.metadata;
    const binding = { apiVersion: "v1", kind: "Binding", metadata: { name, namespace }, target };
    await this.#client.createSubresource(Pod, keyOf(pod), "binding", binding, this.#context);
  }

  async #report(
    pod: Pod,
    { phase, isReady }: { readonly phase: string; readonly isReady: boolean },
  ): Promise<void> {
    const status = isReady ? "True" : "False";
    const lastTransitionTime = apiTime(this.#deps.env.clock.now());
    const conditions = ["Ready", "ContainersReady"].map((type) => ({
      type,
      status,
      lastTransitionTime,
    }));
    const patch = { kind: "strategic", patch: { status: { phase, conditions } } } as const;
    await this.#client.patch(Pod, keyOf(pod), patch, this.#context, { subresource: "status" });
  }

  async #stop(pod: Pod): Promise<void> {
    const { uid } = pod.metadata;
    await this.#client.delete(Pod, keyOf(pod), this.#context, {
      gracePeriodSeconds: 0,
      ...(uid === undefined ? {} : { preconditions: { uid } }),
    });
  }

  /** The pod may be gone, or another one by now: then there is nothing to do for this one. */
  #failed(error: unknown): void {
    if (isStatus(error, "NotFound") || isStatus(error, "Conflict")) return;
    this.#deps.env.log.error("the simulated nodes have failed", { error });
  }

  #nameOf(pod: Pod): string {
    return this.#deps.names.nameOf("pods", pod);
  }
}
