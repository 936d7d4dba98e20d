/** Fixtures and questions that the tests of all kinds share. */
import { parseApiTime } from "../machinery/api-time.ts";
import type { ApiObject } from "../machinery/object.ts";
import { invalid } from "../machinery/status.ts";
import type { PodTemplateSpec } from "./core/v1/types.generated.ts";
import type { Strategy } from "./strategy.ts";

export const NOW_MS: number = parseApiTime("2026-01-10T00:00:00Z");

const MOMENT = { nowMs: NOW_MS, random: () => 0.5 };

/** Anything a client may send of a kind: its fields are not yet known to be there. */
export type Sent = Readonly<Record<string, unknown>>;

/** What the server would store of a new object. */
export function created<T extends ApiObject>(strategy: Strategy<T>, sent: Sent): T {
  const { group, version, kind } = strategy.names;
  const apiVersion = group === "" ? version : `${group}/${version}`;
  const object: unknown = { apiVersion, kind, metadata: { name: "x", namespace: "t" }, ...sent };
  return strategy.prepareForCreate(strategy.applyDefaults(object as T), MOMENT);
}

/** What a client who sends this as a new object is told; "" if it is accepted. */
export function refusalOf<T extends ApiObject>(strategy: Strategy<T>, sent: Sent): string {
  return messageOf(strategy, strategy.validate(created(strategy, sent)));
}

/** What the server would store when `change` is made to `old` through the main endpoint. */
export function updated<T extends ApiObject>(
  strategy: Strategy<T>,
  old: T,
  change: (object: T) => unknown,
): T {
  return strategy.prepareForUpdate(strategy.applyDefaults(change(old) as T), old, MOMENT);
}

/** What a client who makes `change` to `old` is told; "" if it is accepted. */
export function updateRefusalOf<T extends ApiObject>(
  strategy: Strategy<T>,
  old: T,
  change: (object: T) => unknown,
): string {
  const next = updated(strategy, old, change);
  const errors = [...strategy.validate(next, old), ...strategy.validateUpdate(next, old)];
  return messageOf(strategy, errors);
}

/** The pod template that differs least from an empty one. */
export function aTemplate(labels: Readonly<Record<string, string>>): PodTemplateSpec {
  return { metadata: { labels }, spec: { containers: [{ name: "c", image: "nginx:1" }] } };
}

function messageOf<T extends ApiObject>(
  strategy: Strategy<T>,
  errors: ReturnType<Strategy<T>["validate"]>,
): string {
  if (errors.length === 0) return "";
  const message = invalid(strategy.names, "x", errors).status.message ?? "";
  return message.slice(message.indexOf(" is invalid: ") + " is invalid: ".length);
}
