/** Where a pod may run: node selectors, affinity, spreading and tolerations. */
import {
  dnsLabelProblem,
  dnsSubdomainProblem,
  labelValueProblem,
} from "../../../machinery/names.ts";
import type { FieldError } from "../../../machinery/status.ts";
import {
  duplicate,
  forbidden,
  fromProblem,
  invalid,
  oneOf,
  required,
  unsupported,
} from "../../field-errors.ts";
import { goStruct } from "../../go-struct.ts";
import { labelNameErrors, labelSelectorErrors } from "../../meta/v1/label-validation.ts";
import { taintStruct } from "./go-structs.ts";
import { labelKeyErrors } from "./label-key-validation.ts";
import type {
  Affinity,
  NodeSelector,
  NodeSelectorRequirement,
  NodeSelectorTerm,
  PodAffinity,
  PodAffinityTerm,
  Taint,
  Toleration,
} from "./types.generated.ts";

const EFFECTS: readonly string[] = ["NoSchedule", "PreferNoSchedule", "NoExecute"];
const EVERY_KEY =
  "operator must be Exists when `key` is empty, " + 'which means "match all values and all keys"';

/** What is wrong with tolerations of taints. */
export function tolerationErrors(
  field: string,
  tolerations: readonly Toleration[] | undefined,
): readonly FieldError[] {
  return (tolerations ?? []).flatMap((toleration, index) => {
    const path = `${field}[${index}]`;
    const { key = "", operator = "", effect = "" } = toleration;
    const needsNoExecute = toleration.tolerationSeconds !== undefined && effect !== "NoExecute";
    const detail = "effect must be 'NoExecute' when `tolerationSeconds` is set";
    return [
      ...(key === "" ? [] : labelNameErrors(`${path}.key`, key)),
      ...(key === "" && operator !== "Exists"
        ? [invalid(`${path}.operator`, operator, EVERY_KEY)]
        : []),
      ...(needsNoExecute ? [invalid(`${path}.effect`, effect, detail)] : []),
      ...operatorErrors(`${path}.operator`, toleration),
      ...(effect === "" || EFFECTS.includes(effect)
        ? []
        : [unsupported(`${path}.effect`, effect, EFFECTS)]),
    ];
  });
}

/** What is wrong with the taints of a node. */
export function taintErrors(
  field: string,
  taints: readonly Taint[] | undefined,
): readonly FieldError[] {
  const seen = new Set<string>();
  return (taints ?? []).flatMap((taint, index) => {
    const path = `${field}[${index}]`;
    const value = taint.value ?? "";
    const identity = `${taint.key}:${taint.effect}`;
    const isDuplicate = seen.has(identity);
    seen.add(identity);
    return [
      ...labelNameErrors(`${path}.key`, taint.key),
      ...(value === "" ? [] : fromProblem(`${path}.value`, value, labelValueProblem(value))),
      ...oneOf(`${path}.effect`, taint.effect, EFFECTS),
      ...(isDuplicate
        ? [
            {
              ...duplicate(path, goStruct(taint, taintStruct)),
              detail: "taints must be unique by key and effect pair",
            },
          ]
        : []),
    ];
  });
}

/** What is wrong with rules that draw a pod to nodes and pods, or away from them. */
export function affinityErrors(
  field: string,
  affinity: Affinity | undefined,
): readonly FieldError[] {
  if (affinity === undefined) return [];
  return [
    ...nodeAffinityErrors(`${field}.nodeAffinity`, affinity.nodeAffinity),
    ...podAffinityErrors(`${field}.podAffinity`, affinity.podAffinity),
    ...podAffinityErrors(`${field}.podAntiAffinity`, affinity.podAntiAffinity),
  ];
}

/** What is wrong with a selector of nodes; an absent one is fine. */
export function nodeSelectorErrors(
  field: string,
  selector: NodeSelector | undefined,
): readonly FieldError[] {
  if (selector === undefined) return [];
  const path = `${field}.nodeSelectorTerms`;
  const { nodeSelectorTerms: terms } = selector;
  if (terms.length === 0) return [required(path, "must have at least one node selector term")];
  return terms.flatMap((term, index) => nodeTermErrors(`${path}[${index}]`, term));
}

function operatorErrors(field: string, toleration: Toleration): readonly FieldError[] {
  const { operator = "", value = "" } = toleration;
  if (operator === "" || operator === "Equal") {
    const problem = labelValueProblem(value);
    return problem === undefined ? [] : [invalid(field, value, problem.replaceAll("; ", ";"))];
  }
  if (operator === "Lt" || operator === "Gt") {
    return [unsupported(field, operator, ["Equal", "Exists", "Lt", "Gt"])];
  }
  if (operator !== "Exists") return [unsupported(field, operator, ["Equal", "Exists"])];
  if (value === "") return [];
  return [invalid(field, value, "value must be empty when `operator` is 'Exists'")];
}

function nodeAffinityErrors(
  field: string,
  affinity: Affinity["nodeAffinity"],
): readonly FieldError[] {
  const must = affinity?.requiredDuringSchedulingIgnoredDuringExecution;
  const should = affinity?.preferredDuringSchedulingIgnoredDuringExecution ?? [];
  return [
    ...nodeSelectorErrors(`${field}.requiredDuringSchedulingIgnoredDuringExecution`, must),
    ...should.flatMap((preference, index) => {
      const path = `${field}.preferredDuringSchedulingIgnoredDuringExecution[${index}]`;
      return [
        ...weightErrors(`${path}.weight`, preference.weight),
        ...nodeTermErrors(`${path}.preference`, preference.preference ?? {}, "preferred"),
      ];
    }),
  ];
}

/** What is wrong with one of the terms of which a node must meet one. */
export function nodeTermErrors(
  field: string,
  term: NodeSelectorTerm,
  use: "preferred" | "required" = "required",
): readonly FieldError[] {
  return [
    ...(term.matchExpressions ?? []).flatMap((requirement, index) => {
      const path = `${field}.matchExpressions[${index}]`;
      return [
        ...nodeOperatorErrors(path, requirement),
        ...labelNameErrors(`${path}.key`, requirement.key),
        // Old objects prefer what no label can be, and are told so only.
        ...(use === "preferred" ? [] : (requirement.values ?? [])).flatMap((value, at) =>
          fromProblem(`${path}.values[${at}]`, value, labelValueProblem(value)),
        ),
      ];
    }),
    ...(term.matchFields ?? []).flatMap((requirement, index) =>
      nodeFieldErrors(`${field}.matchFields[${index}]`, requirement),
    ),
  ];
}

function nodeOperatorErrors(
  field: string,
  requirement: NodeSelectorRequirement,
): readonly FieldError[] {
  const count = (requirement.values ?? []).length;
  switch (requirement.operator) {
    case "In":
    case "NotIn": {
      const detail = "must be specified when `operator` is 'In' or 'NotIn'";
      return count === 0 ? [required(`${field}.values`, detail)] : [];
    }
    case "Exists":
    case "DoesNotExist": {
      const detail = "may not be specified when `operator` is 'Exists' or 'DoesNotExist'";
      return count > 0 ? [forbidden(`${field}.values`, detail)] : [];
    }
    case "Gt":
    case "Lt": {
      const detail = "must be specified single value when `operator` is 'Lt' or 'Gt'";
      return count === 1 ? [] : [required(`${field}.values`, detail)];
    }
    default:
      return [invalid(`${field}.operator`, requirement.operator, "not a valid selector operator")];
  }
}

/** A node's only field that can be asked for is its name. */
function nodeFieldErrors(
  field: string,
  requirement: NodeSelectorRequirement,
): readonly FieldError[] {
  const { key, operator } = requirement;
  const count = (requirement.values ?? []).length;
  const isKnown = operator === "In" || operator === "NotIn";
  const detail =
    "must be only one value when `operator` is 'In' or 'NotIn' for node field selector";
  return [
    ...(isKnown && count !== 1 ? [required(`${field}.values`, detail)] : []),
    ...(isKnown ? [] : [invalid(`${field}.operator`, operator, "not a valid selector operator")]),
    ...(key === "metadata.name"
      ? (requirement.values ?? []).flatMap((value, index) =>
          fromProblem(`${field}.values[${index}]`, value, dnsSubdomainProblem(value)),
        )
      : [invalid(`${field}.key`, key, "not a valid field selector key")]),
  ];
}

function podAffinityErrors(
  field: string,
  affinity: PodAffinity | undefined,
): readonly FieldError[] {
  const must = affinity?.requiredDuringSchedulingIgnoredDuringExecution ?? [];
  const should = affinity?.preferredDuringSchedulingIgnoredDuringExecution ?? [];
  return [
    ...must.flatMap((term, index) =>
      podTermErrors(`${field}.requiredDuringSchedulingIgnoredDuringExecution[${index}]`, term),
    ),
    ...should.flatMap((preference, index) => {
      const path = `${field}.preferredDuringSchedulingIgnoredDuringExecution[${index}]`;
      return [
        ...weightErrors(`${path}.weight`, preference.weight),
        ...podTermErrors(`${path}.podAffinityTerm`, preference.podAffinityTerm),
      ];
    }),
  ];
}

function podTermErrors(field: string, term: PodAffinityTerm): readonly FieldError[] {
  return [
    ...labelSelectorErrors(`${field}.labelSelector`, term.labelSelector),
    ...labelSelectorErrors(`${field}.namespaceSelector`, term.namespaceSelector),
    ...(term.namespaces ?? []).flatMap((name) =>
      fromProblem(`${field}.namespace`, name, dnsLabelProblem(name)),
    ),
    ...labelKeyErrors(field, term),
    ...(term.topologyKey === "" ? [required(`${field}.topologyKey`, "can not be empty")] : []),
    ...labelNameErrors(`${field}.topologyKey`, term.topologyKey),
  ];
}

function weightErrors(field: string, weight: number): readonly FieldError[] {
  return weight >= 1 && weight <= 100 ? [] : [invalid(field, weight, "must be in the range 1-100")];
}
