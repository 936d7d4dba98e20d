/** The resources of a definition: one a served version, all over the same stored objects. */
import type {
  Definition,
  DefinitionVersion,
} from "../../apis/apiextensions/v1/definition-conditions.ts";
import type { Env } from "../../base/env.ts";
import { apiVersionOf } from "../../machinery/gvk.ts";
import { compileCustomResourceSchema } from "../../schema/compile.ts";
import type { CustomResourceSchema } from "../../schema/custom-resource-schema.ts";
import { keyPrefixOf, type DynamicResource, type Resource } from "../registry/resource.ts";
import type { WebhookClient } from "../webhooks/webhook-client.ts";
import { CustomConversion } from "./custom-conversion.ts";
import { customStrategy, type VersionSchemas } from "./custom-strategy.ts";
import { deprecationWarnings } from "./deprecation.ts";
import { structuralFormOf } from "./structural-form.ts";
import { convertByName, webhookConverter, type Converter } from "./webhook-converter.ts";

export type CustomResourceDeps = {
  readonly env: Env;
  readonly webhooks: WebhookClient;
};

/** A definition, and how to read it again: its schemas are large and not kept in memory. */
export type DefinitionSource = {
  readonly definition: Definition;
  readonly reread: () => Definition;
  readonly isTerminating: () => boolean;
};

/** Changes with everything the resources of a definition depend on. */
export function fingerprintOf(definition: Definition): string {
  const { uid = "", generation = 0 } = definition.metadata;
  return JSON.stringify([uid, generation, definition.status.acceptedNames ?? {}]);
}

/** Resources of the versions that are served. */
export function customResources(
  source: DefinitionSource,
  deps: CustomResourceDeps,
): readonly DynamicResource[] {
  const make = resourceMaker(source, deps);
  return source.definition.spec.versions.filter((version) => version.served).map(make);
}

/** The resource of the version in which objects are kept, whether it is served or not. */
export function storageResource(source: DefinitionSource, deps: CustomResourceDeps): Resource {
  const { versions } = source.definition.spec;
  const storage = versions.find((version) => version.storage);
  if (storage === undefined) throw new Error("every definition has a storage version");
  return resourceMaker(source, deps)(storage).resource;
}

function resourceMaker(
  source: DefinitionSource,
  deps: CustomResourceDeps,
): (version: DefinitionVersion) => DynamicResource {
  const { definition, reread, isTerminating } = source;
  const { group, versions, conversion } = definition.spec;
  const storage = versions.find((version) => version.storage)?.name ?? "";
  const kept = apiVersionOf({ group, version: storage });
  const schemas = new Map(
    versions.map(({ name }) => [apiVersionOf({ group, version: name }), schemasOf(name, reread)]),
  );
  const convert: Converter =
    conversion?.webhook === undefined
      ? convertByName
      : webhookConverter(conversion.webhook, { client: deps.webhooks, env: deps.env });
  const fingerprint = fingerprintOf(definition);

  return (version) => {
    const apiVersion = apiVersionOf({ group, version: version.name });
    const own = schemas.get(apiVersion) ?? schemasOf(version.name, reread);
    const strategy = customStrategy(definition, version, own);
    const { names } = strategy;
    const life = new AbortController();
    const resource: Resource = {
      strategy,
      group,
      version: version.name,
      kind: names.kind,
      listKind: names.listKind ?? `${names.kind}List`,
      resource: names.plural,
      apiVersion,
      isNamespaced: names.isNamespaced,
      keyPrefix: keyPrefixOf(group, names.plural),
      storedForm: { apiVersion: kept, kind: names.kind },
      conversion: new CustomConversion({
        served: apiVersion,
        kept,
        schemaOf: (of) => schemas.get(of)?.compiled(),
        convert,
        isOfOthers: conversion?.webhook !== undefined,
      }),
      custom: {
        definition: definition.metadata.name ?? "",
        fingerprint,
        schema: own.compiled,
        publishedSchema: () => openApiSchema(reread(), version.name),
        warnings: deprecationWarnings(definition, version),
        isTerminating,
        storageVersion: storage,
      },
      life: life.signal,
    };
    return { resource, retire: () => life.abort() };
  };
}

/** Both forms of a version's schema, made from the definition when they are first needed. */
function schemasOf(version: string, reread: () => Definition): VersionSchemas {
  let compiled: CustomResourceSchema | undefined;
  const compile = (): CustomResourceSchema => {
    compiled ??= compileCustomResourceSchema(openApiSchema(reread(), version));
    return compiled;
  };
  return { compiled: compile, structural: structuralFormOf(compile) };
}

function openApiSchema(definition: Definition, version: string): unknown {
  const found = definition.spec.versions.find((each) => each.name === version);
  return found?.schema?.openAPIV3Schema;
}
