/** Containers that are added to a pod that runs: an endpoint of its own, which only ever adds. */
import { equalValues } from "../../../machinery/json-value.ts";
import type { FieldError } from "../../../machinery/status.ts";
import { forbidden } from "../../field-errors.ts";
import { structDiff } from "../../go-struct.ts";
import { keepMetadata } from "../../ordinary.ts";
import type { SubresourceStrategy } from "../../strategy.ts";
import { ephemeralContainerStruct } from "./go-structs.ts";
import { MIRROR_ANNOTATION } from "./pod-annotation-validation.ts";

import { podSpecErrors } from "./pod-spec-validation.ts";
import type { Pod } from "./types.generated.ts";

const FIELD = "spec.ephemeralContainers";

export const ephemeralContainersEndpoint: SubresourceStrategy<Pod> = {
  prepareForUpdate: (next, old) => {
    const { ephemeralContainers: _old, ...spec } = old.spec;
    const { ephemeralContainers } = next.spec;
    return {
      ...old,
      metadata: keepMetadata(next.metadata, old.metadata),
      spec: { ...spec, ...(ephemeralContainers === undefined ? {} : { ephemeralContainers }) },
    };
  },
  validateUpdate: (next, old) => [
    ...podSpecErrors("spec", next.spec, [], next.metadata.name ?? ""),
    ...ephemeralContainerChangeErrors(next, old),
  ],
  isCounted: true,
};

/** They stay as they are once they are there. */
function ephemeralContainerChangeErrors(next: Pod, old: Pod): readonly FieldError[] {
  if (Object.hasOwn(old.metadata.annotations ?? {}, MIRROR_ANNOTATION)) {
    return [forbidden("[]", "static pods do not support ephemeral containers")];
  }
  const after = new Map((next.spec.ephemeralContainers ?? []).map((each) => [each.name, each]));
  return (old.spec.ephemeralContainers ?? []).flatMap((container) => {
    const same = after.get(container.name);
    const name = `existing ephemeral containers ${JSON.stringify(container.name)}`;
    if (same === undefined) return [forbidden(FIELD, `${name} may not be removed\n`)];
    if (equalValues(same, container)) return [];
    const changes = structDiff(container, same, ephemeralContainerStruct);
    return [forbidden(FIELD, `${name} may not be changed\n${changes}`)];
  });
}
