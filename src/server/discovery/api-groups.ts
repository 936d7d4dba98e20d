/** What is served, in the two forms discovery has: aggregated (v2), and one list a version. */
import { apiVersionOf } from "../../machinery/gvk.ts";
import { compareText } from "../../machinery/key.ts";
import { handlersFor } from "../handlers/routes.ts";
import type { Resource } from "../registry/resource.ts";
import { contentHash } from "./content-hash.ts";

/** Groups in the order clients prefer them; others come after these, by name. */
const GROUP_ORDER: readonly string[] = [
  "",
  "apps",
  "events.k8s.io",
  "authentication.k8s.io",
  "authorization.k8s.io",
  "autoscaling",
  "batch",
  "networking.k8s.io",
  "policy",
  "rbac.authorization.k8s.io",
  "storage.k8s.io",
  "apiextensions.k8s.io",
  "scheduling.k8s.io",
  "coordination.k8s.io",
  "discovery.k8s.io",
];

export type ApiVersion = { readonly version: string; readonly resources: readonly Resource[] };
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

/** Stable before beta before alpha, and newer before older: v2, v1, v2beta1, v1alpha1. */
export function compareVersions(a: string, b: string): number {
  const [left, right] = [versionRank(a), versionRank(b)];
  for (const [index, rank] of left.entries()) {
    const difference = (right[index] ?? 0) - rank;
    if (difference !== 0) return difference;
  }
  return compareText(a, b);
}

function versionRank(version: string): readonly number[] {
  const match = /^v([0-9]{1,9})(?:(alpha|beta)([0-9]{1,9}))?$/.exec(version);
  if (match === null) return [0, 0, 0];
  const [, major = "0", stage, minor = "0"] = match;
  const stability = stage === undefined ? 3 : stage === "beta" ? 2 : 1;
  return [stability, Number(major), Number(minor)];
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
    .sort((a, b) => compareText(a.subresource, b.subresource));
}

function verbsOf(resource: Resource, subresource: string): readonly string[] {
  return Object.keys(handlersFor(resource, subresource) ?? {}).sort(compareText);
}

/** `APIGroupDiscovery` of one group. */
export function aggregatedGroup(group: ApiGroup): object {
  return {
    metadata: group.group === "" ? {} : { name: group.group },
    versions: group.versions.map((version) => ({
      version: version.version,
      resources: version.resources.map(aggregatedResource),
      freshness: "Current",
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

/** Group and version are empty where they are those of the list the entry stands in. */
function responseKind(kind: Omit<Endpoint, "verbs" | "subresource">, resource: Resource): object {
  const isOwn = kind.group === resource.group && kind.version === resource.version;
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
    apiVersion: "v1",
    groupVersion: apiVersionOf({ group, version: version.version }),
    resources: entries,
  };
}

function listedEndpoint(endpoint: Endpoint, resource: Resource): object {
  const { names } = resource.strategy;
  const isMain = endpoint.subresource === "";
  const isForeign = endpoint.group !== resource.group || endpoint.version !== resource.version;
  const name = isMain ? resource.resource : `${resource.resource}/${endpoint.subresource}`;
  const storedAs = `${apiVersionOf(resource)}/${resource.kind}`;
  return {
    name,
    singularName: isMain ? names.singular : "",
    namespaced: resource.isNamespaced,
    ...(isForeign ? { group: endpoint.group, version: endpoint.version } : {}),
    kind: endpoint.kind,
    verbs: endpoint.verbs,
    ...(isMain && names.shortNames.length > 0 ? { shortNames: names.shortNames } : {}),
    ...(isMain && names.categories.length > 0 ? { categories: names.categories } : {}),
    ...(isMain ? { storageVersionHash: btoa(contentHash(storedAs).slice(0, 8)) } : {}),
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
