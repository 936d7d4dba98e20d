/** Schemas, values and a driver for tests of server-side apply. */
import fc from "fast-check";
import type { StructuralSchema } from "../../../schema/structural-schema.ts";
import { atomOf } from "../atom.ts";
import { fieldSetOf, setText, type FieldSet } from "../field-set.ts";
import { fieldElement, indexElement, keyElement, valueElement } from "../path-element.ts";
import type { TypedValue } from "../typed-value.ts";
import type { Converting, Managers } from "../updater.ts";

const text: StructuralSchema = { type: "string" };
const number: StructuralSchema = { type: "integer" };

/** A kind with every way in which fields are owned. */
export const SITE: StructuralSchema = {
  type: "object",
  properties: {
    apiVersion: text,
    name: text,
    replicas: number,
    isOpen: { type: "boolean" },
    size: { type: "string", format: "quantity" },
    labels: { type: "object", additionalProperties: text },
    selector: { type: "object", additionalProperties: text, mapType: "atomic" },
    spec: { type: "object", properties: { host: text, path: text } },
    point: { type: "object", properties: { x: number, y: number }, mapType: "atomic" },
    tags: { type: "array", items: text, listType: "set" },
    args: { type: "array", items: text },
    ports: {
      type: "array",
      listType: "map",
      listKeys: ["port", "protocol"],
      items: {
        type: "object",
        properties: {
          port: number,
          protocol: { ...text, default: "TCP" },
          name: text,
          hosts: { type: "array", items: text, listType: "set" },
        },
      },
    },
    extra: { type: "object", keepsUnknown: true },
    raw: { type: "object", keepsUnknown: true, mapType: "atomic" },
  },
};

export function aSite(value: unknown, apiVersion = "v1"): TypedValue {
  return { value, apiVersion, atom: atomOf(SITE) };
}

/** `["spec", "host"]`, `["ports", { port: 80 }]`, `["tags", ["a"]]`, `["args", 0]`. */
export type Steps = readonly (string | number | readonly [unknown] | object)[];

export function aSet(...paths: readonly Steps[]): FieldSet {
  return fieldSetOf(...paths.map((path) => path.map(stepOf)));
}

function stepOf(step: Steps[number]): string {
  if (typeof step === "string") return fieldElement(step);
  if (typeof step === "number") return indexElement(step);
  return Array.isArray(step) ? valueElement(step[0]) : keyElement(Object.entries(step));
}

/** The outcome of a computation that converts nothing. */
export function run<T>(computation: Converting<T>): T {
  const step = computation.next();
  if (step.done !== true) throw new Error("nothing is converted here");
  return step.value;
}

/** Owners as text, for comparison. */
export function ownersText(managers: Managers): Readonly<Record<string, string>> {
  return Object.fromEntries([...managers].map(([name, { set }]) => [name, setText(set)]));
}

/** Values of the kind, with no duplicate items. */
export const anySite: fc.Arbitrary<Record<string, unknown>> = fc.record(
  {
    name: fc.constantFrom("a", "b"),
    replicas: fc.integer({ min: 0, max: 2 }),
    labels: fc.dictionary(fc.constantFrom("a", "b", "__proto__"), fc.constantFrom("1", "2")),
    selector: fc.dictionary(fc.constantFrom("a", "b"), fc.constantFrom("1", "2")),
    spec: fc.record(
      { host: fc.constantFrom("h", "i"), path: fc.constantFrom("/", "/x") },
      { requiredKeys: [] },
    ),
    tags: fc.uniqueArray(fc.constantFrom("a", "b", "c")),
    args: fc.array(fc.constantFrom("x", "y"), { maxLength: 2 }),
    ports: fc.uniqueArray(
      fc.record(
        {
          port: fc.integer({ min: 1, max: 3 }),
          name: fc.constantFrom("n", "m"),
          hosts: fc.uniqueArray(fc.constantFrom("a", "b"), { minLength: 1 }),
        },
        { requiredKeys: ["port"] },
      ),
      { selector: ({ port }) => port },
    ),
    extra: fc.dictionary(fc.constantFrom("p", "q"), fc.constantFrom(1, "t", true)),
  },
  { requiredKeys: [] },
);

const anyStep = fc.oneof(
  fc.constantFrom("f:a", "f:b", "f:__proto__", "f:.", "f:"),
  fc.constantFrom('k:{"name":"a"}', 'k:{"port":80,"protocol":"TCP"}', 'k:{"port":9}'),
  fc.constantFrom('v:"a"', "v:1", "v:true", "i:0", "i:12"),
);

/** Sets of fields. */
export const anySet: fc.Arbitrary<FieldSet> = fc
  .array(fc.array(anyStep, { minLength: 1, maxLength: 4 }), { maxLength: 12 })
  .map((paths) => fieldSetOf(...paths));
