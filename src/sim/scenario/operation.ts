/** What people do in a run: a list of steps that can be left out one by one. */
import type { Context } from "../../base/context.ts";
import type { Client, DeleteOptions } from "../../client/client.ts";
import type { DefinedResource } from "../../client/resource/define-resource.ts";
import type { ResourceType } from "../../client/resource-type.ts";
import type { Intent } from "../../controller-runtime/declared/intent.ts";
import { apiVersionOf } from "../../machinery/gvk.ts";
import { keyOf, type ObjectKey } from "../../machinery/key.ts";
import type { ApiObject } from "../../machinery/object.ts";

/** @public One thing that a person does. */
export type Operation = {
  /** For names of decisions and stories: `create Site web`. Unique in its scenario. */
  readonly name: string;
  /** What its name does not say, for stories (default: nothing). */
  readonly detail?: string;
  /** May throw: what is refused while faults strike is told in the story, and the run goes on. */
  readonly run: (client: Client, context: Context) => Promise<void>;
  /**
   * Whether it may be refused in a run without faults as well, as one that a webhook is to say no
   * to (default false: the simulation rejects with `OperationRefusedError`).
   */
  readonly mayBeRefused?: boolean;
  /** The kind it installs, whose versions are then converted (default: none). */
  readonly installs?: DefinedResource;
};

/** Creates it; without a namespace: in `default`. */
export function create<T extends ApiObject>(type: ResourceType<T>, object: Intent<T>): Operation {
  named("create", type, object);
  return {
    name: `create ${type.kind} ${object.metadata.name ?? ""}`,
    run: async (client, context) => {
      await client.create<ApiObject>(type, whole(type, object), context);
    },
  };
}

/** Applies it, server-side, as `kubectl apply` does; what others own of it is taken over. */
export function apply<T extends ApiObject>(type: ResourceType<T>, object: Intent<T>): Operation {
  named("apply", type, object);
  const applied = whole(type, object);
  const patch = { kind: "apply", object: applied, isForced: true } as const;
  return {
    name: `apply ${type.kind} ${object.metadata.name ?? ""}`,
    run: async (client, context) => {
      await client.patch(type, keyOf(applied), patch, context);
    },
  };
}

/** Merges fields into it: `change(Site, "web", { spec: { replicas: 3 } })`. */
export function change(
  type: ResourceType,
  name: string | ObjectKey,
  fields: object,
  options: { readonly subresource?: "status" } = {},
): Operation {
  const key = keyIn(type, name);
  return {
    name: `change ${type.kind} ${key.name} to ${JSON.stringify(fields)}`,
    run: async (client, context) => {
      await client.patch(type, key, { kind: "merge", patch: fields }, context, options);
    },
  };
}

/** Deletes it. */
export function remove(
  type: ResourceType,
  name: string | ObjectKey,
  options: DeleteOptions = {},
): Operation {
  const key = keyIn(type, name);
  return {
    name: `delete ${type.kind} ${key.name}`,
    run: async (client, context) => {
      await client.delete(type, key, context, options);
    },
  };
}

/** Throws `TypeError` for an object without a name. */
function named(verb: string, { kind }: ResourceType, { metadata }: Intent<ApiObject>): void {
  const { name }: { readonly name?: unknown } = metadata;
  if (typeof name === "string" && name !== "") return;
  throw new TypeError(`${verb} ${kind}: metadata.name is needed: a tape knows it by its name`);
}

function keyIn({ isNamespaced }: ResourceType, name: string | ObjectKey): ObjectKey {
  if (typeof name !== "string") return name;
  return { namespace: isNamespaced ? "default" : "", name };
}

function whole<T extends ApiObject>(type: ResourceType<T>, object: Intent<T>): ApiObject {
  const { kind, isNamespaced } = type;
  const { namespace = "default" } = object.metadata;
  const metadata = isNamespaced ? { ...object.metadata, namespace } : object.metadata;
  return Object.assign({}, object, { apiVersion: apiVersionOf(type), kind, metadata });
}
