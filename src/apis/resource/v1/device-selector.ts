/** Expressions that select devices: they name `device` and what is known of it. */
import { compile } from "../../../cel/compile.ts";
import { declareEnvironment, type CelEnvironment } from "../../../cel/environment.ts";
import { QUANTITY } from "../../../cel/library/quantities.ts";
import { BOOL, DYN, mapOf, objectType, STRING, typeText } from "../../../cel/types.ts";
import type { FieldError } from "../../../machinery/status.ts";
import { invalid, required, tooLong } from "../../field-errors.ts";
import { byteLength } from "../../meta/v1/label-validation.ts";
import { listErrors } from "./collections.ts";
import type { DeviceSelector } from "./types.generated.ts";

const SELECTORS_MAX = 32;
const EXPRESSION_BYTES_MAX = 10 * 1024;

/** What is wrong with selectors; each holds an expression. */
export function selectorErrors(
  field: string,
  selectors: readonly DeviceSelector[] | undefined,
): readonly FieldError[] {
  return listErrors(field, selectors, SELECTORS_MAX, (path, { cel }) => {
    if (cel === undefined) return [required(`${path}.cel`)];
    return expressionErrors(`${path}.cel.expression`, cel.expression);
  });
}

let environment: CelEnvironment | undefined;

/** What selectors can name. Properties are in maps by domain, and there by name. */
export function deviceEnvironment(): CelEnvironment {
  environment ??= declareEnvironment({
    variables: {
      device: objectType("kubernetes.DRADevice", {
        driver: STRING,
        attributes: mapOf(STRING, mapOf(STRING, DYN)),
        capacity: mapOf(STRING, mapOf(STRING, QUANTITY)),
        allowMultipleAllocations: BOOL,
      }),
    },
  });
  return environment;
}

function expressionErrors(field: string, expression: string): readonly FieldError[] {
  if (byteLength(expression) > EXPRESSION_BYTES_MAX) return [tooLong(field, EXPRESSION_BYTES_MAX)];
  const compilation = compile(expression, deviceEnvironment());
  if (compilation.kind === "errors") {
    const what = compilation.stage === "instantiation" ? "program instantiation" : "compilation";
    return [invalid(field, expression, `${what} failed: ${compilation.message}`)];
  }
  const { type } = compilation.program;
  if (type.kind === "bool" || type.kind === "dyn") return [];
  const detail = `must evaluate to bool or the unknown type, not ${typeText(type)}`;
  return [invalid(field, expression, detail)];
}
