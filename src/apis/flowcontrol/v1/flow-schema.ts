/** Flow schemas: which requests are of which priority level, and whose turn is whose. */
import { dnsSubdomainProblem } from "../../../machinery/names.ts";
import { canonicalForm } from "../../canonical-form.ts";
import { keepStatus, ORDINARY, strictStatusPart } from "../../ordinary.ts";
import type { Strategy } from "../../strategy.ts";
import { AGE_COLUMN, ageOf, column, NAME_COLUMN, nameOf, NONE } from "../../table-columns.ts";
import { conditionErrors } from "./condition-validation.ts";
import { flowSchemaErrors } from "./flow-schema-validation.ts";
import { flowSchemaSchema } from "./schema.generated.ts";
import type { FlowSchema } from "./types.generated.ts";

const DEFAULT_PRECEDENCE = 1000;

export const flowSchemaStrategy: Strategy<FlowSchema> = {
  ...ORDINARY,
  names: {
    group: "flowcontrol.apiserver.k8s.io",
    version: "v1",
    kind: "FlowSchema",
    plural: "flowschemas",
    singular: "flowschema",
    shortNames: [],
    categories: [],
    isNamespaced: false,
  },
  schema: flowSchemaSchema,
  nameProblem: dnsSubdomainProblem,
  hasGeneration: true,
  applyDefaults: (sent) => {
    const flowSchema = canonicalForm(sent, flowSchemaSchema);
    const { spec } = flowSchema;
    const matchingPrecedence = spec.matchingPrecedence || DEFAULT_PRECEDENCE;
    return { ...flowSchema, spec: { ...spec, matchingPrecedence } };
  },
  prepareForCreate: (flowSchema) => ({ ...flowSchema, status: {} }),
  prepareForUpdate: keepStatus,
  validate: (flowSchema) => [
    ...flowSchemaErrors(flowSchema),
    ...conditionErrors("status.conditions", flowSchema.status.conditions),
  ],
  status: strictStatusPart((next) => conditionErrors("status.conditions", next.status.conditions)),
  columns: [
    NAME_COLUMN,
    column("PriorityLevel", "The level its requests are of."),
    column("MatchingPrecedence", "The schema with the lowest number is the one that counts."),
    column("DistinguisherMethod", "What makes requests flows of their own."),
    AGE_COLUMN,
    column("MissingPL", "Whether there is no such level."),
  ],
  row: (flowSchema, nowMs) => [
    nameOf(flowSchema),
    flowSchema.spec.priorityLevelConfiguration.name,
    flowSchema.spec.matchingPrecedence ?? 0,
    flowSchema.spec.distinguisherMethod?.type ?? NONE,
    ageOf(flowSchema, nowMs),
    flowSchema.status.conditions?.find(({ type }) => type === "Dangling")?.status ?? "?",
  ],
};
