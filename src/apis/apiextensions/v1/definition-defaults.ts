/** Defaults of a definition, and what its server writes into it. */
import { canonicalForm } from "../../canonical-form.ts";
import type { Definition, KeptStatus } from "./definition-conditions.ts";
import {
  customResourceDefinitionSchema,
  customResourceValidationSchema,
} from "./schema.generated.ts";
import type {
  CustomResourceConversion,
  CustomResourceDefinitionNames,
  CustomResourceDefinitionVersion,
  CustomResourceValidation,
} from "./types.generated.ts";
import { withoutUnknownSchemaFields } from "./schema-fields.ts";

export function withDefinitionDefaults(sent: Definition): Definition {
  const light = canonicalForm(withoutSchemas(sent), customResourceDefinitionSchema);
  const { spec, status } = light;
  return {
    ...light,
    spec: {
      ...spec,
      names: withDefaultNames(spec.names),
      conversion: withDefaultPort(spec.conversion ?? { strategy: "None" }),
      versions: spec.versions.map((version, index) =>
        withSchema(version, sent.spec.versions[index]?.schema),
      ),
    },
    status: keptStatus(status, storageVersions(spec.versions)),
  };
}

/** The status of a new definition: nothing is accepted yet. */
export function freshStatus(definition: Definition): KeptStatus {
  return withStoredVersion({
    ...definition,
    status: { conditions: null, acceptedNames: { plural: "", kind: "" } },
  }).status;
}

/** `definition` with its storage version among the versions that were ever stored. */
export function withStoredVersion(definition: Definition): Definition {
  const { spec, status } = definition;
  const storage = spec.versions.find((version) => version.storage);
  const before = status.storedVersions ?? [];
  if (storage === undefined || before.includes(storage.name)) return definition;
  return { ...definition, status: { ...status, storedVersions: [...before, storage.name] } };
}

/** `stored`: what was stored if the status does not say. */
function keptStatus(status: Partial<KeptStatus>, stored: readonly string[]): KeptStatus {
  const { conditions, acceptedNames = { plural: "", kind: "" }, ...rest } = status;
  const isEmpty = conditions === undefined || conditions === null || conditions.length === 0;
  const isSilent = (rest.storedVersions ?? []).length === 0 && stored.length > 0;
  return {
    conditions: isEmpty ? null : conditions,
    acceptedNames,
    ...rest,
    ...(isSilent ? { storedVersions: stored } : {}),
  };
}

function storageVersions(versions: readonly CustomResourceDefinitionVersion[]): readonly string[] {
  const storage = versions.find((version) => version.storage);
  return storage === undefined ? [] : [storage.name];
}

function withDefaultNames(names: CustomResourceDefinitionNames): CustomResourceDefinitionNames {
  const { singular = "", listKind = "", kind } = names;
  return {
    ...names,
    ...(singular === "" ? { singular: kind.toLowerCase() } : {}),
    ...(listKind === "" && kind !== "" ? { listKind: `${kind}List` } : {}),
  };
}

function withDefaultPort(conversion: CustomResourceConversion): CustomResourceConversion {
  const { webhook } = conversion;
  const service = webhook?.clientConfig?.service;
  if (webhook === undefined || service === undefined || service.port !== undefined) {
    return conversion;
  }
  const clientConfig = { ...webhook.clientConfig, service: { ...service, port: 443 } };
  return { ...conversion, webhook: { ...webhook, clientConfig } };
}

/** Schemas are nearly all of a definition, and mostly the same as in the write before. */
function withoutSchemas(sent: Definition): Definition {
  const { spec } = sent;
  if (!Array.isArray(spec?.versions)) return sent;
  const versions = spec.versions.map(({ schema: _schema, ...version }) => version);
  return { ...sent, spec: { ...spec, versions } };
}

function withSchema(
  version: CustomResourceDefinitionVersion,
  schema: CustomResourceValidation | undefined,
): CustomResourceDefinitionVersion {
  if (schema === undefined || schema === null) return version;
  const known = canonicalSchemas.get(schema) ?? canonicalSchema(schema);
  canonicalSchemas.set(schema, known).set(known, known);
  // In the place it has among the fields of a version.
  const { name, served, storage, deprecated, deprecationWarning, ...rest } = version;
  return {
    name,
    served,
    storage,
    ...(deprecated === undefined ? {} : { deprecated }),
    ...(deprecationWarning === undefined ? {} : { deprecationWarning }),
    schema: known,
    ...rest,
  };
}

/** By schema, also of themselves: a definition whose status is written keeps its schemas. */
const canonicalSchemas = new WeakMap<CustomResourceValidation, CustomResourceValidation>();

function canonicalSchema(sent: CustomResourceValidation): CustomResourceValidation {
  const schema = canonicalForm(sent, customResourceValidationSchema);
  const open = schema.openAPIV3Schema;
  if (open === undefined) return schema;
  const known = withoutUnknownSchemaFields(open);
  return known === open ? schema : { ...schema, openAPIV3Schema: known };
}
