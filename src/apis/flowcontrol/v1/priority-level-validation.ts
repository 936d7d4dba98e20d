/** Priority levels, checked in the order in which their problems are reported. */
import { equalValues } from "../../../machinery/json-value.ts";
import type { FieldError } from "../../../machinery/status.ts";
import { errorIf, forbidden, inRange, invalid, required, unsupported } from "../../field-errors.ts";
import { MANDATORY_PRIORITY_LEVELS } from "./mandatory.ts";
import type {
  LimitedPriorityLevelConfiguration,
  LimitResponse,
  PriorityLevelConfiguration,
  PriorityLevelConfigurationSpec,
  QueuingConfiguration,
} from "./types.generated.ts";

const QUEUES_MAX = 10_000_000;
/** Bits of the hash from which a flow is dealt its hand of queues. */
const HASH_BITS_MAX = 60;
const NOT_NEGATIVE = "must be a non-negative integer";

/** What is wrong with a level that has its defaults. */
export function priorityLevelErrors(level: PriorityLevelConfiguration): readonly FieldError[] {
  const { name = "" } = level.metadata;
  const { spec } = level;
  const isMisnamed = (name === "exempt") !== (spec.type === "Exempt");
  const misnamed = "must be 'Exempt' if and only if `name` is 'exempt'";
  return [
    ...errorIf(isMisnamed, invalid("spec.type", spec.type, misnamed)),
    ...typeErrors(spec),
    ...mandatoryErrors(name, spec),
  ];
}

function typeErrors(spec: PriorityLevelConfigurationSpec): readonly FieldError[] {
  const { type, exempt, limited } = spec;
  switch (type) {
    case "Exempt": {
      const detail = "must be nil if the type is not Limited";
      const misplaced = errorIf(limited !== undefined, forbidden("spec.limited", detail));
      return [...misplaced, ...exemptErrors("spec.exempt", exempt)];
    }
    case "Limited": {
      const detail = "must be nil if the type is Limited";
      const misplaced = errorIf(exempt !== undefined, forbidden("spec.exempt", detail));
      if (limited === undefined) {
        return [...misplaced, required("spec.limited", "must not be empty when type is Limited")];
      }
      return [...misplaced, ...limitedErrors("spec.limited", limited)];
    }
    default:
      return [unsupported("spec.type", type, ["Exempt", "Limited"])];
  }
}

function exemptErrors(
  path: string,
  exempt: PriorityLevelConfigurationSpec["exempt"],
): readonly FieldError[] {
  const { nominalConcurrencyShares: shares = 0, lendablePercent } = exempt ?? {};
  return [
    ...errorIf(shares < 0, invalid(`${path}.nominalConcurrencyShares`, shares, NOT_NEGATIVE)),
    ...inRange(`${path}.lendablePercent`, lendablePercent, 0, 100),
  ];
}

function limitedErrors(
  path: string,
  limited: LimitedPriorityLevelConfiguration,
): readonly FieldError[] {
  const { nominalConcurrencyShares: shares = 0, borrowingLimitPercent: borrowed = 0 } = limited;
  const detail = "if specified, must be a non-negative integer";
  return [
    ...errorIf(shares < 0, invalid(`${path}.nominalConcurrencyShares`, shares, NOT_NEGATIVE)),
    ...responseErrors(`${path}.limitResponse`, limited.limitResponse ?? { type: "" }),
    ...inRange(`${path}.lendablePercent`, limited.lendablePercent, 0, 100),
    ...errorIf(borrowed < 0, invalid(`${path}.borrowingLimitPercent`, borrowed, detail)),
  ];
}

function responseErrors(path: string, { type, queuing }: LimitResponse): readonly FieldError[] {
  const field = `${path}.queuing`;
  switch (type) {
    case "Reject": {
      const detail = "must be nil if limited.limitResponse.type is not Limited";
      return errorIf(queuing !== undefined, forbidden(field, detail));
    }
    case "Queue":
      if (queuing === undefined) {
        const detail = "must not be empty if limited.limitResponse.type is Limited";
        return [required(field, detail)];
      }
      return queuingErrors(field, queuing);
    default:
      return [unsupported(`${path}.type`, type, ["Queue", "Reject"])];
  }
}

function queuingErrors(path: string, queuing: QueuingConfiguration): readonly FieldError[] {
  const { queueLengthLimit = 0, queues = 0, handSize = 0 } = queuing;
  const positive = "must be positive";
  const tooMany = `must not be greater than ${QUEUES_MAX}`;
  return [
    ...errorIf(
      queueLengthLimit <= 0,
      invalid(`${path}.queueLengthLimit`, queueLengthLimit, positive),
    ),
    ...errorIf(queues <= 0, invalid(`${path}.queues`, queues, positive)),
    ...errorIf(queues > QUEUES_MAX, invalid(`${path}.queues`, queues, tooMany)),
    ...handErrors(`${path}.handSize`, handSize, queues),
  ];
}

function handErrors(field: string, handSize: number, queues: number): readonly FieldError[] {
  if (handSize <= 0) return [invalid(field, handSize, "must be positive")];
  if (handSize > queues) {
    return [invalid(field, handSize, `should not be greater than queues (${queues})`)];
  }
  const detail =
    `required entropy bits of deckSize ${queues} and handSize ${handSize} ` +
    `should not be greater than ${HASH_BITS_MAX}`;
  const isTooMuch = entropyBits(queues, handSize) > HASH_BITS_MAX;
  return errorIf(isTooMuch, invalid(field, handSize, detail));
}

/** Bits that tell all hands apart. A hand of many queues is too much long before it is counted. */
function entropyBits(queues: number, handSize: number): number {
  const cards = Math.min(handSize, HASH_BITS_MAX + 1);
  let bits = 0;
  for (let dealt = 0; dealt < cards; dealt += 1) bits += Math.log2(queues - dealt);
  return Math.ceil(bits);
}

/** Of the exempt level, what it lends to others may be changed. */
function mandatoryErrors(
  name: string,
  spec: PriorityLevelConfigurationSpec,
): readonly FieldError[] {
  const mandatory = MANDATORY_PRIORITY_LEVELS.get(name);
  if (mandatory === undefined) return [];
  const isExempt = name === "exempt";
  const { exempt: _, ...fixed } = mandatory;
  const { exempt: _sent, ...sent } = spec;
  const isSame = isExempt ? equalValues(sent, fixed) : equalValues(spec, mandatory);
  const part = isExempt ? " except the 'spec.exempt' field" : "";
  return errorIf(
    !isSame,
    invalid("spec", spec, `spec of '${name}'${part} must equal the fixed value`),
  );
}
