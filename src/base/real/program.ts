/** What a program is told from outside: variables and signals. */

/** A variable of the program's environment. */
export function programVariable(name: string): string | undefined {
  return process.env[name];
}

/** Why a program was asked to end. */
export class ProgramEnd extends Error {
  override readonly name = "ProgramEnd";
}

/**
 * Aborts when the program is asked to end (SIGINT, SIGTERM). The second time it ends at once, as
 * without anyone who listens. `release` stops listening.
 */
export function programSignal(): { readonly signal: AbortSignal; release(): void } {
  const stop = new AbortController();
  const names = ["SIGINT", "SIGTERM"] as const;
  const listener = (name: string): void => {
    release();
    stop.abort(new ProgramEnd(name));
  };
  const release = (): void => {
    for (const name of names) process.removeListener(name, listener);
  };
  for (const name of names) process.once(name, listener);
  return { signal: stop.signal, release };
}
