import { errorText } from "../../base/error-text.ts";
import { isStatus } from "../../machinery/status.ts";

/** What a person was told instead of being obeyed. */
export type Refused = { readonly operation: string; readonly error: unknown };

/**
 * @public Rejection of a simulation whose scenario is refused although nothing goes wrong: its runs
 * would try nothing. An operation with `mayBeRefused` is no reason for it.
 */
export class OperationRefusedError extends Error {
  override readonly name = "OperationRefusedError";
  /** Names of the operations that were refused in the run without faults. */
  readonly operations: readonly string[];

  constructor(refused: readonly Refused[]) {
    const lines = refused.map(({ operation, error }) => {
      return `  ${operation}: ${errorText(error)}${isUnserved(error) ? HINT : ""}`;
    });
    super(
      `refused in the run without faults, so that this scenario would try nothing:\n` +
        `${lines.join("\n")}\n` +
        "Mend the scenario; an operation that is meant to be refused says so: " +
        "{ ...create(Site, web), mayBeRefused: true }",
    );
    this.operations = refused.map(({ operation }) => operation);
  }
}

const HINT = " (no definition of its kind is installed: add the kind to `kinds`)";

/** A path that the server does not know, rather than an object that is not there. */
function isUnserved(error: unknown): boolean {
  return isStatus(error, "NotFound") && UNSERVED.some((words) => error.message.includes(words));
}

/** Of a group that is not known, and of a kind in one that is. */
const UNSERVED: readonly string[] = ["404 page not found", "could not find the requested resource"];
