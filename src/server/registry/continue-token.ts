/**
 * Where a list goes on: the revision all its pages are read at, and the key after which the next
 * page begins. Opaque to clients, but spelled as upstream spells it.
 */
import { isFields, own } from "../../machinery/object.ts";

export type Continuation = {
  /** Undefined: the pages before are forgotten; go on with the newest state. */
  readonly revision: number | undefined;
  /** The last key that was sent, below the prefix of the list. */
  readonly after: string;
};

const VERSION = "meta.k8s.io/v1";
/** Comes after a key and before every longer one. */
const END_OF_KEY = "\u0000";

/** A token that is not one of ours. */
export class ContinueTokenError extends Error {
  override readonly name = "ContinueTokenError";
}

export function encodeContinuation(continuation: Continuation): string {
  const { revision = -1, after } = continuation;
  const bytes = new TextEncoder().encode(
    JSON.stringify({ v: VERSION, rv: revision, start: after + END_OF_KEY }),
  );
  const binary = Array.from(bytes, (byte) => String.fromCodePoint(byte)).join("");
  return btoa(binary).replaceAll("+", "-").replaceAll("/", "_").replaceAll("=", "");
}

/** Throws `ContinueTokenError`. */
export function decodeContinuation(token: string): Continuation {
  const value = parseToken(token);
  const version = isFields(value) ? own(value, "v") : undefined;
  const revision = isFields(value) ? own(value, "rv") : undefined;
  const start = isFields(value) ? own(value, "start") : undefined;
  if (version !== VERSION) {
    throw new ContinueTokenError(
      "continue key is not valid: server does not recognize this encoded version " +
        JSON.stringify(version ?? ""),
    );
  }
  if (typeof revision !== "number" || !Number.isSafeInteger(revision) || revision === 0) {
    throw new ContinueTokenError(
      "continue key is not valid: incorrect encoded start resourceVersion",
    );
  }
  if (typeof start !== "string" || start === "") {
    throw new ContinueTokenError("continue key is not valid: encoded start key empty");
  }
  const after = start.endsWith(END_OF_KEY) ? start.slice(0, -1) : start;
  return { revision: revision < 0 ? undefined : revision, after };
}

function parseToken(token: string): unknown {
  try {
    const binary = atob(token.replaceAll("-", "+").replaceAll("_", "/"));
    const bytes = Uint8Array.from(binary, (letter) => letter.codePointAt(0) ?? 0);
    return JSON.parse(new TextDecoder("utf-8", { fatal: true }).decode(bytes));
  } catch {
    throw new ContinueTokenError("continue key is not valid: it is not an encoded JSON object");
  }
}
