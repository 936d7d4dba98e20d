/**
 * The conformance suite of cel-spec as cases for this room. Cases about protobuf messages are left
 * out: no schema of Kubernetes has them.
 */
import { tests } from "@bufbuild/cel-spec/testdata/conformance.js";
import { isFields, own, type Fields } from "../../machinery/object.ts";
import { compile } from "../compile.ts";
import { declareEnvironment, type CelEnvironment } from "../environment.ts";
import { declare, overload, type FunctionDeclaration } from "../functions.ts";
import { ArrayList } from "../eval/lists.ts";
import { EntryMap } from "../eval/maps.ts";
import { equal } from "../eval/equality.ts";
import { show } from "../eval/show.ts";
import { BINDINGS_LIBRARY } from "../library/bindings.ts";
import { KUBERNETES_LIBRARIES } from "../library/kubernetes.ts";
import { STRING_REVERSE_LIBRARY } from "../library/strings.ts";
import {
  BOOL,
  BYTES,
  DOUBLE,
  DURATION,
  DYN,
  INT,
  listOf,
  mapOf,
  NULL,
  opaque,
  optionalOf,
  parameter,
  sameType,
  STRING,
  TIMESTAMP,
  typeOf,
  typeText,
  UINT,
  wrapperOf,
  type CelType,
} from "../types.ts";
import { CelTypeValue, CelUint, type CelValue } from "../values.ts";

export type SpecCase = {
  /** `lists/index/zero_based` */
  readonly path: string;
  readonly original: Fields;
};

/** Suites about what Kubernetes does not have. */
const OTHER_SUITES: ReadonlySet<string> = new Set([
  "block_ext",
  "dynamic",
  "encoders_ext",
  "enums",
  "math_ext",
  "proto2",
  "proto2_ext",
  "proto3",
  "wrappers",
]);

/** Marks of cases that need messages. */
const MESSAGES = /TestAllTypes|objectValue|messageType|GlobalEnum|NestedTestAllTypes|enumValue/;
const MESSAGE_NAMES = /google\.protobuf\.(?!Timestamp|Duration)[A-Z]/;

/** All cases, and how many were left out. */
export function specCases(): {
  readonly cases: readonly SpecCase[];
  readonly leftOut: number;
} {
  const all = (tests.suites ?? []).flatMap((suite) => casesOf(suite, suite.name));
  const cases = all.filter(({ path, original }) => {
    const text = JSON.stringify(original);
    const [suite = ""] = path.split("/");
    return !OTHER_SUITES.has(suite) && !MESSAGES.test(text) && !MESSAGE_NAMES.test(text);
  });
  return { cases, leftOut: all.length - cases.length };
}

type Suite = typeof tests;

function casesOf(suite: Suite, path: string): readonly SpecCase[] {
  const own = (suite.tests ?? []).map(({ original }) => ({
    path: `${path}/${original.name ?? ""}`,
    original,
  }));
  const below = (suite.suites ?? []).flatMap((part) => casesOf(part, `${path}/${part.name}`));
  return [...own, ...below];
}

/** Runs a case; what is wrong with the outcome, or undefined if nothing is. */
export function runCase({ original }: SpecCase): string | undefined {
  const environment = environmentOf(original);
  const compilation = compile(text(original, "expr"), environment);
  const wantsError = own(original, "evalError") !== undefined;
  if (compilation.kind === "errors") {
    return wantsError ? undefined : `refused: ${compilation.message.split("\n", 1)[0] ?? ""}`;
  }
  const { program } = compilation;
  const typed = fields(original, "typedResult");
  const deduced = own(typed, "deducedType");
  if (deduced !== undefined && !sameType(program.type, specType(deduced))) {
    return `type ${typeText(program.type)} instead of ${typeText(specType(deduced))}`;
  }
  if (own(original, "checkOnly") === true) return undefined;
  const evaluation = program.evaluate(bindingsOf(original));
  if (evaluation.kind === "error") {
    return wantsError ? undefined : `error: ${evaluation.error.message}`;
  }
  if (wantsError) return `${show(evaluation.value)} instead of an error`;
  const wanted = own(original, "value") ?? own(typed, "result") ?? { boolValue: true };
  const expected = specValue(wanted);
  return isSame(evaluation.value, expected)
    ? undefined
    : `${show(evaluation.value)} instead of ${show(expected)}`;
}

/** Equal, and of the same type; NaN is the same as NaN. */
function isSame(actual: CelValue, expected: CelValue): boolean {
  if (typeof actual === "number" && Number.isNaN(actual)) return Object.is(actual, expected);
  return typeof actual === typeof expected && equal(actual, expected) === true;
}

function environmentOf(original: Fields): CelEnvironment {
  const declarations = array(original, "typeEnv");
  const variables: Record<string, CelType> = {};
  const functions: FunctionDeclaration[] = [];
  for (const declaration of declarations) {
    const name = text(declaration, "name");
    const ident = own(declaration, "ident");
    if (isFields(ident)) variables[name] = specType(own(ident, "type"));
    const overloads = array(fields(declaration, "function"), "overloads");
    if (overloads.length === 0) continue;
    functions.push(
      declare(
        name,
        overloads.map((entry) =>
          overload(
            text(entry, "overloadId"),
            array(entry, "params").map(specType),
            specType(own(entry, "resultType")),
            () => null,
          ),
        ),
      ),
    );
  }
  return declareEnvironment({
    variables,
    container: text(original, "container"),
    quotedNames: true,
    strictLiterals: false,
    libraries: [
      ...KUBERNETES_LIBRARIES.filter(({ name }) => name !== "kubernetes.authz"),
      STRING_REVERSE_LIBRARY,
      BINDINGS_LIBRARY,
      { name: "case", functions },
    ],
  });
}

function bindingsOf(original: Fields): Record<string, CelValue> {
  const bindings = fields(original, "bindings");
  return Object.fromEntries(
    Object.keys(bindings).map((name) => {
      const value = own(fields(bindings, name), "value");
      return [name, specValue(value)];
    }),
  );
}

const PRIMITIVES: Readonly<Record<string, CelType>> = {
  BOOL,
  BYTES,
  DOUBLE,
  INT64: INT,
  STRING,
  UINT64: UINT,
};

function specType(json: unknown): CelType {
  if (!isFields(json)) return DYN;
  const [kind = ""] = Object.keys(json);
  const value = own(json, kind);
  const part = (key: string): CelType => specType(own(isFields(value) ? value : {}, key));
  switch (kind) {
    case "primitive":
      return PRIMITIVES[String(value)] ?? DYN;
    case "wrapper":
      return wrapperOf(PRIMITIVES[String(value)] ?? DYN);
    case "null":
      return NULL;
    case "wellKnown":
      return value === "TIMESTAMP" ? TIMESTAMP : value === "DURATION" ? DURATION : DYN;
    case "listType":
      return listOf(part("elemType"));
    case "mapType":
      return mapOf(part("keyType"), part("valueType"));
    case "typeParam":
      return parameter(String(value));
    case "type":
      return typeOf(specType(value));
    case "abstractType": {
      const parameters = array(fields(json, kind), "parameterTypes").map(specType);
      const name = text(fields(json, kind), "name");
      if (name === "optional_type") return optionalOf(parameters[0] ?? DYN);
      return opaque(name, ...parameters);
    }
    default:
      return DYN;
  }
}

function specValue(json: unknown): CelValue {
  const value = isFields(json) ? json : {};
  const [kind = ""] = Object.keys(value);
  const inner = own(value, kind);
  switch (kind) {
    case "int64Value":
      return BigInt(String(inner));
    case "uint64Value":
      return new CelUint(BigInt(String(inner)));
    case "doubleValue":
      return Number(inner);
    case "boolValue":
      return inner === true;
    case "stringValue":
      return String(inner);
    case "bytesValue":
      return Uint8Array.from(Buffer.from(String(inner), "base64"));
    case "typeValue":
      return new CelTypeValue(String(inner));
    case "listValue":
      return ArrayList.of(array(fields(value, kind), "values").map(specValue));
    case "mapValue":
      return EntryMap.of(
        array(fields(value, kind), "entries").map(
          (entry) => [specValue(own(entry, "key")), specValue(own(entry, "value"))] as const,
        ),
      );
    default:
      return null;
  }
}

function text(json: Fields, key: string): string {
  const value = own(json, key);
  return typeof value === "string" ? value : "";
}

function fields(json: Fields, key: string): Fields {
  const value = own(json, key);
  return isFields(value) ? value : {};
}

function array(json: Fields, key: string): readonly Fields[] {
  const value = own(json, key);
  return Array.isArray(value) ? value.filter(isFields) : [];
}
