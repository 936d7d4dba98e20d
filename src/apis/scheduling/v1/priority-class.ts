/** Priority classes: how much more important than others a pod is. */
import { dnsSubdomainProblem } from "../../../machinery/names.ts";
import type { FieldError } from "../../../machinery/status.ts";
import { canonicalForm } from "../../canonical-form.ts";
import { errorIf, forbidden, oneOf } from "../../field-errors.ts";
import { immutableErrors, ORDINARY } from "../../ordinary.ts";
import type { Strategy } from "../../strategy.ts";
import { AGE_COLUMN, ageOf, column, NAME_COLUMN, nameOf } from "../../table-columns.ts";
import { priorityClassSchema } from "./schema.generated.ts";
import type { PriorityClass } from "./types.generated.ts";

/** The highest value people may give; those above are the system's. */
export const USER_PRIORITY_MAX = 1_000_000_000;

/** Names that begin like this are the system's. */
const SYSTEM_PREFIX = "system-";

/** The classes of the system, and their values. */
export const SYSTEM_PRIORITIES: ReadonlyMap<string, number> = new Map([
  ["system-node-critical", 2_000_001_000],
  ["system-cluster-critical", 2_000_000_000],
]);

const POLICIES: readonly string[] = ["PreemptLowerPriority", "Never"];

export const priorityClassStrategy: Strategy<PriorityClass> = {
  ...ORDINARY,
  names: {
    group: "scheduling.k8s.io",
    version: "v1",
    kind: "PriorityClass",
    plural: "priorityclasses",
    singular: "priorityclass",
    shortNames: ["pc"],
    categories: [],
    isNamespaced: false,
  },
  schema: priorityClassSchema,
  nameProblem: dnsSubdomainProblem,
  // Set once and never counted: what may change means nothing to those who read it.
  prepareForCreate: (priorityClass) => ({
    ...priorityClass,
    metadata: { ...priorityClass.metadata, generation: 1 },
  }),
  applyDefaults: (priorityClass) => withDefaults(canonicalForm(priorityClass, priorityClassSchema)),
  validate: (priorityClass, old) => (old === undefined ? priorityErrors(priorityClass) : []),
  validateUpdate: (next, old) => [
    ...errorIf(next.value !== old.value, forbidden("value", "may not be changed in an update.")),
    ...immutableErrors("preemptionPolicy", next.preemptionPolicy, old.preemptionPolicy),
  ],
  columns: [
    NAME_COLUMN,
    column("Value", "The priority; higher is more important.", "integer"),
    column("Global-Default", "Whether pods without a class get this one.", "boolean"),
    AGE_COLUMN,
    column("PreemptionPolicy", "Whether others may be evicted to make place."),
  ],
  row: (priorityClass, nowMs) => [
    nameOf(priorityClass),
    priorityClass.value ?? 0,
    priorityClass.globalDefault ?? false,
    ageOf(priorityClass, nowMs),
    priorityClass.preemptionPolicy ?? "",
  ],
};

function withDefaults(priorityClass: PriorityClass): PriorityClass {
  const { value = 0, preemptionPolicy = "PreemptLowerPriority" } = priorityClass;
  return { ...priorityClass, value, preemptionPolicy };
}

function priorityErrors(priorityClass: PriorityClass): readonly FieldError[] {
  const { value = 0, preemptionPolicy } = priorityClass;
  const name = nameOf(priorityClass);
  const tooHigh = `maximum allowed value of a user defined priority is ${USER_PRIORITY_MAX}`;
  return [
    ...(name.startsWith(SYSTEM_PREFIX)
      ? systemErrors(name, priorityClass)
      : errorIf(value > USER_PRIORITY_MAX, forbidden("value", tooHigh))),
    ...oneOf("preemptionPolicy", preemptionPolicy, POLICIES),
  ];
}

function systemErrors(name: string, priorityClass: PriorityClass): readonly FieldError[] {
  const problem = systemProblem(name, priorityClass);
  const detail =
    `priority class names with '${SYSTEM_PREFIX}' prefix are reserved for system use only. ` +
    `error: ${problem}`;
  return errorIf(problem !== undefined, forbidden("metadata.name", detail));
}

function systemProblem(
  name: string,
  { value, globalDefault = false }: PriorityClass,
): string | undefined {
  const known = SYSTEM_PRIORITIES.get(name);
  if (known === undefined) return `${name} is not a known system priority class`;
  if (value !== known) return `value of ${name} PriorityClass must be ${known}`;
  return globalDefault ? `globalDefault of ${name} PriorityClass must be false` : undefined;
}
