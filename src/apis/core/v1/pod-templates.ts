/** Pod templates as objects of their own. Nothing makes pods from them. */
import { dnsSubdomainProblem } from "../../../machinery/names.ts";
import { canonicalForm } from "../../canonical-form.ts";
import { ORDINARY } from "../../ordinary.ts";
import type { Strategy } from "../../strategy.ts";
import { column, labelsText, NAME_COLUMN, nameOf } from "../../table-columns.ts";
import { podTemplateErrors } from "./pod-spec-validation.ts";
import { containerCells, EMPTY_TEMPLATE, withPodTemplateDefaults } from "./pod-template.ts";
import { podTemplateWarnings } from "./pod-warnings.ts";
import { podTemplateSchema } from "./schema.generated.ts";
import type { PodTemplate } from "./types.generated.ts";

export const podTemplateStrategy: Strategy<PodTemplate> = {
  ...ORDINARY,
  names: {
    group: "",
    version: "v1",
    kind: "PodTemplate",
    plural: "podtemplates",
    singular: "podtemplate",
    shortNames: [],
    categories: [],
    isNamespaced: true,
  },
  schema: podTemplateSchema,
  nameProblem: dnsSubdomainProblem,
  hasGeneration: true,
  applyDefaults: (sent) => {
    const { template = EMPTY_TEMPLATE, ...rest } = canonicalForm(sent, podTemplateSchema);
    return { ...rest, template: withPodTemplateDefaults(template) };
  },
  validate: ({ template = EMPTY_TEMPLATE }) => podTemplateErrors("template", template),
  warnings: (next, old) => podTemplateWarnings("template", next.template, old?.template),
  isReturnedWhenDeleted: true,
  columns: [
    NAME_COLUMN,
    column("Containers", "Names of the containers in the pod template."),
    column("Images", "Images of the containers in the pod template."),
    column("Pod Labels", "Labels of the pods."),
  ],
  row: ({ template, ...rest }) => [
    nameOf(rest),
    ...containerCells(template),
    labelsText(template?.metadata.labels),
  ],
};
