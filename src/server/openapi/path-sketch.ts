/** A path and its operations. */
import type { OperationSketch } from "./operation-sketch.ts";
import { isSameParameter, sortedParameters, type Parameter } from "./parameters.ts";

export type PathSketch = {
  readonly path: string;
  /** Those that all operations take; they do not list them again. */
  readonly parameters: readonly Parameter[];
  readonly operations: readonly OperationSketch[];
};

/** A path with its operations; none without. What all of them take stands at the path. */
export function pathSketch(
  path: string,
  operations: readonly OperationSketch[],
): readonly PathSketch[] {
  const [first, ...others] = operations;
  if (first === undefined) return [];
  const common = first.parameters.filter((parameter) =>
    others.every(({ parameters }) => parameters.some((each) => isSameParameter(each, parameter))),
  );
  const own = operations.map((each) => ({
    ...each,
    parameters: sortedParameters(each.parameters.filter((one) => !isIn(one, common))),
  }));
  return [{ path, parameters: sortedParameters(common), operations: own }];
}

function isIn(parameter: Parameter, list: readonly Parameter[]): boolean {
  return list.some((each) => isSameParameter(each, parameter));
}
