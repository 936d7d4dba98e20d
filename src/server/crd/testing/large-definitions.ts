/**
 * Definitions as large, as deep and as full of rules as those of well-known operators: how many
 * places a schema has, how deep it goes, and what stands at each place follow what was counted in
 * theirs. What the places are called and what they mean is made up.
 */

/** What was counted in the definition of one kind. */
export type Shape = {
  /** What is much like it. */
  readonly like: string;
  readonly places: number;
  readonly depth: number;
  readonly rules: number;
  readonly versions: number;
};

export const SHAPES: readonly Shape[] = [
  { like: "a service that is scraped", places: 209, depth: 8, rules: 0, versions: 1 },
  { like: "a gateway", places: 123, depth: 10, rules: 16, versions: 2 },
  { like: "an HTTP route", places: 249, depth: 11, rules: 109, versions: 2 },
  { like: "a certificate", places: 129, depth: 5, rules: 0, versions: 1 },
  { like: "an issuer with pod templates", places: 620, depth: 18, rules: 1, versions: 1 },
  { like: "an alert manager", places: 1_507, depth: 12, rules: 1, versions: 1 },
  { like: "a metrics server", places: 2_057, depth: 12, rules: 5, versions: 1 },
  { like: "receivers of alerts", places: 1_998, depth: 11, rules: 1, versions: 2 },
  { like: "scraping of everything", places: 2_113, depth: 8, rules: 1, versions: 1 },
  { like: "a policy of a backend", places: 45, depth: 6, rules: 7, versions: 1 },
];

export type LargeDefinition = {
  readonly definition: object;
  readonly plural: string;
  readonly kind: string;
  readonly group: string;
};

const GROUPS = 10;

/** The definition number `seed`. Two numbers make two definitions of different names. */
export function aLargeDefinition(seed: number): LargeDefinition {
  const shape = SHAPES[seed % SHAPES.length] ?? fail(seed);
  const group = `group${seed % GROUPS}.example.dev`;
  const plural = `things${seed}`;
  const kind = `Thing${seed}`;
  const versions = Array.from({ length: shape.versions }, (_, index) => ({
    name: `v${index + 1}`,
    served: true,
    storage: index === 0,
    schema: { openAPIV3Schema: new Generator(shape, seed).schema() },
    subresources: { status: {} },
    additionalPrinterColumns: [
      { name: "Ready", type: "string", jsonPath: '.status.conditions[?(@.type=="Ready")].status' },
      { name: "Age", type: "date", jsonPath: ".metadata.creationTimestamp" },
    ],
  }));
  const spec = { group, scope: "Namespaced", names: { plural, kind }, versions };
  return { definition: { metadata: { name: `${plural}.${group}` }, spec }, plural, kind, group };
}

function fail(seed: number): never {
  throw new Error(`no shape for ${seed}`);
}

/** Those that may have fields themselves come last, so that the first part has all. */
const FIELDS: readonly number[] = [1, 2, 3, 4, 5, 7, 8, 0, 6];

class Generator {
  readonly #shape: Shape;
  readonly #seed: number;
  #places: number;
  #rules: number;

  constructor(shape: Shape, seed: number) {
    this.#shape = shape;
    this.#seed = seed;
    this.#places = shape.places;
    this.#rules = shape.rules;
  }

  schema(): object {
    const spec: Record<string, object> = {};
    for (let part = 0; this.#places > 0; part += 1) spec[`part${part}`] = this.#part(1);
    return {
      type: "object",
      description: this.#describe("kind"),
      required: ["spec"],
      properties: {
        apiVersion: { type: "string" },
        kind: { type: "string" },
        metadata: { type: "object" },
        spec: { type: "object", properties: spec },
        status: {
          type: "object",
          properties: { conditions: { type: "array", items: conditions() } },
        },
      },
    };
  }

  /** An object with a field of each usual form, the first of them an object again. */
  #part(depth: number): object {
    const properties: Record<string, object> = {};
    for (const index of FIELDS) {
      if (this.#places <= 0) break;
      this.#places -= 1;
      properties[`field${index}`] = this.#place(index, depth);
    }
    return {
      type: "object",
      description: this.#describe("part"),
      properties,
      ...("field1" in properties
        ? this.#ruled("!has(self.field1) || self.field1.size() < 100")
        : {}),
    };
  }

  #place(index: number, depth: number): object {
    const description = this.#describe(`field ${index}`);
    const isDeep = depth < this.#shape.depth - 3;
    switch (index) {
      case 0:
        return isDeep ? this.#part(depth + 1) : { type: "string", description };
      case 1:
        return {
          type: "array",
          description,
          maxItems: 99,
          items: { type: "string", maxLength: 63 },
        };
      case 2:
        return { type: "integer", format: "int32", description, minimum: 0, default: 3 };
      case 3:
        return { type: "string", description, pattern: "^[a-z]([-a-z0-9]*[a-z0-9])?$" };
      case 4:
        return { type: "object", description, additionalProperties: { type: "string" } };
      case 5:
        return { description, "x-kubernetes-int-or-string": true, anyOf: INT_OR_STRING };
      case 6:
        return isDeep ? this.#keyed(depth + 1) : { type: "boolean", description };
      case 7:
        return { type: "string", description, enum: ["Always", "IfNotPresent", "Never"] };
      default:
        return {
          type: "string",
          description,
          maxLength: 253,
          ...this.#ruled("self == '' || !self.startsWith('/')"),
        };
    }
  }

  #keyed(depth: number): object {
    const { properties } = { properties: {}, ...this.#part(depth) };
    return {
      type: "array",
      maxItems: 16,
      "x-kubernetes-list-type": "map",
      "x-kubernetes-list-map-keys": ["name"],
      items: {
        type: "object",
        required: ["name"],
        properties: { ...properties, name: { type: "string" } },
      },
    };
  }

  #ruled(rule: string): object {
    if (this.#rules === 0) return {};
    this.#rules -= 1;
    return { "x-kubernetes-validations": [{ rule, message: "is not as it should be" }] };
  }

  #describe(what: string): string {
    return (
      `The ${what} of kind ${this.#seed} says what is wanted of it, and what becomes of it ` +
      `when it is left out, which depends on what else is said of ${this.#shape.like}.`
    );
  }
}

const INT_OR_STRING = [{ type: "integer" }, { type: "string" }];

function conditions(): object {
  const text = { type: "string" };
  return {
    type: "object",
    required: ["type", "status"],
    properties: { type: text, status: text, reason: text, message: text },
  };
}
