/** Reading objects of any kind: what is not there, or not of the type asked for, is left out. */
import { findCondition, type Condition } from "../../../machinery/conditions.ts";
import { isFields, own, type Fields } from "../../../machinery/object.ts";

export function valueAt(value: unknown, ...path: readonly string[]): unknown {
  let at = value;
  for (const step of path) at = isFields(at) ? own(at, step) : undefined;
  return at;
}

export function textAt(value: unknown, ...path: readonly string[]): string | undefined {
  const found = valueAt(value, ...path);
  return typeof found === "string" ? found : undefined;
}

export function numberAt(value: unknown, ...path: readonly string[]): number | undefined {
  const found = valueAt(value, ...path);
  return typeof found === "number" ? found : undefined;
}

/** The items that are objects. */
export function itemsAt(value: unknown, ...path: readonly string[]): readonly Fields[] {
  const found = valueAt(value, ...path);
  return Array.isArray(found) ? found.filter(isFields) : [];
}

/** The values that are texts. */
export function textsAt(value: unknown, ...path: readonly string[]): Record<string, string> {
  const found = valueAt(value, ...path);
  if (!isFields(found)) return {};
  const texts = Object.entries(found).filter(([, text]) => typeof text === "string");
  return Object.fromEntries(texts.map(([name, text]) => [name, String(text)]));
}

export function conditionsOf(object: unknown): readonly Condition[] {
  return itemsAt(object, "status", "conditions").flatMap((condition) => {
    const { type, status } = condition;
    if (typeof type !== "string" || typeof status !== "string") return [];
    const text = (name: string): Fields => {
      const found = own(condition, name);
      return typeof found === "string" ? { [name]: found } : {};
    };
    const observedGeneration = numberAt(condition, "observedGeneration");
    return [
      {
        type,
        status,
        ...text("reason"),
        ...text("message"),
        ...text("lastTransitionTime"),
        ...text("lastUpdateTime"),
        ...(observedGeneration === undefined ? {} : { observedGeneration }),
      },
    ];
  });
}

export function conditionOf(object: unknown, type: string): Condition | undefined {
  return findCondition(conditionsOf(object), type);
}

/** `Ready is False: ContainersNotReady: containers with unready status: [c]`. */
export function conditionText({ type, status, reason = "", message = "" }: Condition): string {
  const why = [reason, message].filter((text) => text !== "").join(": ");
  return `${type} is ${status}${why === "" ? "" : `: ${why}`}`;
}

/** Milliseconds of a duration as Go writes it, such as `1m20s`; undefined: it is none. */
export function goDurationMs(text: string): number | undefined {
  const parts = /^(?:(\d+)h)?(?:(\d+)m)?(?:(\d+(?:\.\d+)?)s)?$/.exec(text);
  if (parts === null || text === "") return undefined;
  const [, hours = "0", minutes = "0", seconds = "0"] = parts;
  return ((Number(hours) * 60 + Number(minutes)) * 60 + Number(seconds)) * 1_000;
}

/** `1 pod is`, `2 pods are`. */
export function countText(count: number, noun: string): string {
  return count === 1 ? `1 ${noun} is` : `${count} ${noun}s are`;
}
