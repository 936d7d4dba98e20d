/** Claims and ingresses that name no class get the one that is marked as the default. */
import type { PersistentVolumeClaim } from "../../apis/core/v1/types.generated.ts";
import type { Ingress, IngressClass } from "../../apis/networking/v1/types.generated.ts";
import type { StorageClass } from "../../apis/storage/v1/types.generated.ts";
import { compareText } from "../../machinery/key.ts";
import type { ApiObject } from "../../machinery/object.ts";
import { isAbout, type AdmissionPlugin } from "./admission.ts";
import type { ClusterReader, KindOf } from "./cluster-reader.ts";

export const STORAGE_CLASSES: KindOf<StorageClass> = {
  group: "storage.k8s.io",
  version: "v1",
  resource: "storageclasses",
};
const INGRESS_CLASSES: KindOf<IngressClass> = {
  group: "networking.k8s.io",
  version: "v1",
  resource: "ingressclasses",
};
const IS_DEFAULT_STORAGE: readonly string[] = [
  "storageclass.kubernetes.io/is-default-class",
  "storageclass.beta.kubernetes.io/is-default-class",
];
const IS_DEFAULT_INGRESS: readonly string[] = ["ingressclass.kubernetes.io/is-default-class"];
/** Older ways to name a class. */
const STORAGE_CLASS_ANNOTATION = "volume.beta.kubernetes.io/storage-class";
const INGRESS_CLASS_ANNOTATION = "kubernetes.io/ingress.class";

export function defaultStorageClass(reader: ClusterReader): AdmissionPlugin {
  return {
    name: "DefaultStorageClass",
    concerns: (review) => review.verb === "create" && isAbout(review, "", "persistentvolumeclaims"),
    mutate: async (review, context) => {
      const claim = review.object as PersistentVolumeClaim;
      const isNamed =
        claim.spec.storageClassName !== undefined || isAnnotated(claim, STORAGE_CLASS_ANNOTATION);
      if (isNamed) return claim;
      const all = await reader.list(STORAGE_CLASSES, "", context);
      const name = newestDefault(all, IS_DEFAULT_STORAGE);
      return name === undefined
        ? claim
        : { ...claim, spec: { ...claim.spec, storageClassName: name } };
    },
  };
}

export function defaultIngressClass(reader: ClusterReader): AdmissionPlugin {
  return {
    name: "DefaultIngressClass",
    concerns: (review) =>
      review.verb === "create" && isAbout(review, "networking.k8s.io", "ingresses"),
    mutate: async (review, context) => {
      const ingress = review.object as Ingress;
      const isNamed =
        ingress.spec?.ingressClassName !== undefined ||
        isAnnotated(ingress, INGRESS_CLASS_ANNOTATION);
      if (isNamed) return ingress;
      const all = await reader.list(INGRESS_CLASSES, "", context);
      const name = newestDefault(all, IS_DEFAULT_INGRESS);
      return name === undefined
        ? ingress
        : { ...ingress, spec: { ...ingress.spec, ingressClassName: name } };
    },
  };
}

/** Of several, the one made last; of those made at once, the first by name. */
function newestDefault(
  classes: readonly ApiObject[],
  annotations: readonly string[],
): string | undefined {
  const marked = classes.filter(({ metadata }) =>
    annotations.some(
      (key) =>
        Object.hasOwn(metadata.annotations ?? {}, key) && metadata.annotations?.[key] === "true",
    ),
  );
  const [newest] = marked.toSorted(
    ({ metadata: a }, { metadata: b }) =>
      compareText(b.creationTimestamp ?? "", a.creationTimestamp ?? "") ||
      compareText(a.name ?? "", b.name ?? ""),
  );
  return newest?.metadata.name;
}

function isAnnotated({ metadata }: ApiObject, key: string): boolean {
  return Object.hasOwn(metadata.annotations ?? {}, key);
}
