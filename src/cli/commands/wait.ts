/** `wait --for=condition=Ready|delete|create|jsonpath={.a.b}=value`. */
import { findCondition, type Condition } from "../../machinery/conditions.ts";
import { isFields, own, type ApiObject } from "../../machinery/object.ts";
import { follow } from "../follow.ts";
import type { Session } from "../session.ts";
import { targetObjects } from "../target-objects.ts";
import { UserError } from "../user-error.ts";
import { kindPrefix } from "./get.ts";

/** What is waited for: a test of the object, undefined when it is absent. */
export type Goal = {
  readonly isMet: (object: ApiObject | undefined) => boolean;
  readonly text: string;
};

export type WaitOptions = {
  readonly goal: Goal;
  readonly timeoutMs: number;
  readonly labelSelector: string;
  readonly isAll: boolean;
};

export async function wait(
  session: Session,
  words: readonly string[],
  options: WaitOptions,
): Promise<void> {
  const targets = await targetObjects(session, words, options);
  if (targets.length === 0) throw new UserError("no matching resources found");
  for (const { type, key } of targets) {
    await follow(session, type, key, options.goal.isMet, options.timeoutMs);
    session.terminal.write(`${kindPrefix(type)}/${key.name} ${options.goal.text}\n`);
  }
}

/** Reads the value of `--for`. */
export function parseGoal(text: string): Goal {
  if (text === "delete") return { isMet: (object) => object === undefined, text: "condition met" };
  if (text === "create") return { isMet: (object) => object !== undefined, text: "condition met" };
  const [kind, ...rest] = text.split("=");
  const argument = rest.join("=");
  if (kind === "condition" && argument !== "") return conditionGoal(argument);
  if (kind === "jsonpath" && argument !== "") return pathGoal(argument);
  throw new UserError(
    `"${text}" is nothing to wait for`,
    "Use condition=Ready, condition=Available=false, delete, create or jsonpath={.status.phase}=Running.",
  );
}

function conditionGoal(argument: string): Goal {
  const [type = "", status = "true"] = argument.split("=");
  const isMet = (object: ApiObject | undefined): boolean => {
    const condition = conditionsOf(object).find(
      (one) => one.type.toLowerCase() === type.toLowerCase(),
    );
    if (condition?.status.toLowerCase() !== status.toLowerCase()) return false;
    const { observedGeneration } = condition;
    const generation = object?.metadata.generation ?? 0;
    return observedGeneration === undefined || observedGeneration >= generation;
  };
  return { isMet, text: "condition met" };
}

function conditionsOf(object: ApiObject | undefined): readonly Condition[] {
  const status = object === undefined ? undefined : own(object, "status");
  const conditions = isFields(status) ? own(status, "conditions") : undefined;
  if (!Array.isArray(conditions)) return [];
  const list = conditions as readonly Condition[];
  return list.filter((one) => findCondition([one], one.type) !== undefined);
}

/** A dotted path with list indexes: `{.status.conditions[0].type}`. */
function pathGoal(argument: string): Goal {
  const match = /^\{?\.?([^}=]+)\}?(?:=(.*))?$/.exec(argument);
  if (match === null)
    throw new UserError(`"${argument}" is no path`, "For example: {.status.phase}");
  const steps = (match[1] ?? "").split(/[.[\]]+/).filter((step) => step !== "");
  const wanted = match[2];
  const isMet = (object: ApiObject | undefined): boolean => {
    const value = steps.reduce<unknown>((at, step) => valueAt(at, step), object);
    return wanted === undefined ? value !== undefined : String(value) === wanted;
  };
  return { isMet, text: "condition met" };
}

function valueAt(container: unknown, step: string): unknown {
  if (Array.isArray(container)) return container[Number(step)];
  return isFields(container) ? own(container, step) : undefined;
}
