/**
 * `setpoint/sim`: controllers against faults, in virtual time, thousands of times, until one run
 * goes wrong; then the shortest story of it, and the means to run it again.
 *
 * @packageDocumentation
 */
export { simulate, type SimulateOptions } from "./simulate.ts";
export { reportLines, type SimulationReport } from "./report/reach/simulation-report.ts";
export { oneLeaderWrites } from "./oracles/leadership.ts";
export { sameEndState } from "./oracles/end-state.ts";
export { idempotent } from "./oracles/settled.ts";
export { noStaleDestruction } from "./oracles/stale-destruction.ts";
export { stopsCleanly } from "./oracles/stopping.ts";
export { NeverReachedError } from "./oracles/marks.ts";
export type { Write } from "./oracles/oracle.ts";
export { neverAfter, onWrites, sometimes, stable } from "./oracles/temporal.ts";
export type { MakeController } from "./scenario/replicas.ts";
export { sameAsWithoutFaults } from "./oracles/reference.ts";
export { SimulationStopped } from "./report/stopped.ts";
export { SimulationError } from "./report/simulation-error.ts";
export { always, eventually, never, type Invariant, type Verdict } from "./oracles/invariants.ts";
export {
  ExternalServiceError,
  externalService,
  type ExternalClient,
  type ExternalService,
  type ExternalServiceOptions,
} from "./external/external-service.ts";
export type { ExternalItem } from "./external/service-history.ts";
export { install, uninstall } from "./scenario/definitions.ts";
export { apply, change, create, remove, type Operation } from "./scenario/operation.ts";
export { verify, type VerifyOptions, type VerifyReport } from "./verify/verify.ts";
export { NotRepeatableError } from "./explore/calm-run.ts";
export { OperationRefusedError } from "./scenario/operation-refused.ts";
export type { State } from "./world/state.ts";
export type { Program } from "./actors/process.ts";
export type { SimWebhook } from "./actors/webhooks.ts";
export type { Exhausted } from "./explore/exhaustive/exhaust.ts";
export type { ChoiceClass } from "./choices/choices.ts";
export type { Tape } from "./report/tape.ts";
