/** Causes: why each revision of the store exists. */
export { type CauseRow, normalRoots, normalTriggers, TRIGGERS_MAX } from "./cause.ts";
export {
  CAUSE_FORMAT,
  CAUSE_ROW_BYTES,
  CAUSE_TEXT_LENGTH_MAX,
  CauseFormatError,
  decodeCause,
  EDITS_MAX,
  encodeCause,
} from "./codec.ts";
export {
  CAUSE_HEADER_LENGTH_MAX,
  CAUSE_HEADER_TEXT_LENGTH_MAX,
  decodeCauseHeader,
  encodeCauseHeader,
} from "./header.ts";
export {
  RECONCILES_KEPT,
  ReconcileLog,
  type ControllerFigures,
  type EndedReconcile,
  type ReadRecord,
  type ReconcileRecord,
  type WriteRecord,
} from "./reconcile-record.ts";
