/** Secrets: bytes by key, of a type that says which keys there must be. */
import { DecodeError, decodeJson } from "../../../machinery/codec/json.ts";
import { dnsSubdomainProblem } from "../../../machinery/names.ts";
import { equalValues } from "../../../machinery/json-value.ts";
import { isFields } from "../../../machinery/object.ts";
import type { FieldError } from "../../../machinery/status.ts";
import { jsonTypeOf } from "../../../schema/strict.ts";
import { canonicalForm } from "../../canonical-form.ts";
import {
  forbidden,
  fromProblem,
  IMMUTABLE,
  invalid,
  required,
  tooLong,
} from "../../field-errors.ts";
import type { Strategy } from "../../strategy.ts";
import { AGE_COLUMN, ageOf, column, NAME_COLUMN, nameOf } from "../../table-columns.ts";
import { base64Bytes, CONFIG_BYTES_MAX, configKeyProblem, SEALED } from "./config-key.ts";
import { secretSchema } from "./schema.generated.ts";
import { tlsWarnings } from "./tls-warnings.ts";
import type { Secret } from "./types.generated.ts";

const ACCOUNT_NAME = "kubernetes.io/service-account.name";

/** Keys a secret of the type must have. */
const REQUIRED_KEYS: Readonly<Record<string, readonly string[]>> = {
  "kubernetes.io/dockercfg": [".dockercfg"],
  "kubernetes.io/dockerconfigjson": [".dockerconfigjson"],
  "kubernetes.io/tls": ["tls.crt", "tls.key"],
};

export const secretStrategy: Strategy<Secret> = {
  names: {
    group: "",
    version: "v1",
    kind: "Secret",
    plural: "secrets",
    singular: "secret",
    shortNames: [],
    categories: [],
    isNamespaced: true,
  },
  schema: secretSchema,
  nameProblem: dnsSubdomainProblem,
  hasGeneration: false,
  isCreatedByUpdate: false,
  isUpdatedUnconditionally: true,
  applyDefaults: (secret) => withDefaults(canonicalForm(secret, secretSchema)),
  prepareForCreate: (secret) => secret,
  prepareForUpdate: (next) => next,
  validate: (secret) => [...keyErrors(secret), ...typeErrors(secret)],
  validateUpdate: (next, old) => [
    ...(next.type === old.type ? [] : [invalid("type", next.type, IMMUTABLE)]),
    ...(old.immutable === true && next.immutable !== true ? [forbidden("immutable", SEALED)] : []),
    ...(old.immutable === true && !equalValues(next.data, old.data)
      ? [forbidden("data", SEALED)]
      : []),
  ],
  warnings: ({ type, data = {} }) =>
    type === "kubernetes.io/tls" ? tlsWarnings(data["tls.crt"] ?? "", data["tls.key"] ?? "") : [],
  isReturnedWhenDeleted: false,
  isCollectionDeletable: true,
  fieldSelectors: { type: (secret) => secret.type ?? "" },
  columns: [
    NAME_COLUMN,
    column("Type", "What the secret is for."),
    column("Data", "Number of keys."),
    AGE_COLUMN,
  ],
  row: (secret, nowMs) => [
    nameOf(secret),
    secret.type ?? "",
    Object.keys(secret.data ?? {}).length,
    ageOf(secret, nowMs),
  ],
};

/** What was written as text is kept as bytes. */
function withDefaults(secret: Secret): Secret {
  const { stringData, ...rest } = secret;
  const type = secret.type || "Opaque";
  if (stringData === undefined) return { ...rest, type };
  const encoded = Object.entries(stringData).map(([key, text]) => [key, base64Of(text)] as const);
  const data = Object.fromEntries([...Object.entries(secret.data ?? {}), ...encoded]);
  return { ...rest, data, type };
}

function base64Of(text: string): string {
  return Buffer.from(text, "utf8").toString("base64");
}

function keyErrors(secret: Secret): readonly FieldError[] {
  const data = Object.entries(secret.data ?? {});
  const bytes = data.reduce((sum, [, text]) => sum + base64Bytes(text), 0);
  return [
    ...data.flatMap(([key]) => fromProblem(`data[${key}]`, key, configKeyProblem(key))),
    ...(bytes > CONFIG_BYTES_MAX ? [tooLong("data", CONFIG_BYTES_MAX)] : []),
  ];
}

function typeErrors(secret: Secret): readonly FieldError[] {
  const { data = {}, type = "" } = secret;
  const has = (key: string): boolean => Object.hasOwn(data, key);
  switch (type) {
    case "kubernetes.io/service-account-token": {
      const account = secret.metadata.annotations?.[ACCOUNT_NAME] ?? "";
      return account === "" ? [required(`metadata.annotations[${ACCOUNT_NAME}]`)] : [];
    }
    case "kubernetes.io/basic-auth":
      return has("username") || has("password")
        ? []
        : [required("data[username]"), required("data[password]")];
    case "kubernetes.io/ssh-auth":
      return (data["ssh-privatekey"] ?? "") === "" ? [required("data[ssh-privatekey]")] : [];
    default: {
      const keys = Object.hasOwn(REQUIRED_KEYS, type) ? (REQUIRED_KEYS[type] ?? []) : [];
      const isJson = type.startsWith("kubernetes.io/dockerc");
      return keys.flatMap((key) => {
        if (!has(key)) return [required(`data[${key}]`)];
        return isJson ? jsonErrors(`data[${key}]`, data[key] ?? "") : [];
      });
    }
  }
}

/** What is kept under the key is an object in JSON; it is not repeated to whoever is told. */
function jsonErrors(field: string, base64: string): readonly FieldError[] {
  const problem = jsonProblem(Buffer.from(base64, "base64"));
  return problem === undefined ? [] : [invalid(field, "<secret contents redacted>", problem)];
}

function jsonProblem(bytes: Uint8Array): string | undefined {
  try {
    const { value } = decodeJson(bytes);
    if (isFields(value) || value === null) return undefined;
    const type = jsonTypeOf(value);
    return `json: cannot unmarshal ${type} into Go value of type map[string]interface {}`;
  } catch (error) {
    if (error instanceof DecodeError) return error.message;
    throw error;
  }
}
