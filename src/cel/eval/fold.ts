/** Loops over lists and maps that carry a value along, and bindings of names. */
import { CelError } from "../cel-error.ts";
import type { ComprehensionExpr, Expr } from "../parser/ast.ts";
import type { CelList, CelMap, CelResult } from "../values.ts";
import type { Frame, Step } from "./frame.ts";
import { isError, isList, isMap, typeNameOf } from "./runtime-types.ts";

/** What planning a loop needs of the planner. */
export interface LoopPlanner {
  step(expr: Expr): Step;
  declare(name: string): number;
  leave(): void;
}

type Loop = {
  readonly range: Step;
  readonly init: Step;
  readonly condition: Step;
  readonly step: Step;
  readonly result: Step;
  readonly accumulator: number;
  readonly variable: number;
  readonly variable2: number | undefined;
};

/** Plans a loop; its variables are in scope only in its parts. */
export function planLoop(expr: ComprehensionExpr, planner: LoopPlanner): Step {
  const range = planner.step(expr.range);
  const init = planner.step(expr.init);
  const accumulator = planner.declare(expr.accumulator);
  const variable = planner.declare(expr.variable);
  const variable2 = expr.variable2 === undefined ? undefined : planner.declare(expr.variable2);
  const condition = planner.step(expr.condition);
  const step = planner.step(expr.step);
  if (expr.variable2 !== undefined) planner.leave();
  planner.leave();
  const result = planner.step(expr.result);
  planner.leave();
  const loop = { range, init, condition, step, result, accumulator, variable, variable2 };
  return (frame) => run(loop, frame);
}

function run(loop: Loop, frame: Frame): CelResult {
  const range = loop.range(frame);
  if (isList(range)) {
    frame.locals[loop.accumulator] = loop.init(frame);
    overList(loop, frame, range);
  } else if (isMap(range)) {
    frame.locals[loop.accumulator] = loop.init(frame);
    overMap(loop, frame, range);
  } else if (isError(range)) {
    return range;
  } else {
    return new CelError(`got '${typeNameOf(range)}', expected iterable type`);
  }
  return loop.result(frame);
}

function overList(loop: Loop, frame: Frame, list: CelList): void {
  const { variable, variable2 } = loop;
  for (let index = 0; index < list.size; index += 1) {
    if (variable2 === undefined) frame.locals[variable] = list.at(index);
    else {
      frame.locals[variable] = BigInt(index);
      frame.locals[variable2] = list.at(index);
    }
    if (!round(loop, frame)) return;
  }
}

function overMap(loop: Loop, frame: Frame, map: CelMap): void {
  const { variable, variable2 } = loop;
  for (const key of map.keys()) {
    frame.locals[variable] = key;
    if (variable2 !== undefined) frame.locals[variable2] = map.get(key) ?? null;
    if (!round(loop, frame)) return;
  }
}

/** One round; whether there is another one. */
function round(loop: Loop, frame: Frame): boolean {
  if (loop.condition(frame) === false) return false;
  frame.locals[loop.accumulator] = loop.step(frame);
  return true;
}
