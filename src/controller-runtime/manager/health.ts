/** How a process says whether it is well. */
/** One thing a health answer looks at. */
export type HealthCheck = {
  readonly name: string;
  readonly isOk: boolean;
  /** In words, for people. */
  readonly state: string;
};

/** The answer of a probe: ok if all of its checks are. */
export type Health = { readonly isOk: boolean; readonly checks: readonly HealthCheck[] };

/** Ok if all of it is. */
export function healthOf(checks: readonly HealthCheck[]): Health {
  return { isOk: checks.every(({ isOk }) => isOk), checks };
}
