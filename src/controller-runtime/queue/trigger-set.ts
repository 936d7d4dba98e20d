/** The causes of a queue entry: coalescing unites them, and a bound keeps them small. */
import type { Root } from "../../base/context.ts";
import { normalRoots } from "../../trace/cause.ts";
import type { Trigger } from "../sources/source.ts";

/** More causes than this are dropped, oldest first, as the cause row of a write keeps no more. */
export const TRIGGERS_MAX = 32;

/** Both sets in the order they came, each trigger once, at most `TRIGGERS_MAX`. */
export function uniteTriggers(a: readonly Trigger[], b: readonly Trigger[]): readonly Trigger[] {
  const byText = new Map<string, Trigger>();
  for (const trigger of a) byText.set(triggerText(trigger), trigger);
  for (const trigger of b) byText.set(triggerText(trigger), trigger);
  return byText.size === a.length ? a : [...byText.values()].slice(-TRIGGERS_MAX);
}

/** Revisions of the events among them: ascending, each once. */
export function revisionsOf(triggers: readonly Trigger[]): readonly number[] {
  const revisions = triggers.flatMap((trigger) =>
    trigger.kind === "event" ? [trigger.revision] : [],
  );
  return [...new Set(revisions)].sort((a, b) => a - b);
}

/** What else is among them: undefined: nothing. */
export function rootsOf(triggers: readonly Trigger[]): readonly Root[] | undefined {
  return normalRoots(
    triggers.flatMap(({ kind }) => {
      const root = ROOT_OF[kind];
      return root === undefined ? [] : [root];
    }),
  );
}

const ROOT_OF: Readonly<Record<Trigger["kind"], Root | undefined>> = {
  event: undefined,
  cluster: "external",
  external: "external",
  initial: "start",
  resync: "resync",
  retry: "retry",
  timer: "timer",
};

/** `Pod default/web-1 @42`, or the kind of trigger: for logs. */
export function triggerText(trigger: Trigger): string {
  if (trigger.kind === "event") return `${trigger.object} @${trigger.revision}`;
  if (trigger.kind !== "cluster") return trigger.kind;
  return `cluster ${trigger.cluster} ${trigger.object}`.trimEnd();
}

/** Whether the spec of the object itself is among what has changed. */
export function hasNewSpec(triggers: readonly Trigger[]): boolean {
  return triggers.some((trigger) => trigger.kind === "event" && trigger.isNewSpec === true);
}
