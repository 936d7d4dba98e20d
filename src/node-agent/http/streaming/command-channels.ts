/**
 * What a client and a command exchange, whatever carries it: input, output, errors, the size of the
 * terminal, and in the end how it went.
 */
import type { Readable, Writable } from "node:stream";
import type { TerminalSize } from "../../runtime/runtime.ts";

/** How a command ended, in the form its client reads: a `Status` without a kind. */
export type CommandStatus = {
  readonly metadata: Readonly<Record<string, never>>;
  readonly status: "Success" | "Failure";
  readonly message?: string;
  readonly reason?: "NonZeroExitCode" | "InternalError";
  readonly details?: {
    readonly causes: readonly { readonly reason: "ExitCode"; readonly message: string }[];
  };
  readonly code?: number;
};

/** What the client asked to be connected. */
export type CommandStreams = {
  readonly hasStdin: boolean;
  readonly hasStdout: boolean;
  readonly hasStderr: boolean;
  readonly isTty: boolean;
};

export type CommandChannels = {
  readonly stdin: Readable | undefined;
  readonly stdout: Writable | undefined;
  readonly stderr: Writable | undefined;
  readonly onResize: (listener: (size: TerminalSize) => void) => void;
  /** Tells how the command ended, as the last word on all channels. */
  readonly finish: (status: CommandStatus) => Promise<void>;
};

/** Reads the query of exec and attach. A terminal has no separate errors. */
export function commandStreams(query: URLSearchParams): CommandStreams {
  const isTty = isTrue(query, "tty");
  return {
    hasStdin: isTrue(query, "stdin"),
    hasStdout: isTrue(query, "stdout"),
    hasStderr: isTrue(query, "stderr") && !isTty,
    isTty,
  };
}

/** How a command that ran is told: success, or its exit code as a cause, where kubectl reads it. */
export function exitStatus(exitCode: number): CommandStatus {
  if (exitCode === 0) return { metadata: {}, status: "Success" };
  return {
    metadata: {},
    status: "Failure",
    reason: "NonZeroExitCode",
    message: `command terminated with non-zero exit code: exit status ${exitCode}`,
    details: { causes: [{ reason: "ExitCode", message: String(exitCode) }] },
  };
}

/** Why a command could not be run. */
export function failureStatus(message: string): CommandStatus {
  return { metadata: {}, status: "Failure", reason: "InternalError", message, code: 500 };
}

/** `{"Width":80,"Height":24}`; undefined for anything else. */
export function terminalSize(text: string): TerminalSize | undefined {
  try {
    const value: unknown = JSON.parse(text);
    if (typeof value !== "object" || value === null) return undefined;
    const { Width: columns, Height: rows } = value as Readonly<Record<string, unknown>>;
    if (typeof columns !== "number" || typeof rows !== "number") return undefined;
    const isSize = (size: number): boolean => Number.isInteger(size) && size > 0 && size <= 65_535;
    return isSize(columns) && isSize(rows) ? { columns, rows } : undefined;
  } catch {
    return undefined;
  }
}

function isTrue(query: URLSearchParams, name: string): boolean {
  const value = query.get(name);
  return value === "true" || value === "1";
}
