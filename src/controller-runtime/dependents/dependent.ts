/**
 * Something that a controller keeps for each of its objects, as a value: what it is, after what it
 * comes, when it is wanted, when it is ready. `dependent()` is for objects of Kubernetes, of which
 * it may be none, one or many; `external()` for anything else.
 */
import type { ResourceType } from "../../client/resource-type.ts";
import type { ApiObject } from "../../machinery/object.ts";
import type { Intent } from "../declared/intent.ts";
import type { ReconcileContext } from "../declared/reconcile-context.ts";
import { deletionOf, KubernetesDependent } from "./kubernetes-dependent.ts";
import type { Ownership } from "./ownership.ts";

/** What came of applying or removing a dependent. */
export type Reached<Found> = (
  | { readonly kind: "ready"; readonly found: Found }
  | { readonly kind: "unready"; readonly why: string; readonly found?: Found }
  | { readonly kind: "gone" }
  | { readonly kind: "going"; readonly why: string }
) & {
  /** Nothing will tell of a change: look again after this long at the latest. */
  readonly pollMs?: number;
};

/** One call of a dependent's functions. */
export type DependentCall<Owner extends ApiObject> = {
  readonly owner: Owner;
  readonly context: ReconcileContext<Owner>;
  /** What its objects are labelled with: the controller's name and its own. */
  readonly mark: string;
  /** Stands for the owner as long as the controller knows it: a key of weak maps. */
  readonly token: object;
};

/** Made by `dependent()` or `external()`, and given to `controller()`. */
export type Dependent<Owner extends ApiObject = ApiObject, Found = unknown> = {
  readonly name: string;
  /** Undefined: it is none of Kubernetes. */
  readonly type: ResourceType | undefined;
  readonly dependsOn: readonly string[];
  readonly ownership: Ownership;
  readonly deletion: Deletion;
  /** Whether the owner wants it now. */
  readonly isWanted: (owner: Owner, context: ReconcileContext<Owner>) => Promise<boolean>;
  /** Makes it be as desired. */
  readonly apply: (call: DependentCall<Owner>) => Promise<Reached<Found>>;
  /** Makes it be gone. */
  readonly remove: (call: DependentCall<Owner>) => Promise<Reached<Found>>;
  readonly foundFor: (token: object) => Found | undefined;
};

/**
 * What happens at the deletion of the owner. `collected`: the garbage collector takes it, in no
 * order. `in-order`: it is deleted, and gone with all that it owns, before those it depends on;
 * what depends on it goes before it.
 */
export type Deletion = "collected" | "in-order";

/** What every dependent may say about its place among the others. */
export type OrderOptions<Owner extends ApiObject> = {
  /** Applied only when these are ready: their names, or the values themselves. */
  readonly dependsOn?: readonly (string | { readonly name: string })[];
  /**
   * Whether it is wanted (default: always). When it no longer is, it is removed, after all that
   * depends on it. Asked at the beginning of each run.
   */
  readonly when?: (owner: Owner, context: ReconcileContext<Owner>) => boolean | Promise<boolean>;
};

/** One object, several (those left out next time are deleted), or none. */
export type Desired<O extends ApiObject> = Intent<O> | readonly Intent<O>[] | undefined;

/** What a dependent is to be, after which others, and when it counts as ready. */
export type DependentOptions<Owner extends ApiObject, O extends ApiObject> = OrderOptions<Owner> & {
  /** Unique among the dependents of a controller (default: the kind). At most about 30 letters. */
  readonly name?: string;
  /**
   * What there shall be, from what the owner declares: applied as by `ctx.apply`, with the owner
   * set. Asked only when all it depends on is ready; look those up with `ctx.dependents.found`.
   */
  readonly desired: (
    owner: Owner,
    context: ReconcileContext<Owner>,
  ) => Desired<O> | Promise<Desired<O>>;
  /** Of each object. Default by kind: a Deployment is rolled out, a Job complete, a Pod ready … */
  readonly isReady?: (object: O, owner: Owner) => boolean;
  /**
   * How its objects are tied to the owner. `reference` (default): the owner manages them; they must
   * be in its namespace, unless the owner is in none. `label`: they may be anywhere, also in no
   * namespace; a finalizer holds the owner until they are deleted.
   */
  readonly ownership?: Ownership;
  /** Default `collected`; of those tied by a label `in-order`, as nobody else would delete them. */
  readonly deletion?: Deletion;
  /**
   * Whether nothing is left of it either outside, asked when its objects are gone (default: yes).
   * While it answers no it is asked again every ten seconds.
   */
  readonly isGone?: (owner: Owner, context: ReconcileContext<Owner>) => boolean | Promise<boolean>;
};

/**
 * Objects of a kind that a controller keeps for each of its own. They are found again by their
 * owner and the label `setpoint.dev/dependent`, so that what is no longer desired is deleted even
 * if its name was another one before.
 *
 *     controller(Site, {
 *       dependents: [
 *         dependent(Secret, { desired: (site) => passwordOf(site) }),
 *         dependent(Deployment, { desired: (site) => webOf(site), dependsOn: ["Secret"] }),
 *       ],
 *     });
 */
export function dependent<Owner extends ApiObject, O extends ApiObject>(
  type: ResourceType<O>,
  options: DependentOptions<Owner, O>,
): Dependent<Owner, readonly O[]> {
  const objects = new KubernetesDependent(type, options);
  const { name = type.kind, ownership = "reference" } = options;
  const deletion = deletionOf(options);
  if (ownership === "label" && deletion === "collected") {
    throw new TypeError(`dependent ${name}: what is tied by a label is not collected`);
  }
  return {
    name,
    type,
    ownership,
    deletion,
    ...placeOf(options),
    apply: (call) => objects.apply(call),
    remove: (call) => objects.remove(call),
    foundFor: (token) => objects.foundFor(token),
  };
}

/** Its place among the others, as the plan wants to know it. */
export function placeOf<Owner extends ApiObject>({
  dependsOn = [],
  when = () => true,
}: OrderOptions<Owner>): Pick<Dependent<Owner>, "dependsOn" | "isWanted"> {
  return {
    dependsOn: dependsOn.map((other) => (typeof other === "string" ? other : other.name)),
    isWanted: async (owner, context) => when(owner, context),
  };
}
