/** Bindings of policies: where they hold, with which parameters, and what follows. */
import { dnsSubdomainProblem } from "../../../machinery/names.ts";
import type { FieldError } from "../../../machinery/status.ts";
import { canonicalForm } from "../../canonical-form.ts";
import {
  duplicate,
  errorIf,
  fromProblem,
  invalid,
  required,
  unsupported,
} from "../../field-errors.ts";
import { ORDINARY } from "../../ordinary.ts";
import type { Strategy, TableColumn } from "../../strategy.ts";
import { AGE_COLUMN, ageOf, column, NAME_COLUMN, nameOf } from "../../table-columns.ts";
import { matchErrors, paramRefErrors, withMatchDefaults } from "./match-resources.ts";
import { operationErrors } from "./mutating-policy.ts";
import {
  mutatingAdmissionPolicyBindingSchema,
  validatingAdmissionPolicyBindingSchema,
} from "./schema.generated.ts";
import type {
  MatchResources,
  MutatingAdmissionPolicyBinding,
  ParamRef,
  ValidatingAdmissionPolicyBinding,
} from "./types.generated.ts";

const ACTIONS: readonly string[] = ["Audit", "Deny", "Warn"];
const DENY_AND_WARN =
  "must not contain both Deny and Warn (repeating the same validation failure information in " +
  "the API response and headers serves no purpose)";

const COLUMNS: readonly TableColumn[] = [
  NAME_COLUMN,
  column("PolicyName", "The policy that is bound."),
  column("ParamRef", "The parameters it gets."),
  AGE_COLUMN,
];

export const validatingPolicyBindingStrategy: Strategy<ValidatingAdmissionPolicyBinding> = {
  ...ORDINARY,
  names: {
    group: "admissionregistration.k8s.io",
    version: "v1",
    kind: "ValidatingAdmissionPolicyBinding",
    plural: "validatingadmissionpolicybindings",
    singular: "validatingadmissionpolicybinding",
    shortNames: [],
    categories: ["api-extensions"],
    isNamespaced: false,
  },
  schema: validatingAdmissionPolicyBindingSchema,
  nameProblem: dnsSubdomainProblem,
  hasGeneration: true,
  isUpdatedUnconditionally: false,
  applyDefaults: (sent) => {
    const binding = canonicalForm(sent, validatingAdmissionPolicyBindingSchema);
    return { ...binding, spec: withDefaults(binding.spec) };
  },
  validate: ({ spec }) => [
    ...bindingErrors(spec),
    ...actionErrors("spec.validationActions", spec.validationActions),
  ],
  columns: COLUMNS,
  row: (binding, nowMs) => [
    nameOf(binding),
    binding.spec.policyName,
    paramText(binding.spec.paramRef),
    ageOf(binding, nowMs),
  ],
};

export const mutatingPolicyBindingStrategy: Strategy<MutatingAdmissionPolicyBinding> = {
  ...ORDINARY,
  names: {
    group: "admissionregistration.k8s.io",
    version: "v1",
    kind: "MutatingAdmissionPolicyBinding",
    plural: "mutatingadmissionpolicybindings",
    singular: "mutatingadmissionpolicybinding",
    shortNames: [],
    categories: ["api-extensions"],
    isNamespaced: false,
  },
  schema: mutatingAdmissionPolicyBindingSchema,
  nameProblem: dnsSubdomainProblem,
  hasGeneration: true,
  isUpdatedUnconditionally: false,
  applyDefaults: (sent) => {
    const binding = canonicalForm(sent, mutatingAdmissionPolicyBindingSchema);
    return { ...binding, spec: withDefaults(binding.spec) };
  },
  validate: ({ spec }) => [
    ...bindingErrors(spec),
    ...operationErrors("spec.matchResources", spec.matchResources),
  ],
  columns: COLUMNS,
  row: (binding, nowMs) => [
    nameOf(binding),
    binding.spec.policyName ?? "",
    paramText(binding.spec.paramRef),
    ageOf(binding, nowMs),
  ],
};

type BindingSpec = {
  readonly policyName?: string;
  readonly paramRef?: ParamRef;
  readonly matchResources?: MatchResources;
};

function withDefaults<Spec extends BindingSpec>(spec: Spec): Spec {
  const { matchResources } = spec;
  if (matchResources === undefined) return spec;
  return { ...spec, matchResources: withMatchDefaults(matchResources) };
}

function bindingErrors({ policyName = "", ...spec }: BindingSpec): readonly FieldError[] {
  const field = "spec.policyName";
  return [
    ...(policyName === ""
      ? [required(field)]
      : fromProblem(field, policyName, dnsSubdomainProblem(policyName))),
    ...paramRefErrors("spec.paramRef", spec.paramRef),
    ...matchErrors("spec.matchResources", spec.matchResources),
  ];
}

function actionErrors(field: string, actions: readonly string[]): readonly FieldError[] {
  const isBoth = actions.includes("Deny") && actions.includes("Warn");
  return [
    ...actions.flatMap((action, index) => [
      ...errorIf(!ACTIONS.includes(action), unsupported(`${field}[${index}]`, action, ACTIONS)),
      ...errorIf(actions.indexOf(action) < index, duplicate(`${field}[${index}]`, action)),
    ]),
    ...errorIf(isBoth, invalid(field, actions, DENY_AND_WARN)),
    ...errorIf(actions.length === 0, required(field, "at least one validation action is required")),
  ];
}

/** A name with its namespace, * where it may be any; a selector as Go prints it. */
function paramText(reference: ParamRef | undefined): string {
  const { name = "", namespace = "", selector } = reference ?? {};
  if (name !== "") return `${namespace === "" ? "*" : namespace}/${name}`;
  if (selector === undefined) return "<unset>";
  const labels = Object.entries(selector.matchLabels ?? {}).map(
    ([key, value]) => `${key}: ${value},`,
  );
  const expressions = (selector.matchExpressions ?? []).map(
    ({ key, operator, values = [] }) =>
      `LabelSelectorRequirement{Key:${key},Operator:${operator},Values:[${values.join(" ")}],},`,
  );
  return (
    `&LabelSelector{MatchLabels:map[string]string{${labels.join("")}},` +
    `MatchExpressions:[]LabelSelectorRequirement{${expressions.join("")}},}`
  );
}
