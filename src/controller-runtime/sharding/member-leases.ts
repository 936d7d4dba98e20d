/**
 * The leases by which the members of a group know of each other: one Lease each, with a label that
 * names the group and an annotation that says which members its owner knows, and so which keys it
 * claims. All writes carry the resourceVersion they were made for: a lease that was renewed cannot
 * be ended by someone who has not seen the renewal, nor the other way round.
 */
import type { Context } from "../../base/context.ts";
import type { Env } from "../../base/env.ts";
import { Lease } from "../../client/builtin.ts";
import type { Client } from "../../client/client.ts";
import { apiMicroTime } from "../../machinery/api-time.ts";
import type { ObjectKey } from "../../machinery/key.ts";
import { own } from "../../machinery/object.ts";
import { isStatus } from "../../machinery/status.ts";
import type { Claim } from "./share.ts";
import { membersOf, type Members } from "./rendezvous.ts";

/** Label of every member's lease: the name of the group. */
export const GROUP_LABEL = "shards.setpoint.dev/group";
/** Annotation of every member's lease: the members its owner works with. */
export const VIEW_ANNOTATION = "shards.setpoint.dev/view";
/** Members of one group; what comes later waits. */
export const MEMBERS_MAX = 500;

/** How views are written; another form would be another word. */
const FORM = "v1";
const LEASE_MS_MAX = 3_600_000;

export type MemberLease = Claim & {
  readonly lease: Lease;
  /** How long it may stay unchanged before its owner counts as gone. */
  readonly durationMs: number;
};

/** What became of a write. */
export type Written =
  { readonly kind: "done"; readonly lease: MemberLease } | { readonly kind: "refused" | "gone" };

export type MemberLeasesOptions = {
  /** Of the group: leases are made in the namespace, their names begin with the name. */
  readonly group: ObjectKey;
  /** For people. */
  readonly identity: string;
  readonly durationMs: number;
};

export class MemberLeases {
  readonly #deps: { readonly client: Client; readonly env: Env };
  readonly #options: MemberLeasesOptions;

  constructor(deps: { readonly client: Client; readonly env: Env }, options: MemberLeasesOptions) {
    this.#deps = deps;
    this.#options = options;
  }

  /** All of the group, as the server has them now. */
  async list(context: Context): Promise<readonly MemberLease[]> {
    const { namespace, name } = this.#options.group;
    const options = { namespace, labelSelector: `${GROUP_LABEL}=${name}` };
    const { items } = await this.#deps.client.list(Lease, options, context);
    return items.map((lease) => this.#read(lease));
  }

  /** Makes the lease of a new member. */
  async create(id: string, members: Members, context: Context): Promise<Written> {
    const { namespace, name } = this.#options.group;
    const lease: Lease = {
      apiVersion: "coordination.k8s.io/v1",
      kind: "Lease",
      metadata: {
        namespace,
        name: `${name}-${id}`,
        labels: { [GROUP_LABEL]: name },
        annotations: { [VIEW_ANNOTATION]: viewText(members) },
      },
      spec: { ...this.#claim(), acquireTime: this.#now() },
    };
    return this.#write(() => this.#deps.client.create(Lease, lease, context));
  }

  /** Renews a lease, with the members its owner works with from now on. */
  async renew({ lease }: MemberLease, members: Members, context: Context): Promise<Written> {
    const annotations = { ...lease.metadata.annotations, [VIEW_ANNOTATION]: viewText(members) };
    const metadata = { ...lease.metadata, annotations };
    const next = { ...lease, metadata, spec: { ...lease.spec, ...this.#claim() } };
    return this.#write(() => this.#deps.client.update(Lease, next, context));
  }

  /** Ends a lease, if it is as it was seen. Whether it is gone. */
  async end({ lease }: MemberLease, context: Context): Promise<boolean> {
    const { namespace = "", name = "", uid = "", resourceVersion = "" } = lease.metadata;
    const preconditions = { uid, resourceVersion };
    try {
      await this.#deps.client.delete(Lease, { namespace, name }, context, { preconditions });
      return true;
    } catch (error) {
      if (isStatus(error, "NotFound")) return true;
      if (isStatus(error, "Conflict")) return false;
      throw error;
    }
  }

  async #write(send: () => Promise<Lease>): Promise<Written> {
    try {
      return { kind: "done", lease: this.#read(await send()) };
    } catch (error) {
      if (isStatus(error, "NotFound")) return { kind: "gone" };
      if (isStatus(error, "Conflict") || isStatus(error, "AlreadyExists")) {
        return { kind: "refused" };
      }
      throw error;
    }
  }

  #read(lease: Lease): MemberLease {
    const { name = "", annotations = {} } = lease.metadata;
    const seconds = lease.spec.leaseDurationSeconds ?? 0;
    const durationMs = seconds > 0 ? seconds * 1_000 : this.#options.durationMs;
    const members = viewOf(own(annotations, VIEW_ANNOTATION));
    const id = name.slice(this.#options.group.name.length + 1);
    return { id, lease, members, durationMs: Math.min(durationMs, LEASE_MS_MAX) };
  }

  #claim(): Pick<Lease["spec"], "holderIdentity" | "leaseDurationSeconds" | "renewTime"> {
    const { identity, durationMs } = this.#options;
    return {
      holderIdentity: identity,
      leaseDurationSeconds: Math.ceil(durationMs / 1_000),
      renewTime: this.#now(),
    };
  }

  #now(): string {
    return apiMicroTime(this.#deps.env.clock.now());
  }
}

export function viewText({ ids }: Members): string {
  return [FORM, ...ids].join(" ");
}

/** "all" for what this version cannot read: who wrote it might work on anything. */
export function viewOf(text: unknown): Members | "all" {
  if (typeof text !== "string") return "all";
  const [form, ...ids] = text.split(" ");
  return form === FORM && ids.length <= MEMBERS_MAX ? membersOf(ids) : "all";
}
