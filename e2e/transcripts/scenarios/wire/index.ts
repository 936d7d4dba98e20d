/** Negotiation, discovery, verbs, refusals: what holds for every kind. */
import type { Scenario } from "../../scenario.ts";
import { bodies, fieldValidation } from "./bodies.ts";
import { metadata } from "./metadata.ts";
import { names } from "./names.ts";
import { discoveryNegotiation, negotiation } from "./negotiation.ts";
import { deleteOptions, queries, writeOptions } from "./options.ts";
import { spellings } from "./spellings.ts";
import { methods, paths, pathsOfNobody } from "./paths.ts";

export const WIRE: readonly Scenario[] = [
  paths,
  pathsOfNobody,
  methods,
  negotiation,
  discoveryNegotiation,
  bodies,
  fieldValidation,
  names,
  metadata,
  writeOptions,
  deleteOptions,
  queries,
  spellings,
];
