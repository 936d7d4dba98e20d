/**
 * A kind of one's own, defined once: its types, its place in the API and its definition for the
 * server all follow from this.
 */
import type {
  CustomResourceColumnDefinition,
  CustomResourceSubresourceScale,
  ValidationRule,
} from "../../apis/apiextensions/v1/types.generated.ts";
import type { ApiObject } from "../../machinery/object.ts";
import type { CustomResourceDefinition } from "../builtin.ts";
import type { ResourceType } from "../resource-type.ts";
import type { CustomObject, NewCustomObject } from "./custom-object.ts";
import { definitionOf, sidesOf } from "./definition.ts";
import { pluralOf } from "./plural.ts";
import type { InputOf, OutputOf, SchemaSource } from "./schema-source.ts";
import { asCustom, Conversion } from "./versions/conversion.ts";
import type {
  AnyOlderVersion,
  OlderResource,
  OlderResources,
  OlderVersions,
} from "./versions/older-version.ts";

/**
 * What `defineResource` makes a kind of: names, schemas, rules, and what `kubectl` shows. A schema
 * is one of zod 4, of another library that speaks Standard Schema, or `structural(...)`.
 */
export type ResourceOptions<
  Spec extends SchemaSource,
  Status extends SchemaSource,
  OldSpecs extends Readonly<Record<string, SchemaSource>> = Readonly<Record<string, never>>,
  OldStatuses extends Readonly<Record<keyof OldSpecs, unknown>> = Readonly<
    Record<keyof OldSpecs, unknown>
  >,
> = {
  /** A domain of one's own, e.g. `example.dev`. */
  readonly group: string;
  /** E.g. `v1alpha1`. The one that is stored, and that the fields below speak of. */
  readonly version: string;
  /** In CamelCase, singular. */
  readonly kind: string;
  /** Default: made from the kind. */
  readonly plural?: string;
  /** Default: the kind in lower case. */
  readonly singular?: string;
  /** What `kubectl` takes for it as well. Default: none. */
  readonly shortNames?: readonly string[];
  /** `all` makes `kubectl get all` list it. */
  readonly categories?: readonly string[];
  /** Default: "Namespaced". */
  readonly scope?: "Cluster" | "Namespaced";
  /** For `kubectl explain`. */
  readonly description?: string;
  /** What people declare. */
  readonly spec: Spec;
  /** Besides conditions and the observed generation, which every status has. */
  readonly status?: Status;
  /** CEL rules over the whole object; `self` is the object, `oldSelf` the one before. */
  readonly rules?: readonly ValidationRule[];
  /** Columns of `kubectl get`. Default: the condition `Ready` and the age. */
  readonly columns?: readonly CustomResourceColumnDefinition[];
  /** JSON paths that field selectors may name, e.g. `.spec.host`. */
  readonly selectableFields?: readonly string[];
  /** Makes `kubectl scale` and autoscalers work. */
  readonly scale?: CustomResourceSubresourceScale;
  /** Versions that clients still use, by name: `{ v1: { spec, toHub, fromHub } }`. */
  readonly olderVersions?: OlderVersions<OldSpecs, OldStatuses, Spec, Status>;
};

/** The options of any kind, where their types do not matter. */
export type AnyResourceOptions = Omit<
  ResourceOptions<SchemaSource, SchemaSource>,
  "olderVersions"
> & { readonly olderVersions?: Readonly<Record<string, AnyOlderVersion>> };

/** A defined kind: a `ResourceType` for every call of a client, with its definition. */
export type DefinedResource<
  Spec = unknown,
  Status = unknown,
  SpecInput = Spec,
  Older extends Readonly<Record<string, OlderResource>> = Readonly<Record<never, never>>,
> = ResourceType<CustomObject<Spec, Status>> & {
  /**
   * The CRD a server needs before it serves this kind. Where a webhook converts its versions, the
   * address of it is still to be filled in: see `definitionAt`.
   */
  readonly definition: CustomResourceDefinition;
  /** An object ready to be created or applied, its kind filled in. */
  create(object: NewCustomObject<SpecInput>): CustomObject<Spec, Status>;
  /** For clients and informers of older versions, e.g. `Site.olderVersions.v1`. */
  readonly olderVersions: Older;
  /**
   * Any object of this kind in any of its versions, as an API server converts it. Throws
   * `ConversionError`, and what the functions of the definition throw.
   */
  convert(object: ApiObject, version: string): ApiObject;
};

/**
 * Defines a kind. Throws `SchemaError`, with the path, where a schema has no structural form, and
 * `RangeError` for names an API server would refuse.
 *
 *     const Site = defineResource({
 *       group: "example.dev",
 *       version: "v1",
 *       kind: "Site",
 *       spec: z.object({ replicas: z.int().min(1).default(1), image: z.string() }),
 *     });
 *     type Site = ObjectOf<typeof Site>;
 */
export function defineResource<
  Spec extends SchemaSource,
  Status extends SchemaSource = SchemaSource & { readonly structural: Record<never, never> },
  OldSpecs extends Readonly<Record<string, SchemaSource>> = Readonly<Record<never, never>>,
  OldStatuses extends Readonly<Record<keyof OldSpecs, unknown>> = {
    readonly [V in keyof OldSpecs]: unknown;
  },
>(
  options: ResourceOptions<Spec, Status, OldSpecs, OldStatuses>,
): DefinedResource<
  OutputOf<Spec>,
  OutputOf<Status>,
  InputOf<Spec>,
  OlderResources<OldSpecs, OldStatuses, Spec, Status>
>;
export function defineResource(
  options: AnyResourceOptions,
): DefinedResource<unknown, unknown, unknown, Readonly<Record<string, OlderResource>>> {
  const { group, version, kind, scope = "Namespaced" } = options;
  const names = {
    plural: options.plural ?? pluralOf(kind),
    singular: options.singular ?? kind.toLowerCase(),
  };
  const sides = sidesOf(options);
  const definition = definitionOf(options, names, sides);
  const conversion = new Conversion({ group, kind, ...sides });
  const type = { group, kind, resource: names.plural, isNamespaced: scope === "Namespaced" };
  // The server fills in what the input leaves out.
  const creating = (of: string) => (object: NewCustomObject) => {
    return { apiVersion: `${group}/${of}`, kind, ...object };
  };
  const olderVersions = sides.older.map((side): readonly [string, OlderResource] => {
    const to = (of: string) => (object: ApiObject) => asCustom(conversion.convert(object, of));
    const name = side.version;
    const { losses = "kept" } = side.options;
    const made = { ...type, version: name, losses, create: creating(name) };
    return [name, { ...made, toHub: to(version), fromHub: to(name) }];
  });
  return {
    ...type,
    version,
    definition,
    create: creating(version),
    olderVersions: Object.fromEntries(olderVersions),
    convert: (object, to) => conversion.convert(object, to),
  };
}

/** The type of a kind's objects: `type Site = ObjectOf<typeof Site>`. */
export type ObjectOf<R> = R extends ResourceType<infer T> ? T : never;

/** Whether a kind was made by `defineResource`. */
export function isDefined(type: ResourceType): type is DefinedResource {
  return "definition" in type;
}
