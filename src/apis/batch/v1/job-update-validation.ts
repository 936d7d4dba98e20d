/** What may change in a job: little, because its pods already run. */
import { isConditionTrue } from "../../../machinery/conditions.ts";
import { equalValues } from "../../../machinery/json-value.ts";
import type { FieldError } from "../../../machinery/status.ts";
import { podSpecStruct, podTemplateStruct } from "../../core/v1/go-structs.ts";
import type {
  Affinity,
  Container,
  PodSpec,
  PodTemplateSpec,
} from "../../core/v1/types.generated.ts";
import { IMMUTABLE, invalid } from "../../field-errors.ts";
import { goStruct, printedSelector, type GoStruct } from "../../go-struct.ts";
import { immutableErrors } from "../../ordinary.ts";
import { failurePolicyStruct, successPolicyStruct } from "./go-structs.ts";
import { isIndexed, selectedSpecErrors } from "./job-validation.ts";
import type { Job, JobSpec } from "./types.generated.ts";

/** What is wrong with a change of a job. */
export function jobUpdateErrors(next: Job, old: Job): readonly FieldError[] {
  const fixed = (name: keyof JobSpec): readonly FieldError[] =>
    immutableErrors(`spec.${name}`, next.spec[name], old.spec[name]);
  return [
    ...selectedSpecErrors(next.spec), // once more, as upstream
    ...completionErrors(next.spec, old.spec),
    ...(equalValues(next.spec.selector, old.spec.selector)
      ? []
      : [invalid("spec.selector", printedSelector(next.spec.selector), IMMUTABLE)]),
    ...templateErrors(next, old),
    ...fixed("completionMode"),
    ...fixedPolicyErrors("podFailurePolicy", next.spec, old.spec, failurePolicyStruct),
    ...fixed("backoffLimitPerIndex"),
    ...fixed("managedBy"),
    ...fixedPolicyErrors("successPolicy", next.spec, old.spec, successPolicyStruct),
  ];
}

function fixedPolicyErrors(
  name: "podFailurePolicy" | "successPolicy",
  next: JobSpec,
  old: JobSpec,
  struct: GoStruct,
): readonly FieldError[] {
  if (equalValues(next[name], old[name])) return [];
  const printed = next[name] === undefined ? null : goStruct(next[name], struct);
  return [invalid(`spec.${name}`, printed, IMMUTABLE)];
}

/** An indexed job can grow and shrink, with all its pods at once. */
function completionErrors(next: JobSpec, old: JobSpec): readonly FieldError[] {
  const field = "spec.completions";
  if (!isIndexed(next)) return immutableErrors(field, next.completions, old.completions);
  if (next.completions === undefined || next.completions === old.completions) return [];
  if (next.completions === next.parallelism) return [];
  const detail = "can only be modified in tandem with spec.parallelism";
  return [invalid(field, next.completions, detail)];
}

/** While a job that never ran is held back, where its pods run and what they get may change. */
function templateErrors(next: Job, old: Job): readonly FieldError[] {
  const [after, before] = [next.spec.template, old.spec.template];
  if (old.spec.suspend !== true) return fixedErrors(after, before);
  const isIdle =
    (old.status.startTime ?? "") === "" || isConditionTrue(old.status.conditions, "Suspended");
  if (!isIdle) return fixedErrors(after, before);
  const allowed = withDirectivesOf(before, after);
  const spec = withResourcesOf(allowed.spec, after.spec);
  if (equalValues(after.spec, spec)) return fixedErrors({ ...after, spec }, { ...allowed, spec });
  return [invalid("spec.template.spec", goStruct(after.spec, podSpecStruct), IMMUTABLE)];
}

function fixedErrors(next: PodTemplateSpec, old: PodTemplateSpec): readonly FieldError[] {
  if (equalValues(next, old)) return [];
  const printed = goStruct(next, podTemplateStruct);
  return [invalid("spec.template", printed, IMMUTABLE)];
}

/** `old` with what says where pods run taken from `next`. */
function withDirectivesOf(old: PodTemplateSpec, next: PodTemplateSpec): PodTemplateSpec {
  const {
    affinity: _a,
    nodeSelector: _n,
    tolerations: _t,
    schedulingGates: _g,
    ...rest
  } = old.spec;
  const { nodeSelector, tolerations, schedulingGates } = next.spec;
  const affinity = allowedAffinity(old.spec.affinity, next.spec.affinity);
  const { labels: _l, annotations: _an, ...metadata } = old.metadata;
  const { labels, annotations } = next.metadata;
  return {
    ...old,
    metadata: {
      ...metadata,
      ...(labels === undefined ? {} : { labels }),
      ...(annotations === undefined ? {} : { annotations }),
    },
    spec: {
      ...rest,
      ...(affinity === undefined ? {} : { affinity }),
      ...(nodeSelector === undefined ? {} : { nodeSelector }),
      ...(tolerations === undefined ? {} : { tolerations }),
      ...(schedulingGates === undefined ? {} : { schedulingGates }),
    },
  };
}

/** Of the rules only those about nodes may change. */
function allowedAffinity(
  old: Affinity | undefined,
  next: Affinity | undefined,
): Affinity | undefined {
  const { nodeAffinity: _, ...others } = old ?? {};
  if (next === undefined && Object.keys(others).length === 0) return undefined;
  const { nodeAffinity } = next ?? {};
  return { ...others, ...(nodeAffinity === undefined ? {} : { nodeAffinity }) };
}

/** `old` with what its containers get taken from `next`. */
function withResourcesOf(old: PodSpec, next: PodSpec): PodSpec {
  const { initContainers } = old;
  return {
    ...old,
    containers: resourcesFrom(old.containers, next.containers),
    ...(initContainers === undefined
      ? {}
      : { initContainers: resourcesFrom(initContainers, next.initContainers ?? []) }),
  };
}

function resourcesFrom(
  old: readonly Container[],
  next: readonly Container[],
): readonly Container[] {
  if (old.length !== next.length) return old;
  return old.map((container, index) => {
    const other = next[index];
    if (other?.name !== container.name || other.resources === undefined) return container;
    return { ...container, resources: other.resources };
  });
}
