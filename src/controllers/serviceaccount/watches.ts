/** What wakes a namespace here: itself, and a change of the one object it is to be given. */
import { Namespace } from "../../client/builtin.ts";
import type { ResourceType } from "../../client/resource-type.ts";
import type { Source } from "../../controller-runtime/sources/source.ts";
import { ownSource, watchSource } from "../../controller-runtime/sources/sources.ts";
import type { Informers } from "../../informer/informers.ts";
import type { ApiObject } from "../../machinery/object.ts";

/** `name`: of the object of this kind in each namespace. */
export function givenSources<T extends ApiObject>(
  informers: Informers,
  type: ResourceType<T>,
  name: string,
): readonly Source[] {
  return [
    ownSource(informers.for(Namespace)),
    watchSource(
      informers.for(type),
      ({ metadata }) =>
        metadata.name === name ? [{ namespace: "", name: metadata.namespace ?? "" }] : [],
      { name: `${type.resource} ${name}` },
    ),
  ];
}
