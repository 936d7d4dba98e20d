/**
 * Behaviour that is true of one kind, as pure functions: `server/registry` calls them in the order
 * they stand here. Values in, values out; nothing is mutated.
 */
import type { Interruptible } from "../base/interruptible.ts";
import type { ApiObject } from "../machinery/object.ts";
import type { UserInfo } from "../machinery/request.ts";
import type { FieldError } from "../machinery/status.ts";
import type { StructuralSchema } from "../schema/structural-schema.ts";

/** Names of a kind, for discovery and paths. */
export type ResourceNames = {
  readonly group: string;
  readonly version: string;
  readonly kind: string;
  /** Default: kind + "List". */
  readonly listKind?: string;
  readonly plural: string;
  readonly singular: string;
  readonly shortNames: readonly string[];
  readonly categories: readonly string[];
  readonly isNamespaced: boolean;
};

/** Facts of the moment a strategy may use. */
export type WriteMoment = {
  /** Wall clock, milliseconds. */
  readonly nowMs: number;
  /** A fresh value in [0, 1), for allocation. */
  readonly random: () => number;
  /** Who writes, for kinds that record it. */
  readonly user?: UserInfo;
};

/** A column of `kubectl get`. */
export type TableColumn = {
  readonly name: string;
  readonly type: "string" | "integer" | "number" | "boolean" | "date";
  readonly format?: string;
  readonly description: string;
  /** 0: always; 1: only with -o wide. */
  readonly priority: number;
};

export type TableCell = string | number | boolean | null | readonly string[];

/** How many seconds a deletion takes; 0 deletes at once. */
export type GraceRule<T> = (object: T, requestedSeconds: number | undefined) => number;

/** A second view of the object: PUT and PATCH to it change only what it covers. */
export type SubresourceStrategy<T extends ApiObject> = {
  /** `next` with everything the subresource does not cover taken from `old`. */
  readonly prepareForUpdate: (next: T, old: T, moment: WriteMoment) => T;
  readonly validateUpdate: (next: T, old: T) => readonly FieldError[];
  /** What `validateUpdate` says, as work that can be interrupted; where it takes long. */
  readonly longValidation?: (
    next: T,
    old: T,
    warn: (text: string) => void,
  ) => Interruptible<readonly FieldError[]>;
  /** Whether what it changes counts as a generation. Default: no, like a status. */
  readonly isCounted?: boolean;
};

/** The replicas of an object as autoscaling/v1 Scale sees them. */
export type ScaleStrategy<T extends ApiObject> = {
  readonly replicas: (object: T) => number;
  readonly statusReplicas: (object: T) => number;
  /** Query form; "" if there is none. */
  readonly selector: (object: T) => string;
  readonly withReplicas: (object: T, replicas: number) => T;
  /** Where the number may be missing: whether it is there. Default: always. */
  readonly hasReplicas?: (object: T) => boolean;
  /** What errors about a missing number name, e.g. `.spec.replicas`. */
  readonly replicasField?: string;
};

/**
 * A kind that is kept as another one: the same objects under a second group or version, such as
 * events of events.k8s.io, or horizontal pod autoscalers of autoscaling/v1. The strategy of the
 * stored kind is the one in `BUILT_IN` with these names; both conversions keep name, namespace and
 * all that the other form has no field for.
 */
export type StoredAs<T extends ApiObject> = {
  readonly group: string;
  readonly version: string;
  readonly plural: string;
  readonly toStored: (object: T) => ApiObject;
  readonly fromStored: (object: ApiObject) => T;
};

/** A label its namespace must have (with the value `true`), and what is wrong if it does not. */
export type NamespaceDemand = { readonly label: string; readonly error: FieldError };

export type Strategy<T extends ApiObject = ApiObject> = {
  readonly names: ResourceNames;
  /** Default: kept as what it is. */
  readonly storedAs?: StoredAs<T>;
  /** Fields of the kind: strict decoding, patches and OpenAPI read it. */
  readonly schema: StructuralSchema;
  /** What is wrong with a name, as printed; undefined if nothing. `isPrefix`: generateName. */
  readonly nameProblem: (name: string, isPrefix: boolean) => string | undefined;
  /** Whether metadata.generation counts changes outside metadata and status. */
  readonly hasGeneration: boolean;
  /** Changes that it counts besides those (deployments: of annotations). */
  readonly isCountedToo?: (next: T, old: T) => boolean;
  /** Default: all that its other fields allow. For kinds with fewer, e.g. `["get", "list"]`. */
  readonly verbs?: readonly string[];
  /** What becomes of dependents when a DELETE does not say. Default: Background. */
  readonly defaultPropagation?: "Background" | "Orphan";
  /** Whether PUT may create (upstream allows it for few kinds). */
  readonly isCreatedByUpdate: boolean;
  /** Whether PUT without resourceVersion overwrites. */
  readonly isUpdatedUnconditionally: boolean;

  /** Fills in defaults; runs on every write, and must change nothing the second time. */
  readonly applyDefaults: (object: T) => T;
  /** Drops what a creator may not set (status), and allocates what the server sets. */
  readonly prepareForCreate: (object: T, moment: WriteMoment) => T;
  /** Keeps what an updater may not change through the main endpoint (status). */
  readonly prepareForUpdate: (next: T, old: T, moment: WriteMoment) => T;
  /**
   * All that is wrong, metadata excepted (checked for every kind alike). `old`: the state before an
   * update; what was wrong in it already may be let through.
   */
  readonly validate: (object: T, old?: T) => readonly FieldError[];
  /**
   * What `validate` says, as work that can be interrupted; where it takes long. `warn` is told what
   * is let through, whatever else is wrong.
   */
  readonly longValidation?: (
    object: T,
    old: T | undefined,
    warn: (text: string) => void,
  ) => Interruptible<readonly FieldError[]>;
  /** What the object demands of its namespace; `old` undefined for a new one. */
  readonly namespaceDemand?: (next: T, old: T | undefined) => NamespaceDemand | undefined;
  /** All that is wrong with the change, e.g. of an immutable field. Runs besides `validate`. */
  readonly validateUpdate: (next: T, old: T) => readonly FieldError[];
  /** What the writer of a new object is told before it is prepared, whatever is wrong with it. */
  readonly warningsFirst?: (object: T) => readonly string[];
  /** What its writer is told though nothing is wrong with it; `old` undefined for a new object. */
  readonly warnings?: (next: T, old: T | undefined) => readonly string[];
  /** What everybody is told who uses the kind: that it is going, and what comes in its place. */
  readonly deprecation?: string;

  readonly status?: SubresourceStrategy<T>;
  readonly scale?: ScaleStrategy<T>;
  /** Further subresources that discovery lists, e.g. `log`, `binding`, `finalize`. */
  readonly otherSubresources?: readonly {
    readonly name: string;
    readonly group: string;
    readonly version: string;
    readonly kind: string;
    readonly verbs: readonly string[];
    /** For one that holds the object itself in another view, like `status` does. */
    readonly strategy?: SubresourceStrategy<T>;
  }[];

  readonly grace?: GraceRule<T>;
  /** DELETE answers with the object even when it is gone (pods, services, namespaces, …). */
  readonly isReturnedWhenDeleted: boolean;
  /** What else changes in the write that sets deletionTimestamp (namespaces: status.phase). */
  readonly whenDeletionBegins?: (object: T) => T;
  /** Finalizers besides metadata's that block the deletion (namespaces: spec.finalizers). */
  readonly extraFinalizers?: (object: T) => readonly string[];
  /** False for kinds without the deletecollection verb. */
  readonly isCollectionDeletable: boolean;

  /** Field selectors besides metadata.name and metadata.namespace. */
  readonly fieldSelectors: Readonly<Record<string, (object: T) => string>>;
  readonly columns: readonly TableColumn[];
  /** One cell per column. */
  readonly row: (object: T, nowMs: number) => readonly TableCell[];
};

/** A strategy whose object type is hidden, as the registry holds them. */
// oxlint-disable-next-line typescript/no-explicit-any -- existential type: T is private to the strategy.
export type AnyStrategy = Strategy<any>;
