/**
 * Client-side apply, as kubectl does it: what the author applied last time is kept in an
 * annotation, so that a field that left the manifest leaves the object, and a field others set
 * stays.
 */
import { BUILT_IN } from "../apis/registry.ts";
import type { Context } from "../base/context.ts";
import type { Client, Patch } from "../client/client.ts";
import type { ResourceType } from "../client/resource-type.ts";
import { isFields, own, type ApiObject } from "../machinery/object.ts";
import { isStatus } from "../machinery/status.ts";
import { threeWayMergePatch, threeWayStrategicPatch } from "../patch/three-way.ts";
import type { StructuralSchema } from "../schema/structural-schema.ts";

/** kubectl's annotation, so that both tools can take turns on one object. */
const LAST_APPLIED = "kubectl.kubernetes.io/last-applied-configuration";
const FIELD_MANAGER = "setpoint-client-side-apply";

export type ApplyResult = {
  readonly outcome: "created" | "configured" | "unchanged";
  readonly object: ApiObject;
};

/** Makes the stored object what `manifest` says, and changes nothing else. */
export async function applyObject(
  client: Client,
  type: ResourceType,
  manifest: ApiObject,
  context: Context,
): Promise<ApplyResult> {
  const modified = withLastApplied(manifest);
  const { name, namespace } = manifest.metadata;
  const key = { name: name ?? "", namespace: namespace ?? "" };
  // A misspelt field that is silently dropped is the commonest way to wonder why nothing happens.
  const options = { fieldManager: FIELD_MANAGER, fieldValidation: "Strict" } as const;
  const current = await readIfThere(client, type, key, context);
  if (current === undefined) {
    const object = await client.create(type, modified, context, options);
    return { outcome: "created", object };
  }
  const patch = applyPatch(type, modified, current);
  if (patch === undefined) return { outcome: "unchanged", object: current };
  const object = await client.patch(type, key, patch, context, options);
  const isSame = object.metadata.resourceVersion === current.metadata.resourceVersion;
  return { outcome: isSame ? "unchanged" : "configured", object };
}

/** The patch that brings `current` to `modified`; undefined if nothing needs to change. */
export function applyPatch(
  type: ResourceType,
  modified: ApiObject,
  current: ApiObject,
): Patch | undefined {
  const original = lastApplied(current);
  const schema = schemaOf(type);
  const patch =
    schema === undefined
      ? threeWayMergePatch(original, modified, current)
      : threeWayStrategicPatch(original, modified, current, schema);
  if (isFields(patch) && Object.keys(patch).length === 0) return undefined;
  return schema === undefined ? { kind: "merge", patch } : { kind: "strategic", patch };
}

async function readIfThere(
  client: Client,
  type: ResourceType,
  key: { readonly name: string; readonly namespace: string },
  context: Context,
): Promise<ApiObject | undefined> {
  try {
    return await client.get(type, key, context);
  } catch (error) {
    if (isStatus(error, "NotFound")) return undefined;
    throw error;
  }
}

function withLastApplied(manifest: ApiObject): ApiObject {
  const { [LAST_APPLIED]: _old, ...annotations } = manifest.metadata.annotations ?? {};
  const applied = { ...manifest, metadata: { ...manifest.metadata, annotations } };
  const text = `${JSON.stringify(applied)}\n`;
  return {
    ...manifest,
    metadata: { ...manifest.metadata, annotations: { ...annotations, [LAST_APPLIED]: text } },
  };
}

function lastApplied(current: ApiObject): unknown {
  const annotations = own(current.metadata, "annotations");
  const text = isFields(annotations) ? own(annotations, LAST_APPLIED) : undefined;
  if (typeof text !== "string") return undefined;
  try {
    return JSON.parse(text);
  } catch {
    return undefined; // someone wrote over the annotation: then nothing is known to be ours
  }
}

function schemaOf(type: ResourceType): StructuralSchema | undefined {
  return BUILT_IN.find(
    ({ names }) =>
      names.group === type.group && names.version === type.version && names.kind === type.kind,
  )?.schema;
}
