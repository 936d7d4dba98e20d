/**
 * A version of a kind that came before the one that is stored. The stored one is the hub: every
 * other version says how it becomes the hub and how the hub becomes it, and two older versions
 * become each other by way of it.
 */
import type {
  CustomResourceColumnDefinition,
  CustomResourceSubresourceScale,
  ValidationRule,
} from "../../../apis/apiextensions/v1/types.generated.ts";
import type { ApiObject, ObjectMeta } from "../../../machinery/object.ts";
import type { ResourceType } from "../../resource-type.ts";
import type { CommonStatus, CustomObject, NewCustomObject } from "../custom-object.ts";
import type { InputOf, OutputOf, SchemaSource } from "../schema-source.ts";

/** What a conversion answers: the parts of the object that are not as they were. */
export type Converted<Spec, Status> = {
  /** Fields with defaults may be left out. */
  readonly spec: Spec;
  /** Left out: as it was. Conditions and the observed generation stay unless they are given. */
  readonly status?: (Status & CommonStatus) | undefined;
  /** Left out: as they were. API servers let a conversion change nothing else of the metadata. */
  readonly metadata?: Pick<ObjectMeta, "labels" | "annotations">;
};

/** `unknown`: this version has a status like the hub's. */
type StatusOr<Own, Hub> = unknown extends Own ? Hub : OutputOf<Own>;

/** How a version is served; see `ResourceOptions` for the same words about the hub. */
export type OlderVersionOptions<
  Spec extends SchemaSource,
  Status,
  HubSpec extends SchemaSource,
  HubStatus extends SchemaSource,
> = {
  /** What people declare in this version. */
  readonly spec: Spec;
  /** Default: the hub's. */
  readonly status?: Status;
  /**
   * The object as the hub has it. Pure: no clock, no calls, the object is frozen; what it throws
   * fails the request, with its message. Left out, as `fromHub` is: the versions have the same
   * fields, and only the name of the version changes.
   */
  toHub?(
    this: void,
    old: CustomObject<OutputOf<Spec>, StatusOr<Status, OutputOf<HubStatus>>>,
  ): Converted<InputOf<HubSpec>, OutputOf<HubStatus>>;
  /** The other way. */
  fromHub?(
    this: void,
    hub: CustomObject<OutputOf<HubSpec>, OutputOf<HubStatus>>,
  ): Converted<InputOf<Spec>, StatusOr<Status, OutputOf<HubStatus>>>;
  /**
   * What becomes of parts of the hub that `fromHub` and `toHub` do not bring back. "kept": they
   * travel with the object of this version, in an annotation, and are there again in the hub,
   * unless a client of this version has changed what stood in their place. Default "kept".
   */
  readonly losses?: "kept" | "dropped";
  /** Whether clients may use it (default true). */
  readonly served?: boolean;
  /** Clients of this version are warned with this text, e.g. "use example.dev/v2". */
  readonly deprecated?: string;
  /** For `kubectl explain`. */
  readonly description?: string;
  /** CEL rules over the whole object, of this version alone. */
  readonly rules?: readonly ValidationRule[];
  /** Default: the condition `Ready` and the age. */
  readonly columns?: readonly CustomResourceColumnDefinition[];
  /** JSON paths that field selectors may name. */
  readonly selectableFields?: readonly string[];
  /** Makes `kubectl scale` and autoscalers work in this version. */
  readonly scale?: CustomResourceSubresourceScale;
};

/** All older versions of a kind, by name. */
export type OlderVersions<
  Specs extends Readonly<Record<string, SchemaSource>>,
  Statuses extends Readonly<Record<keyof Specs, unknown>>,
  HubSpec extends SchemaSource,
  HubStatus extends SchemaSource,
> = { readonly [V in keyof Statuses]: { readonly status?: Statuses[V] } } & {
  readonly [V in keyof Specs]: OlderVersionOptions<Specs[V], Statuses[V], HubSpec, HubStatus>;
};

/** An older version of a defined kind: a `ResourceType` for every call of a client. */
export type OlderResource<
  Spec = unknown,
  Status = unknown,
  SpecInput = Spec,
  Hub extends ApiObject = ApiObject,
> = ResourceType<CustomObject<Spec, Status>> & {
  /** What becomes of parts of the hub that this version cannot hold. */
  readonly losses: "kept" | "dropped";
  /** An object ready to be created or applied in this version, its kind filled in. */
  create(object: NewCustomObject<SpecInput>): CustomObject<Spec, Status>;
  /** As an API server converts it. Throws `ConversionError`, and what the function throws. */
  toHub(this: void, old: CustomObject<Spec, Status>): Hub;
  fromHub(this: void, hub: Hub): CustomObject<Spec, Status>;
};

/** What `version()` of a defined kind gives, by name of the version. */
export type OlderResources<
  Specs extends Readonly<Record<string, SchemaSource>>,
  Statuses extends Readonly<Record<keyof Specs, unknown>>,
  HubSpec extends SchemaSource,
  HubStatus extends SchemaSource,
> = {
  readonly [V in keyof Specs]: OlderResource<
    OutputOf<Specs[V]>,
    StatusOr<Statuses[V], OutputOf<HubStatus>>,
    InputOf<Specs[V]>,
    CustomObject<OutputOf<HubSpec>, OutputOf<HubStatus>>
  >;
};

/** Options of any version, where their types do not matter. */
export type AnyOlderVersion = Omit<
  OlderVersionOptions<SchemaSource, unknown, SchemaSource, SchemaSource>,
  "status" | "toHub" | "fromHub"
> & {
  readonly status?: SchemaSource;
  toHub?(this: void, old: CustomObject): Converted<unknown, unknown>;
  fromHub?(this: void, hub: CustomObject): Converted<unknown, unknown>;
};
