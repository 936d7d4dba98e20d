/** A client that tells a recorder what is asked of the server, and what was written. */
import type { Context } from "../../base/context.ts";
import type { Client } from "../../client/client.ts";
import type { ResourceType } from "../../client/resource-type.ts";
import { delegatingClient } from "../../client/wrappers/delegating-client.ts";
import type { Informers } from "../../informer/informers.ts";
import { apiVersionOf } from "../../machinery/gvk.ts";
import { keyOf, type ObjectKey } from "../../machinery/key.ts";
import { isApiObject, type ApiObject } from "../../machinery/object.ts";
import { isStatus } from "../../machinery/status.ts";
import type { WriteRecord } from "../../trace/reconcile-record.ts";
import { revisionOf } from "./recorded-informers.ts";
import type { TurnRecorder } from "./turn-recorder.ts";

type Write = {
  readonly verb: string;
  readonly type: ResourceType;
  readonly key: ObjectKey;
  readonly context: Context;
  readonly options: { readonly dryRun?: boolean } | undefined;
};

/** `client`, the same but for that. `informers`: where it shows its own writes. */
export function recordedClient(
  client: Client,
  informers: Informers,
  recorder: TurnRecorder,
): Client {
  const reads = recordedReads(client, recorder);
  return delegatingClient(client, { ...reads, ...recordedWrites(client, informers, recorder) });
}

function recordedReads(client: Client, recorder: TurnRecorder): Pick<Client, "get" | "list"> {
  return {
    get: async (type, key, context) => {
      try {
        const found = await client.get(type, key, context);
        recorder.of(context.cause.id)?.readObject(type, key, revisionOf(found));
        return found;
      } catch (error) {
        const isNone = isStatus(error, "NotFound");
        if (isNone) recorder.of(context.cause.id)?.readObject(type, key, 0);
        throw error;
      }
    },
    list: async (type, options, context) => {
      const found = await client.list(type, options, context);
      const { namespace, labelSelector, fieldSelector } = options;
      const place = namespace === undefined ? undefined : `namespace ${namespace}`;
      const parts = [place, labelSelector, fieldSelector, "asked of the server"];
      recorder.of(context.cause.id)?.readList(type, {
        selector: parts.filter((part) => part !== undefined).join(", "),
        count: found.items.length,
        revision: Number(found.metadata.resourceVersion ?? "0") || 0,
      });
      return found;
    },
  };
}

type Writes =
  | "create"
  | "update"
  | "updateStatus"
  | "patch"
  | "delete"
  | "createSubresource"
  | "updateSubresource";

function recordedWrites(
  client: Client,
  informers: Informers,
  recorder: TurnRecorder,
): Pick<Client, Writes> {
  const written = async <R>(write: Write, send: () => Promise<R>): Promise<R> => {
    const { type, key } = write;
    const before = informers.peek(type)?.lister.get(key);
    const reply = await send();
    if (write.options?.dryRun !== true) {
      recorder.of(write.context.cause.id)?.wrote(writeRecord(write, before, reply));
    }
    return reply;
  };
  return {
    create: (type, object, context, options) => {
      const { namespace = "", name = "" } = object.metadata;
      const write = { verb: "create", type, key: { namespace, name }, context, options };
      return written(write, () => client.create(type, object, context, options));
    },
    update: (type, object, context, options) =>
      written({ verb: "update", type, key: keyOf(object), context, options }, () =>
        client.update(type, object, context, options),
      ),
    updateStatus: (type, object, context, options) =>
      written({ verb: "update/status", type, key: keyOf(object), context, options }, () =>
        client.updateStatus(type, object, context, options),
      ),
    patch: (type, key, patch, context, options) => {
      const verb = options?.subresource === undefined ? "patch" : `patch/${options.subresource}`;
      return written({ verb, type, key, context, options }, () =>
        client.patch(type, key, patch, context, options),
      );
    },
    delete: (type, key, context, options) =>
      written({ verb: "delete", type, key, context, options }, () =>
        client.delete(type, key, context, options),
      ),
    createSubresource: (type, key, subresource, body, context, options) =>
      written({ verb: `create/${subresource}`, type, key, context, options }, () =>
        client.createSubresource(type, key, subresource, body, context, options),
      ),
    updateSubresource: (type, key, subresource, body, context, options) =>
      written({ verb: `update/${subresource}`, type, key, context, options }, () =>
        client.updateSubresource(type, key, subresource, body, context, options),
      ),
  };
}

/** A reply at the revision that was there before says that there was nothing to change. */
function writeRecord(
  { verb, type, key }: Write,
  before: ApiObject | undefined,
  reply: unknown,
): WriteRecord {
  const after = isApiObject(reply) ? reply : undefined;
  const revision = revisionOf(after);
  const isWithoutEffect = revision !== 0 && revision === revisionOf(before);
  const { namespace, name } = after?.metadata.name === undefined ? key : keyOf(after);
  const object = { apiVersion: apiVersionOf(type), kind: type.kind, namespace, name };
  return { verb, object, revision, isWithoutEffect };
}
