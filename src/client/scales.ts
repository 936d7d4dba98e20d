/** Asks any object that can be scaled how many replicas it is to have. */
import type { Context } from "../base/context.ts";
import { apiVersionOf, groupResource } from "../machinery/gvk.ts";
import { isFields, own, type OwnerReference, type Uid } from "../machinery/object.ts";
import { isStatus } from "../machinery/status.ts";
import { objectPath } from "./resource-path.ts";
import type { ResourceType } from "./resource-type.ts";
import { objectOf } from "./response.ts";
import type { RestClient } from "./rest-client.ts";
import type { ServedKinds } from "./served-kinds.ts";

/**
 * The replicas an owner wants; undefined if there is no such owner. Throws when its kind is not
 * served, or cannot be scaled.
 */
export type ReadScale = (
  owner: OwnerReference,
  namespace: string,
  context: Context,
) => Promise<{ readonly uid: Uid; readonly replicas: number } | undefined>;

/** The owner's kind cannot be asked for replicas; the message is for people. */
export class NoScaleError extends Error {
  override readonly name = "NoScaleError";
}

export function scaleReader(deps: {
  readonly client: Pick<RestClient, "request">;
  readonly served: Pick<ServedKinds, "resources">;
}): ReadScale {
  const { client, served } = deps;
  const read = async (
    path: string,
    context: Context,
  ): Promise<ReturnType<typeof objectOf> | undefined> => {
    try {
      return objectOf(await client.request({ path }, context));
    } catch (error) {
      if (isStatus(error, "NotFound")) return undefined;
      throw error;
    }
  };
  return async (owner, namespace, context) => {
    const type = typeOf(owner, served);
    const key = { namespace: type.isNamespaced ? namespace : "", name: owner.name };
    const scale = await read(objectPath(type, key, "scale"), context);
    if (scale === undefined) {
      if ((await read(objectPath(type, key), context)) === undefined) return undefined;
      throw new NoScaleError(`${groupResource(type)} does not implement the scale subresource`);
    }
    const { uid } = scale.metadata;
    return uid === owner.uid ? { uid, replicas: replicasOf(scale) } : undefined;
  };
}

function typeOf(
  { apiVersion, kind }: OwnerReference,
  { resources }: Pick<ServedKinds, "resources">,
): ResourceType {
  const found = resources.find(
    ({ type }) => type.kind === kind && apiVersionOf(type) === apiVersion,
  );
  if (found !== undefined) return found.type;
  throw new NoScaleError(`no matches for kind ${JSON.stringify(kind)} in version "${apiVersion}"`);
}

function replicasOf(scale: object): number {
  const spec: unknown = own({ ...scale }, "spec");
  const replicas = isFields(spec) ? own(spec, "replicas") : undefined;
  return typeof replicas === "number" ? replicas : 0;
}
