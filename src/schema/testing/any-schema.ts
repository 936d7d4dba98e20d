/** Schemas for property tests: most are not structural, and none is out of the question. */
import fc from "fast-check";

const leaf = (defaults: fc.Arbitrary<unknown>) => ({
  type: fc.constantFrom("object", "array", "string", "integer", "number", "boolean", ""),
  nullable: fc.boolean(),
  default: defaults,
  enum: fc.array(fc.jsonValue({ maxDepth: 1 }), { maxLength: 2 }),
  format: fc.constantFrom("date", "email", "uri", "duration", "cidr", "hostname", "int32"),
  pattern: fc.constantFrom("^a", "(", "b*$"),
  minimum: fc.double(),
  multipleOf: fc.double(),
  required: fc.array(fc.constantFrom("a", "b"), { maxLength: 2 }),
  "x-kubernetes-list-type": fc.constantFrom("set", "map", "atomic"),
  "x-kubernetes-list-map-keys": fc.constant(["a"]),
  "x-kubernetes-embedded-resource": fc.boolean(),
  "x-kubernetes-preserve-unknown-fields": fc.boolean(),
  "x-kubernetes-int-or-string": fc.boolean(),
});

/** Any schema of at most `depth` levels, with any of the given defaults. */
export function anySchema(
  depth: number,
  defaults: fc.Arbitrary<unknown> = fc.jsonValue({ maxDepth: 2 }),
): fc.Arbitrary<Readonly<Record<string, unknown>>> {
  if (depth <= 1) return fc.record(leaf(defaults), { requiredKeys: [] });
  const below = anySchema(depth - 1, defaults);
  return fc.record(
    {
      ...leaf(defaults),
      properties: fc.dictionary(fc.constantFrom("a", "b", "metadata", "__proto__"), below, {
        maxKeys: 2,
      }),
      additionalProperties: fc.oneof(fc.boolean(), below),
      items: below,
      anyOf: fc.array(below, { maxLength: 2 }),
      not: below,
    },
    { requiredKeys: [] },
  );
}

/** Any JSON object with the fields such schemas speak of. */
export function anyFields(): fc.Arbitrary<Readonly<Record<string, unknown>>> {
  const names = fc.constantFrom("a", "b", "c", "metadata", "kind", "__proto__");
  return fc.dictionary(names, fc.oneof(fc.jsonValue({ maxDepth: 3 }), anyNested()));
}

function anyNested(): fc.Arbitrary<unknown> {
  const names = fc.constantFrom("a", "b", "c", "metadata", "__proto__");
  const leaf = fc.oneof(fc.integer(), fc.string(), fc.constant(null), fc.boolean());
  const inner = fc.oneof(leaf, fc.array(leaf, { maxLength: 3 }), fc.dictionary(names, leaf));
  return fc.oneof(fc.array(inner, { maxLength: 3 }), fc.dictionary(names, inner));
}
