/** Defaults of a definition, and what its server writes into it. */
import { canonicalForm } from "../../canonical-form.ts";
import type { Definition, KeptStatus } from "./definition-conditions.ts";
import { customResourceDefinitionSchema } from "./schema.generated.ts";
import type {
  CustomResourceConversion,
  CustomResourceDefinitionNames,
  CustomResourceDefinitionVersion,
} from "./types.generated.ts";
import { withoutUnknownSchemaFields } from "./schema-fields.ts";

export function withDefinitionDefaults(sent: Definition): Definition {
  const definition = canonicalForm(sent, customResourceDefinitionSchema);
  const { spec, status } = definition;
  return {
    ...definition,
    spec: {
      ...spec,
      names: withDefaultNames(spec.names),
      conversion: withDefaultPort(spec.conversion ?? { strategy: "None" }),
      versions: spec.versions.map(withKnownFields),
    },
    status: keptStatus(status),
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

function keptStatus(status: Partial<KeptStatus>): KeptStatus {
  const { conditions, acceptedNames = { plural: "", kind: "" }, ...rest } = status;
  const isEmpty = conditions === undefined || conditions === null || conditions.length === 0;
  return { conditions: isEmpty ? null : conditions, acceptedNames, ...rest };
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

function withKnownFields(
  version: CustomResourceDefinitionVersion,
): CustomResourceDefinitionVersion {
  const { schema } = version;
  const open = schema?.openAPIV3Schema;
  if (open === undefined) return version;
  const known = withoutUnknownSchemaFields(open);
  if (known === open) return version;
  return { ...version, schema: { ...schema, openAPIV3Schema: known } };
}
