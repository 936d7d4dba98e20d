/** Loops over lists and maps that carry a value along, and bindings of names. */
import { CelError } from "../cel-error.ts";
import type { ComprehensionExpr, Expr } from "../parser/ast.ts";
import type { CelList, CelMap, CelResult, CelValue } from "../values.ts";
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
  if (isError(range)) return range;
  const entries = entriesOf(range, loop.variable2 !== undefined);
  if (entries instanceof CelError) return entries;
  frame.locals[loop.accumulator] = loop.init(frame);
  for (const [first, second] of entries) {
    frame.locals[loop.variable] = first;
    if (loop.variable2 !== undefined) frame.locals[loop.variable2] = second;
    if (loop.condition(frame) === false) break;
    frame.locals[loop.accumulator] = loop.step(frame);
  }
  return loop.result(frame);
}

/** What the variables of a loop become, one after the other. */
function entriesOf(
  range: CelValue,
  hasTwo: boolean,
): Iterable<readonly [CelResult, CelResult]> | CelError {
  if (isList(range)) return listEntries(range, hasTwo);
  if (isMap(range)) return mapEntries(range, hasTwo);
  return new CelError(`got '${typeNameOf(range)}', expected iterable type`);
}

function* listEntries(list: CelList, hasTwo: boolean): Iterable<readonly [CelResult, CelResult]> {
  for (let index = 0; index < list.size; index += 1) {
    const element = list.at(index);
    yield hasTwo ? [BigInt(index), element] : [element, null];
  }
}

function* mapEntries(map: CelMap, hasTwo: boolean): Iterable<readonly [CelResult, CelResult]> {
  for (const key of map.keys()) {
    yield [key, hasTwo ? (map.get(key) ?? null) : null];
  }
}
