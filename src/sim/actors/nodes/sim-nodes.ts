/**
 * The nodes, as far as pods can tell: each new pod is placed, starts and becomes ready; one that is
 * deleted stops and goes. Now and then one fails, crashes again and again, finds no image, is
 * evicted; and a node dies with all that runs there.
 *
 * Of a dead node the control plane hears nothing: after 40 s its pods count as not ready, after
 * five minutes more they are deleted, and they stay as they are until the node is back.
 */
import { type Context, rootContext } from "../../../base/context.ts";
import type { Env } from "../../../base/env.ts";
import { Lease, Node, Pod } from "../../../client/builtin.ts";
import { RestClient } from "../../../client/rest-client.ts";
import type { Transport } from "../../../client/transport.ts";
import { apiMicroTime, apiTime } from "../../../machinery/api-time.ts";
import { keyOf } from "../../../machinery/key.ts";
import { isStatus } from "../../../machinery/status.ts";
import type { Actor } from "../../kernel/actor.ts";
import type { Kernel } from "../../kernel/kernel.ts";
import type { NameBook } from "../../kernel/name-book.ts";
import { LEASE_NAMESPACE, NODE_NAMES, readyStatus } from "./node-reports.ts";
import { statusPatch, type PodReport } from "./pod-reports.ts";
import { SimNode } from "./sim-node.ts";

export type NodesDeps = {
  readonly kernel: Kernel;
  readonly env: Env;
  /** The nodes', as one. */
  readonly actor: Actor;
  readonly transport: Transport;
  readonly names: NameBook;
  /** Whether nodes are objects, which others look after: they place pods and notice who is gone. */
  readonly hasObjects: boolean;
};

const START_MS = 1_000;
/** A node with an object shows so often that it is there. */
const HEARTBEAT_MS = 10_000;
const STOP_MS = 1_000;
const FAILS_AFTER_MS = 5_000;
const RESTARTS_AFTER_MS = 5_000;
/** When it crashes again and again, after its start. */
const CRASHES_MS: readonly number[] = [1_000, 11_000, 31_000];
/** Without a sign of life of its node a pod is not ready after so long, and deleted after this. */
const LOST_AFTER_MS = 40_000;
const DELETED_AFTER_MS = 340_000;

/** What may become of a pod besides what `world` decides. */
const POD_FATES = ["", "no image", "crash loop", "restarts", "is evicted", "is drained"] as const;
type PodFate = (typeof POD_FATES)[number];

export class SimNodes {
  readonly #deps: NodesDeps;
  readonly #client: RestClient;
  readonly #context: Context;
  readonly #nodes = NODE_NAMES.map((name) => new SimNode(name));
  /** By uid: pods that are there, as they are stored. */
  readonly #pods = new Map<string, Pod>();
  /** By uid: those that are started, and those that are being stopped. */
  readonly #started = new Set<string>();
  readonly #stopping = new Set<string>();
  /** Those that get ready when all is mended. */
  readonly #unready: Pod[] = [];
  #placed = 0;

  constructor(deps: NodesDeps) {
    const { env, transport } = deps;
    this.#deps = deps;
    this.#client = new RestClient({ transport, env }, { fieldManager: "kubelet" });
    this.#context = rootContext(env, new AbortController().signal);
    if (deps.hasObjects) this.#beat();
  }

  /** Nodes that something runs on. */
  get inUse(): readonly SimNode[] {
    const names = new Set([...this.#pods.values()].map(nodeOf));
    return this.#nodes.filter(({ name, isUp }) => isUp && names.has(name));
  }

  /** A pod as it was just written; undefined: it is gone. */
  see(pod: Pod | undefined, before: Pod | undefined): void {
    const { uid = "", deletionTimestamp } = (pod ?? before)?.metadata ?? {};
    if (pod === undefined) {
      this.#pods.delete(uid);
      return;
    }
    this.#pods.set(uid, pod);
    if (deletionTimestamp !== undefined) {
      this.#once(this.#stopping, uid, STOP_MS, pod, () => this.#stop(pod));
      return;
    }
    if (pod.status?.phase !== "Pending" && pod.status?.phase !== undefined) return;
    if (this.#deps.hasObjects && nodeOf(pod) === "") return; // the scheduler has its turn first
    this.#once(this.#started, uid, START_MS, pod, () => this.#start(pod));
  }

  /** The node is gone, with all that runs there, and comes back after a time. */
  dies(node: SimNode, forMs: number): void {
    if (!node.isUp) return;
    const { kernel, actor } = this.#deps;
    kernel.log.add(kernel.nowMs, "nodes", `${node.name} DIES for ${forMs / 1_000} s`);
    node.goesDown();
    kernel.post(actor, `${node.name} is back`, forMs, () => this.#comesBack(node));
    if (this.#deps.hasObjects) return;
    const what = `${node.name} has not been heard of`;
    const ifStillDown = (act: (pod: Pod) => Promise<void>) => () => {
      if (node.isUp) return;
      node.isLost = true;
      for (const pod of this.#podsOn(node)) this.#attempt(act(pod));
    };
    const unready = ifStillDown((pod) => this.#report(pod, { kind: "unready" }));
    kernel.post(actor, `${what} for 40 s`, LOST_AFTER_MS, unready);
    const remove = ifStillDown((pod) => this.#delete(pod));
    kernel.post(actor, `${what} for minutes`, DELETED_AFTER_MS, remove);
  }

  /** The end of all faults: nodes are there, and what runs gets ready. */
  heal(): void {
    for (const node of this.#nodes) this.#comesBack(node);
    for (const pod of this.#unready.splice(0)) {
      this.#attempt(this.#report(pod, { kind: "ready" }));
    }
  }

  #comesBack(node: SimNode): void {
    if (node.isUp) return;
    node.comesBack();
    if (this.#deps.hasObjects) this.#attempt(this.#saysReady(node));
    for (const pod of this.#podsOn(node)) {
      const { metadata, status } = pod;
      if (metadata.deletionTimestamp !== undefined || status?.phase !== "Running") continue;
      this.#attempt(this.#report(pod, { kind: "restarted", restarts: 1 }));
    }
  }

  /** Signs of life of all that are up, again and again. */
  #beat(): void {
    const { kernel, actor } = this.#deps;
    kernel.post(actor, "", HEARTBEAT_MS, () => {
      for (const node of this.#nodes) if (node.isUp) this.#attempt(this.#renew(node));
      this.#beat();
    });
  }

  async #renew({ name }: SimNode): Promise<void> {
    const key = { namespace: LEASE_NAMESPACE, name };
    const patch = { spec: { renewTime: apiMicroTime(this.#deps.env.clock.now()) } };
    await this.#client.patch(Lease, key, { kind: "merge", patch }, this.#context);
  }

  async #saysReady(node: SimNode): Promise<void> {
    await this.#renew(node);
    const patch = readyStatus(apiTime(this.#deps.env.clock.now()));
    const key = { namespace: "", name: node.name };
    const options = { subresource: "status" } as const;
    await this.#client.patch(Node, key, { kind: "strategic", patch }, this.#context, options);
  }

  #podsOn({ name }: SimNode): readonly Pod[] {
    return [...this.#pods.values()].filter((pod) => nodeOf(pod) === name);
  }

  #once(done: Set<string>, uid: string, delayMs: number, pod: Pod, act: () => Promise<void>): void {
    if (done.has(uid)) return;
    done.add(uid);
    const what = `${done === this.#started ? "starts" : "stops"} ${this.#nameOf(pod)}`;
    this.#later(pod, what, delayMs, act);
  }

  /** The pod's node does it after a time: if it is down by then, when it is back. */
  #later(pod: Pod, what: string, delayMs: number, act: () => Promise<void>): void {
    const { kernel, actor } = this.#deps;
    kernel.post(actor, what, delayMs, () => {
      const now = this.#pods.get(pod.metadata.uid ?? "") ?? pod;
      const node = this.#nodes.find(({ name }) => name === nodeOf(now));
      if (node === undefined) this.#attempt(act());
      else node.whenUp(() => this.#attempt(act()));
    });
  }

  async #start(pod: Pod): Promise<void> {
    const { choices } = this.#deps.kernel;
    const options = ["", "not ready", "fails soon"] as const;
    const fate = choices.choose("world", `pod ${this.#nameOf(pod)}`, options);
    const further = fate === "" ? choices.choose("node", this.#nameOf(pod), POD_FATES) : "";
    if (pod.spec?.nodeName === undefined) await this.#place(pod);
    if (fate === "not ready") this.#unready.push(pod);
    if (further === "no image" || further === "crash loop") {
      await this.#fails(pod, further);
      return;
    }
    await this.#report(pod, { kind: fate === "not ready" ? "unready" : "ready" });
    if (fate === "fails soon") {
      const what = `lets ${this.#nameOf(pod)} fail`;
      this.#later(pod, what, FAILS_AFTER_MS, () => this.#report(pod, { kind: "failed" }));
    }
    this.#meets(pod, further);
  }

  /** It does not get ready before all is mended. */
  async #fails(pod: Pod, fate: "no image" | "crash loop"): Promise<void> {
    this.#unready.push(pod);
    if (fate === "no image") {
      await this.#report(pod, { kind: "no image" });
      return;
    }
    for (const [nth, afterMs] of CRASHES_MS.entries()) {
      this.#later(pod, `${this.#nameOf(pod)} crashes`, afterMs, async () => {
        if (!this.#unready.includes(pod)) return; // all is mended
        await this.#report(pod, { kind: "crashing", restarts: nth + 1 });
      });
    }
  }

  /** What becomes of one that was ready. */
  #meets(pod: Pod, fate: PodFate): void {
    const name = this.#nameOf(pod);
    if (fate === "restarts") {
      this.#later(pod, `${name} restarts`, RESTARTS_AFTER_MS, async () => {
        await this.#report(pod, { kind: "unready" });
        await this.#report(pod, { kind: "restarted", restarts: 1 });
      });
    }
    if (fate === "is evicted") {
      const evicted = () => this.#report(pod, { kind: "evicted" });
      this.#later(pod, `${name} is evicted`, FAILS_AFTER_MS, evicted);
    }
    if (fate === "is drained") {
      this.#later(pod, `${name} is drained`, FAILS_AFTER_MS, () => this.#drain(pod));
    }
  }

  async #place(pod: Pod): Promise<void> {
    const there = this.#nodes.filter(({ isLost }) => !isLost);
    const node = there[this.#placed++ % there.length] ?? this.#nodes[0];
    const target = { apiVersion: "v1", kind: "Node", name: node?.name ?? "" };
    const { name = "", namespace = "" } = pod.metadata;
    const binding = { apiVersion: "v1", kind: "Binding", metadata: { name, namespace }, target };
    await this.#client.createSubresource(Pod, keyOf(pod), "binding", binding, this.#context);
  }

  async #report(pod: Pod, report: PodReport): Promise<void> {
    const now = apiTime(this.#deps.env.clock.now());
    const patch = { kind: "strategic", patch: statusPatch(pod, report, now) } as const;
    await this.#client.patch(Pod, keyOf(pod), patch, this.#context, { subresource: "status" });
  }

  /** The kubelet's last word of a pod that was deleted. */
  async #stop(pod: Pod): Promise<void> {
    const { uid } = pod.metadata;
    await this.#client.delete(Pod, keyOf(pod), this.#context, {
      gracePeriodSeconds: 0,
      ...(uid === undefined ? {} : { preconditions: { uid } }),
    });
  }

  async #delete({ metadata }: Pod): Promise<void> {
    const { uid, deletionTimestamp } = metadata;
    if (uid === undefined || deletionTimestamp !== undefined) return;
    await this.#client.delete(Pod, keyOf({ metadata }), this.#context, { preconditions: { uid } });
  }

  /** As `kubectl drain` asks: a budget may refuse it. */
  async #drain({ metadata }: Pod): Promise<void> {
    const { name = "", namespace = "", uid = "" } = metadata;
    const eviction = {
      apiVersion: "policy/v1",
      kind: "Eviction",
      metadata: { name, namespace },
      deleteOptions: { preconditions: { uid } },
    };
    await this.#client.createSubresource(
      Pod,
      { name, namespace },
      "eviction",
      eviction,
      this.#context,
    );
  }

  /** The pod may be gone, or another one by now: then there is nothing to do for this one. */
  #attempt(work: Promise<void>): void {
    work.catch((error: unknown) => {
      if (ENDS.some((reason) => isStatus(error, reason))) return;
      this.#deps.env.log.error("the simulated nodes have failed", { error });
    });
  }

  #nameOf(pod: Pod): string {
    return this.#deps.names.nameOf("pods", pod);
  }
}

/** Another pod has that name by now, it is gone, or its budget allows no eviction. */
const ENDS = ["NotFound", "Conflict", "TooManyRequests"] as const;

function nodeOf({ spec }: Pod): string {
  return spec?.nodeName ?? "";
}
