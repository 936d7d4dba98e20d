/**
 * Sees to it that the cluster calls this server and trusts it. Registrations are made what they
 * should be at the start, and again if they go; whom they trust is looked after all the time.
 *
 * The rest of a configuration is not fought over: while a new version of a program replaces an old
 * one, both run, and each would undo the other's; and people who change it by hand in an emergency
 * mean it.
 */
import type { Context } from "../../base/context.ts";
import type { Client } from "../../client/client.ts";
import { apiVersionOf } from "../../machinery/gvk.ts";
import { isFields, own, type ApiObject } from "../../machinery/object.ts";
import { isStatus } from "../../machinery/status.ts";
import { covers } from "../declared/covers.ts";
import { isConfiguration, type LeftOver } from "./configurations.ts";
import type { WebhookReach, WebhookRegistration } from "./webhook-handler.ts";

/** What of the registrations is kept up to date. */
export type RegistrationMode =
  /** All of them: they are made if they are not there. */
  | "apply"
  /** The certificates to trust, in configurations that somebody else has made. */
  | "ca-bundle"
  /** Nothing. */
  | "none";

/** The writer of registrations in managedFields. */
export const WEBHOOK_FIELD_MANAGER = "setpoint-webhooks";

/** A configuration that was to be there already is not. */
export class MissingRegistrationError extends Error {
  override readonly name = "MissingRegistrationError";
}

export class Registrar {
  readonly #registrations: readonly WebhookRegistration[];
  readonly #mode: RegistrationMode;
  readonly #client: Client;
  /** Until it was looked for them once. */
  #leftOvers: readonly LeftOver[];
  /** What this process has applied: after a restart each is applied once. */
  readonly #applied = new Set<WebhookRegistration>();

  constructor(
    registrations: readonly WebhookRegistration[],
    mode: RegistrationMode,
    client: Client,
    leftOvers: readonly LeftOver[] = [],
  ) {
    this.#leftOvers = mode === "apply" ? leftOvers : [];
    this.#registrations = registrations;
    this.#mode = mode;
    this.#client = client;
  }

  /** Resolves when all registrations are as they should be. */
  async ensure(reach: WebhookReach, context: Context): Promise<void> {
    for (const each of this.#registrations) {
      if (this.#mode === "apply") await this.#apply(each, reach, context);
      else if (this.#mode === "ca-bundle") await this.#patchBundle(each, reach, context);
    }
    await this.#clear(reach, context);
  }

  /** Removes the configurations this process has applied; definitions stay. */
  async remove(context: Context): Promise<void> {
    const own = [...this.#applied].filter(isConfiguration);
    this.#applied.clear();
    for (const { type, name } of own) {
      try {
        await this.#client.delete(type, { namespace: "", name }, context);
      } catch (error) {
        if (!isStatus(error, "NotFound")) throw error;
      }
    }
  }

  /** Removes what is left over, if this may: else people are told once. */
  async #clear(reach: WebhookReach, context: Context): Promise<void> {
    const leftOvers = this.#leftOvers;
    this.#leftOvers = [];
    for (const each of leftOvers) {
      const { type, name } = each;
      try {
        const present = await this.#read(each, context);
        if (present === undefined || !each.isOwn(present, reach)) continue;
        await this.#client.delete(type, { namespace: "", name }, context);
        context.log.info("A webhook configuration is left over, and removed.", { name });
      } catch (error) {
        if (!isStatus(error, "Forbidden")) throw error;
        const hint = "If it is there, delete it: no webhook is left for it.";
        const about = { kind: type.kind, name, hint };
        context.log.debug("A left-over webhook configuration may not be looked for.", about);
      }
    }
  }

  async #apply(each: WebhookRegistration, reach: WebhookReach, context: Context): Promise<void> {
    const { type, name } = each;
    const wanted = each.wanted(reach);
    const present = await this.#read(each, context);
    if (this.#applied.has(each) && present !== undefined) {
      if (isConfiguration(each)) return this.#trust(each, present, reach, context);
      if (covers(present, wanted)) return;
    }
    if (present === undefined && !isConfiguration(each)) {
      throw new MissingRegistrationError(
        `the ${type.kind} ${name} is not there: install it, with \`installsDefinitions: true\` ` +
          "or with kubectl apply of what `setpoint generate crds` prints",
      );
    }
    const object = {
      apiVersion: apiVersionOf(type),
      kind: type.kind,
      metadata: { name },
      ...wanted,
    };
    const patch = { kind: "apply", object, isForced: true } as const;
    const options = { fieldManager: WEBHOOK_FIELD_MANAGER };
    await this.#client.patch(type, { namespace: "", name }, patch, context, options);
    this.#applied.add(each);
  }

  async #patchBundle(
    each: WebhookRegistration,
    reach: WebhookReach,
    context: Context,
  ): Promise<void> {
    const { type, name } = each;
    const present = await this.#read(each, context);
    if (present === undefined || each.bundlePointers(present).length === 0) {
      const what = present === undefined ? "is not there" : "names none of the webhooks served";
      throw new MissingRegistrationError(
        `the ${type.kind} ${name} ${what}: apply the manifests that ` +
          "`setpoint generate install` prints, or let the program make it with " +
          '`registration: "apply"`',
      );
    }
    await this.#trust(each, present, reach, context);
  }

  /** Writes nothing if this server is trusted already. */
  async #trust(
    each: WebhookRegistration,
    present: ApiObject,
    reach: WebhookReach,
    context: Context,
  ): Promise<void> {
    const { type, name } = each;
    const { caBundle } = reach.clientConfig("/");
    if (caBundle === undefined) return; // whoever makes the certificates tells
    const pointers = each.bundlePointers(present);
    const stale = pointers.filter((pointer) => valueAt(present, pointer) !== caBundle);
    if (stale.length === 0) return;
    const { resourceVersion } = present.metadata;
    const operations = [
      { op: "test", path: "/metadata/resourceVersion", value: resourceVersion },
      ...stale.map((path) => ({ op: "add", path, value: caBundle })),
    ];
    const options = { fieldManager: WEBHOOK_FIELD_MANAGER };
    const patch = { kind: "json", operations } as const;
    await this.#client.patch(type, { namespace: "", name }, patch, context, options);
  }

  async #read(
    { type, name }: Pick<WebhookRegistration, "type" | "name">,
    context: Context,
  ): Promise<ApiObject | undefined> {
    try {
      return await this.#client.get(type, { namespace: "", name }, context);
    } catch (error) {
      if (isStatus(error, "NotFound")) return undefined;
      throw error;
    }
  }
}

function valueAt(object: ApiObject, pointer: string): unknown {
  let value: unknown = object;
  for (const key of pointer.split("/").slice(1)) {
    if (Array.isArray(value)) value = value[Number(key)];
    else value = isFields(value) ? own(value, key) : undefined;
  }
  return value;
}
