/** Errors as the person at the keyboard needs them: what is wrong, and what to do. */
import { CredentialsError } from "../client/node/exec-credentials.ts";
import { KubeconfigError } from "../client/node/kubeconfig-error.ts";
import { UnknownKindError } from "../client/rest-mapper.ts";
import { TransportError } from "../client/transport.ts";
import { StatusError } from "../machinery/status.ts";
import { StoreError } from "../store/store.ts";

/** A mistake of the user, told without a stack trace. `hint` says what to do. */
export class UserError extends Error {
  override readonly name = "UserError";
  readonly hint: string | undefined;
  constructor(message: string, hint?: string, options: { readonly cause?: unknown } = {}) {
    super(message, options);
    this.hint = hint;
  }
}

/** Ends the process with `code`, after everything worth saying has been said. */
export class ExitCode extends Error {
  override readonly name = "ExitCode";
  readonly code: number;
  constructor(code: number) {
    super(`exit ${code}`);
    this.code = code;
  }
}

/** What to print for an error, or undefined for one that is a defect of this program. */
export function explainError(error: unknown): string | undefined {
  if (error instanceof UserError) {
    return error.hint === undefined
      ? `error: ${error.message}`
      : `error: ${error.message}\n${error.hint}`;
  }
  if (
    error instanceof UnknownKindError ||
    error instanceof KubeconfigError ||
    error instanceof CredentialsError
  )
    return `error: ${error.message}`;
  if (error instanceof StoreError) return `error: ${error.message}`;
  if (isPortInUse(error)) {
    return `error: port ${error.port} is in use\nChoose another with --port; 0 takes any free one.`;
  }
  if (error instanceof StatusError) {
    const reason = error.reason === "" ? "" : ` (${error.reason})`;
    return `Error from server${reason}: ${error.message}`;
  }
  if (error instanceof TransportError) {
    const hint = error.isRefused
      ? "\nIs the server running? Start it with: setpoint up"
      : "\nThe request may or may not have had its effect; look before you repeat it.";
    return `error: ${error.message}${hint}`;
  }
  return undefined;
}

function isPortInUse(error: unknown): error is Error & { readonly port: number } {
  return (
    error instanceof Error && "code" in error && error.code === "EADDRINUSE" && "port" in error
  );
}
