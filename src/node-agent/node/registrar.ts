/**
 * Keeps the Node object: made if it is missing, its status brought up to date when it changes and
 * at least every few minutes. A Node that is deleted while the agent runs is registered again.
 */
import type { NodeStatus } from "../../apis/core/v1/types.generated.ts";
import { Backoff } from "../../base/backoff.ts";
import { causeId, withCause, type CallCause, type Context } from "../../base/context.ts";
import type { Env } from "../../base/env.ts";
import { Node } from "../../client/builtin.ts";
import type { Client } from "../../client/client.ts";
import { TransportError } from "../../client/transport.ts";
import { equalValues } from "../../machinery/json-value.ts";
import { apiTime } from "../../machinery/api-time.ts";
import { isConditionTrue } from "../../machinery/conditions.ts";
import { isStatus } from "../../machinery/status.ts";
import type { QualifiedNodeAgentOptions } from "../options.ts";
import type { Runtime } from "../runtime/runtime.ts";
import type { Machine, MachineFacts } from "./machine.ts";
import {
  isSameNodeStatus,
  newNode,
  nodeAnnotations,
  nodeLabels,
  nodeStatus,
  type NodeView,
} from "./node-status.ts";

const RETRY_MS_MIN = 200;
const RETRY_MS_MAX = 7_000;
/** Until the node is ready for the first time, it is looked at this often, for so long. */
const STARTING_MS = 100;
const STARTING_MS_MAX = 60_000;

export type RegistrarDeps = {
  readonly client: Client;
  readonly env: Env;
  readonly runtime: Runtime;
  readonly machine: Machine;
  /** Why pods are not looked after just now; undefined: they are. */
  readonly podsProblem: () => string | undefined;
  readonly port: number | undefined;
};

export class NodeRegistrar {
  readonly #options: QualifiedNodeAgentOptions;
  readonly #deps: RegistrarDeps;
  #facts: MachineFacts | undefined;
  #node: Node | undefined;
  #reportedAtMs = Number.NEGATIVE_INFINITY;
  #wasReady = false;
  #onRegistered: ((node: Node) => void)[] = [];

  constructor(options: QualifiedNodeAgentOptions, deps: RegistrarDeps) {
    this.#options = options;
    this.#deps = deps;
  }

  /** The Node as last written; waits for the first time. */
  async registered(): Promise<Node> {
    if (this.#node !== undefined) return this.#node;
    return new Promise((resolve) => this.#onRegistered.push(resolve));
  }

  /** Reports until the signal aborts. Errors of the API are retried. */
  async run(context: Context): Promise<void> {
    const { env } = this.#deps;
    const options = { initialMs: RETRY_MS_MIN, maxMs: RETRY_MS_MAX, factor: 2, jitter: 0.1 };
    const retry = new Backoff({ ...options, resetMs: Infinity }, env);
    const startMs = env.clock.monotonic();
    for (;;) {
      const { statusMs } = this.#options;
      let delayMs = statusMs;
      try {
        const id = causeId(env.ids.uuid());
        const cause: CallCause = { ...context.cause, id, roots: ["timer"] };
        await this.#report(withCause(context, cause));
        retry.reset();
        // A new node is wanted at once, and what it still waits for takes a moment, not a period.
        const isStarting = env.clock.monotonic() - startMs < STARTING_MS_MAX;
        if (!this.#wasReady && isStarting) delayMs = Math.min(statusMs, STARTING_MS);
      } catch (error) {
        context.signal.throwIfAborted();
        if (!isStatus(error) && !(error instanceof TransportError)) throw error;
        delayMs = Math.min(delayMs, retry.next());
        context.log.warn("the node could not be reported yet", { error, delayMs });
      }
      await env.timers.sleep(delayMs, context.signal);
    }
  }

  async #report(context: Context): Promise<void> {
    const view = await this.#view(context);
    // Compared with what is stored, not with what was written: others may have called this node
    // unreachable meanwhile, and then it must say that it is not.
    const stored = this.#node === undefined ? undefined : await this.#read(context);
    if (stored === undefined) {
      await this.#register(view, context);
      return;
    }
    const { env } = this.#deps;
    const wanted = nodeStatus(view, stored.status, apiTime(env.clock.now()));
    const ageMs = env.clock.monotonic() - this.#reportedAtMs;
    const merged = { ...stored.status, ...wanted };
    const isSame = isSameNodeStatus(stored.status, merged, equalValues);
    if (isSame && ageMs < this.#options.statusReportMs) return;
    await this.#write(view, stored, wanted, context);
  }

  async #read(context: Context): Promise<Node | undefined> {
    try {
      return await this.#deps.client.get(Node, this.#key(), context);
    } catch (error) {
      if (isStatus(error, "NotFound")) return undefined;
      throw error;
    }
  }

  async #register(view: NodeView, context: Context): Promise<void> {
    const { client, env } = this.#deps;
    const fresh = newNode(view, apiTime(env.clock.now()));
    let node: Node;
    try {
      node = await client.create(Node, fresh, context);
    } catch (error) {
      if (!isStatus(error, "AlreadyExists")) throw error;
      node = await client.get(Node, this.#key(), context);
    }
    const wanted = nodeStatus(view, node.status, apiTime(env.clock.now()));
    await this.#write(view, await this.#label(view, node, context), wanted, context);
  }

  /** Labels and annotations that are this agent's to set; those of others stay. */
  async #label(view: NodeView, node: Node, context: Context): Promise<Node> {
    const labels = nodeLabels(view);
    const annotations = nodeAnnotations(view);
    const isCurrent =
      equalValues({ ...node.metadata.labels, ...labels }, node.metadata.labels) &&
      equalValues({ ...node.metadata.annotations, ...annotations }, node.metadata.annotations);
    if (isCurrent) return node;
    const patch = { metadata: { labels, annotations } };
    return this.#deps.client.patch(Node, this.#key(), { kind: "merge", patch }, context);
  }

  async #write(view: NodeView, node: Node, wanted: NodeStatus, context: Context): Promise<void> {
    const patch = { metadata: { uid: node.metadata.uid }, status: wanted };
    const options = { subresource: "status" } as const;
    try {
      const { client } = this.#deps;
      const reply = await client.patch(
        Node,
        this.#key(),
        { kind: "strategic", patch },
        context,
        options,
      );
      this.#node = reply;
      this.#wasReady ||= isConditionTrue(reply.status.conditions, "Ready");
      this.#reportedAtMs = this.#deps.env.clock.monotonic();
      for (const resolve of this.#onRegistered) resolve(reply);
      this.#onRegistered = [];
    } catch (error) {
      if (!isStatus(error, "NotFound") && !isStatus(error, "Conflict")) throw error;
      this.#node = undefined; // deleted, perhaps made anew by another: register again
      await this.#register(view, context);
    }
  }

  async #view(context: Context): Promise<NodeView> {
    const { machine, runtime } = this.#deps;
    this.#facts ??= await machine.facts();
    const [rest, conditions] = await Promise.all([machine.rest(), runtime.status(context)]);
    return {
      options: this.#options,
      facts: this.#facts,
      rest,
      runtime: runtime.version(),
      conditions,
      podsProblem: this.#deps.podsProblem(),
      port: this.#deps.port,
    };
  }

  #key(): { readonly namespace: string; readonly name: string } {
    return { namespace: "", name: this.#options.nodeName };
  }
}
