/** Images of pods are pulled every time, so that who may not pull one cannot run it either. */
import type { Container, Pod } from "../../apis/core/v1/types.generated.ts";
import { type AdmissionPlugin, type Review } from "./admission.ts";

const POLICY = "Always";

/** Off unless it is enabled. */
export function alwaysPullImages(): AdmissionPlugin {
  return {
    name: "AlwaysPullImages",
    mutate: (review) => {
      if (!isAboutImages(review)) return review.object;
      const pod = review.object as Pod;
      const { spec } = pod;
      const always = <T extends Pick<Container, "imagePullPolicy">>(each: T): T => ({
        ...each,
        imagePullPolicy: POLICY,
      });
      const { containers, initContainers, ephemeralContainers } = spec;
      const pulled = {
        containers: containers.map(always),
        ...(initContainers === undefined ? {} : { initContainers: initContainers.map(always) }),
        ...(ephemeralContainers === undefined
          ? {}
          : { ephemeralContainers: ephemeralContainers.map(always) }),
      };
      const next: Pod = { ...pod, spec: { ...spec, ...pulled } };
      return next;
    },
  };
}

/** Of pods that are made or given other containers; their other changes keep what is there. */
function isAboutImages({ verb, resource, subresource, object, old }: Review): boolean {
  if (resource.group !== "" || resource.resource !== "pods") return false;
  if (subresource !== "" && subresource !== "ephemeralcontainers") return false;
  if (verb === "create") return true;
  return verb === "update" && old !== undefined && hasNewImage(object as Pod, old as Pod);
}

function hasNewImage(pod: Pod, old: Pod): boolean {
  const known = new Set(imagesOf(old));
  return imagesOf(pod).some((image) => !known.has(image));
}

function imagesOf({ spec }: Pod): readonly string[] {
  const all = [spec.containers, spec.initContainers ?? [], spec.ephemeralContainers ?? []].flat();
  return all.map(({ image = "" }) => image);
}
