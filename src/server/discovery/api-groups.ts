/** What is served, in the two forms discovery has: aggregated (v2), and one list a version. */
import { apiVersionOf } from "../../machinery/gvk.ts";
import { compareText } from "../../machinery/key.ts";
import type { Fields } from "../../machinery/object.ts";
import { handlersFor } from "../handlers/routes.ts";
import type { Resource } from "../registry/resource.ts";
import { storageVersionHash } from "./storage-version-hash.ts";
import { compareVersions } from "./version-order.ts";

/** Groups in the order clients prefer them; others come after these, by name. */
const GROUP_ORDER: readonly string[] = [
  "",
  "apiregistration.k8s.io",
  "apps",
  "events.k8s.io",
  "authentication.k8s.io",
  "authorization.k8s.io",
  "autoscaling",
  "batch",
  "certificates.k8s.io",
  "networking.k8s.io",
  "policy",
  "rbac.authorization.k8s.io",
  "storage.k8s.io",
  "admissionregistration.k8s.io",
  "apiextensions.k8s.io",
  "scheduling.k8s.io",
  "coordination.k8s.io",
  "node.k8s.io",
  "discovery.k8s.io",
  "resource.k8s.io",
  "flowcontrol.apiserver.k8s.io",
  "internal.apiserver.k8s.io",
  "storagemigration.k8s.io",
];

export type ApiVersion = {
  readonly version: string;
  readonly resources: readonly Resource[];
  /** Where another server answers: what it says it serves. */
  readonly remote?: { readonly entries: readonly Fields[]; readonly isStale: boolean };
};
export type ApiGroup = { readonly group: string; readonly versions: readonly ApiVersion[] };

/** All groups with their versions, most preferred first. */
export function apiGroups(resources: readonly Resource[]): readonly ApiGroup[] {
  const groups = [...new Set(resources.map((each) => each.group))].sort(
    (a, b) => groupRank(a) - groupRank(b) || compareText(a, b),
  );
  return groups.map((group) => ({ group, versions: versionsOf(group, resources) }));
}

function versionsOf(group: string, resources: readonly Resource[]): readonly ApiVersion[] {
  const own = resources.filter((each) => each.group === group);
  const versions = [...new Set(own.map((each) => each.version))].sort(compareVersions);
  return versions.map((version) => ({
    version,
    resources: own.filter((each) => each.version === version),
  }));
}

function groupRank(group: string): number {
  const index = GROUP_ORDER.indexOf(group);
  return index < 0 ? GROUP_ORDER.length : index;
}

/** One endpoint of a resource, as clients learn of it. */
export type Endpoint = {
  /** "" for the main one. */
  readonly subresource: string;
  readonly group: string;
  readonly version: string;
  readonly kind: string;
  readonly verbs: readonly string[];
};

/** The endpoints that are really answered, main first, then by name. */
export function endpointsOf(resource: Resource): readonly Endpoint[] {
  const { strategy, group, version, kind } = resource;
  const isCustom = resource.custom !== undefined; // upstream lists their scale last
  const own = { group, version, kind };
  const listed: readonly Omit<Endpoint, "verbs">[] = [
    { subresource: "", ...own },
    { subresource: "status", ...own },
    { subresource: "scale", group: "autoscaling", version: "v1", kind: "Scale" },
    ...(strategy.otherSubresources ?? []).map((other) => ({
      subresource: other.name,
      group: other.group,
      version: other.version,
      kind: other.kind,
    })),
  ];
  return listed
    .map((endpoint) => ({ ...endpoint, verbs: verbsOf(resource, endpoint.subresource) }))
    .filter((endpoint) => endpoint.verbs.length > 0)
    .sort((a, b) => (isCustom ? 0 : compareText(a.subresource, b.subresource)));
}

/** The verbs of a custom resource, in the order in which upstream lists them. */
const CUSTOM_VERBS: readonly string[] = [
  "delete",
  "deletecollection",
  "get",
  "list",
  "patch",
  "create",
  "update",
  "watch",
];
/** What is left of them while their definition is deleted. */
const TERMINATING_VERBS: readonly string[] = ["delete", "deletecollection", "get", "list", "watch"];

function verbsOf(resource: Resource, subresource: string): readonly string[] {
  const { custom, strategy } = resource;
  if (custom !== undefined && subresource === "") {
    return custom.isTerminating() ? TERMINATING_VERBS : CUSTOM_VERBS;
  }
  const verbs = Object.keys(handlersFor(resource, subresource) ?? {}).sort(compareText);
  const few = subresource === "" ? strategy.verbs : undefined;
  return few === undefined ? verbs : verbs.filter((verb) => few.includes(verb));
}

/** `APIGroupDiscovery` of one group. */
export function aggregatedGroup(group: ApiGroup): object {
  return {
    metadata: group.group === "" ? {} : { name: group.group },
    versions: group.versions.map((version) => ({
      version: version.version,
      resources: version.remote?.entries ?? version.resources.map(aggregatedResource),
      freshness: version.remote?.isStale === true ? "Stale" : "Current",
    })),
  };
}

function aggregatedResource(resource: Resource): object {
  const { names } = resource.strategy;
  const [main, ...others] = endpointsOf(resource);
  return {
    resource: resource.resource,
    responseKind: responseKind(resource, resource),
    scope: resource.isNamespaced ? "Namespaced" : "Cluster",
    singularResource: names.singular,
    verbs: main?.verbs ?? [],
    ...(names.shortNames.length === 0 ? {} : { shortNames: names.shortNames }),
    ...(names.categories.length === 0 ? {} : { categories: names.categories }),
    ...(others.length === 0
      ? {}
      : {
          subresources: others.map((endpoint) => ({
            subresource: endpoint.subresource,
            responseKind: responseKind(endpoint, resource),
            verbs: endpoint.verbs,
          })),
        }),
  };
}

/** Built-in kinds leave out group and version where they are those of the list they stand in. */
function responseKind(kind: Omit<Endpoint, "verbs" | "subresource">, resource: Resource): object {
  const isOwn =
    resource.custom === undefined &&
    kind.group === resource.group &&
    kind.version === resource.version;
  if (isOwn) return { group: "", version: "", kind: kind.kind };
  return { group: kind.group, version: kind.version, kind: kind.kind };
}

/** `APIResourceList` of one version: every endpoint is an entry. */
export function resourceList(group: string, version: ApiVersion): object {
  const entries = version.resources.flatMap((resource) =>
    endpointsOf(resource).map((endpoint) => listedEndpoint(endpoint, resource)),
  );
  return {
    kind: "APIResourceList",
    ...(group === "" ? {} : { apiVersion: "v1" }), // the oldest group never said so
    groupVersion: apiVersionOf({ group, version: version.version }),
    resources: entries,
  };
}

function listedEndpoint(endpoint: Endpoint, resource: Resource): object {
  const { names } = resource.strategy;
  const isMain = endpoint.subresource === "";
  const isForeign = endpoint.group !== resource.group || endpoint.version !== resource.version;
  const name = isMain ? resource.resource : `${resource.resource}/${endpoint.subresource}`;
  const isStored = isMain && endpoint.verbs.includes("watch");
  return {
    name,
    singularName: isMain ? names.singular : "",
    namespaced: resource.isNamespaced,
    ...(isForeign ? { group: endpoint.group, version: endpoint.version } : {}),
    kind: endpoint.kind,
    verbs: endpoint.verbs,
    ...(isMain && names.shortNames.length > 0 ? { shortNames: names.shortNames } : {}),
    ...(isMain && names.categories.length > 0 ? { categories: names.categories } : {}),
    ...(isStored ? { storageVersionHash: storageVersionHash(resource.storedForm) } : {}),
  };
}

/** `APIGroup`. */
export function groupObject(group: ApiGroup): object {
  const versions = group.versions.map(({ version }) => ({
    groupVersion: apiVersionOf({ group: group.group, version }),
    version,
  }));
  return {
    name: group.group,
    versions,
    preferredVersion: versions[0],
  };
}
