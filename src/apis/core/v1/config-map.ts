/** Config maps: texts and bytes by key, which can be sealed. */
import { dnsSubdomainProblem } from "../../../machinery/names.ts";
import { equalValues } from "../../../machinery/json-value.ts";
import type { FieldError } from "../../../machinery/status.ts";
import { canonicalForm } from "../../canonical-form.ts";
import { forbidden, fromProblem, invalid, tooLong } from "../../field-errors.ts";
import { byteLength } from "../../meta/v1/label-validation.ts";
import type { Strategy } from "../../strategy.ts";
import { AGE_COLUMN, ageOf, column, NAME_COLUMN, nameOf } from "../../table-columns.ts";
import { base64Bytes, CONFIG_BYTES_MAX, configKeyProblem, SEALED } from "./config-key.ts";
import { configMapSchema } from "./schema.generated.ts";
import type { ConfigMap } from "./types.generated.ts";

export const configMapStrategy: Strategy<ConfigMap> = {
  names: {
    group: "",
    version: "v1",
    kind: "ConfigMap",
    plural: "configmaps",
    singular: "configmap",
    shortNames: ["cm"],
    categories: [],
    isNamespaced: true,
  },
  schema: configMapSchema,
  nameProblem: dnsSubdomainProblem,
  hasGeneration: false,
  isCreatedByUpdate: false,
  isUpdatedUnconditionally: true,
  applyDefaults: (map) => canonicalForm(map, configMapSchema),
  prepareForCreate: (map) => map,
  prepareForUpdate: (next) => next,
  validate: configMapErrors,
  validateUpdate: (next, old) => [
    ...(old.immutable === true && next.immutable !== true ? [forbidden("immutable", SEALED)] : []),
    ...(["data", "binaryData"] as const)
      .filter((name) => old.immutable === true && !equalValues(next[name], old[name]))
      .map((name) => forbidden(name, SEALED)),
  ],
  isReturnedWhenDeleted: false,
  isCollectionDeletable: true,
  fieldSelectors: {},
  columns: [NAME_COLUMN, column("Data", "Number of keys."), AGE_COLUMN],
  row: (map, nowMs) => [nameOf(map), keyCount(map), ageOf(map, nowMs)],
};

function configMapErrors(map: ConfigMap): readonly FieldError[] {
  const data = Object.entries(map.data ?? {});
  const binaryData = Object.entries(map.binaryData ?? {});
  const binaryKeys = new Set(binaryData.map(([key]) => key));
  const bytes =
    data.reduce((sum, [, text]) => sum + byteLength(text), 0) +
    binaryData.reduce((sum, [, text]) => sum + base64Bytes(text), 0);
  return [
    ...data.flatMap(([key]) => [
      ...fromProblem(`data[${key}]`, key, configKeyProblem(key)),
      ...(binaryKeys.has(key)
        ? [invalid(`data[${key}]`, key, "duplicate of key present in binaryData")]
        : []),
    ]),
    ...binaryData.flatMap(([key]) => fromProblem(`binaryData[${key}]`, key, configKeyProblem(key))),
    ...(bytes > CONFIG_BYTES_MAX ? [tooLong("", CONFIG_BYTES_MAX)] : []),
  ];
}

function keyCount(map: ConfigMap): number {
  return Object.keys(map.data ?? {}).length + Object.keys(map.binaryData ?? {}).length;
}
