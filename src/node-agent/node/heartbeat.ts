/** The node's sign of life: a Lease in `kube-node-lease`, renewed while the agent runs. */
import { Backoff } from "../../base/backoff.ts";
import { causeId, withCause, type CallCause, type Context } from "../../base/context.ts";
import type { Env } from "../../base/env.ts";
import { Lease, Node } from "../../client/builtin.ts";
import type { Client } from "../../client/client.ts";
import { TransportError } from "../../client/transport.ts";
import { apiMicroTime } from "../../machinery/api-time.ts";
import { isStatus } from "../../machinery/status.ts";
import type { QualifiedNodeAgentOptions } from "../options.ts";

export const NODE_LEASE_NAMESPACE = "kube-node-lease";

const RETRY_MS_MIN = 200;
const RETRY_MS_MAX = 7_000;

export class Heartbeat {
  readonly #options: QualifiedNodeAgentOptions;
  readonly #deps: {
    readonly client: Client;
    readonly env: Env;
    readonly node: () => Promise<Node>;
  };
  #lease: Lease | undefined;

  constructor(
    options: QualifiedNodeAgentOptions,
    deps: { readonly client: Client; readonly env: Env; readonly node: () => Promise<Node> },
  ) {
    this.#options = options;
    this.#deps = deps;
  }

  /** Beats until the signal aborts. */
  async run(context: Context): Promise<void> {
    const { env } = this.#deps;
    const options = { initialMs: RETRY_MS_MIN, maxMs: RETRY_MS_MAX, factor: 2, jitter: 0.1 };
    const retry = new Backoff({ ...options, resetMs: Infinity }, env);
    for (;;) {
      let delayMs = this.#options.leaseRenewMs;
      try {
        const id = causeId(env.ids.uuid());
        const cause: CallCause = { ...context.cause, id, roots: ["timer"] };
        await this.#renew(withCause(context, cause));
        retry.reset();
      } catch (error) {
        context.signal.throwIfAborted();
        if (!isStatus(error) && !(error instanceof TransportError)) throw error;
        this.#lease = undefined; // read again: it may have been changed or deleted
        delayMs = Math.min(delayMs, retry.next());
        context.log.warn("the heartbeat could not be written yet", { error, delayMs });
      }
      await env.timers.sleep(delayMs, context.signal);
    }
  }

  async #renew(context: Context): Promise<void> {
    const { client } = this.#deps;
    const current = this.#lease ?? (await this.#find(context));
    this.#lease =
      current === undefined
        ? await client.create(Lease, await this.#newLease(), context)
        : await client.update(Lease, { ...current, spec: this.#spec(current) }, context);
  }

  async #find(context: Context): Promise<Lease | undefined> {
    const key = { namespace: NODE_LEASE_NAMESPACE, name: this.#options.nodeName };
    try {
      return await this.#deps.client.get(Lease, key, context);
    } catch (error) {
      if (isStatus(error, "NotFound")) return undefined;
      throw error;
    }
  }

  /** Owned by the Node, so that it goes with it. */
  async #newLease(): Promise<Lease> {
    const { metadata } = await this.#deps.node();
    const { name = "", uid = "" } = metadata;
    return {
      apiVersion: "coordination.k8s.io/v1",
      kind: "Lease",
      metadata: {
        namespace: NODE_LEASE_NAMESPACE,
        name: this.#options.nodeName,
        ownerReferences: [{ apiVersion: "v1", kind: Node.kind, name, uid }],
      },
      spec: this.#spec(undefined),
    };
  }

  #spec(current: Lease | undefined): Lease["spec"] {
    return {
      ...current?.spec,
      holderIdentity: this.#options.nodeName,
      leaseDurationSeconds: this.#options.leaseSeconds,
      renewTime: apiMicroTime(this.#deps.env.clock.now()),
    };
  }
}
