/**
 * `setpoint/testing`: a whole control plane per test, in memory and in virtual time. It is the real
 * one: validation, defaulting, server-side apply, admission, garbage collection, namespaces.
 *
 * @packageDocumentation
 */

export {
  createTestWorld,
  type Manifests,
  type TestWorld,
  type TestWorldOptions,
} from "./test-world.ts";
export { NotClosedError } from "./closed.ts";
export { NotSeenError, type EventuallyOptions } from "./eventually.ts";
export { RestlessError } from "./restless.ts";
export {
  roundTrips,
  RoundTripError,
  type RoundTripOptions,
  type RoundTrips,
} from "./round-trips/round-trips.ts";
export {
  createValidator,
  type Problem,
  type ValidateOptions,
  type Validator,
  type ValidatorOptions,
  type Verdict,
} from "./validator.ts";
