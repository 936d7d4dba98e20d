/**
 * A kind of one's own, defined once: its types, its place in the API and its definition for the
 * server all follow from this.
 */
import type {
  CustomResourceColumnDefinition,
  CustomResourceSubresourceScale,
  ValidationRule,
} from "../../apis/apiextensions/v1/types.generated.ts";
import type { Condition } from "../../machinery/conditions.ts";
import type { ApiObject, ObjectMeta } from "../../machinery/object.ts";
import type { CustomResourceDefinition } from "../builtin.ts";
import type { ResourceType } from "../resource-type.ts";
import { definitionOf } from "./definition.ts";
import { pluralOf } from "./plural.ts";
import type { InputOf, OutputOf, SchemaSource } from "./schema-source.ts";

/** What every status has, besides what its schema says. */
export type CommonStatus = {
  /** The generation that the status speaks of. */
  readonly observedGeneration?: number;
  readonly conditions?: readonly Condition[];
};

/** An object of a defined kind as a server answers it: defaults are filled in. */
export type CustomObject<Spec = unknown, Status = unknown> = ApiObject & {
  readonly spec: Spec;
  /** Absent until a controller has written one. */
  readonly status?: Status & CommonStatus;
};

/** An object of a defined kind as people write it: fields with defaults may be left out. */
export type NewCustomObject<Spec = unknown> = {
  readonly metadata: ObjectMeta;
  readonly spec: Spec;
};

export type ResourceOptions<Spec extends SchemaSource, Status extends SchemaSource> = {
  /** A domain of one's own, e.g. `example.dev`. */
  readonly group: string;
  /** E.g. `v1alpha1`. */
  readonly version: string;
  /** In CamelCase, singular. */
  readonly kind: string;
  /** Default: made from the kind. */
  readonly plural?: string;
  /** Default: the kind in lower case. */
  readonly singular?: string;
  readonly shortNames?: readonly string[];
  /** `all` makes `kubectl get all` list it. */
  readonly categories?: readonly string[];
  /** Default: "Namespaced". */
  readonly scope?: "Cluster" | "Namespaced";
  /** For `kubectl explain`. */
  readonly description?: string;
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
};

/** A defined kind: a `ResourceType` for every call of a client, with its definition. */
export type DefinedResource<Spec = unknown, Status = unknown, SpecInput = Spec> = ResourceType<
  CustomObject<Spec, Status>
> & {
  /** The CRD a server needs before it serves this kind. */
  readonly definition: CustomResourceDefinition;
  /** An object ready to be created or applied, its kind filled in. */
  create(object: NewCustomObject<SpecInput>): CustomObject<Spec, Status>;
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
>(
  options: ResourceOptions<Spec, Status>,
): DefinedResource<OutputOf<Spec>, OutputOf<Status>, InputOf<Spec>> {
  const { group, version, kind, scope = "Namespaced" } = options;
  const names = {
    plural: options.plural ?? pluralOf(kind),
    singular: options.singular ?? kind.toLowerCase(),
  };
  const definition = definitionOf(options, names);
  const apiVersion = `${group}/${version}`;
  return {
    group,
    version,
    kind,
    resource: names.plural,
    isNamespaced: scope === "Namespaced",
    definition,
    // The server fills in what the input leaves out.
    create: (object) =>
      ({ apiVersion, kind, ...object }) as CustomObject<OutputOf<Spec>, OutputOf<Status>>,
  };
}

/** The type of a kind's objects: `type Site = ObjectOf<typeof Site>`. */
export type ObjectOf<R> = R extends ResourceType<infer T> ? T : never;

/** Whether a kind was made by `defineResource`. */
export function isDefined(type: ResourceType): type is DefinedResource {
  return "definition" in type;
}
