/** The custom resource definition that follows from a defined kind. */
import type {
  CustomResourceColumnDefinition,
  CustomResourceDefinitionVersion,
  JSONSchemaProps,
} from "../../apis/apiextensions/v1/types.generated.ts";
import { dns1035LabelProblem, dnsSubdomainProblem } from "../../machinery/names.ts";
import type { CustomResourceDefinition } from "../builtin.ts";
import type { AnyResourceOptions } from "./define-resource.ts";
import { SchemaError } from "./schema-error.ts";
import { isStandardSchema, type SchemaSource, type StandardSchema } from "./schema-source.ts";
import { refuseConversions } from "./unconverted.ts";
import { toStructural } from "./structural-schema.ts";
import type { AnyOlderVersion } from "./versions/older-version.ts";
import { checkVersion } from "./versions/version-checks.ts";

export type PluralAndSingular = { readonly plural: string; readonly singular: string };

/** The versions of a kind, each with the schema of its whole object. */
export type Sides = {
  readonly hub: { readonly version: string; readonly schema: JSONSchemaProps };
  readonly older: readonly OlderSide[];
};

type OlderSide = Sides["hub"] & { readonly options: AnyOlderVersion };

/** Throws for versions that do not fit each other, and for schemas a server would refuse. */
export function sidesOf(options: AnyResourceOptions): Sides {
  const { version, olderVersions = {} } = options;
  const hub = { version, schema: schemaOf(options, "") };
  const older = Object.entries(olderVersions).map(([name, older]): OlderSide => {
    const { status = options.status, ...rest } = older;
    const whole = { ...rest, ...(status === undefined ? {} : { status }) };
    return { version: name, schema: schemaOf(whole, `${name}: `), options: older };
  });
  for (const side of older) checkVersion(side, hub);
  return { hub, older };
}

/** The stored version first. Throws for names a server would refuse. */
export function definitionOf(
  options: AnyResourceOptions,
  names: PluralAndSingular,
  sides: Sides,
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
      versions: [
        { ...versionOf(sides.hub, options), served: true, storage: true },
        ...sides.older.map((side) => ({ ...versionOf(side, side.options), ...servedAs(side) })),
      ],
      ...conversionOf(sides.older),
    },
    status: {},
  };
}

function servedAs({
  options: { served = true, deprecated },
}: OlderSide): Omit<CustomResourceDefinitionVersion, "name"> {
  const warning = deprecated === undefined ? {} : { deprecationWarning: deprecated };
  return {
    served,
    storage: false,
    ...(deprecated === undefined ? {} : { deprecated: true, ...warning }),
  };
}

/** Where only names of versions change, the server does it by itself. */
function conversionOf(
  older: readonly OlderSide[],
): Pick<CustomResourceDefinition["spec"], "conversion"> {
  if (older.length === 0) return {};
  if (older.every(({ options }) => options.toHub === undefined)) {
    return { conversion: { strategy: "None" } };
  }
  return { conversion: { strategy: "Webhook", webhook: { conversionReviewVersions: ["v1"] } } };
}

const USUAL_COLUMNS: readonly CustomResourceColumnDefinition[] = [
  {
    name: "Ready",
    type: "string",
    jsonPath: '.status.conditions[?(@.type=="Ready")].status',
  },
  { name: "Age", type: "date", jsonPath: ".metadata.creationTimestamp" },
];

/** What a version says of itself; all of them have these words in common. */
type VersionWords = Pick<
  AnyResourceOptions,
  "columns" | "description" | "rules" | "scale" | "selectableFields" | "spec" | "status"
>;

function versionOf(
  { version, schema }: Sides["hub"],
  { scale, columns = USUAL_COLUMNS, selectableFields }: Omit<VersionWords, "spec" | "status">,
): Omit<CustomResourceDefinitionVersion, "served" | "storage"> {
  return {
    name: version,
    schema: { openAPIV3Schema: schema },
    additionalPrinterColumns: columns,
    subresources: { status: {}, ...(scale === undefined ? {} : { scale }) },
    ...(selectableFields === undefined
      ? {}
      : { selectableFields: selectableFields.map((jsonPath) => ({ jsonPath })) }),
  };
}

/** `where` stands before the paths of refusals. */
function schemaOf(options: VersionWords, where: string): JSONSchemaProps {
  const { description, rules } = options;
  const spec = objectSchema(options.spec, `${where}spec`);
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
      status: statusSchema(options.status, where),
    },
    ...(isDemanded ? { required: ["spec"] } : {}),
    ...(rules === undefined ? {} : { "x-kubernetes-validations": rules }),
  };
}

/** That of the user, with what every status has. */
function statusSchema(source: SchemaSource | undefined, where: string): JSONSchemaProps {
  const own = source === undefined ? { type: "object" } : objectSchema(source, `${where}status`);
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
    ? structuralOf(source["~standard"].jsonSchema, path)
    : source.structural;
  if (schema.type !== "object") throw new SchemaError(path, "is the schema of an object");
  return schema;
}

function structuralOf(
  said: StandardSchema["~standard"]["jsonSchema"],
  path: string,
): JSONSchemaProps {
  refuseConversions(said, path);
  return toStructural(said.input({ target: "openapi-3.0" }), path);
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
  { group, version, kind }: AnyResourceOptions,
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
