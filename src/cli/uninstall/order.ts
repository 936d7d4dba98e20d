/**
 * In which order an installation goes. Pure.
 *
 *     webhook configurations   nobody is asked any more, so nothing fails when the program ends
 *     objects of its kinds     the program is still there, and takes its finalizers away
 *     the program              what runs, and what belongs to it in its namespace
 *     webhook configurations   which the program may have made again before it ended
 *     roles, accounts
 *     definitions              of which no objects are left
 *     namespaces               if nothing else is in them
 */
import { isFields, own } from "../../machinery/object.ts";
import type { Manifest } from "../manifests.ts";

export type Stages = {
  readonly configurations: readonly Manifest[];
  readonly definitions: readonly Manifest[];
  readonly program: readonly Manifest[];
  readonly access: readonly Manifest[];
  readonly namespaces: readonly Manifest[];
};

const ACCESS: ReadonlySet<string> = new Set([
  "ClusterRole",
  "ClusterRoleBinding",
  "Role",
  "RoleBinding",
  "ServiceAccount",
]);
const WORKLOADS: ReadonlySet<string> = new Set([
  "CronJob",
  "DaemonSet",
  "Deployment",
  "Job",
  "StatefulSet",
]);

/** Within a stage: the last that was applied goes first, and what runs before all else. */
export function stagesOf(manifests: readonly Manifest[]): Stages {
  const stages = Map.groupBy(manifests, stageOf);
  const of = (stage: keyof Stages): readonly Manifest[] => (stages.get(stage) ?? []).toReversed();
  const program = of("program");
  return {
    configurations: of("configurations"),
    definitions: of("definitions"),
    program: [...program.filter(isWorkload), ...program.filter((each) => !isWorkload(each))],
    access: of("access"),
    namespaces: of("namespaces"),
  };
}

/** Whether pods come of it. */
export function isWorkload({ kind }: Manifest): boolean {
  return WORKLOADS.has(kind);
}

/** Whether a definition's versions are converted by a webhook. */
export function isConvertedByProgram({ object }: Manifest): boolean {
  const spec = own({ ...object }, "spec");
  const conversion = isFields(spec) ? own(spec, "conversion") : undefined;
  return isFields(conversion) && own(conversion, "strategy") === "Webhook";
}

function stageOf({ apiVersion, kind }: Manifest): keyof Stages {
  if (apiVersion.startsWith("admissionregistration.k8s.io/")) return "configurations";
  if (kind === "CustomResourceDefinition") return "definitions";
  if (kind === "Namespace") return "namespaces";
  return ACCESS.has(kind) ? "access" : "program";
}

/** The names a definition gives to its kind; undefined for what is none. */
export function kindOfDefinition({ object }: Manifest):
  | {
      readonly group: string;
      readonly resource: string;
      readonly kind: string;
      readonly isNamespaced: boolean;
    }
  | undefined {
  const spec = own({ ...object }, "spec");
  const names = isFields(spec) ? own(spec, "names") : undefined;
  if (!isFields(spec) || !isFields(names)) return undefined;
  const [group, resource, kind] = [own(spec, "group"), own(names, "plural"), own(names, "kind")];
  if (typeof group !== "string" || typeof resource !== "string" || typeof kind !== "string") {
    return undefined;
  }
  return { group, resource, kind, isNamespaced: own(spec, "scope") !== "Cluster" };
}
