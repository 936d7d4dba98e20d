/** Ingress classes: which controller serves an ingress. */
import {
  dnsLabelProblem,
  dnsSubdomainProblem,
  pathSegmentProblem,
} from "../../../machinery/names.ts";
import type { FieldError } from "../../../machinery/status.ts";
import { canonicalForm } from "../../canonical-form.ts";
import {
  errorIf,
  forbidden,
  fromProblem,
  noneOrOneOf,
  required,
  tooLong,
} from "../../field-errors.ts";
import { byteLength } from "../../meta/v1/label-validation.ts";
import { immutableErrors, ORDINARY } from "../../ordinary.ts";
import type { Strategy } from "../../strategy.ts";
import { AGE_COLUMN, ageOf, column, NAME_COLUMN, nameOf, NONE } from "../../table-columns.ts";
import { domainPathErrors } from "./domain-path.ts";
import { ingressClassSchema } from "./schema.generated.ts";
import type {
  IngressClass,
  IngressClassParametersReference,
  IngressClassSpec,
} from "./types.generated.ts";

const CONTROLLER_BYTES_MAX = 250;

export const ingressClassStrategy: Strategy<IngressClass> = {
  ...ORDINARY,
  names: {
    group: "networking.k8s.io",
    version: "v1",
    kind: "IngressClass",
    plural: "ingressclasses",
    singular: "ingressclass",
    shortNames: [],
    categories: [],
    isNamespaced: false,
  },
  schema: ingressClassSchema,
  nameProblem: dnsSubdomainProblem,
  hasGeneration: true,
  applyDefaults: (ingressClass) => withDefaults(canonicalForm(ingressClass, ingressClassSchema)),
  validate: (next, old) => [
    ...(old === undefined ? [] : fixedErrors(next, old)),
    ...specErrors(next.spec),
  ],
  columns: [
    NAME_COLUMN,
    column("Controller", "The controller that serves ingresses of the class."),
    column("Parameters", "The object that holds settings of the controller."),
    AGE_COLUMN,
  ],
  row: (ingressClass, nowMs) => [
    nameOf(ingressClass),
    ingressClass.spec.controller ?? "",
    parametersText(ingressClass.spec.parameters),
    ageOf(ingressClass, nowMs),
  ],
};

function withDefaults(ingressClass: IngressClass): IngressClass {
  const { parameters } = ingressClass.spec;
  if (parameters === undefined || parameters.scope !== undefined) return ingressClass;
  const spec = { ...ingressClass.spec, parameters: { ...parameters, scope: "Cluster" } };
  return { ...ingressClass, spec };
}

function fixedErrors(next: IngressClass, old: IngressClass): readonly FieldError[] {
  const [after, before] = [next.spec.controller ?? "", old.spec.controller ?? ""];
  return immutableErrors("spec.controller", after, before);
}

function specErrors({ controller = "", parameters }: IngressClassSpec): readonly FieldError[] {
  return [
    ...controllerErrors("spec.controller", controller),
    ...(parameters === undefined ? [] : parameterErrors("spec.parameters", parameters)),
  ];
}

function controllerErrors(field: string, controller: string): readonly FieldError[] {
  if (controller === "") return [required(field)];
  return [
    ...errorIf(byteLength(controller) > CONTROLLER_BYTES_MAX, tooLong(field, CONTROLLER_BYTES_MAX)),
    ...domainPathErrors(field, controller),
  ];
}

function parameterErrors(
  path: string,
  parameters: IngressClassParametersReference,
): readonly FieldError[] {
  const { apiGroup, scope } = parameters;
  return [
    ...(apiGroup === undefined
      ? []
      : fromProblem(`${path}.apiGroup`, apiGroup, dnsSubdomainProblem(apiGroup))),
    ...segmentErrors(`${path}.kind`, parameters.kind),
    ...segmentErrors(`${path}.name`, parameters.name),
    ...(scope === undefined
      ? [required(`${path}.scope`)]
      : noneOrOneOf(`${path}.scope`, scope, ["Cluster", "Namespace"])),
    ...namespaceErrors(`${path}.namespace`, parameters),
  ];
}

/** A name that must be there and could stand in a URL. */
export function segmentErrors(field: string, name: string): readonly FieldError[] {
  return name === "" ? [required(field)] : fromProblem(field, name, pathSegmentProblem(name));
}

function namespaceErrors(
  field: string,
  { scope, namespace }: IngressClassParametersReference,
): readonly FieldError[] {
  if (scope === "Cluster") {
    return errorIf(
      namespace !== undefined,
      forbidden(field, "`parameters.scope` is set to 'Cluster'"),
    );
  }
  if (scope !== "Namespace") return [];
  if (namespace === undefined) {
    return [required(field, "`parameters.scope` is set to 'Namespace'")];
  }
  return fromProblem(field, namespace, dnsLabelProblem(namespace));
}

function parametersText(parameters: IngressClassParametersReference | undefined): string {
  if (parameters === undefined) return NONE;
  const { kind, apiGroup, name } = parameters;
  return `${kind}${apiGroup === undefined ? "" : `.${apiGroup}`}/${name}`;
}
