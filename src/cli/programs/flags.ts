/** Reading of flags, with errors that name the flag. */
import type { Command } from "commander";
import { openSession, type ConnectionFlags, type Session, type SessionDeps } from "../session.ts";
import { UserError } from "../user-error.ts";

/** The flags of the program itself, from any command below it. */
export function connectionFlags(command: Command): ConnectionFlags {
  const { data, kubeconfig, context, namespace } = command.optsWithGlobals<{
    data: string;
    kubeconfig?: string;
    context?: string;
    namespace?: string;
  }>();
  return { data, kubeconfig, context, namespace };
}

/** Connects, runs, and lets go of the connection. */
export async function withSession(
  command: Command,
  deps: SessionDeps,
  run: (session: Session) => Promise<void>,
): Promise<void> {
  const session = await openSession(connectionFlags(command), deps);
  try {
    await run(session);
  } finally {
    await session.transport.close();
  }
}

/** A whole number of at least `min`. */
export function wholeNumber(flag: string, min: number): (text: string) => number {
  return (text) => {
    const value = Number(text);
    if (!Number.isSafeInteger(value) || value < min) {
      throw new UserError(`${flag} takes a whole number of at least ${min}, not "${text}"`);
    }
    return value;
  };
}

const UNITS_MS: Readonly<Record<string, number>> = { ms: 1, s: 1_000, m: 60_000, h: 3_600_000 };

/** A duration as Go writes it: `30s`, `1m30s`, `500ms`; a bare 0 is allowed. Milliseconds. */
export function duration(flag: string): (text: string) => number {
  return (text) => {
    if (text === "0") return 0;
    const parts = [...text.matchAll(/([0-9]+(?:\.[0-9]+)?)(ms|s|m|h)/g)];
    const isWhole = parts.map((part) => part[0]).join("") === text;
    if (parts.length === 0 || !isWhole) {
      throw new UserError(`${flag} takes a duration such as 30s or 1m30s, not "${text}"`);
    }
    return parts.reduce((sum, part) => sum + Number(part[1]) * (UNITS_MS[part[2] ?? ""] ?? 0), 0);
  };
}

/** Collects a flag that may be given several times. */
export function collect(value: string, values: readonly string[]): readonly string[] {
  return [...values, value];
}

/** The same for lists with commas between. */
export function collectNames(value: string, names: readonly string[]): readonly string[] {
  return [...names, ...value.split(",").filter((name) => name !== "")];
}
