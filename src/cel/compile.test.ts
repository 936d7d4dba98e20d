import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { compile } from "./compile.ts";
import { declareEnvironment, type CelEnvironment } from "./environment.ts";
import type { Bindings, CelProgram, Evaluation } from "./program.ts";
import { plainValue } from "./testing/plain-value.ts";
import {
  BOOL,
  DYN,
  INT,
  listOf,
  mapOf,
  objectType,
  optionalOf,
  STRING,
  type CelType,
} from "./types.ts";

function environment(variables: Readonly<Record<string, CelType>> = {}): CelEnvironment {
  return declareEnvironment({ variables });
}

function programOf(source: string, in_: CelEnvironment = environment()): CelProgram {
  const compilation = compile(source, in_);
  if (compilation.kind === "errors") throw new Error(compilation.message);
  return compilation.program;
}

function evaluate(
  source: string,
  variables: Readonly<Record<string, CelType>> = {},
  bindings: Bindings = {},
): unknown {
  const evaluation: Evaluation = programOf(source, environment(variables)).evaluate(bindings);
  return evaluation.kind === "error"
    ? `error: ${evaluation.error.message}`
    : plainValue(evaluation.value);
}

describe("programs", () => {
  test("tell their type and the variables they use", () => {
    const program = programOf("self + 1 > oldSelf", environment({ self: INT, oldSelf: INT }));
    expect(program.type).toEqual(BOOL);
    expect([...program.variables]).toEqual(["self", "oldSelf"]);
    expect([...programOf("[1].all(self, self > 0)", environment({ self: INT })).variables]).toEqual(
      [],
    );
  });

  test("read data by its declared type", () => {
    const type = objectType("self", { count: INT, at: { kind: "timestamp" }, any: DYN });
    const self = { count: 3, at: "2020-01-02T03:04:05Z", any: { list: [1, 2.5] } };
    expect(evaluate("self.count + 1", { self: type }, { self })).toBe("4i");
    expect(evaluate("self.at.getHours('+02:30')", { self: type }, { self })).toBe("5i");
    expect(evaluate("self.any.list", { self: type }, { self })).toEqual(["1i", "2.5d"]);
    expect(evaluate("self.count", { self: type }, { self: { count: "x" } })).toBe(
      "error: invalid data, expected int, got string",
    );
  });

  test("take keys of prototypes for ordinary keys", () => {
    const data: unknown = JSON.parse('{"__proto__": 1, "constructor": 2}');
    expect(evaluate("m.__proto__ + m.constructor", { m: mapOf(STRING, INT) }, { m: data })).toBe(
      "3i",
    );
    expect(evaluate("has(m.toString)", { m: DYN }, { m: {} })).toBe(false);
    expect(evaluate("m.toString", { m: DYN }, { m: {} })).toBe("error: no such key: toString");
    const object = objectType("self", { a: INT });
    expect(compile("self.constructor", environment({ self: object })).kind).toBe("errors");
  });

  test("take an old value that may be absent", () => {
    const variables = { oldSelf: optionalOf(INT) };
    expect(evaluate("oldSelf.orValue(7)", variables)).toBe("7i");
    expect(evaluate("oldSelf.orValue(7)", variables, { oldSelf: 1 })).toBe("1i");
    expect(evaluate("oldSelf.hasValue()", variables, { oldSelf: 0 })).toBe(true);
  });

  test("say that a variable is not bound", () => {
    expect(evaluate("x", { x: INT })).toBe("error: no such attribute(s): x");
    expect(evaluate("x || true", { x: BOOL })).toBe(true);
  });

  test("compare lists that are sets or maps without their order", () => {
    const set: CelType = { ...listOf(STRING), shape: { list: { kind: "set" } } };
    const lists = { self: ["a", "b"], oldSelf: ["b", "a"] };
    expect(evaluate("self == oldSelf", { self: set, oldSelf: set }, lists)).toBe(true);
    expect(evaluate("self + ['c', 'a']", { self: set }, lists)).toEqual(["a", "b", "c"]);
    const element = objectType("element", { k: STRING, v: INT });
    const map: CelType = { ...listOf(element), shape: { list: { kind: "map", keys: ["k"] } } };
    const maps = {
      self: [
        { k: "a", v: 1 },
        { k: "b", v: 2 },
      ],
      oldSelf: [
        { k: "b", v: 3 },
        { k: "a", v: 1 },
      ],
    };
    const variables = { self: map, oldSelf: map };
    expect(evaluate("self == oldSelf", variables, maps)).toBe(false);
    expect(evaluate("(self + oldSelf).map(e, e.v)", variables, maps)).toEqual(["1i", "3i"]);
  });

  test("compare objects also by what expressions cannot see", () => {
    const type = objectType("self", { a: INT });
    const variables = { self: type, oldSelf: type };
    const bindings = { self: { a: 1, hidden: [1] }, oldSelf: { a: 1, hidden: [2] } };
    expect(evaluate("self == oldSelf", variables, bindings)).toBe(false);
  });
});

describe("evaluation", () => {
  test("ends when it has cost too much, and nothing absorbs that", () => {
    const source = "lists.range(1000).all(i, lists.range(1000).all(j, i != j || true)) || true";
    const evaluation = programOf(source).evaluate({});
    if (evaluation.kind !== "error") throw new Error("the budget was not noticed");
    expect(evaluation.error.reason).toBe("budget");
    expect(evaluation.error.message).toBe("operation cancelled: actual cost limit exceeded");
    const small = programOf("[1, 2, 3].map(x, x + 1)").evaluate({}, { costMax: 10 });
    expect(small.kind).toBe("error");
  });

  test("refuses results that would not fit into memory", () => {
    const bindings = { s: "x".repeat(100_000) };
    expect(evaluate("s.replace('', s)", { s: STRING }, bindings)).toMatch(
      /^error: result is larger/,
    );
    expect(evaluate("lists.range(9000000000)")).toMatch(/^error: list is longer/);
  });

  test("matches hostile patterns in linear time", () => {
    const bindings = { s: "a".repeat(2000) };
    expect(
      evaluate("s.matches('^(a+)+$') && !s.matches('^(a|aa)+b')", { s: STRING }, bindings),
    ).toBe(true);
  });

  test("leaves values of other evaluations alone", () => {
    const program = programOf("[1].map(x, x) + [2]");
    const first = program.evaluate({});
    const second = program.evaluate({});
    expect(first).toEqual(second);
    expect(evaluate("[[1, 2]].map(l, [l + [3], l + [4]])")).toEqual([
      [
        ["1i", "2i", "3i"],
        ["1i", "2i", "4i"],
      ],
    ]);
  });

  test("never throws and keeps to its budget, whatever the expression and the data are", () => {
    const type = objectType("self", { a: INT, s: STRING, l: listOf(INT), m: mapOf(STRING, DYN) });
    const in_ = environment({ self: type, any: DYN });
    const literals = "1 0 -1 9223372036854775807 2u 1.5 'é' '' null true [] {}".split(" ");
    const names = "self self.a self.s self.l self.m any any.x any[0]".split(" ");
    const calls = "duration('1h') timestamp(0) optional.none() bytes('x')".split(" ");
    const atom = fc.constantFrom(...literals, ...names, ...calls);
    const { expression } = fc.letrec<{ expression: string }>((tie) => ({
      expression: fc.oneof(
        { maxDepth: 4, depthSize: "medium" },
        atom,
        fc
          .tuple(tie("expression"), fc.constantFrom("+", "-", "*", "/", "%", "<", "==", "in", "&&"))
          .chain(([left, operator]) =>
            tie("expression").map((right) => `dyn(${left}) ${operator} dyn(${right})`),
          ),
        tie("expression").map((inner) => `dyn([${inner}]).map(x, [x, x])`),
        tie("expression").map((inner) => `type(${inner}) == string ? dyn(${inner}) : dyn(1)`),
        tie("expression").map((inner) => `string(dyn(${inner}))`),
        tie("expression").map((inner) => `size(dyn(${inner}))`),
        tie("expression").map((inner) => `'%s'.format([dyn(${inner})])`),
        tie("expression").map((inner) => `dyn(${inner}).split('')`),
        tie("expression").map((inner) => `dyn(${inner}).all(k, k != any)`),
      ),
    }));
    fc.assert(
      fc.property(expression, fc.jsonValue(), fc.jsonValue(), (source, self, any) => {
        const compilation = compile(source, in_);
        if (compilation.kind === "errors") return;
        const { program } = compilation;
        const evaluation = program.evaluate({ self, any }, { costMax: 10_000 });
        if (evaluation.kind === "value") plainValue(evaluation.value);
        const { min, max } = program.estimateCost();
        expect(min).toBeLessThanOrEqual(max);
      }),
      { numRuns: 300 },
    );
  });
});

describe("refusals of checking", () => {
  const self = objectType("selfType", { spec: objectType("selfType.spec", { count: INT }) });

  test("show the place, as users of Kubernetes know it", () => {
    const compilation = compile("self.nope", environment({ self }));
    expect(compilation).toEqual({
      kind: "errors",
      message: "ERROR: <input>:1:5: undefined field 'nope'\n | self.nope\n | ....^",
      errors: [{ message: "undefined field 'nope'", line: 1, column: 5 }],
    });
  });

  test("come all at once, in the order of their places", () => {
    const compilation = compile("y + 1 > x\n && self.spec == 2", environment({ self }));
    if (compilation.kind !== "errors") throw new Error("it should be refused");
    expect(compilation.errors.map(({ line, column }) => [line, column])).toEqual([
      [1, 1],
      [1, 9],
      [2, 15],
    ]);
  });

  test("name types of schemas by their places", () => {
    const compilation = compile("self.spec + 1", environment({ self }));
    if (compilation.kind !== "errors") throw new Error("it should be refused");
    expect(compilation.errors[0]?.message).toBe(
      "found no matching overload for '_+_' applied to '(selfType.spec, int)'",
    );
  });

  test("tell literals that cannot be made from wrong sources", () => {
    const compilation = compile("int('x') == 1", environment());
    expect(compilation).toEqual({
      kind: "errors",
      stage: "instantiation",
      type: BOOL,
      message: "type conversion error from 'string' to 'int'",
      errors: [],
    });
  });
});

describe("estimates", () => {
  test("follow the sizes that the types declare", () => {
    const names: CelType = {
      ...listOf({ ...STRING, shape: { sizeMax: 20 } }),
      shape: { sizeMax: 100 },
    };
    const estimate = programOf("self.all(x, x.startsWith('a'))", environment({ self: names }));
    expect(estimate.estimateCost()).toEqual({ min: 2, max: 502 });
  });

  test("end at 2^64 where nothing is limited", () => {
    const source = "self.all(x, self.all(y, self.all(z, self.all(w, x == y && z == w))))";
    const program = programOf(source, environment({ self: listOf(STRING) }));
    expect(program.estimateCost().max).toBe(2 ** 64);
  });

  test("are not below what an evaluation costs", () => {
    const type: CelType = { ...listOf({ ...INT, shape: { sizeMax: 0 } }), shape: { sizeMax: 50 } };
    for (const source of ["self.map(x, x + 1).sum() > 3", "self.exists(x, x in self)"]) {
      const program = programOf(source, environment({ self: type }));
      const self = Array.from({ length: 50 }, (_, index) => index);
      expect(program.evaluate({ self }).cost).toBeLessThanOrEqual(program.estimateCost().max);
    }
  });
});
