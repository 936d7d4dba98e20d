/**
 * Facts as one user may know them: of an object that the user may not `get`, it is told that it
 * changed, when and by whom, and not which one it is or how.
 */
import type { Context } from "../../base/context.ts";
import { parseApiVersion } from "../../machinery/gvk.ts";
import type { UserInfo } from "../../machinery/request.ts";
import type { ChangeFact, Facts, ObjectName } from "../../trace/facts.ts";
import type { Authorizer } from "../authz/authorizer.ts";
import type { Resources } from "../registry/resource.ts";
import { servedKind } from "./served-kind.ts";

export type MayRead = (object: ObjectName) => Promise<boolean>;

/** Whether a user may `get` an object. Asked once for each. */
export function readsOf(
  user: UserInfo,
  deps: { readonly authorizer: Authorizer; readonly resources: Resources },
  context: Context,
): MayRead {
  const known = new Map<string, Promise<boolean>>();
  return (object) => {
    const { apiVersion, kind, namespace, name } = object;
    const id = JSON.stringify([apiVersion, kind, namespace, name]);
    const answer = known.get(id) ?? mayGet(object, user, deps, context);
    known.set(id, answer);
    return answer;
  };
}

export function readableFacts(facts: Facts, mayRead: MayRead): Facts {
  const shown = async (fact: ChangeFact): Promise<ChangeFact> => {
    return (await mayRead(fact.object)) ? fact : hidden(fact);
  };
  const all = (found: readonly ChangeFact[]): Promise<readonly ChangeFact[]> => {
    return Promise.all(found.map(shown));
  };
  return {
    kept: () => facts.kept(),
    change: async (revision) => {
      const fact = await facts.change(revision);
      return fact === undefined ? undefined : shown(fact);
    },
    history: async (object, limit) => {
      return (await mayRead(object)) ? all(await facts.history(object, limit)) : [];
    },
    lastState: async (object) => {
      return (await mayRead(object)) ? facts.lastState?.(object) : undefined;
    },
    before: async (revision, limit) => all(await facts.before(revision, limit)),
    causesAfter: (revision, limit) => facts.causesAfter(revision, limit),
  };
}

function hidden({ revision, what, cause }: ChangeFact): ChangeFact {
  const object = { apiVersion: "", kind: "", namespace: "", name: "", uid: "" };
  return { revision, what, cause, object, owners: [], fields: [], isHidden: true };
}

async function mayGet(
  object: ObjectName,
  user: UserInfo,
  deps: { readonly authorizer: Authorizer; readonly resources: Resources },
  context: Context,
): Promise<boolean> {
  const { apiVersion, namespace, name } = object;
  const group = parseApiVersion(apiVersion)?.group ?? "*";
  // A kind that is served no longer is known by nobody but those who may read everything.
  const served = servedKind(object, deps.resources);
  const { resource, version } = served ?? { resource: "*", version: "*" };
  const place = { group, version, resource, subresource: "", namespace, name };
  const access = { kind: "resource", user, verb: "get", ...place } as const;
  return (await deps.authorizer.authorize(access, context)).kind === "allowed";
}
