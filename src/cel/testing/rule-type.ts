/**
 * The type of `self` in the recorded rules, with the sizes that upstream derives from the schema:
 * what is not limited can be as large as a request.
 */
import {
  BOOL,
  BYTES,
  DOUBLE,
  DURATION,
  DYN,
  INT,
  listOf,
  mapOf,
  objectType,
  STRING,
  TIMESTAMP,
  type CelType,
  type Shape,
} from "../types.ts";

const REQUEST = 3_145_726;

function sized(type: CelType, sizeMax: number, shape: Shape = {}): CelType {
  return { ...type, shape: { ...shape, sizeMax } };
}

function text(sizeMax: number = REQUEST): CelType {
  return sized(STRING, sizeMax);
}

function object(name: string, fields: Readonly<Record<string, CelType>>): CelType {
  return sized(objectType(name, fields), 0);
}

function list(element: CelType, sizeMax: number, shape: Shape = {}): CelType {
  return sized(listOf(element), sizeMax, shape);
}

function map(value: CelType, sizeMax: number): CelType {
  return sized(mapOf(text(0), value), sizeMax);
}

const int = sized(INT, 0);

export const RULE_TYPE: CelType = object("selfType", {
  r: int,
  s: text(),
  s10: text(40),
  en: text(3),
  b: sized(BOOL, 0),
  n: sized(DOUBLE, 0),
  d: sized(TIMESTAMP, 12, { format: "date" }),
  dt: sized(TIMESTAMP, 32, { format: "date-time" }),
  du: sized(DURATION, 32, { format: "duration" }),
  by: sized(BYTES, REQUEST, { format: "byte" }),
  ios: sized(DYN, REQUEST, { format: "int-or-string" }),
  pu: object("selfType.pu", {}),
  l: list(text(), 1_048_575),
  l5: list(text(40), 5),
  li: list(int, 100),
  lo: list(object("selfType.lo.@idx", { k: text(80), v: int }), 50),
  lm: list(object("selfType.lm.@idx", { k: text(), v: int }), 1_048_575, {
    list: { kind: "map", keys: ["k"] },
  }),
  ls: list(text(), 1_048_575, { list: { kind: "set" } }),
  m: map(text(), 393_215),
  m9: map(int, 9),
  mo: map(object("selfType.mo.@elem", { a: text() }), 393_215),
  o: object("selfType.o", { x: int, y: object("selfType.o.y", { z: text() }) }),
  nl: sized(STRING, REQUEST, { isNullable: true }),
  a__dash__b: int,
  __namespace__: text(),
  x__underscores__y: int,
  a__dot__b__slash__c: int,
  ll: list(list(int, 1_572_863), 1_048_575),
});
