/** A review as the API describes it: what webhooks are sent and expressions call `request`. */
import type { GroupVersionKind, GroupVersionResource } from "../../../machinery/gvk.ts";
import type { Fields } from "../../../machinery/object.ts";
import type { Review } from "../admission.ts";
import type { MatchedReview } from "./matched-review.ts";

const OPTIONS: Readonly<Record<Review["verb"], string>> = {
  create: "CreateOptions",
  update: "UpdateOptions",
  delete: "DeleteOptions",
  connect: "",
};

/** Without the objects and the uid. */
export function admissionRequest(matched: MatchedReview): Fields {
  const { review, resource } = matched;
  const { verb, name, namespace, subresource, user, isDryRun, kind } = review;
  const own = review.resource;
  const part = subresource === "" ? {} : { subResource: subresource };
  const requestPart = subresource === "" ? {} : { requestSubResource: subresource };
  const sentName = isUnnamed(review) ? "" : name;
  // A namespace is seen as being in itself.
  const place = own.group === "" && own.resource === "namespaces" ? sentName : namespace;
  return {
    kind: gvk(matched.kind),
    resource: gvr(resource),
    ...part,
    requestKind: gvk(kind ?? { ...own, kind: own.kind }),
    requestResource: gvr(own),
    ...requestPart,
    ...(sentName === "" ? {} : { name: sentName }),
    ...(place === "" ? {} : { namespace: place }),
    operation: verb.toUpperCase(),
    userInfo: {
      username: user.name,
      ...(user.uid === undefined || user.uid === "" ? {} : { uid: user.uid }),
      groups: user.groups,
      ...(user.extra === undefined ? {} : { extra: user.extra }),
    },
    dryRun: isDryRun,
    options: optionsOf(review),
  };
}

/** A name that is still to be made is none yet. */
function isUnnamed({ verb, run, object }: Review): boolean {
  return verb === "create" && run !== undefined && (object.metadata.generateName ?? "") !== "";
}

function optionsOf({ verb, options, isDryRun }: Review): Fields | null {
  if (verb === "connect") return null;
  const dryRun = isDryRun ? { dryRun: ["All"] } : {};
  return { kind: OPTIONS[verb], apiVersion: "meta.k8s.io/v1", ...dryRun, ...options };
}

function gvk({ group, version, kind }: GroupVersionKind): GroupVersionKind {
  return { group, version, kind };
}

function gvr({ group, version, resource }: GroupVersionResource): GroupVersionResource {
  return { group, version, resource };
}
