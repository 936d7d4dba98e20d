/** Causes: why each revision of the store exists. */
export { type CauseRow, normalTriggers, TRIGGERS_MAX } from "./cause.ts";
export {
  CAUSE_FORMAT,
  CAUSE_TEXT_LENGTH_MAX,
  CauseFormatError,
  decodeCause,
  encodeCause,
} from "./codec.ts";
export {
  CAUSE_HEADER_LENGTH_MAX,
  CAUSE_HEADER_TEXT_LENGTH_MAX,
  decodeCauseHeader,
  encodeCauseHeader,
} from "./header.ts";
