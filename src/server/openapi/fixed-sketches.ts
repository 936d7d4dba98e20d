/** Paths that are there besides those of resources: what is served, and by whom. */
import type { ApiGroup } from "../discovery/api-groups.ts";
import type { MetaShape } from "./meta-shapes.ts";
import { operationId, tagOf } from "./operation-names.ts";
import { BUILT_IN_TYPES, type OperationSketch, type Shape } from "./operation-sketch.ts";
import { pathSketch, type PathSketch } from "./path-sketch.ts";
import { groupVersionPath } from "./group-version-path.ts";

/** `/apis/apps/v1/`: what is served of one version. */
export function versionSketch(group: string, version: string): readonly PathSketch[] {
  const path = `/${groupVersionPath(group, version)}/`;
  return discovery(path, "getAPIResources", "get available resources", "APIResourceList");
}

const JSON_TYPES = { produces: ["application/json"], consumes: ["application/json"] };

/** A document by its name, with the paths in it. */
export type FixedDocument = readonly [name: string, paths: readonly PathSketch[]];

/** The documents that no resource is in. Groups of which nothing is built in have none. */
export function fixedDocuments(groups: readonly ApiGroup[]): readonly FixedDocument[] {
  const versions = "get available API versions";
  return [
    ["api", discovery("/api/", "getAPIVersions", versions, "APIVersions")],
    ["apis", discovery("/apis/", "getAPIVersions", versions, "APIGroupList")],
    ...groups.filter(isBuiltIn).map(groupDocument),
    ["version", read("/version/", "getCodeVersion", "Which version this server is.", "Info")],
    [
      ".well-known/openid-configuration",
      read(
        "/.well-known/openid-configuration/",
        "getServiceAccountIssuerOpenIDConfiguration",
        "Who issues the tokens of service accounts.",
        "text",
        { ...JSON_TYPES, consumes: [] },
      ),
    ],
    [
      "openid/v1/jwks",
      read(
        "/openid/v1/jwks/",
        "getServiceAccountIssuerOpenIDKeyset",
        "Public keys with which tokens of service accounts are verified.",
        "text",
        { produces: ["application/jwk-set+json"], consumes: [] },
      ),
    ],
  ];
}

function isBuiltIn({ group, versions }: ApiGroup): boolean {
  const all = versions.flatMap(({ resources }) => resources);
  return group !== "" && all.some(({ custom }) => custom === undefined);
}

function groupDocument({ group }: ApiGroup): FixedDocument {
  const name = `apis/${group}`;
  return [name, discovery(`/${name}/`, "getAPIGroup", "get information of a group", "APIGroup")];
}

function discovery(
  path: string,
  name: string,
  description: string,
  shape: MetaShape,
): readonly PathSketch[] {
  const types = { produces: BUILT_IN_TYPES, consumes: BUILT_IN_TYPES };
  return read(path, operationId(name, path), description, shape, types);
}

function read(
  path: string,
  id: string,
  description: string,
  shape: Shape,
  types: Pick<OperationSketch, "produces" | "consumes"> = JSON_TYPES,
): readonly PathSketch[] {
  const tag = tagOf(path);
  const answers = [["200", shape]] as const;
  return pathSketch(path, [
    { method: "get", id, tag, description, parameters: [], answers, ...types },
  ]);
}
