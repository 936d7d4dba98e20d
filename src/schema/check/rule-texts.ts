/** The members of validation rules, as far as they can be judged without compiling the rule. */
import type { FieldError } from "../../machinery/status.ts";
import type { SchemaCompiler } from "../compile.ts";
import { invalid, notSupported, required } from "../field-errors.ts";
import { at, child } from "../field-path.ts";
import { resolveFieldPath } from "../json-path/field-path-text.ts";
import { optionalTextAt, rulesAt, textAt, type SchemaProps } from "../schema-props.ts";

const REASONS: readonly string[] = [
  "FieldValueDuplicate",
  "FieldValueForbidden",
  "FieldValueInvalid",
  "FieldValueRequired",
];

/** Violations of all rules of one place. */
export function checkRuleTexts(
  props: SchemaProps,
  path: string,
  compiler: SchemaCompiler,
): readonly FieldError[] {
  return rulesAt(props).flatMap((rule, index) => {
    const place = at(child(path, "x-kubernetes-validations"), index);
    return [
      ...ruleErrors(rule, place),
      ...messageExpressionErrors(rule, place),
      ...reasonErrors(rule, place),
      ...fieldPathErrors(rule, props, place, compiler),
    ];
  });
}

/** Only the first of these is told. */
function ruleErrors(rule: SchemaProps, path: string): readonly FieldError[] {
  const text = textAt(rule, "rule").trim();
  const message = textAt(rule, "message");
  const field = child(path, "message");
  if (text === "") return [required(child(path, "rule"), "rule is not specified")];
  if (message !== "" && message.trim() === "") {
    return [invalid(field, message, "must be non-empty if specified")];
  }
  if (hasLineBreaks(message.trim())) {
    return [invalid(field, message, "must not contain line breaks")];
  }
  if (hasLineBreaks(text) && message.trim() === "") {
    return [required(field, "message must be specified if rule contains line breaks")];
  }
  return [];
}

function messageExpressionErrors(rule: SchemaProps, path: string): readonly FieldError[] {
  const expression = textAt(rule, "messageExpression");
  if (expression === "" || expression.trim() !== "") return [];
  const detail = "messageExpression must be non-empty if specified";
  return [required(child(path, "messageExpression"), detail)];
}

function reasonErrors(rule: SchemaProps, path: string): readonly FieldError[] {
  const reason = optionalTextAt(rule, "reason");
  if (reason === undefined || REASONS.includes(reason)) return [];
  return [notSupported(child(path, "reason"), reason, REASONS)];
}

function fieldPathErrors(
  rule: SchemaProps,
  props: SchemaProps,
  path: string,
  compiler: SchemaCompiler,
): readonly FieldError[] {
  const text = textAt(rule, "fieldPath");
  if (text === "") return [];
  const field = child(path, "fieldPath");
  const errors: FieldError[] = [];
  if (text.trim() === "") errors.push(invalid(field, text, "must be non-empty if specified"));
  if (hasLineBreaks(text)) errors.push(invalid(field, text, "must not contain line breaks"));
  if (resolveFieldPath(text, compiler.node(props)).kind === "invalid") {
    errors.push(invalid(field, text, "must be a valid path"));
  }
  return errors;
}

function hasLineBreaks(text: string): boolean {
  return /[\n\r]/.test(text);
}
