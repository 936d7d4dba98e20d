/** What every environment has. */
import type { CelLibrary } from "../functions.ts";
import { STANDARD_MACROS } from "../parser/standard-macros.ts";
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
  STRING,
  TIMESTAMP,
  TYPE,
  UINT,
  type CelType,
} from "../types.ts";
import { ARITHMETIC } from "./arithmetic.ts";
import { CONTAINERS } from "./containers.ts";
import { CONVERSIONS } from "./conversions.ts";
import { RELATIONS } from "./relations.ts";
import { STRING_TESTS } from "./string-tests.ts";
import { TIMESTAMPS } from "./timestamps.ts";

const TYPES: ReadonlyMap<string, CelType> = new Map<string, CelType>([
  ["bool", BOOL],
  ["bytes", BYTES],
  ["double", DOUBLE],
  ["google.protobuf.Duration", DURATION],
  ["google.protobuf.Timestamp", TIMESTAMP],
  ["int", INT],
  ["list", listOf(DYN)],
  ["map", mapOf(DYN, DYN)],
  ["null_type", NULL],
  ["string", STRING],
  ["type", TYPE],
  ["uint", UINT],
]);

export const STANDARD_LIBRARY: CelLibrary = {
  name: "standard",
  functions: [
    ...RELATIONS,
    ...ARITHMETIC,
    ...CONTAINERS,
    ...CONVERSIONS,
    ...STRING_TESTS,
    ...TIMESTAMPS,
  ],
  macros: STANDARD_MACROS,
  types: TYPES,
};
