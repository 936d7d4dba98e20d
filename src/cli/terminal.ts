/** Where a command writes: the process's standard streams, or memory in tests. */
export interface Terminal {
  /** Standard output. The text carries its own line ends. */
  write(text: string): void;
  /** Standard error. */
  warn(text: string): void;
  /** Whether standard output is a terminal that can move its cursor. */
  readonly isInteractive: boolean;
  /** Width in columns; 80 if unknown. */
  readonly columns: number;
}

/** The process's own streams. */
export function processTerminal(): Terminal {
  return {
    write: (text) => void process.stdout.write(text),
    warn: (text) => void process.stderr.write(text),
    isInteractive: process.stdout.isTTY === true,
    get columns(): number {
      return process.stdout.columns ?? 80;
    },
  };
}
