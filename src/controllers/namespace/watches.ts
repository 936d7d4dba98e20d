/** What wakes a namespace: itself, and what goes from it while it ends. */
import { Namespace } from "../../client/builtin.ts";
import type { ResourceType } from "../../client/resource-type.ts";
import type { Source } from "../../controller-runtime/source.ts";
import { ownSource, watchSource } from "../../controller-runtime/sources.ts";
import type { Informers } from "../../informer/informers.ts";
import type { ObjectKey } from "../../machinery/key.ts";
import { isTerminating, type ApiObject } from "../../machinery/object.ts";

export function namespaceSources(
  informers: Informers,
  types: readonly ResourceType[],
): readonly Source[] {
  const namespaces = informers.for(Namespace);
  const terminating = ({ metadata }: ApiObject): readonly ObjectKey[] => {
    const key = { namespace: "", name: metadata.namespace ?? "" };
    const namespace = namespaces.lister.get(key);
    return namespace !== undefined && isTerminating(namespace) ? [key] : [];
  };
  // Events come in masses and hold nothing up: not worth a view of their own.
  const contents = types
    .filter(({ kind }) => kind !== "Event")
    .map((type) =>
      watchSource(informers.for(type), terminating, {
        name: `${type.resource} that go`,
        predicate: ({ kind }) => kind === "delete",
      }),
    );
  return [ownSource(namespaces), ...contents];
}
