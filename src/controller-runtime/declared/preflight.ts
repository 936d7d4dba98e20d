/**
 * Looks, before anything runs, whether the server has what the controllers need. A kind that is not
 * served or may not be read would leave them waiting for ever; here all of it is said at once, each
 * with what to do.
 */
import type { Context } from "../../base/context.ts";
import type { Client } from "../../client/client.ts";
import type { ResourceType } from "../../client/resource-type.ts";
import type { Scope } from "../../informer/lister-watcher.ts";
import { gvrKey } from "../../machinery/gvk.ts";
import type { ApiObject } from "../../machinery/object.ts";
import { isStatus } from "../../machinery/status.ts";
import type { DeclaredController } from "./declared-controller.ts";
import { isWhenServed } from "../sources/served-source.ts";
import { permissionsOf, type Declared, type Permission } from "./permissions.ts";

/** Which objects of a kind are followed, as informers have it. */
export type ScopeOf = (type: ResourceType) => Scope;

/** What is missing, a line each. */
export class PreflightError extends Error {
  override readonly name = "PreflightError";
  readonly problems: readonly string[];
  constructor(problems: readonly string[]) {
    super(["the controllers cannot run:", ...problems.map((each) => `  - ${each}`)].join("\n"));
    this.problems = problems;
  }
}

/**
 * Throws `PreflightError`, which tells of the problems `known` before as well; failures of the
 * connection are thrown as they are.
 */
export async function preflight(
  controllers: readonly DeclaredController[],
  client: Client,
  context: Context,
  known: readonly string[] = [],
  scopeOf: ScopeOf = () => ({}),
): Promise<void> {
  const needed = controllers.flatMap(neededOf);
  const missing = await missingKinds(needed, client, context, scopeOf);
  const refused = await refusedPermissions(needed, client, context, scopeOf);
  const problems = [...known, ...missing, ...refused];
  if (problems.length > 0) throw new PreflightError(problems);
}

/** Without the kinds it can do without: those are told of by readiness, when they are there. */
function neededOf({ type, owns, reads, ...rest }: Declared): readonly Declared[] {
  if (isWhenServed(type)) return [];
  const isNeeded = (one: ResourceType): boolean => !isWhenServed(one);
  const { hasFinalizer, permissions } = rest;
  const kinds = { type, owns: owns.filter(isNeeded), reads: reads.filter(isNeeded) };
  return [{ ...kinds, hasFinalizer, permissions }];
}

async function missingKinds(
  controllers: readonly Declared[],
  client: Client,
  context: Context,
  scopeOf: ScopeOf,
): Promise<readonly string[]> {
  const types = new Map<string, ResourceType>();
  for (const { type, owns, reads } of controllers) {
    for (const each of [type, ...owns, ...reads]) types.set(gvrKey(each), each);
  }
  const found = await Promise.all(
    [...types.values()].map(async (type) => {
      try {
        await client.list(type, { limit: 1, ...placeOf(type, scopeOf) }, context);
        return [];
      } catch (error) {
        if (isStatus(error, "NotFound")) return [notServed(type)];
        if (isStatus(error, "Forbidden")) return []; // told with the permissions
        throw error;
      }
    }),
  );
  return found.flat();
}

function notServed(type: ResourceType): string {
  const { group, version, resource, kind } = type;
  const what = `the server does not serve ${resource}.${version}.${group} (${kind})`;
  return "definition" in type
    ? `${what}: install its definition, with \`installsDefinitions: true\` or with kubectl apply ` +
        "of what `setpoint generate crds` prints"
    : `${what}: install what brings it, or take it out of \`owns\`, \`watches\` and \`reads\``;
}

async function refusedPermissions(
  controllers: readonly Declared[],
  client: Client,
  context: Context,
  scopeOf: ScopeOf,
): Promise<readonly string[]> {
  const places = placesOf(controllers, scopeOf);
  const questions = permissionsOf(controllers).flatMap((permission) =>
    permission.verbs.map((verb) => ({ permission, verb })),
  );
  const answers = await Promise.all(
    questions.map(async ({ permission, verb }) => {
      const [resource = ""] = permission.resource.split("/");
      const place = places.get(`${permission.group}/${resource}`) ?? places.get("") ?? {};
      return (await mayI({ ...permission, ...place }, verb, client, context))
        ? []
        : [{ permission, verb }];
    }),
  );
  const verbs = new Map<string, string[]>();
  for (const { permission, verb } of answers.flat()) {
    const { group, resource } = permission;
    const name = group === "" ? resource : `${resource}.${group}`;
    verbs.set(name, [...(verbs.get(name) ?? []), verb]);
  }
  return [...verbs].map(
    ([name, refused]) =>
      `this program may not ${refused.join(", ")} ${name}: bind its user to a role that allows ` +
      "it (`setpoint generate rbac` prints one)",
  );
}

/** Where rights are needed: by group and resource; under "" those of what is no kind of theirs. */
function placesOf(
  controllers: readonly Declared[],
  scopeOf: ScopeOf,
): ReadonlyMap<string, Pick<Scope, "namespace">> {
  const types = controllers.flatMap(({ type, owns, reads }) => [type, ...owns, ...reads]);
  const places = new Map(
    types.map((type) => [`${type.group}/${type.resource}`, placeOf(type, scopeOf)]),
  );
  const [first] = controllers;
  return first === undefined ? places : places.set("", placeOf(first.type, scopeOf));
}

function placeOf(type: ResourceType, scopeOf: ScopeOf): Pick<Scope, "namespace"> {
  const { namespace } = scopeOf(type);
  return namespace === undefined || !type.isNamespaced ? {} : { namespace };
}

/** An object to ask with; its answer is in the status. */
type AccessReview = ApiObject & {
  readonly spec: { readonly resourceAttributes: Readonly<Record<string, string>> };
  readonly status?: { readonly allowed: boolean };
};

const ACCESS_REVIEW: ResourceType<AccessReview> = {
  group: "authorization.k8s.io",
  version: "v1",
  kind: "SelfSubjectAccessReview",
  resource: "selfsubjectaccessreviews",
  isNamespaced: false,
};

/** A resource of a group with its subresource, e.g. `sites/status`; all objects or one. */
export type Access = Pick<Permission, "group" | "resource"> & {
  readonly namespace?: string;
  readonly name?: string;
};

/** Whether this program's user may do so; true, too, if it may not even ask. */
export async function mayI(
  { group, resource: path, ...place }: Access,
  verb: string,
  client: Client,
  context: Context,
): Promise<boolean> {
  const [resource = "", subresource = ""] = path.split("/");
  const { namespace = "", name = "" } = place;
  const resourceAttributes = { group, resource, subresource, verb, namespace, name };
  const { apiVersion, kind } = { apiVersion: "authorization.k8s.io/v1", kind: ACCESS_REVIEW.kind };
  const question = { apiVersion, kind, metadata: {}, spec: { resourceAttributes } };
  try {
    return (await client.create(ACCESS_REVIEW, question, context)).status?.allowed ?? true;
  } catch (error) {
    // Who may not even ask will hear it from the work itself.
    if (isStatus(error, "Forbidden") || isStatus(error, "NotFound")) return true;
    throw error;
  }
}
