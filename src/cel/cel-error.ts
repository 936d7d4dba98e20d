/**
 * What an evaluation gives instead of a value. An error is handed on as a value, not thrown: `||`
 * and `&&` may still absorb it.
 */

/** Why there are errors: users of expressions treat running out of budget apart. */
export type CelErrorReason = "evaluation" | "budget";

export class CelError {
  readonly kind = "error";
  /** In the words of cel-go, without a place: `no such key: x`. */
  readonly message: string;
  readonly reason: CelErrorReason;

  constructor(message: string, reason: CelErrorReason = "evaluation") {
    this.message = message;
    this.reason = reason;
  }
}

/** There is no overload for these values; `what` names the operator or function, if it is known. */
export function noSuchOverload(what?: string): CelError {
  return new CelError(what === undefined ? "no such overload" : `no such overload: ${what}`);
}
