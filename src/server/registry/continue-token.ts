/**
 * Where a list goes on: the revision all its pages are read at, and the key after which the next
 * page begins. Opaque to clients, but spelled as upstream spells it.
 */
import { DecodeError, decodeJsonText } from "../../machinery/codec/json.ts";
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
const INVALID = "continue key is not valid";

/** A token that is not one of ours. */
export class ContinueTokenError extends Error {
  override readonly name = "ContinueTokenError";
}

export function encodeContinuation(continuation: Continuation): string {
  const { revision = -1, after } = continuation;
  const token = JSON.stringify({ v: VERSION, rv: revision, start: after + END_OF_KEY });
  return Buffer.from(token).toString("base64url");
}

/** Throws `ContinueTokenError`. */
export function decodeContinuation(token: string): Continuation {
  const value = parseToken(token);
  const version = isFields(value) ? own(value, "v") : undefined;
  const revision = isFields(value) ? own(value, "rv") : undefined;
  const start = isFields(value) ? own(value, "start") : undefined;
  if (version !== VERSION) {
    const shown = typeof version === "string" ? version : "";
    throw new ContinueTokenError(
      `${INVALID}: server does not recognize this encoded version ${shown}`,
    );
  }
  if (typeof revision !== "number" || !Number.isSafeInteger(revision) || revision === 0) {
    throw new ContinueTokenError(
      `${INVALID}: incorrect encoded start resourceVersion (version ${VERSION})`,
    );
  }
  if (typeof start !== "string" || start === "") {
    throw new ContinueTokenError(`${INVALID}: encoded start key empty (version ${VERSION})`);
  }
  if (!isBelow(start)) throw new ContinueTokenError(`${INVALID}: ${start}`);
  const key = start.startsWith("/") ? start.slice(1) : start;
  const after = key.endsWith(END_OF_KEY) ? key.slice(0, -1) : key;
  return { revision: revision < 0 ? undefined : revision, after };
}

/** Whether a key says nothing about places above or beside the list. */
function isBelow(start: string): boolean {
  const segments = start.replace(/^\//, "").split("/");
  return segments.every((segment) => segment !== "" && segment !== "." && segment !== "..");
}

function parseToken(token: string): unknown {
  checkBase64(token);
  try {
    // Byte by byte: complaints are about bytes, and our own keys have no others.
    const text = Buffer.from(token.replaceAll(/[\r\n]/g, ""), "base64url").toString("latin1");
    checkBeginning(text);
    return decodeJsonText(text).value;
  } catch (error) {
    if (!(error instanceof DecodeError)) throw error;
    throw new ContinueTokenError(`${INVALID}: ${error.message}`, { cause: error });
  }
}

/** A byte that no JSON begins with, in the words of Go. */
function checkBeginning(text: string): void {
  const [first = ""] = text;
  const code = first.charCodeAt(0);
  if (first === "" || code < 0x80) return;
  const shown = code < 0xa0 ? `\\u00${code.toString(16)}` : first;
  throw new ContinueTokenError(
    `${INVALID}: invalid character '${shown}' looking for beginning of value`,
  );
}

/** A byte too few at the end counts as a bad one, too. */
function checkBase64(token: string): void {
  const bad = token.search(/[^A-Za-z0-9_\-\r\n]/);
  const length = token.replaceAll(/[\r\n]/g, "").length;
  if (bad < 0 && length % 4 !== 1) return;
  const at = bad < 0 ? token.length - 1 : bad;
  throw new ContinueTokenError(`${INVALID}: illegal base64 data at input byte ${at}`);
}
