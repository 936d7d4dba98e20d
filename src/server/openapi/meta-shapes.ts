/** Shapes that belong to no resource: what is answered besides objects, and what is sent. */
import { scaleSchema } from "../../apis/autoscaling/v1/schema.generated.ts";
import { deleteOptionsSchema } from "../../apis/meta/v1/schema.generated.ts";
import { anyObject, flag, int32, int64, listOf, object, text } from "../../apis/schema-terms.ts";
import type { StructuralSchema } from "../../schema/structural-schema.ts";

const typeMeta = { apiVersion: text, kind: text };

const shardInfo = object({ selector: text }, { typeName: "ShardInfo", required: ["selector"] });

export const listMetaSchema: StructuralSchema = object(
  {
    continue: text,
    remainingItemCount: int64,
    resourceVersion: text,
    selfLink: text,
    shardInfo,
  },
  { typeName: "ListMeta" },
);

const statusCause = object(
  { field: text, message: text, reason: text },
  { typeName: "StatusCause" },
);

const statusDetails = object(
  {
    causes: listOf(statusCause),
    group: text,
    kind: text,
    name: text,
    retryAfterSeconds: int32,
    uid: text,
  },
  { typeName: "StatusDetails" },
);

const status = object(
  {
    ...typeMeta,
    code: int32,
    details: statusDetails,
    message: text,
    metadata: listMetaSchema,
    reason: text,
    status: text,
  },
  { typeName: "Status", writtenWhenEmpty: ["metadata"] },
);

/** An object of any kind. */
export const rawExtensionSchema: StructuralSchema = { ...anyObject, typeName: "RawExtension" };

const watchEvent = object(
  { object: rawExtensionSchema, type: text },
  { typeName: "WatchEvent", required: ["type", "object"] },
);

const patch: StructuralSchema = { ...anyObject, typeName: "Patch" };

const serverAddress = object(
  { clientCIDR: text, serverAddress: text },
  { typeName: "ServerAddressByClientCIDR", required: ["clientCIDR", "serverAddress"] },
);

const apiVersions = object(
  { ...typeMeta, serverAddressByClientCIDRs: listOf(serverAddress), versions: listOf(text) },
  { typeName: "APIVersions", required: ["versions", "serverAddressByClientCIDRs"] },
);

const groupVersion = object(
  { groupVersion: text, version: text },
  { typeName: "GroupVersionForDiscovery", required: ["groupVersion", "version"] },
);

const apiGroup = object(
  {
    ...typeMeta,
    name: text,
    preferredVersion: groupVersion,
    serverAddressByClientCIDRs: listOf(serverAddress),
    versions: listOf(groupVersion),
  },
  {
    typeName: "APIGroup",
    required: ["name", "versions"],
    writtenWhenEmpty: ["preferredVersion"],
  },
);

const apiGroupList = object(
  { ...typeMeta, groups: listOf(apiGroup) },
  { typeName: "APIGroupList", required: ["groups"] },
);

const apiResource = object(
  {
    categories: listOf(text),
    group: text,
    kind: text,
    name: text,
    namespaced: flag,
    shortNames: listOf(text),
    singularName: text,
    storageVersionHash: text,
    verbs: { type: "array", items: text },
    version: text,
  },
  {
    typeName: "APIResource",
    required: ["name", "singularName", "namespaced", "kind", "verbs"],
  },
);

const apiResourceList = object(
  { ...typeMeta, groupVersion: text, resources: listOf(apiResource) },
  { typeName: "APIResourceList", required: ["groupVersion", "resources"] },
);

const versionInfo = object(
  {
    buildDate: text,
    compiler: text,
    emulationMajor: text,
    emulationMinor: text,
    gitCommit: text,
    gitTreeState: text,
    gitVersion: text,
    goVersion: text,
    major: text,
    minCompatibilityMajor: text,
    minCompatibilityMinor: text,
    minor: text,
    platform: text,
  },
  {
    typeName: "Info",
    required: [
      "major",
      "minor",
      "gitVersion",
      "gitCommit",
      "gitTreeState",
      "buildDate",
      "goVersion",
      "compiler",
      "platform",
    ],
  },
);

/** Shapes that operations refer to by name. */
export type MetaShape =
  | "APIGroup"
  | "APIGroupList"
  | "APIResourceList"
  | "APIVersions"
  | "DeleteOptions"
  | "Info"
  | "Patch"
  | "Scale"
  | "Status"
  | "WatchEvent";

export const META_SHAPES: Readonly<Record<MetaShape, StructuralSchema>> = {
  APIGroup: apiGroup,
  APIGroupList: apiGroupList,
  APIResourceList: apiResourceList,
  APIVersions: apiVersions,
  DeleteOptions: deleteOptionsSchema,
  Info: versionInfo,
  Patch: patch,
  Scale: scaleSchema,
  Status: status,
  WatchEvent: watchEvent,
};

const META = "io.k8s.apimachinery.pkg.apis.meta.v1";

/** All shapes here by the names under which they are published. */
export const metaShapeNames: ReadonlyMap<string, StructuralSchema> = new Map([
  ...[
    listMetaSchema,
    shardInfo,
    status,
    statusDetails,
    statusCause,
    watchEvent,
    patch,
    serverAddress,
    apiVersions,
    groupVersion,
    apiGroup,
    apiGroupList,
    apiResource,
    apiResourceList,
  ].map((schema) => [`${META}.${schema.typeName ?? ""}`, schema] as const),
  ["io.k8s.apimachinery.pkg.runtime.RawExtension", rawExtensionSchema],
  ["io.k8s.apimachinery.pkg.version.Info", versionInfo],
]);

/** Those that are kinds, though never stored: they say so. */
export const META_KINDS: readonly string[] = [
  "APIGroup",
  "APIGroupList",
  "APIResourceList",
  "APIVersions",
  "DeleteOptions",
  "Status",
  "WatchEvent",
];
