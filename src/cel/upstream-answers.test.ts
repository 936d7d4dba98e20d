/**
 * Expressions of this project with what the libraries of kube-apiserver 1.36.2 made of them: types,
 * values, errors word for word, estimated and actual costs.
 */
import { readFileSync } from "node:fs";
import { describe, expect, test } from "vitest";
import { compile } from "./compile.ts";
import { declareEnvironment, type CelEnvironment } from "./environment.ts";
import { AUTHORIZER } from "./library/authorizer.ts";
import type { Bindings } from "./program.ts";
import { plainValue } from "./testing/plain-value.ts";
import { RULE_TYPE } from "./testing/rule-type.ts";
import { DYN, typeText } from "./types.ts";

/** One answer; what is not there was not said. */
type Answer = {
  readonly expr: string;
  readonly refusal?: string;
  readonly instantiation?: string;
  readonly type?: string;
  readonly estimate?: readonly [number, number];
  readonly cost?: number;
  readonly value?: unknown;
  readonly error?: string;
  readonly dynamic?: unknown;
};

type Answers = {
  readonly expressions: readonly Answer[];
  readonly self: unknown;
  readonly oldSelf: unknown;
  readonly rules: readonly Answer[];
  readonly refusals: readonly Answer[];
};

const file = new URL("testing/upstream-answers.json", import.meta.url);
const answers = JSON.parse(readFileSync(file, "utf8")) as Answers;

/** The answer of this room, in the same form. */
function answerTo({ expr }: Answer, environment: CelEnvironment, bindings: Bindings): Answer {
  const compilation = compile(expr, environment);
  if (compilation.kind === "errors") {
    const { message } = compilation;
    const isRefusal = compilation.stage === undefined;
    return isRefusal ? { expr, refusal: message } : { expr, instantiation: message };
  }
  const { program } = compilation;
  const { min, max } = program.estimateCost();
  const evaluation = program.evaluate(bindings);
  const common = {
    expr,
    type: typeText(program.type),
    estimate: [min, max] as const,
    cost: evaluation.cost,
  };
  if (evaluation.kind === "error") return { ...common, error: evaluation.error.message };
  return { ...common, value: plainValue(evaluation.value) };
}

/** Upstream counts in 64 bits; from 2^53 on, only the magnitude is compared. */
function rounded(answer: Answer): Answer {
  const { dynamic: _, estimate, ...rest } = answer;
  if (estimate === undefined) return rest;
  const round = (cost: number): number => (cost < 2 ** 53 ? cost : Number(cost.toPrecision(9)));
  return { ...rest, estimate: [round(estimate[0]), round(estimate[1])] };
}

function check(
  all: readonly Answer[],
  environment: CelEnvironment,
  bindings: (answer: Answer) => Bindings,
): void {
  const given = all.map((answer) => rounded(answerTo(answer, environment, bindings(answer))));
  expect(given).toEqual(all.map(rounded));
}

describe("expressions are answered as upstream answers them", () => {
  const variables = { dynamic: DYN, authorizer: AUTHORIZER };
  const plain = declareEnvironment({ variables });

  test("without declared data", () => {
    check(answers.expressions, plain, ({ dynamic }) => (dynamic === undefined ? {} : { dynamic }));
  });

  test("over data with a schema", () => {
    const { self, oldSelf } = answers;
    const environment = declareEnvironment({
      variables: { ...variables, self: RULE_TYPE, oldSelf: RULE_TYPE },
    });
    check(answers.rules, environment, () => ({ self, oldSelf, dynamic: self }));
  });

  test("where they are no expressions at all", () => {
    check(answers.refusals, plain, () => ({}));
  });
});
