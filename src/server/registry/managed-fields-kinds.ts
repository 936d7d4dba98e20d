/** What field ownership must know of a kind: schema, empty object, what an endpoint covers. */
import { objectMetaSchema } from "../../apis/meta/v1/schema.generated.ts";
import { text } from "../../apis/schema-terms.ts";
import type { Strategy } from "../../apis/strategy.ts";
import { deepFreeze } from "../../base/freeze.ts";
import type { ApiObject, Fields } from "../../machinery/object.ts";
import { setField, type MutableFields } from "../../machinery/json-value.ts";
import { atomOf, type Atom } from "../../patch/apply/atom.ts";
import { ANY, excluding, includingOnly } from "../../patch/apply/field-filter.ts";
import { namedFields } from "../../patch/apply/field-set.ts";
import type { TypedValue } from "../../patch/apply/typed-value.ts";
import type { FieldFilter, FieldFilters } from "../../patch/apply/updater.ts";
import { resolveSchema, type StructuralSchema } from "../../schema/structural-schema.ts";
import type { Resource } from "./resource.ts";

/** An object as field ownership sees it: its owners are not among its fields. */
export function typedObject(object: ApiObject, resource: Resource): TypedValue {
  const { managedFields: _owners, ...metadata } = object.metadata;
  return typedFields({ ...object, metadata }, resource);
}

/** Any value in the version of the resource. */
export function typedFields(value: Fields, resource: Resource): TypedValue {
  return { value, apiVersion: resource.apiVersion, atom: atomOfResource(resource) };
}

/**
 * What was there before the object: nobody owns what a typed writer writes even of an empty object.
 * Of custom resources, that is nothing but the names of the kind.
 */
export function zeroObject(resource: Resource): TypedValue {
  const known = zeroObjects.get(resource.strategy);
  if (known !== undefined) return known;
  const { apiVersion, kind, strategy } = resource;
  const { schema } = strategy;
  const parts = schema.writtenWhenEmpty === undefined ? {} : zeroFields(schema);
  const made = typedFields(deepFreeze({ ...parts, apiVersion, kind }), resource);
  zeroObjects.set(strategy, made);
  return made;
}

const zeroObjects = new WeakMap<Strategy, TypedValue>();

/** Which fields count in writes to an endpoint: those of other endpoints are reset by it. */
export function filtersOf(resource: Resource, subresource: string): FieldFilters {
  const filter = filterOf(resource, subresource);
  if (filter === undefined) return () => undefined;
  // Upstream knows the fields of a custom resource's own endpoint in the request's version only.
  const { custom, apiVersion } = resource;
  return custom === undefined || subresource !== ""
    ? () => filter
    : (version) => (version === apiVersion ? filter : undefined);
}

const customRoots = new WeakMap<StructuralSchema, StructuralSchema>();

function atomOfResource(resource: Resource): Atom {
  const { schema } = resource.strategy;
  return atomOf(resource.custom === undefined ? schema : customRoot(schema));
}

/** All objects have the same metadata, whatever the schema of a custom resource says of it. */
function customRoot(schema: StructuralSchema): StructuralSchema {
  const known = customRoots.get(schema);
  if (known !== undefined) return known;
  const own = { apiVersion: text, kind: text, metadata: objectMetaSchema };
  const made = { ...schema, properties: { ...schema.properties, ...own } };
  customRoots.set(schema, made);
  return made;
}

/** Required fields that a typed writer leaves out of an empty object all the same. */
const LEFT_OUT: ReadonlySet<string> = new Set([
  "IPAddressSpec.parentRef",
  "ValidatingAdmissionPolicyBindingSpec.validationActions",
]);

function zeroFields(schema: StructuralSchema): Fields {
  const { required = [], writtenWhenEmpty = [], properties = {} } = schema;
  const fields: MutableFields = {};
  for (const name of new Set([...required, ...writtenWhenEmpty])) {
    const source = Object.hasOwn(properties, name) ? properties[name] : undefined;
    if (source === undefined || LEFT_OUT.has(`${schema.typeName}.${name}`)) continue;
    const inner = resolveSchema(source);
    const isPointer = inner.mapType === "atomic" && !writtenWhenEmpty.includes(name);
    const isList = inner.type === "array" && required.includes(name);
    setField(fields, name, isPointer ? null : isList ? [] : zeroValue(inner));
  }
  for (const name of schema.writtenNull ?? []) setField(fields, name, null);
  return fields;
}

function zeroValue(schema: StructuralSchema): unknown {
  switch (schema.type) {
    case "object":
      return schema.properties === undefined ? null : zeroFields(schema);
    case "array":
      return null;
    case "string":
      return schema.format === undefined || schema.format === "byte" ? "" : null;
    case "integer":
    case "number":
      return 0;
    case "boolean":
      return false;
    case "any":
      return schema.format === "int-or-string" ? 0 : null;
  }
}

const SPEC = ["spec"];
const STATUS = ["status"];
const METADATA = ["metadata"];

/** Endpoints that reset other fields than most: by group, resource and subresource. */
const RESET: ReadonlyMap<string, readonly (readonly string[])[]> = new Map([
  ["/pods/status", [SPEC, ["metadata", "deletionTimestamp"], ["metadata", "ownerReferences"]]],
  ["/namespaces/finalize", [STATUS]],
  ["admissionregistration.k8s.io/validatingadmissionpolicies/status", [METADATA, SPEC]],
  ["apiregistration.k8s.io/apiservices/status", [METADATA, SPEC]],
  ["apps/deployments/status", [SPEC, ["metadata", "labels"]]],
  ["certificates.k8s.io/certificatesigningrequests/", [SPEC, STATUS]],
  ["certificates.k8s.io/certificatesigningrequests/approval", [SPEC, ["status", "certificate"]]],
  ["certificates.k8s.io/certificatesigningrequests/status", [SPEC, ["status", "conditions"]]],
  ["flowcontrol.apiserver.k8s.io/flowschemas/status", [METADATA, SPEC]],
  ["flowcontrol.apiserver.k8s.io/prioritylevelconfigurations/status", [METADATA, SPEC]],
  ["networking.k8s.io/servicecidrs/status", [METADATA, SPEC]],
  ["resource.k8s.io/resourceclaims/status", [METADATA, SPEC]],
  ["storage.k8s.io/volumeattachments/status", [METADATA, SPEC]],
]);

/** Endpoints that cover no more than some nested fields. */
const COVERED: ReadonlyMap<string, readonly (readonly string[])[]> = new Map([
  ["/pods/ephemeralcontainers", [["spec", "ephemeralContainers"]]],
  [
    "/pods/resize",
    ["containers", "initContainers"].flatMap((list) => [
      ["spec", list, ANY, "resources"],
      ["spec", list, ANY, "resizePolicy"],
    ]),
  ],
]);

const filters = new Map<string, FieldFilter | undefined>();

function filterOf(resource: Resource, subresource: string): FieldFilter | undefined {
  if (resource.custom !== undefined) return makeFilter(resource, subresource);
  const key = `${resource.apiVersion}/${resource.resource}/${subresource}`;
  if (!filters.has(key)) filters.set(key, makeFilter(resource, subresource));
  return filters.get(key);
}

function makeFilter(resource: Resource, subresource: string): FieldFilter | undefined {
  const endpoint = `${resource.group}/${resource.resource}/${subresource}`;
  const covered = COVERED.get(endpoint);
  if (covered !== undefined) return includingOnly(covered);
  const reset = RESET.get(endpoint) ?? usualReset(resource, subresource);
  return reset.length === 0 ? undefined : excluding(namedFields(reset));
}

function usualReset(resource: Resource, subresource: string): readonly (readonly string[])[] {
  const hasStatus = resource.strategy.status !== undefined;
  if (subresource === "") return hasStatus ? [STATUS] : [];
  if (subresource !== "status") return [];
  return resource.custom === undefined ? [SPEC] : [METADATA, SPEC];
}
