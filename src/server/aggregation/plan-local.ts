/** Which API services say that this server answers for what it serves. */
import type { APIService } from "../../apis/apiregistration/v1/types.generated.ts";
import { builtInPriorities, CUSTOM_PRIORITIES } from "./priorities.ts";

/** Marks those that the server keeps: made once at start, or kept as long as they are served. */
export const AUTOMANAGED_LABEL = "kube-aggregator.kubernetes.io/automanaged";
export type Automanaged = "onstart" | "true";

/** This server always answers for the group of API services itself. */
const OWN_GROUP = "apiregistration.k8s.io";

export type ServedVersion = {
  readonly group: string;
  readonly version: string;
  readonly isCustom: boolean;
};

/** An API service without what the server fills in. */
export type LocalService = Pick<APIService, "apiVersion" | "kind" | "metadata" | "spec">;

export type LocalPlan = {
  readonly create: readonly LocalService[];
  readonly update: readonly LocalService[];
  /** Names. */
  readonly remove: readonly string[];
};

export function planLocal(
  served: readonly ServedVersion[],
  existing: readonly APIService[],
  /** Names of built-in ones that were there once: who deletes them does not want them. */
  seen: ReadonlySet<string>,
): LocalPlan {
  const wanted = new Map(
    served
      .filter(({ group }) => group !== OWN_GROUP)
      .map((each) => [nameOf(each), localService(each)]),
  );
  const present = new Map(existing.map((each) => [each.metadata.name ?? "", each]));
  return {
    create: [...wanted].flatMap(([name, each]) =>
      present.has(name) || seen.has(name) ? [] : [each],
    ),
    update: [...wanted].flatMap(([name, each]) => {
      const old = present.get(name);
      return old !== undefined && isKept(old, "true") && !hasSpecOf(old, each)
        ? [{ ...each, metadata: { ...old.metadata } }]
        : [];
    }),
    remove: [...present].flatMap(([name, each]) =>
      isKept(each, "true") && !wanted.has(name) ? [name] : [],
    ),
  };
}

function nameOf({ group, version }: ServedVersion): string {
  return `${version}.${group}`;
}

function localService({ group, version, isCustom }: ServedVersion): LocalService {
  const priorities = isCustom ? CUSTOM_PRIORITIES : builtInPriorities(group, version);
  const kept: Automanaged = isCustom ? "true" : "onstart";
  return {
    apiVersion: "apiregistration.k8s.io/v1",
    kind: "APIService",
    metadata: { name: `${version}.${group}`, labels: { [AUTOMANAGED_LABEL]: kept } },
    spec: {
      ...(group === "" ? {} : { group }),
      version,
      groupPriorityMinimum: priorities.group,
      versionPriority: priorities.version,
    },
  };
}

function isKept(service: APIService, as: Automanaged): boolean {
  return service.metadata.labels?.[AUTOMANAGED_LABEL] === as;
}

function hasSpecOf(old: APIService, wanted: LocalService): boolean {
  const { spec } = old;
  return (
    spec.service === undefined &&
    spec.groupPriorityMinimum === wanted.spec.groupPriorityMinimum &&
    spec.versionPriority === wanted.spec.versionPriority
  );
}
