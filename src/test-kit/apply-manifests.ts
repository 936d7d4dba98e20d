/** Manifests, brought to a server in their order. */
import type { Context } from "../base/context.ts";
import type { RestClient } from "../client/rest-client.ts";
import { createRestMapper, type RestMapper } from "../client/rest-mapper.ts";
import { CustomResourceDefinition } from "../client/builtin.ts";
import { installDefinitions } from "../client/resource/install-definitions.ts";
import { decodeYamlDocuments } from "../machinery/codec/yaml.ts";
import { isApiObject, type ApiObject } from "../machinery/object.ts";

/** YAML or JSON text of one or more documents, or objects. */
export type Manifests = string | readonly ApiObject[];

const FIELD_MANAGER = "test";

/** Applies them one after the other; what follows a definition may be of its kind. */
export async function applyManifests(
  manifests: Manifests,
  client: RestClient,
  context: Context,
): Promise<void> {
  let mapper: RestMapper | undefined;
  for (const object of objectsIn(manifests)) {
    const { apiVersion = "", kind = "", metadata } = object;
    if (isDefinition(object)) {
      await installDefinitions([{ definition: object }], client, context);
      mapper = undefined; // the server has kinds now that it did not have
      continue;
    }
    mapper ??= await createRestMapper(client, context);
    const type = mapper.forKind(apiVersion, kind);
    const { name = "", namespace = "default" } = metadata;
    const key = { namespace: type.isNamespaced ? namespace : "", name };
    const patch = { kind: "apply", object, isForced: true } as const;
    await client.patch(type, key, patch, context, { fieldManager: FIELD_MANAGER });
  }
}

function objectsIn(manifests: Manifests): readonly ApiObject[] {
  if (typeof manifests !== "string") return manifests;
  return decodeYamlDocuments(manifests).flatMap(({ value }, index) => {
    if (value === null || value === undefined) return []; // nothing between two marks
    if (isApiObject(value)) return [value];
    throw new TypeError(`document ${index + 1} is no object with apiVersion, kind and metadata`);
  });
}

function isDefinition(object: ApiObject): object is CustomResourceDefinition {
  return object.kind === CustomResourceDefinition.kind && "spec" in object;
}
