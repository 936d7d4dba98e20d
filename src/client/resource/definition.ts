/** The custom resource definition that follows from a defined kind. */
import type {
  CustomResourceColumnDefinition,
  CustomResourceDefinitionVersion,
  JSONSchemaProps,
} from "../../apis/apiextensions/v1/types.generated.ts";
import { dns1035LabelProblem, dnsSubdomainProblem } from "../../machinery/names.ts";
import type { CustomResourceDefinition } from "../builtin.ts";
import type { ResourceOptions } from "./define-resource.ts";
import { SchemaError } from "./schema-error.ts";
import { isStandardSchema, type SchemaSource } from "./schema-source.ts";
import { toStructural } from "./structural-schema.ts";

export type PluralAndSingular = { readonly plural: string; readonly singular: string };

/** One version, served and stored. Throws for names and schemas a server would refuse. */
export function definitionOf(
  options: ResourceOptions<SchemaSource, SchemaSource>,
  names: PluralAndSingular,
): CustomResourceDefinition {
  refuseNames(options, names);
  const { group, kind, shortNames, categories, scope = "Namespaced" } = options;
  return {
    apiVersion: "apiextensions.k8s.io/v1",
    kind: "CustomResourceDefinition",
    metadata: { name: `${names.plural}.${group}` },
    spec: {
      group,
      scope,
      names: {
        ...names,
        kind,
        listKind: `${kind}List`,
        ...(shortNames === undefined ? {} : { shortNames }),
        ...(categories === undefined ? {} : { categories }),
      },
      versions: [versionOf(options)],
    },
    status: {},
  };
}

const USUAL_COLUMNS: readonly CustomResourceColumnDefinition[] = [
  {
    name: "Ready",
    type: "string",
    jsonPath: '.status.conditions[?(@.type=="Ready")].status',
  },
  { name: "Age", type: "date", jsonPath: ".metadata.creationTimestamp" },
];

function versionOf(
  options: ResourceOptions<SchemaSource, SchemaSource>,
): CustomResourceDefinitionVersion {
  const { version, scale, columns = USUAL_COLUMNS, selectableFields } = options;
  return {
    name: version,
    served: true,
    storage: true,
    schema: { openAPIV3Schema: schemaOf(options) },
    additionalPrinterColumns: columns,
    subresources: { status: {}, ...(scale === undefined ? {} : { scale }) },
    ...(selectableFields === undefined
      ? {}
      : { selectableFields: selectableFields.map((jsonPath) => ({ jsonPath })) }),
  };
}

function schemaOf(options: ResourceOptions<SchemaSource, SchemaSource>): JSONSchemaProps {
  const { description, rules } = options;
  const spec = objectSchema(options.spec, "spec");
  const isDemanded = (spec.required ?? []).length > 0;
  return {
    type: "object",
    ...(description === undefined ? {} : { description }),
    properties: {
      apiVersion: { type: "string" },
      kind: { type: "string" },
      metadata: { type: "object" },
      // Without a field that must be given, an object may leave out the whole spec.
      spec: isDemanded || spec.default !== undefined ? spec : { ...spec, default: {} },
      status: statusSchema(options.status),
    },
    ...(isDemanded ? { required: ["spec"] } : {}),
    ...(rules === undefined ? {} : { "x-kubernetes-validations": rules }),
  };
}

/** That of the user, with what every status has. */
function statusSchema(source: SchemaSource | undefined): JSONSchemaProps {
  const own = source === undefined ? { type: "object" } : objectSchema(source, "status");
  return {
    ...own,
    properties: {
      observedGeneration: { type: "integer", format: "int64" },
      conditions: CONDITIONS,
      ...own.properties,
    },
  };
}

function objectSchema(source: SchemaSource, path: string): JSONSchemaProps {
  const schema = isStandardSchema(source)
    ? toStructural(source["~standard"].jsonSchema.input({ target: "openapi-3.0" }), path)
    : source.structural;
  if (schema.type !== "object") throw new SchemaError(path, "is the schema of an object");
  return schema;
}

/** As `metav1.Condition` has them. */
const CONDITIONS: JSONSchemaProps = {
  type: "array",
  "x-kubernetes-list-type": "map",
  "x-kubernetes-list-map-keys": ["type"],
  items: {
    type: "object",
    required: ["type", "status"],
    properties: {
      type: { type: "string", maxLength: 316 },
      status: { type: "string", enum: ["True", "False", "Unknown"] },
      reason: { type: "string", maxLength: 1024 },
      message: { type: "string", maxLength: 32_768 },
      lastTransitionTime: { type: "string", format: "date-time" },
      observedGeneration: { type: "integer", format: "int64", minimum: 0 },
    },
  },
};

function refuseNames(
  { group, version, kind }: ResourceOptions<SchemaSource, SchemaSource>,
  { plural, singular }: PluralAndSingular,
): void {
  const refuse = (name: string, value: string, problem: string | undefined): void => {
    if (problem !== undefined) throw new RangeError(`${name} "${value}": ${problem}`);
  };
  refuse("group", group, group.includes(".") ? dnsSubdomainProblem(group) : "has at least one dot");
  refuse("version", version, dns1035LabelProblem(version));
  refuse("kind", kind, dns1035LabelProblem(kind.toLowerCase()));
  refuse("plural", plural, dns1035LabelProblem(plural));
  refuse("singular", singular, dns1035LabelProblem(singular));
}
