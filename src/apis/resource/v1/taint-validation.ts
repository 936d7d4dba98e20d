/** Taints of devices, and tolerations of them. */
import { labelValueProblem } from "../../../machinery/names.ts";
import type { FieldError } from "../../../machinery/status.ts";
import { errorIf, fromProblem, invalid, noneOrOneOf, oneOf } from "../../field-errors.ts";
import { labelNameErrors } from "../../meta/v1/label-validation.ts";
import type { DeviceTaint, DeviceToleration } from "./types.generated.ts";

const EFFECTS: readonly string[] = ["NoExecute", "NoSchedule", "None"];

export function withTolerationDefaults(toleration: DeviceToleration): DeviceToleration {
  return { ...toleration, operator: toleration.operator || "Equal" };
}

/** What is wrong with a taint. */
export function deviceTaintErrors(path: string, taint: DeviceTaint): readonly FieldError[] {
  const { key, value = "", effect } = taint;
  return [
    ...labelNameErrors(`${path}.key`, key),
    ...fromProblem(`${path}.value`, value, labelValueProblem(value)),
    ...oneOf(`${path}.effect`, effect, EFFECTS),
  ];
}

/** What is wrong with a toleration that has its defaults. */
export function deviceTolerationErrors(
  path: string,
  toleration: DeviceToleration,
): readonly FieldError[] {
  const { key = "", operator, value = "", effect = "" } = toleration;
  const superfluous = "must be empty for operator `Exists`";
  return [
    ...(key === "" ? [] : labelNameErrors(`${path}.key`, key)),
    ...(operator === "Equal"
      ? fromProblem(`${path}.value`, value, labelValueProblem(value))
      : errorIf(
          operator === "Exists" && value !== "",
          invalid(`${path}.value`, value, superfluous),
        )),
    ...oneOf(`${path}.operator`, operator, ["Equal", "Exists"]),
    ...(effect === "" ? [] : noneOrOneOf(`${path}.effect`, effect, EFFECTS)),
  ];
}
