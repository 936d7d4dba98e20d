import fc from "fast-check";
import { expect, test } from "vitest";
import type { ApiObject } from "../machinery/object.ts";
import { BUILT_IN } from "./registry.ts";
import { resolveSchema, type SchemaSource } from "../schema/structural-schema.ts";
import { created, NOW_MS, refusalOf, updated } from "./testing.ts";

/** Values that fit a schema, as a client could send them: with gaps, nulls and odd keys. */
function fitting(source: SchemaSource, depth: number): fc.Arbitrary<unknown> {
  const schema = resolveSchema(source);
  if (depth === 0 || schema.keepsUnknown === true) return fc.constant(null);
  switch (schema.type) {
    case "boolean":
      return fc.boolean();
    case "integer":
    case "number":
      return fc.integer({ min: -2, max: 70_000 });
    case "any":
      return fc.oneof(fc.integer(), fc.constantFrom("25%", "http", ""));
    case "string":
      return textFitting(schema.format);
    case "array":
      return fc.array(fitting(schema.items ?? schema, depth - 1), { maxLength: 2 });
    case "object": {
      const { additionalProperties, properties = {} } = schema;
      if (additionalProperties !== undefined) {
        const keys = fc.constantFrom("a", "app.kubernetes.io/name", "__proto__", "constructor");
        return fc.dictionary(keys, fitting(additionalProperties, depth - 1), { maxKeys: 2 });
      }
      const fields = Object.entries(properties).map(([key, inner]) => [
        key,
        fc.option(fitting(inner, depth - 1), { nil: null, freq: 2 }),
      ]);
      return fc.record(Object.fromEntries(fields), { requiredKeys: [] });
    }
  }
}

function textFitting(format: string | undefined): fc.Arbitrary<string> {
  switch (format) {
    case "quantity":
      return fc.constantFrom("1", "0.5", "1024Mi", "-1", "1e3");
    case "date-time":
    case "micro-time":
      return fc.constantFrom("2026-01-01T00:00:00Z", "2026-01-01T00:00:00.5+01:00");
    case "byte":
      return fc.constantFrom("", "YQ==");
    default:
      return fc.constantFrom("", "a", "Always", "UPPER case", "x".repeat(300), "../..", "é");
  }
}

for (const strategy of BUILT_IN) {
  const { kind } = strategy.names;
  const anySent = fitting(strategy.schema, 7).map((sent) => {
    const fields = sent as Readonly<Record<string, unknown>>;
    return { ...fields, metadata: { name: "x", namespace: "t" } };
  });

  test(`${kind}: whatever is sent, defaults fill it once and for all`, () => {
    fc.assert(
      fc.property(anySent, (sent) => {
        const object = created<ApiObject>(strategy, sent);
        expect(strategy.applyDefaults(object)).toEqual(object);
        if (strategy.validate(object).length > 0) return;
        expect(updated<ApiObject>(strategy, object, (same) => same)).toEqual(object);
        expect(strategy.validateUpdate(object, object)).toEqual([]);
      }),
      { numRuns: 60 },
    );
  });

  test(`${kind}: whatever is sent is accepted or refused, and shown in all its columns`, () => {
    fc.assert(
      fc.property(anySent, (sent) => {
        expect(typeof refusalOf<ApiObject>(strategy, sent)).toBe("string");
        const object = created<ApiObject>(strategy, sent);
        // Rows of addresses have an age without a column, as upstream.
        const cells = strategy.columns.length + (kind === "IPAddress" ? 1 : 0);
        expect(strategy.row(object, NOW_MS)).toHaveLength(cells);
        for (const read of Object.values(strategy.fieldSelectors)) {
          expect(typeof read(object)).toBe("string");
        }
      }),
      { numRuns: 60 },
    );
  });
}

test("no two kinds share a name that kubectl could mean, but for two views of one", () => {
  const names = BUILT_IN.filter(({ storedAs }) => storedAs === undefined).flatMap(
    ({ names: n }) => [...new Set([n.plural, n.singular, ...n.shortNames])],
  );
  expect(new Set(names).size).toBe(names.length);
});
