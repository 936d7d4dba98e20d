/**
 * The part of a cause that travels with a request: one header of printable ASCII, ignored by API
 * servers that do not know it.
 *
 *     setpoint-cause: 1;actor=deployment-controller;id=r-7;triggers=101,107;trace=00-4bf9...-01
 *     setpoint-cause: 1;actor=lease-keeper;roots=start,timer
 *
 * Texts are percent-encoded, and what is empty is left out. It comes from outside, so reading is
 * strict and quiet: anything unexpected makes the whole header count as absent. A cause is a claim
 * of the caller; that its user is who they say is known from the connection, never from here.
 */
import { type CallCause, causeId, NO_CAUSE, ROOTS } from "../base/context.ts";
import { normalRoots, normalTriggers, TRIGGERS_MAX } from "./cause.ts";

/**
 * Headers longer than this are not read. What is written stays below, by the limits on its parts.
 */
export const CAUSE_HEADER_LENGTH_MAX = 4_096;

/** Longer texts of a cause are cut to this many UTF-16 code units on the way out. */
export const CAUSE_HEADER_TEXT_LENGTH_MAX = 128;

const FORMAT = "1";
const FIELD = /^(actor|id|triggers|trace|roots)=([!-:<-~]+)$/; // printable ASCII without `;`
const TRIGGER = /^[1-9][0-9]{0,15}$/;
const TRACE = /^[0-9a-f]{2}-[0-9a-f]{32}-[0-9a-f]{16}-[0-9a-f]{2}$/;

/** The header's text, or undefined if there is nothing to say. */
export function encodeCauseHeader(cause: CallCause): string | undefined {
  const fields: string[] = [];
  const triggers = normalTriggers(cause.triggers);
  if (cause.actor !== "") fields.push(`actor=${percentEncoded(cause.actor)}`);
  if (cause.id !== "") fields.push(`id=${percentEncoded(cause.id)}`);
  if (TRACE.test(cause.traceparent)) fields.push(`trace=${cause.traceparent}`);
  if (triggers.length > 0) fields.push(`triggers=${triggers.join(",")}`);
  const roots = normalRoots(cause.roots ?? []);
  if (roots !== undefined) fields.push(`roots=${roots.join(",")}`);
  return fields.length === 0 ? undefined : [FORMAT, ...fields].join(";");
}

/** The cause a header states, or undefined if there is none or it is not well-formed. */
export function decodeCauseHeader(text: string | undefined): CallCause | undefined {
  if (text === undefined || text.length > CAUSE_HEADER_LENGTH_MAX) return undefined;
  const [format, ...fields] = text.split(";");
  if (format !== FORMAT || fields.length === 0) return undefined;
  let cause: CallCause = NO_CAUSE;
  const seen = new Set<string>();
  for (const field of fields) {
    const [, name, value] = FIELD.exec(field) ?? [];
    if (name === undefined || value === undefined || seen.has(name)) return undefined;
    seen.add(name);
    const part = decodeField(name, value);
    if (part === undefined) return undefined;
    cause = { ...cause, ...part };
  }
  return cause;
}

function decodeField(name: string, value: string): Partial<CallCause> | undefined {
  switch (name) {
    case "triggers":
      return decodeTriggers(value);
    case "roots":
      return decodeRoots(value);
    case "trace":
      return TRACE.test(value) ? { traceparent: value } : undefined;
    default: {
      const text = percentDecoded(value);
      if (text === undefined) return undefined;
      return name === "actor" ? { actor: text } : { id: causeId(text) };
    }
  }
}

function decodeTriggers(value: string): Partial<CallCause> | undefined {
  const parts = value.split(",");
  if (parts.length > TRIGGERS_MAX || !parts.every((part) => TRIGGER.test(part))) return undefined;
  const numbers = parts.map(Number);
  const triggers = normalTriggers(numbers);
  return triggers.length === numbers.length ? { triggers } : undefined;
}

function decodeRoots(value: string): Partial<CallCause> | undefined {
  const parts = value.split(",");
  const roots = ROOTS.filter((root) => parts.includes(root));
  return roots.length === parts.length ? { roots } : undefined;
}

function percentEncoded(text: string): string {
  return encodeURIComponent(text.slice(0, CAUSE_HEADER_TEXT_LENGTH_MAX).toWellFormed());
}

/** Undefined if it is no percent-encoding, too long, or holds control characters. */
function percentDecoded(text: string): string | undefined {
  let decoded: string;
  try {
    decoded = decodeURIComponent(text);
  } catch {
    return undefined; // URIError is its only failure
  }
  const isRefused = decoded.length > CAUSE_HEADER_TEXT_LENGTH_MAX || /\p{Cc}/u.test(decoded);
  return isRefused ? undefined : decoded;
}
