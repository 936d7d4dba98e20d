/**
 * What each reconcile has written. The client of all controllers of a process tells the witness,
 * which knows the reconcile by the id that each call carries as its cause.
 */
import type { CauseId, Context } from "../../base/context.ts";
import type { Client } from "../../client/client.ts";
import type { ResourceType } from "../../client/resource-type.ts";
import { delegatingClient } from "../../client/wrappers/delegating-client.ts";
import type { Informers } from "../../informer/informers.ts";
import { keyOf, type ObjectKey } from "../../machinery/key.ts";
import type { ApiObject } from "../../machinery/object.ts";

/** Writes of one reconcile that are remembered. */
export const WRITES_MAX = 100;

export type Write = {
  readonly kind: "create" | "change" | "delete";
  readonly type: ResourceType;
  readonly key: ObjectKey;
  /** As the local view had it when the write was sent. */
  readonly before: ApiObject | undefined;
  /** As the server answered. */
  readonly after: ApiObject | undefined;
  readonly fieldManager: string | undefined;
};

export class WriteWitness {
  readonly #open = new Map<CauseId, Write[]>();

  /** From here on the writes of this reconcile are remembered, until `end`. */
  begin(id: CauseId): void {
    this.#open.set(id, []);
  }

  end(id: CauseId): readonly Write[] {
    const writes = this.#open.get(id) ?? [];
    this.#open.delete(id);
    return writes;
  }

  note(id: CauseId, write: Write): void {
    const writes = this.#open.get(id);
    if (writes !== undefined && writes.length < WRITES_MAX) writes.push(write);
  }
}

/** `client`, with its successful writes told to `witness`. Dry runs are none. */
export function witnessedClient(
  client: Client,
  informers: Informers,
  witness: WriteWitness,
): Client {
  type Call = {
    readonly kind: Write["kind"];
    readonly key: ObjectKey | undefined;
    readonly context: Context;
    readonly options: { readonly dryRun?: boolean; readonly fieldManager?: string } | undefined;
  };

  const told = async <T extends ApiObject>(
    type: ResourceType<T>,
    { kind, key, context, options }: Call,
    send: () => Promise<T>,
  ): Promise<T> => {
    const view = informers.peek(type);
    const before = key === undefined ? undefined : view?.lister.get(key);
    const isNew = before === undefined && view?.hasSynced() === true; // an apply may create
    const after = await send();
    if (options?.dryRun === true) return after;
    const fieldManager = options?.fieldManager;
    const at = key ?? keyOf(after);
    const write = { type, key: at, before, after, fieldManager };
    witness.note(context.cause.id, { ...write, kind: isNew ? "create" : kind });
    return after;
  };

  return delegatingClient(client, {
    create: (type, object, context, options) =>
      told(type, { kind: "create", key: undefined, context, options }, () =>
        client.create(type, object, context, options),
      ),
    update: (type, object, context, options) =>
      told(type, { kind: "change", key: keyOf(object), context, options }, () =>
        client.update(type, object, context, options),
      ),
    updateStatus: (type, object, context, options) =>
      told(type, { kind: "change", key: keyOf(object), context, options }, () =>
        client.updateStatus(type, object, context, options),
      ),
    patch: (type, key, patch, context, options) =>
      options?.subresource !== undefined && options.subresource !== "status"
        ? client.patch(type, key, patch, context, options) // answered with another view of it
        : told(type, { kind: "change", key, context, options }, () =>
            client.patch(type, key, patch, context, options),
          ),
    delete: async (type, key, context, options) => {
      const before = informers.peek(type)?.lister.get(key);
      const reply = await client.delete(type, key, context, options);
      if (options?.dryRun !== true) {
        const write = { kind: "delete", type, key, before, after: undefined } as const;
        witness.note(context.cause.id, { ...write, fieldManager: undefined });
      }
      return reply;
    },
  });
}
