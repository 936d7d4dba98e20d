/**
 * The kinds that have a protobuf form: the built-in ones, and a few that say something about
 * others. A custom resource has none, but its metadata does.
 */
import { parseApiVersion } from "../../machinery/gvk.ts";
import type { ApiObject } from "../../machinery/object.ts";
import { schemaNamed } from "../openapi/schema-names.ts";
import { shapeOf, type MessageShape } from "./message-shape.ts";
import { DISCOVERY_SHAPES, METADATA_SHAPE, STATUS_SHAPE } from "./meta-shapes.ts";

/** Where the types of a group are published. */
const PACKAGES: Readonly<Record<string, string>> = {
  "": "io.k8s.api.core",
  "admissionregistration.k8s.io": "io.k8s.api.admissionregistration",
  "apiextensions.k8s.io": "io.k8s.apiextensions-apiserver.pkg.apis.apiextensions",
  "apiregistration.k8s.io": "io.k8s.kube-aggregator.pkg.apis.apiregistration",
  apps: "io.k8s.api.apps",
  "authentication.k8s.io": "io.k8s.api.authentication",
  "authorization.k8s.io": "io.k8s.api.authorization",
  autoscaling: "io.k8s.api.autoscaling",
  batch: "io.k8s.api.batch",
  "certificates.k8s.io": "io.k8s.api.certificates",
  "coordination.k8s.io": "io.k8s.api.coordination",
  "discovery.k8s.io": "io.k8s.api.discovery",
  "events.k8s.io": "io.k8s.api.events",
  "flowcontrol.apiserver.k8s.io": "io.k8s.api.flowcontrol",
  "networking.k8s.io": "io.k8s.api.networking",
  "node.k8s.io": "io.k8s.api.node",
  policy: "io.k8s.api.policy",
  "rbac.authorization.k8s.io": "io.k8s.api.rbac",
  "resource.k8s.io": "io.k8s.api.resource",
  "scheduling.k8s.io": "io.k8s.api.scheduling",
  "storage.k8s.io": "io.k8s.api.storage",
};

/** The message of a kind; undefined if it has none. */
export function shapeOfKind(apiVersion: string, kind: string): MessageShape | undefined {
  if (kind === "Status" && apiVersion === "v1") return STATUS_SHAPE;
  if (apiVersion === "v1" || apiVersion === "") {
    const discovered = DISCOVERY_SHAPES.get(kind);
    if (discovered !== undefined) return discovered;
  }
  const isMeta = apiVersion === "meta.k8s.io/v1" || apiVersion === "meta.k8s.io/v1beta1";
  if (isMeta) return kind === "PartialObjectMetadata" ? METADATA_SHAPE : undefined;
  const schema = schemaNamed(publishedName(apiVersion, kind) ?? "");
  return schema === undefined ? undefined : shapeOf(schema);
}

/** `io.k8s.api.core.v1.Pod`; undefined for a kind of another group than ours. */
export function publishedName(apiVersion: string, kind: string): string | undefined {
  const { group, version } = parseApiVersion(apiVersion) ?? { group: "?", version: "" };
  const name = Object.hasOwn(PACKAGES, group) ? PACKAGES[group] : undefined;
  return name === undefined ? undefined : `${name}.${version}.${kind}`;
}

/** The message of an object, by what it says it is. */
export function shapeOfObject(object: ApiObject): MessageShape | undefined {
  return shapeOfKind(object.apiVersion ?? "", object.kind ?? "");
}
