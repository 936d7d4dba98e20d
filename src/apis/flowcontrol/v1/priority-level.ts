/** Priority levels: how much of the server a kind of requests can have, and who waits for it. */
import { dnsSubdomainProblem } from "../../../machinery/names.ts";
import { canonicalForm } from "../../canonical-form.ts";
import { keepStatus, ORDINARY, strictStatusPart } from "../../ordinary.ts";
import type { Strategy, TableCell } from "../../strategy.ts";
import { AGE_COLUMN, ageOf, column, NAME_COLUMN, nameOf, NONE } from "../../table-columns.ts";
import { conditionErrors } from "./condition-validation.ts";
import { priorityLevelErrors } from "./priority-level-validation.ts";
import { priorityLevelConfigurationSchema } from "./schema.generated.ts";
import type {
  ExemptPriorityLevelConfiguration,
  LimitedPriorityLevelConfiguration,
  LimitResponse,
  PriorityLevelConfiguration,
  PriorityLevelConfigurationSpec,
} from "./types.generated.ts";

const DEFAULT_SHARES = 30;

export const priorityLevelStrategy: Strategy<PriorityLevelConfiguration> = {
  ...ORDINARY,
  names: {
    group: "flowcontrol.apiserver.k8s.io",
    version: "v1",
    kind: "PriorityLevelConfiguration",
    plural: "prioritylevelconfigurations",
    singular: "prioritylevelconfiguration",
    shortNames: [],
    categories: [],
    isNamespaced: false,
  },
  schema: priorityLevelConfigurationSchema,
  nameProblem: dnsSubdomainProblem,
  hasGeneration: true,
  applyDefaults: (sent) => {
    const level = canonicalForm(sent, priorityLevelConfigurationSchema);
    return { ...level, spec: withDefaults(level.spec) };
  },
  prepareForCreate: (level) => ({ ...level, status: {} }),
  prepareForUpdate: keepStatus,
  validate: (level) => [
    ...priorityLevelErrors(level),
    ...conditionErrors("status.conditions", level.status.conditions),
  ],
  status: strictStatusPart((next) => conditionErrors("status.conditions", next.status.conditions)),
  columns: [
    NAME_COLUMN,
    column("Type", "Whether its requests are limited."),
    column("NominalConcurrencyShares", "Its part of the server."),
    column("Queues", "How many queues there are."),
    column("HandSize", "Of how many queues a flow takes the shortest."),
    column("QueueLengthLimit", "How many requests can wait in a queue."),
    AGE_COLUMN,
  ],
  row: levelRow,
};

function withDefaults(spec: PriorityLevelConfigurationSpec): PriorityLevelConfigurationSpec {
  const { exempt, limited } = spec;
  return {
    ...spec,
    ...(exempt === undefined ? {} : { exempt: withExemptDefaults(exempt) }),
    ...(limited === undefined ? {} : { limited: withLimitDefaults(limited) }),
  };
}

function withExemptDefaults(
  exempt: ExemptPriorityLevelConfiguration,
): ExemptPriorityLevelConfiguration {
  const { nominalConcurrencyShares = 0, lendablePercent = 0 } = exempt;
  return { ...exempt, nominalConcurrencyShares, lendablePercent };
}

function withLimitDefaults(
  limited: LimitedPriorityLevelConfiguration,
): LimitedPriorityLevelConfiguration {
  const { nominalConcurrencyShares = DEFAULT_SHARES, lendablePercent = 0 } = limited;
  const limitResponse = withQueueDefaults(limited.limitResponse ?? { type: "" });
  return { ...limited, nominalConcurrencyShares, lendablePercent, limitResponse };
}

function withQueueDefaults(response: LimitResponse): LimitResponse {
  const { queuing } = response;
  if (queuing === undefined) return response;
  return {
    ...response,
    queuing: {
      handSize: queuing.handSize || 8,
      queues: queuing.queues || 64,
      queueLengthLimit: queuing.queueLengthLimit || 50,
    },
  };
}

function levelRow(level: PriorityLevelConfiguration, nowMs: number): readonly TableCell[] {
  const { type, limited } = level.spec;
  const queuing = limited?.limitResponse?.queuing;
  return [
    nameOf(level),
    type,
    limited?.nominalConcurrencyShares ?? NONE,
    queuing?.queues ?? NONE,
    queuing?.handSize ?? NONE,
    queuing?.queueLengthLimit ?? NONE,
    ageOf(level, nowMs),
  ];
}
